import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BROKEN } from '../../src/core/memory.ts';
import type { SourceInfo } from '../../src/core/stages.ts';
import { KeyValues } from '../../src/run/key-values.ts';
import { csvSource, ndjsonSource, rowsOf, textSource } from '../output/written.ts';

const JSON_SOURCE = ndjsonSource('a', 'ts');
const PAIRS: SourceInfo = { label: 'a', input: { format: 'logfmt', times: [] } };

function keyOf(
  source: SourceInfo,
  text: string | Uint8Array,
  names = ['id'],
  flags = 0,
): readonly string[] | undefined {
  const { memory, rows } = rowsOf([{ text, flags }]);
  return new KeyValues([source], memory, names).of(rows[0]);
}

/** A value as each format writes it, and its text; undefined: the record has none. */
const VALUES: [text: string | undefined, member: string, cell: string, pair: string][] = [
  ['a', '"a"', 'a', 'a'],
  ['5', '5', '5', '5'],
  ['5', '"5"', '"5"', '"5"'],
  ['1.50', '1.50', '1.50', '1.50'],
  ['12345678901234567890', '12345678901234567890', '12345678901234567890', '12345678901234567890'],
  ['true', 'true', 'true', 'true'],
  ['a "b"', '"a \\"b\\""', '"a ""b"""', '"a \\"b\\""'],
  ['C:\\d', '"C:\\\\d"', 'C:\\d', 'C:\\d'],
  ['C:\\d', '"C:\\\\d"', 'C:\\d', '"C:\\\\d"'],
  [undefined, 'null', '', ''],
  [undefined, '""', '""', '""'],
];

for (const [text, member, cell, pair] of VALUES) {
  test(`one text in every format: ${member}, ${cell}, ${pair}`, () => {
    const expected = text === undefined ? undefined : [text];
    assert.deepEqual(keyOf(JSON_SOURCE, `{"ts":1,"id":${member}}`), expected);
    assert.deepEqual(keyOf(csvSource('a', 'ts,id'), `1,${cell}\r`), expected);
    assert.deepEqual(keyOf(PAIRS, `<13>ts=1 id=${pair} x=2`), expected);
    assert.deepEqual(keyOf(PAIRS, `id=${pair}\r`), expected);
  });
}

test('any text is the same key in JSON, whatever its escapes, and in CSV', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1 }), (text) => {
      fc.pre(!Buffer.from(text).includes('\ufffd'));
      const escaped = text.split('').map(unicode).join('');
      const key = keyOf(JSON_SOURCE, `{"id":${JSON.stringify(text)}}`);
      assert.deepEqual(key, [Buffer.from(text).toString('latin1')]);
      assert.deepEqual(keyOf(JSON_SOURCE, `{"id":"${escaped}"}`), key);
      assert.deepEqual(keyOf(csvSource('a', 'ts,id'), `1,"${text.replaceAll('"', '""')}"`), key);
    }),
    { numRuns: 50, endOnFailure: true },
  );
});

const unicode = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

test('texts that cannot be told in UTF-8 stay apart', () => {
  const bytes = (...codes: number[]) => Buffer.concat([Buffer.from('{"id":"'), Buffer.from(codes), Buffer.from('"}')]);
  assert.notDeepEqual(keyOf(JSON_SOURCE, bytes(0xe8)), keyOf(JSON_SOURCE, bytes(0xe9)));
  assert.notDeepEqual(keyOf(JSON_SOURCE, '{"id":"\\ud800"}'), keyOf(JSON_SOURCE, '{"id":"\\ud801"}'));
});

test('paths, objects, several names, and what has no fields', () => {
  assert.deepEqual(keyOf(JSON_SOURCE, '{"a":{"b":1},"a.c":2}', ['a.b', 'a.c']), ['1', '2']);
  assert.deepEqual(keyOf(JSON_SOURCE, '{"id":{"b": [1]}}'), ['{"b": [1]}']);
  assert.deepEqual(keyOf(JSON_SOURCE, '{"id":1,"id":2}'), ['2']);
  assert.equal(keyOf(JSON_SOURCE, '{"id":1}', ['id', 'x']), undefined);
  assert.equal(keyOf(JSON_SOURCE, '{"id":1', ['id'], BROKEN), undefined);
  assert.equal(keyOf(textSource('a'), 'id=1'), undefined);
});

test('it tells which names no record had', () => {
  const { memory, rows } = rowsOf([{ text: '{"a":null}' }, { text: '{"b":1}' }]);
  const values = new KeyValues([JSON_SOURCE], memory, ['a', 'b', 'c.d']);
  for (const row of rows) values.of(row);
  assert.deepEqual([values.records, [...values.unseen]], [2, ['c.d']]);
});
