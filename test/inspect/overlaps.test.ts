import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { findOverlaps } from '../../src/inspect/overlaps.ts';

const span = (label: string, first?: number, last?: number) => ({
  label,
  first: first === undefined ? undefined : BigInt(first),
  last: last === undefined ? undefined : BigInt(last),
});

test('who overlaps whom, and who is nearest where nobody does', () => {
  const [a, b, c, d] = findOverlaps([span('a', 0, 10), span('b', 10, 20), span('c', 25, 30), span('d')]);
  assert.deepEqual(a, { overlaps: { count: 1, labels: ['b'] }, nearest: undefined });
  assert.deepEqual(b, { overlaps: { count: 1, labels: ['a'] }, nearest: undefined });
  assert.deepEqual(c, { overlaps: { count: 0, labels: [] }, nearest: { label: 'b', apart: 5n, isBefore: true } });
  assert.deepEqual(d, { overlaps: { count: 0, labels: [] }, nearest: undefined });
});

test('the counts agree with looking at every pair', () => {
  const spans = fc.array(
    fc.tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 10 })).map(([first, length]) => ({
      label: 'x',
      first: BigInt(first),
      last: BigInt(first + length),
    })),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(spans, (all) => {
      for (const [i, { overlaps, nearest }] of findOverlaps(all).entries()) {
        const own = all[i]!;
        const others = all.filter((other) => other !== own);
        const over = others.filter((other) => other.first <= own.last && other.last >= own.first);
        assert.equal(overlaps.count, over.length);
        assert.equal(nearest === undefined, over.length > 0 || others.length === 0);
        if (nearest === undefined) continue;
        const distances = others.map(({ first, last }) => (first > own.last ? first - own.last : own.first - last));
        assert.equal(
          nearest.apart,
          distances.reduce((a, b) => (b < a ? b : a)),
        );
      }
    }),
    { endOnFailure: true },
  );
});
