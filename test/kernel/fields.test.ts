import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { dialectOf } from '../../src/kernel/csv-scan.ts';
import { DOUBLED, ESCAPED, FieldScanner, unescaped } from '../../src/kernel/fields.ts';

function fieldsOf(record: string, delimiter = ','): string[] {
  const bytes = Buffer.from(`x,"${record}\n",y`);
  const scanner = new FieldScanner(bytes, dialectOf({ delimiter, quotes: 'doubled' }));
  const length = Buffer.byteLength(record);
  scanner.scan(3, 3 + length);
  return Array.from({ length: scanner.count }, (_, i) => {
    const text = bytes.toString('utf8', scanner.start[i], scanner.end[i]);
    return scanner.kind[i] === DOUBLED ? text.replaceAll('""', '"') : text;
  });
}

const CASES: [record: string, fields: string[]][] = [
  ['', ['']],
  ['a', ['a']],
  ['a,b', ['a', 'b']],
  [',', ['', '']],
  ['a,', ['a', '']],
  ['"a"', ['a']],
  ['"a",', ['a', '']],
  ['""', ['']],
  ['"a,b",c', ['a,b', 'c']],
  ['"a\nb",c', ['a\nb', 'c']],
  ['"a""b",c', ['a"b', 'c']],
  ['"""",c', ['"', 'c']],
  ['a"b,c', ['a"b', 'c']],
  ['"a"b,c', ['"a"b', 'c']],
  ['"a" ,c', ['"a" ', 'c']],
  [' "a",c', [' "a"', 'c']],
  ['"a,b', ['"a', 'b']],
  ['a,b\r', ['a', 'b']],
  ['a,"b"\r', ['a', 'b']],
  ['a,b\r\r', ['a', 'b\r']],
  ['"a\r",b', ['a\r', 'b']],
];

for (const [record, fields] of CASES) {
  test(`the fields of ${JSON.stringify(record)}`, () => assert.deepEqual(fieldsOf(record), fields));
}

/** Fields as they are written. Doubled quotes in a field with text behind its closing quote are the one thing read otherwise: as written. */
const plain = fc
  .string({ unit: fc.constantFrom('a', 'ß', ' ', '7', '"', ';', '\t') })
  .filter((text) => !text.startsWith('"'));
const quoted = fc
  .string({ unit: fc.constantFrom('a', 'ß', '"', ',', '\n', '\r', ';') })
  .map((text) => `"${text.replaceAll('"', '""')}"`);
const relaxed = fc
  .tuple(fc.constantFrom('a', 'a\nb', 'x,y', ''), fc.constantFrom('b', ' ', 'b"c', 'b"'))
  .map(([inside, behind]) => `"${inside}"${behind}`);

test('agrees with csv-parse', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(plain, quoted, relaxed), { minLength: 1, maxLength: 8 }), (fields) => {
      const record = fields.join(',');
      const [expected = ['']] = parse(record, { relax_quotes: true, record_delimiter: '\0' });
      assert.deepEqual(fieldsOf(record), expected);
    }),
    { numRuns: 1500 },
  );
});

test('more fields than the first guess has room for', () => {
  const many = Array.from({ length: 1000 }, (_, i) => String(i));
  assert.deepEqual(fieldsOf(many.join(',')), many);
});

test('backslashes inside quotes, where they escape', () => {
  const record = '"a \\"b\\", ""c""","\\\\","\\n",d\\"';
  const bytes = Buffer.from(record);
  const scanner = new FieldScanner(bytes, dialectOf({ delimiter: ',', quotes: 'backslash' }));
  scanner.scan(0, bytes.length);
  const values = Array.from({ length: scanner.count }, (_, i) => {
    const text = bytes.toString('utf8', scanner.start[i], scanner.end[i]);
    return scanner.kind[i] === ESCAPED ? unescaped(text) : text;
  });
  assert.deepEqual(values, ['a "b", "c"', '\\', '\\n', 'd\\"']);
});

test('quotes that mean nothing stay', () => {
  const bytes = Buffer.from('"a\t"b');
  const scanner = new FieldScanner(bytes, dialectOf({ delimiter: '\t', quotes: 'none' }));
  scanner.scan(0, bytes.length);
  assert.deepEqual([scanner.count, scanner.end[0], scanner.start[1]], [2, 2, 3]);
});
