import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CONTINUED, UNDATED } from '../../src/core/memory.ts';
import type { PairTime, SourceInfo } from '../../src/core/stages.ts';
import { NOON_TEXT, written } from './written.ts';

const source = (...times: PairTime[]): SourceInfo => ({ label: 'a', input: { format: 'logfmt', times } });
const TS: PairTime = { keys: ['ts'], zone: undefined };

/** What a record with the stamp T9 is in NDJSON, time and source left out. */
function membersOf(text: string | Uint8Array, given: { flags?: number; stamp?: string; times?: PairTime[] } = {}) {
  const { flags = 0, stamp = 'T9', times = [TS] } = given;
  const [line, ...more] = written('ndjson', [source(...times)], [{ text, flags, stamp }]);
  assert.deepEqual(more, []);
  const { time, source: label, ...members } = JSON.parse(line) as Record<string, unknown>;
  assert.deepEqual([time, label], [(flags & UNDATED) === 0 ? NOON_TEXT : null, 'a']);
  return members;
}

const RECORDS: [title: string, text: string, members: Record<string, string>][] = [
  ['keys and values, without the time', 'ts=T9 level=info msg="a b"\r', { level: 'info', msg: 'a b' }],
  ['the time anywhere', 'a=1 ts=T9', { a: '1' }],
  ['empty values', 'a= ts=T9 b=""', { a: '', b: '' }],
  ['escapes in quotes', 'ts=T9 a="\\"x\\" C:\\\\d \\n\t"', { a: '"x" C:\\d \\n\t' }],
  ['backslashes without quotes mean themselves', 'ts=T9 a=C:\\\\d', { a: 'C:\\\\d' }],
  [
    'words that are no pairs',
    'ts=T9 starting, a=1 "the server" b=2 now',
    { a: '1', b: '2', message: 'starting "the server" now' },
  ],
  ['commas between pairs', 'ts=T9, a=1,b=2', { a: '1', b: '2' }],
  ['a priority', '<189>ts=T9 a=1', { a: '1', message: '<189>' }],
  ['keys twice', 'ts=T9 a=1 a=2 a_=3 a=4', { a: '1', a__: '2', a_: '3', a___: '4' }],
  ['keys called like ours', 'ts=T9 time=1 source=2', { time_: '1', source_: '2' }],
  ['a key called message', 'ts=T9 message=m', { message: 'm' }],
  ['a key called message beside words', 'ts=T9 message=m w', { message: 'm', message_: 'w' }],
  [
    'lines of a stack trace',
    'ts=T9 a=1\r\n  at x (b=2)\r\n\r\n  at c=3\r',
    { a: '1', message: '  at x (b=2)\n\n  at c=3' },
  ],
  ['words and lines', 'ts=T9 a=1 w\n  at x', { a: '1', message: 'w\n  at x' }],
  ['a value of several lines', 'ts=T9 a="1\n2" b=3\n  at x', { a: '1\n2', b: '3', message: '  at x' }],
  ['a quote that is not closed', 'ts=T9 a="1\n  at x', { message: 'ts=T9 a="1\n  at x' }],
  ['lines before the first record', 'banner, b=2\n\nts=T9 a=1', { a: '1', message: 'banner, b=2\n' }],
  ['lines before and behind', 'banner\nts=T9 a=1 w\n  at x', { a: '1', message: 'banner w\n  at x' }],
];

for (const [title, text, members] of RECORDS) {
  test(`logfmt as NDJSON: ${title}`, () => assert.deepEqual(membersOf(text), members));
}

test('the time stays where it could not be read; what only continues a record is text', () => {
  assert.deepEqual(membersOf('ts=T9 time=1', { flags: UNDATED }), { ts: 'T9', time_: '1' });
  assert.deepEqual(membersOf('a=1 b=2', { flags: CONTINUED }), { message: 'a=1 b=2' });
});

test('a time in parts goes where it is the only one, and a zone beside it stays', () => {
  const parts: PairTime = { keys: ['date', 'time'], zone: 'tz' };
  const text = 'date=D time=T tz=Z a=1';
  assert.deepEqual(membersOf(text, { stamp: '', times: [parts, TS] }), { tz: 'Z', a: '1' });
  assert.deepEqual(membersOf(`ts=x ${text}`, { stamp: '', times: [TS, parts] }), {
    ts: 'x',
    date: 'D',
    time_: 'T',
    tz: 'Z',
    a: '1',
  });
});

test('bytes that are no UTF-8 are U+FFFD; very many pairs are a message', () => {
  assert.deepEqual(membersOf(Buffer.from('ts=T9 a="\xff\\"" \xfe', 'latin1')), { a: '\ufffd"', message: '\ufffd' });
  const many = (count: number) => `ts=T9 ${Array.from({ length: count }, (_, i) => `k${i}=${i}`).join(' ')}`;
  assert.equal(Object.keys(membersOf(many(511))).length, 511);
  assert.deepEqual(membersOf(many(512)), { message: many(512) });
});

test('every key, value and word of any line is in its object', () => {
  const word = fc.stringMatching(/^[a-z0-9"\\=,\t: é-]{0,8}$/);
  const piece = fc.oneof(
    word,
    fc.tuple(fc.constantFrom('a', 'b', 'time', 'message'), word).map((pair) => pair.join('=')),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const members = membersOf(`ts=T9 ${pieces.join(' ')}`);
      const letters = (text: string) =>
        text
          .replace(/[^0-9é:]/g, '')
          .split('')
          .toSorted()
          .join('');
      const said = Object.entries(members).flat().join('');
      const isWhole = said.startsWith('messagets=T9');
      assert.equal(letters(said), letters(isWhole ? `ts=T9 ${pieces.join(' ')}` : pieces.join(' ')));
    }),
    { numRuns: 300, endOnFailure: true },
  );
});
