import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { PairWalker } from '../../src/kernel/pairs.ts';

function pairsOf(text: string): { pairs: [string, string][]; words: number } {
  const bytes = new Uint8Array(Buffer.from(`=${text}=x"`));
  const walker = new PairWalker(bytes);
  const pairs: [string, string][] = [];
  walker.begin(1, bytes.length - 3);
  const at = (from: number, to: number) => Buffer.from(bytes.subarray(from, to)).toString();
  while (walker.next()) pairs.push([at(walker.keyStart, walker.keyEnd), at(walker.valueStart, walker.valueEnd)]);
  return { pairs, words: walker.words };
}

const CASES: [text: string, pairs: [string, string][], words: number][] = [
  ['', [], 0],
  ['a=1', [['a', '1']], 0],
  ['a=', [['a', '']], 0],
  ['=a', [], 1],
  [
    '  a=1\tb=2\r',
    [
      ['a', '1'],
      ['b', '2'],
    ],
    0,
  ],
  [
    'a="x \\"y\\" z" b=2',
    [
      ['a', 'x \\"y\\" z'],
      ['b', '2'],
    ],
    0,
  ],
  ['a="b=1 c', [['a', 'b=1 c']], 0],
  ['a b=1 "c=2" d', [['b', '1']], 3],
  [
    'a=1,b=2, c=3',
    [
      ['a', '1'],
      ['b', '2'],
      ['c', '3'],
    ],
    0,
  ],
  [
    'a=1,2,x b=3',
    [
      ['a', '1,2,x'],
      ['b', '3'],
    ],
    0,
  ],
  [
    'a=b=c d=e',
    [
      ['a', 'b=c'],
      ['d', 'e'],
    ],
    0,
  ],
  ['time=2024-03-10 07:00:00,123 +0100 up 5', [['time', '2024-03-10 07:00:00,123 +0100']], 2],
  [
    'time=07:00 7a=1',
    [
      ['time', '07:00'],
      ['7a', '1'],
    ],
    0,
  ],
  ['x=a 1', [['x', 'a']], 1],
];

for (const [text, pairs, words] of CASES) {
  test(`pairs of ${JSON.stringify(text)}`, () => assert.deepEqual(pairsOf(text), { pairs, words }));
}

test('any text is walked to its end, and the pairs lie in it in their order', () => {
  const piece = fc.constantFrom('=', '"', '\\', ' ', ',', 'a', '1', '-', '\t', 'é', 'b=', ' c="');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const bytes = new Uint8Array(Buffer.from(`${pieces.join('')}`));
      const walker = new PairWalker(bytes);
      walker.begin(0, bytes.length);
      let behind = 0;
      while (walker.next()) {
        assert.ok(behind <= walker.keyStart && walker.keyStart < walker.keyEnd);
        assert.ok(walker.keyEnd < walker.valueStart && walker.valueStart <= walker.valueEnd);
        assert.ok(walker.valueEnd <= bytes.length);
        behind = walker.valueEnd;
      }
    }),
  );
});

test('written pairs are found again', () => {
  const key = fc.stringMatching(/^[a-z][\w.-]{0,8}$/);
  const value = fc.stringMatching(/^[^\s",=\\]{0,9}$/).filter((text) => !/[\s]/u.test(text));
  fc.assert(
    fc.property(fc.array(fc.tuple(key, value, fc.boolean())), (all) => {
      const text = all.map(([k, v, quoted]) => (quoted ? `${k}="${v} x"` : `${k}=${v}`)).join(' ');
      const wanted = all.map(([k, v, quoted]): [string, string] => [k, quoted ? `${v} x` : v]);
      assert.deepEqual(pairsOf(text), { pairs: wanted, words: 0 });
    }),
  );
});
