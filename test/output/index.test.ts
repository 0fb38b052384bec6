import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TsalignError } from '../../src/core/problem.ts';
import { defaultFormat, memorySink, OUTPUT_FORMATS, terminalSink } from '../../src/output/index.ts';
import { csvSource, NOON, ndjsonSource, textSource, written } from './written.ts';

const CSV = csvSource('c', 'ts,a');
const TSV = csvSource('t', 'ts\ta', { format: 'tsv', delimiter: '\t' });
const JSONS = ndjsonSource('n', 'ts');
const TEXT = textSource('x');

test('the format by the output path, else by what all sources are, else text', () => {
  const cases = [
    ['day.csv', [TEXT], 'csv'],
    ['day.TSV', [TEXT], 'tsv'],
    ['a.ndjson', [], 'ndjson'],
    ['a.b.jsonl', [CSV], 'ndjson'],
    ['day.log', [CSV], 'csv'],
    [undefined, [CSV, CSV], 'csv'],
    [undefined, [TSV, TSV], 'tsv'],
    [undefined, [TSV, CSV], 'csv'],
    [undefined, [JSONS], 'ndjson'],
    [undefined, [JSONS, CSV], 'text'],
    [undefined, [TEXT], 'text'],
    [undefined, [], 'text'],
  ] as const;
  for (const [path, sources, format] of cases) assert.equal(defaultFormat(path, sources), format);
});

test('an unknown format is a usage error with a suggestion', () => {
  assert.throws(
    () => written('ndjsn', [TEXT], []),
    (error: unknown) => error instanceof TsalignError && error.message.endsWith('did you mean "ndjson"?'),
  );
});

for (const { name, colours } of OUTPUT_FORMATS) {
  test(`${name}: many records of all kinds, in any cutting, end in one newline each`, () => {
    const records = Array.from({ length: 3000 }, (_, i) => ({
      text: ['a line', '{"ts":1,"a":2}', '1,2'][i % 3],
      source: i % 3,
      instant: NOON + BigInt(i) * 1_000_000n,
    }));
    const lines = written(name, [TEXT, JSONS, CSV], records);
    const header = name === 'csv' || name === 'tsv' ? 1 : 0;
    assert.equal(lines.length, records.length + header);
    assert.ok(lines.every((line) => line !== ''));
  });

  test(`${name}: nothing that a terminal obeys gets to it`, () => {
    const [line = ''] = written(name, [TEXT], [{ text: 'a\u001b[2J\u202e' }], { terminal: true }).slice(-1);
    const sink = memorySink();
    const shown = terminalSink(name, sink);
    shown.write(Buffer.from(line));
    shown.commit();
    assert.doesNotMatch(sink.text(), /[\u001b\u202e]/);
    assert.equal(shown === sink, colours);
  });
}
