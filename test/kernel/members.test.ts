import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MemberScanner } from '../../src/kernel/members.ts';

function scanned(text: string): { scanner: MemberScanner; bytes: Buffer } {
  const bytes = Buffer.from(`}"${text}"{`);
  const scanner = new MemberScanner(bytes);
  assert.equal(scanner.scan(2, bytes.length - 2), true);
  return { scanner, bytes };
}

const span = (bytes: Buffer, from: number, to: number): string => bytes.toString('utf8', from, to);

test('objects of very many members are gone through in pieces', () => {
  const count = 50_000;
  const { scanner, bytes } = scanned(`{${Array.from({ length: count }, (_, i) => `"m${i % 49_990}":${i}`).join(',')}}`);
  const values: number[] = [];
  do {
    for (let i = 0; i < scanner.count; i++)
      values.push(Number(span(bytes, scanner.valueStart[i], scanner.valueEnd[i])));
  } while (scanner.next());
  assert.deepEqual(
    values,
    Array.from({ length: count }, (_, i) => i),
  );
  assert.ok(scanner.valueStart.length < count);
  scanner.scan(2, bytes.length - 2);
  const textOf = (name: string) =>
    scanner.findValue(Buffer.from(name)) ? span(bytes, scanner.foundStart, scanner.foundEnd) : undefined;
  assert.deepEqual(['m3', 'm20000', 'm49989', 'x', 'm3'].map(textOf), ['49993', '20000', '49989', undefined, '49993']);
});

test('every member of any object, by name and value', () => {
  const blanks = fc.constantFrom('', ' ', '\t ', '  ');
  fc.assert(
    fc.property(
      fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ depthSize: 'small' })),
      blanks,
      (object, gap) => {
        const entries = Object.entries(object);
        const members = entries.map(
          ([name, value]) => `${gap}${JSON.stringify(name)}${gap}:${gap}${JSON.stringify(value, null, gap)}${gap}`,
        );
        const { scanner, bytes } = scanned(`${gap}{${members.join(',') || gap}}${gap}`);
        assert.equal(scanner.count, entries.length);
        for (const [i, [name, value]] of entries.entries()) {
          assert.equal(span(bytes, scanner.nameStart[i] - 1, scanner.nameEnd[i] + 1), JSON.stringify(name));
          assert.equal(span(bytes, scanner.valueStart[i], scanner.valueEnd[i]), JSON.stringify(value, null, gap));
          // A lone surrogate has no UTF-8 form: such a name cannot be asked for.
          if (!/\p{Surrogate}/u.test(name)) assert.equal(scanner.find(Buffer.from(name)), i);
        }
        assert.equal(scanner.beyondAscii, /[^\0-\x7f]/.test(members.join('')));
      },
    ),
    { numRuns: 500 },
  );
});

test('numbers, words and nested things end where they end', () => {
  const values = [
    '1',
    '-1.5e+300',
    'true',
    'null',
    '[]',
    '{}',
    '[1,{"a":"]}"}]',
    '{"b":[{}]}',
    '""',
    '"\\\\"',
    '"\\""',
  ];
  const { scanner, bytes } = scanned(`{${values.map((value, i) => `"n${i}":${value}`).join(',')}}`);
  assert.deepEqual(
    values.map((_, i) => span(bytes, scanner.valueStart[i], scanner.valueEnd[i])),
    values,
  );
});

test('the last of equal names is found, as JSON.parse does', () => {
  const { scanner } = scanned('{"a":1,"b":2,"a":3}');
  assert.equal(scanner.find(Buffer.from('a')), 2);
  assert.equal(scanner.find(Buffer.from('c')), -1);
});

test('a name spelled with escapes is the same name', () => {
  const { scanner } = scanned('{"t\\u0069me":1,"\\"":2}');
  assert.equal(scanner.find(Buffer.from('time')), 0);
  assert.equal(scanner.find(Buffer.from('"')), 1);
  assert.equal(scanner.find(Buffer.from('t\\u0069me')), -1);
});

test('what is no object has no members', () => {
  for (const text of ['', ' ', 'null', '[1]', '"{}"']) {
    const bytes = Buffer.from(text);
    const scanner = new MemberScanner(bytes);
    assert.equal(scanner.scan(0, bytes.length), false, text);
    assert.equal(scanner.count, 0);
  }
});

test('more members than the first guess has room for', () => {
  const object = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`m${i}`, i]));
  const { scanner } = scanned(JSON.stringify(object));
  assert.equal(scanner.count, 500);
  assert.equal(scanner.find(Buffer.from('m499')), 499);
});
