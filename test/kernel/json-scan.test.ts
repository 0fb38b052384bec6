import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { resolveEscapes } from '../../src/kernel/json-escapes.ts';
import { ABSENT, ESCAPED, JsonScanner, MAX_DEPTH, NUMBER, PLAIN } from '../../src/kernel/json-scan.ts';

const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));

/** Halves of surrogate pairs replaced, as UTF-8 cannot hold them. */
const wellFormed = (text: string): string => Buffer.from(text).toString();

/** Scans with bytes around the document that would change the answer if they were looked at. */
function scan(text: string, path: string[] = ['ts']): { valid: boolean; kind: number; value: string } {
  const scanner = new JsonScanner(path);
  const bytes = bytesOf(`"${text}}"`);
  const valid = scanner.scan(bytes, 1, bytes.length - 2);
  const value = bytes.subarray(scanner.valueStart, scanner.valueEnd);
  if (scanner.kind !== ESCAPED) return { valid, kind: scanner.kind, value: Buffer.from(value).toString() };
  const target = new Uint8Array(value.length);
  const length = resolveEscapes(bytes, scanner.valueStart, scanner.valueEnd, target);
  return { valid, kind: scanner.kind, value: Buffer.from(target.subarray(0, length)).toString() };
}

function isObject(text: string): boolean {
  try {
    const value = JSON.parse(text);
    return value !== null && typeof value === 'object' && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** What JSON.parse finds at the path, as text; undefined for what the scanner calls ABSENT. */
function parsedAt(text: string, path: string[]): string | number | undefined {
  let value = JSON.parse(text);
  for (const name of path) {
    if (value === null || typeof value !== 'object' || Array.isArray(value) || !Object.hasOwn(value, name))
      return undefined;
    value = value[name];
  }
  return typeof value === 'string' || typeof value === 'number' ? value : undefined;
}

const FOUND: [text: string, path: string[], kind: number, value: string][] = [
  ['{"ts":"a"}', ['ts'], PLAIN, 'a'],
  ['{"x":{"ts":"no"},"y":["ts",{"ts":"no"}],"ts":1.5e3}', ['ts'], NUMBER, '1.5e3'],
  ['{"ts":1,"ts":2}', ['ts'], NUMBER, '2'],
  ['{"ts":1,"ts":null}', ['ts'], ABSENT, ''],
  ['{"ts":{"ts":1}}', ['ts'], ABSENT, ''],
  ['{"a":{"b":1},"b":2}', ['a', 'b'], NUMBER, '1'],
  ['{"a":{"b":1},"a":{"c":1}}', ['a', 'b'], ABSENT, ''],
  ['{"a":{"b":1},"a":3}', ['a', 'b'], ABSENT, ''],
  ['{"a":[{"b":1}]}', ['a', 'b'], ABSENT, ''],
  ['{"a":[{"b":1},{"b":2}],"c":[3]}', ['a', '0', 'b'], NUMBER, '1'],
  ['{"a":[4,5]}', ['a', '0'], NUMBER, '4'],
  ['{"a":[]}', ['a', '0'], ABSENT, ''],
  ['{"a":[[{"b":1}]]}', ['a', '0', '0', 'b'], NUMBER, '1'],
  ['{"a":[[{"b":1}],{"b":2}]}', ['a', '0', 'b'], ABSENT, ''],
  ['{"a":{"0":{"b":1}}}', ['a', '0', 'b'], NUMBER, '1'],
  ['{"a":{"x":{"b":9},"b":{"c":"d"},"y":[[]]}}', ['a', 'b', 'c'], PLAIN, 'd'],
  ['{"t\\u0073":1}', ['ts'], NUMBER, '1'],
  ['{"\\u0074x":1}', ['ts'], ABSENT, ''],
  ['{"ts":"14\\/Jul\\/2023"}', ['ts'], ESCAPED, '14/Jul/2023'],
  ['{"ts":"ao\\u00fbt \\u20ac\\n"}', ['ts'], ESCAPED, 'août €\n'],
  ['{"ts":"\\ud83d"}', ['ts'], ESCAPED, '\ufffd'],
  ['\t{ "ts" : 9007199254740993 }\r', ['ts'], NUMBER, '9007199254740993'],
  ['{"":0}', [''], NUMBER, '0'],
];

for (const [text, path, kind, value] of FOUND) {
  test(`the value at ${path.join('.')} of ${text}`, () => {
    const found = scan(text, path);
    assert.equal(found.valid, true);
    assert.equal(found.kind, kind);
    if (kind !== ABSENT) assert.equal(found.value, value);
  });
}

const BROKEN = [
  '',
  ' ',
  'null',
  '[]',
  '1',
  '"a"',
  '{',
  '{}x',
  '{}{}',
  '{"a"}',
  '{"a":}',
  '{"a":1,}',
  '{,}',
  '{"a":1 "b":2}',
];
const BROKEN_VALUES = [
  ...[
    '01',
    '-',
    '1.',
    '.5',
    '1e',
    '1e+',
    '+1',
    '0x1',
    'NaN',
    '--1',
    '1 2',
    'tru',
    'nulll',
    'True',
    '[1,]',
    '[,]',
    '[1',
    '{]',
    '[}',
  ],
  ...['"', '"\t"', '"\n"', '"\\"', '"\\x"', '"\\u12"', '"\\u12g4"', "'a'", '"\\u"', '\u00a0', ':', '"a" "b"', '1}'],
];

for (const text of [...BROKEN, ...BROKEN_VALUES.map((value) => `{"a":${value}}`)]) {
  test(`${JSON.stringify(text)} is no JSON object`, () => {
    assert.equal(isObject(text), false);
    assert.equal(scan(text).valid, false);
  });
}

test('documents may be as deep as the limit', () => {
  const nested = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
  assert.equal(scan(nested(MAX_DEPTH)).valid, true);
  assert.equal(scan(nested(MAX_DEPTH + 1)).valid, false);
  assert.equal(scan(`{"a":${'['.repeat(100_000)}`).valid, false);
});

test('a scanner without a path only validates', () => {
  const scanner = new JsonScanner([]);
  const bytes = bytesOf('{"":1,"a":{"b":"c"}}');
  assert.equal(scanner.scan(bytes, 0, bytes.length), true);
  assert.equal(scanner.kind, ABSENT);
});

const NAMES = fc.constantFrom('a', 'b', 'ts', '', '__proto__', '"', '\u00e9');
const { node } = fc.letrec<{ node: unknown; object: unknown }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
      fc.constant(null),
    ),
    fc.array(tie('node'), { maxLength: 3 }),
    tie('object'),
  ),
  object: fc.dictionary(NAMES, tie('node'), { maxKeys: 4 }),
}));
const DOCUMENTS = fc
  .tuple(fc.dictionary(NAMES, node, { maxKeys: 5 }), fc.constantFrom(undefined, 1, '\t'))
  .map(([value, indent]) => JSON.stringify(value, undefined, indent));
const PATHS = fc.array(NAMES, { minLength: 1, maxLength: 3 });

test('agrees with JSON.parse on valid documents', () => {
  fc.assert(
    fc.property(DOCUMENTS, PATHS, (text, path) => {
      const found = scan(text, path);
      assert.equal(found.valid, true);
      const wanted = parsedAt(text, path);
      assert.equal(found.kind === ABSENT, wanted === undefined);
      if (typeof wanted === 'number') assert.equal(Number(found.value), wanted);
      else if (wanted !== undefined) assert.equal(found.value, wellFormed(wanted));
    }),
    { numRuns: 2000 },
  );
});

test('agrees with JSON.parse on mutilated documents', () => {
  const piece = fc.oneof(
    fc.constantFrom(...'{}[],:"\\0-.eE+ \ttrufalsn\u0000'),
    fc.string({ maxLength: 2 }),
    fc.constant(''),
  );
  fc.assert(
    fc.property(DOCUMENTS, fc.nat(), fc.nat(3), piece, PATHS, (text, at, removed, inserted, path) => {
      const cut = at % (text.length + 1);
      const mutilated = wellFormed(text.slice(0, cut) + inserted + text.slice(cut + removed));
      const found = scan(mutilated, path);
      assert.equal(found.valid, isObject(mutilated), JSON.stringify(mutilated));
      if (found.valid) assert.equal(found.kind === ABSENT, parsedAt(mutilated, path) === undefined);
    }),
    { numRuns: 5000 },
  );
});
