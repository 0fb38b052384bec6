import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CONTINUED, UNDATED } from '../../src/core/memory.ts';
import { TsalignError } from '../../src/core/problem.ts';
import { createPalette } from '../../src/output/index.ts';
import {
  csvSource,
  NOON,
  NOON_TEXT,
  ndjsonSource,
  type TestRecord,
  textSource,
  written,
  writtenBytes,
} from './written.ts';

const WEB = [textSource('web.log'), textSource('db.log')];
const LINE: TestRecord = { text: '06:59:58.12 GET /', stamp: '06:59:58.12' };
const TRACE: TestRecord = { text: '06:59:58.12 boom\n  at a\n\n  at b', stamp: '06:59:58.12' };

const text = (records: TestRecord[], settings = {}) => written('text', WEB, records, settings);

test('instant, label and line; further lines of a record behind a plus', () => {
  assert.deepEqual(text([LINE, { ...TRACE, source: 1 }, { ...LINE, instant: NOON + 880_000_000n }]), [
    `${NOON_TEXT} web.log | 06:59:58.12 GET /`,
    `${NOON_TEXT} db.log | 06:59:58.12 boom`,
    `${NOON_TEXT} db.log +   at a`,
    `${NOON_TEXT} db.log + `,
    `${NOON_TEXT} db.log +   at b`,
    '2024-03-10T06:59:59.000Z web.log | 06:59:58.12 GET /',
  ]);
});

test('the rest of a record that was cut continues it with its first line', () => {
  assert.deepEqual(
    text([
      { text: ' at c\n at d', flags: CONTINUED },
      { text: ' at e', flags: CONTINUED },
    ]),
    [`${NOON_TEXT} web.log +  at c`, `${NOON_TEXT} web.log +  at d`, `${NOON_TEXT} web.log +  at e`],
  );
});

test('a record without an instant has a dash for it', () => {
  assert.deepEqual(text([{ text: '{"broken', flags: UNDATED }, LINE]), [
    '- web.log | {"broken',
    `${NOON_TEXT} web.log | 06:59:58.12 GET /`,
  ]);
});

test('a finer instant between others prints in full', () => {
  assert.deepEqual(text([{ ...LINE, instant: NOON + 1n }, LINE]), [
    '2024-03-10T06:59:58.120000001Z web.log | 06:59:58.12 GET /',
    `${NOON_TEXT} web.log | 06:59:58.12 GET /`,
  ]);
});

test('bytes are as they were: CR, NUL, what is not UTF-8', () => {
  const bytes = Buffer.from([0, 0xff, 27, 91, 0xc3, 13]);
  const expected = Buffer.concat([Buffer.from(`${NOON_TEXT} web.log | `), bytes, Buffer.from('\n')]);
  assert.deepEqual(writtenBytes('text', WEB, [{ text: bytes }]), expected);
});

test('an empty record is a prefix alone', () => {
  assert.deepEqual(text([{ text: '' }]), [`${NOON_TEXT} web.log | `]);
});

test('line numbers count on within a record', () => {
  assert.deepEqual(text([{ ...TRACE, line: 41 }], { lineNumbers: true }), [
    `${NOON_TEXT} web.log:41 | 06:59:58.12 boom`,
    `${NOON_TEXT} web.log:42 +   at a`,
    `${NOON_TEXT} web.log:43 + `,
    `${NOON_TEXT} web.log:44 +   at b`,
  ]);
});

test('without the source', () => {
  assert.deepEqual(text([LINE], { withSource: false }), [`${NOON_TEXT} | 06:59:58.12 GET /`]);
  assert.deepEqual(text([LINE], { withSource: false, lineNumbers: true }), [`${NOON_TEXT} 1 | 06:59:58.12 GET /`]);
});

test('--stamp none prints neither stamp nor label', () => {
  assert.deepEqual(text([LINE, TRACE], { stamp: 'none', lineNumbers: true }), [
    LINE.text,
    ...String(TRACE.text).split('\n'),
  ]);
});

test('--stamp replace writes our instant where the stamp stood', () => {
  assert.deepEqual(text([LINE, TRACE], { stamp: 'replace' }), [
    `web.log | ${NOON_TEXT} GET /`,
    `web.log | ${NOON_TEXT} boom`,
    'web.log +   at a',
    'web.log + ',
    'web.log +   at b',
  ]);
  assert.deepEqual(text([LINE, TRACE], { stamp: 'replace', withSource: false }), [
    `${NOON_TEXT} GET /`,
    `${NOON_TEXT} boom`,
    '  at a',
    '',
    '  at b',
  ]);
  assert.deepEqual(text([{ ...TRACE, line: 9 }], { stamp: 'replace', lineNumbers: true }).slice(0, 2), [
    `web.log:9 | ${NOON_TEXT} boom`,
    'web.log:10 +   at a',
  ]);
});

test('--stamp replace in the middle of a line, and on a further line', () => {
  assert.deepEqual(text([{ text: '192.0.2.1 [x] "GET"', stamp: 'x' }], { stamp: 'replace', withSource: false }), [
    `192.0.2.1 [${NOON_TEXT}] "GET"`,
  ]);
  assert.deepEqual(text([{ text: '"a\nb",12:00,c', stamp: '12:00' }], { stamp: 'replace', withSource: false }), [
    '"a',
    `b",${NOON_TEXT},c`,
  ]);
});

test('--stamp replace prefixes what has no single stamp, and a rest continues without', () => {
  const records: TestRecord[] = [
    { text: 'no stamp' },
    { text: '{', stamp: '{', flags: UNDATED },
    { text: ' at c', flags: CONTINUED },
  ];
  assert.deepEqual(text(records, { stamp: 'replace' }), [
    `${NOON_TEXT} web.log | no stamp`,
    '- web.log | {',
    'web.log +  at c',
  ]);
});

test('--stamp replace keeps JSON what it is', () => {
  const records: TestRecord[] = [
    { text: '{"ts":1710053998.12,"a":1}', stamp: '1710053998.12' },
    { text: '{"ts":"1710053998.12"}', stamp: '1710053998.12' },
  ];
  const lines = written('text', [ndjsonSource('a', 'ts')], records, { stamp: 'replace', withSource: false });
  assert.deepEqual(lines, [`{"ts":"${NOON_TEXT}","a":1}`, `{"ts":"${NOON_TEXT}"}`]);
  assert.deepEqual(
    written('text', [csvSource('a', 'ts,b')], [{ text: '1710053998,2', stamp: '1710053998' }], {
      stamp: 'replace',
      withSource: false,
    }),
    [`${NOON_TEXT},2`],
  );
});

test('an output zone', () => {
  assert.deepEqual(text([LINE], { offsetAt: () => 330 }), [
    '2024-03-10T12:29:58.120+05:30 web.log | 06:59:58.12 GET /',
  ]);
});

test('colours wrap label and number, one colour a label', () => {
  const sources = [textSource('a'), textSource('b'), textSource('a')];
  const records = [0, 1, 2].map((source) => ({ text: 'x', source }));
  const palette = createPalette(1);
  assert.deepEqual(written('text', sources, records, { palette }), [
    `${NOON_TEXT} \u001b[36ma\u001b[39m | x`,
    `${NOON_TEXT} \u001b[32mb\u001b[39m | x`,
    `${NOON_TEXT} \u001b[36ma\u001b[39m | x`,
  ]);
  assert.deepEqual(written('text', sources, [{ text: 'x\ny' }], { palette, lineNumbers: true }), [
    `${NOON_TEXT} \u001b[36ma:1\u001b[39m | x`,
    `${NOON_TEXT} \u001b[36ma:2\u001b[39m + y`,
  ]);
});

test('on a terminal nothing in a record is obeyed', () => {
  const record = { text: 'a\u001b[31mred\u0007\tb \u202eevil\r\nnext\r' };
  assert.deepEqual(text([record], { terminal: true }), [
    `${NOON_TEXT} web.log | a\\x1b[31mred\\x07\tb \\u202eevil`,
    `${NOON_TEXT} web.log + next`,
  ]);
});

test('a label cannot forge a line or a colour', () => {
  assert.deepEqual(written('text', [textSource('a\nb\u001b[0m')], [{ text: 'x' }]), [
    `${NOON_TEXT} a\\x0ab\\x1b[0m | x`,
  ]);
});

test('a label that is longer than a prefix may be is refused', () => {
  assert.throws(() => written('text', [textSource('x'.repeat(20_000))], [LINE]), TsalignError);
});

test('records longer than the buffer, and more of them than it holds', () => {
  const long = 'x'.repeat(100_000);
  const records = Array.from({ length: 30 }, (_, i) => ({ text: i % 3 === 0 ? long : `short ${i}` }));
  assert.deepEqual(
    text(records),
    records.map((record) => `${NOON_TEXT} web.log | ${record.text}`),
  );
});

test('no record, no output', () => assert.deepEqual(text([]), []));
