import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { highWord, instantOf, lowWord, MAX_INSTANT, MIN_INSTANT } from '../../src/core/instant.ts';
import { createMemory, type Memory } from '../../src/core/memory.ts';
import { Merge } from '../../src/kernel/merge.ts';
import { firstDescent, sortRows } from '../../src/kernel/order.ts';

const memory = createMemory(1 << 20);

function setKey(at: Memory, row: number, instant: bigint): void {
  at.keys[2 * row] = lowWord(instant);
  at.keys[2 * row + 1] = highWord(instant);
}

const keyOf = (row: number): bigint => instantOf(memory.keys[2 * row + 1], memory.keys[2 * row]);

/** Instants that meet at the edges of words and digits, with many ties. */
const instants = fc.oneof(
  fc.bigInt({ min: MIN_INSTANT, max: MAX_INSTANT }),
  fc.bigInt({ min: -3n, max: 3n }),
  fc.bigInt({ min: 1710054000000000000n, max: 1710054000000000000n + (1n << 34n) }),
  fc.constantFrom(MIN_INSTANT, MAX_INSTANT, -1n, 0n, 1n << 32n, (1n << 32n) - 1n, -(1n << 32n)),
);

const byKey = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);

test('the radix sort is a stable sort by instant', () => {
  fc.assert(
    fc.property(fc.array(instants, { maxLength: 200 }), fc.nat(50), (values, from) => {
      values.forEach((value, i) => {
        setKey(memory, i, value);
        memory.order[from + i] = i;
      });
      sortRows(memory, from, from + values.length);
      const expected = values.map((value, i) => ({ value, i })).sort((a, b) => byKey(a.value, b.value) || a.i - b.i);
      assert.deepEqual(
        [...memory.order.subarray(from, from + values.length)],
        expected.map(({ i }) => i),
      );
    }),
    { numRuns: 500 },
  );
});

test('firstDescent finds the first row that lies before its predecessor', () => {
  fc.assert(
    fc.property(fc.array(instants, { maxLength: 30 }), instants, (values, before) => {
      values.forEach((value, i) => {
        setKey(memory, i, value);
        memory.order[i] = i;
      });
      const expected = values.findIndex((value, i) => value < (i === 0 ? before : values[i - 1]));
      assert.equal(firstDescent(memory, 0, values.length, highWord(before), lowWord(before)), expected);
    }),
  );
});

test('the merge of sorted inputs is the stable sort of all, by instant, source and input', () => {
  const input = fc.record({
    rows: fc.array(fc.record({ key: instants, source: fc.nat(2) }), { maxLength: 40 }),
    block: fc.integer({ min: 1, max: 7 }),
  });
  fc.assert(
    fc.property(fc.array(input, { maxLength: 12 }), fc.integer({ min: 1, max: 9 }), (inputs, batch) => {
      let row = 0;
      const blocks = inputs.map(({ rows, block }) => {
        const sorted = [...rows].sort((a, b) => byKey(a.key, b.key) || a.source - b.source);
        const from = row;
        for (const { key, source } of sorted) {
          setKey(memory, row, key);
          memory.source[row] = source;
          memory.order[row] = row++;
        }
        const ranges: [number, number][] = [];
        for (let at = from; at < row; at += block) ranges.push([at, Math.min(row, at + block)]);
        return ranges;
      });
      const all = Array.from({ length: row }, (_, i) => i);
      const expected = all.sort((a, b) => byKey(keyOf(a), keyOf(b)) || memory.source[a] - memory.source[b] || a - b);
      assert.deepEqual(mergeAll(blocks, batch), expected);
    }),
    { numRuns: 500 },
  );
});

function mergeAll(blocks: [number, number][][], batch: number): number[] {
  const merge = new Merge(memory, blocks.length, batch);
  blocks.forEach((ranges, c) => {
    const range = ranges.shift();
    if (range) merge.add(c, ...range);
  });
  const merged: number[] = [];
  while (merge.size > 0) {
    merged.push(...merge.picks.subarray(0, merge.take()));
    const ended = merge.ended();
    if (ended < 0) continue;
    const range = blocks[ended].shift();
    if (range) merge.refill(...range);
    else merge.remove();
  }
  merge.close();
  return merged;
}
