import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createMemory } from '../../src/core/memory.ts';
import { BlockColumns, compareEntries, entriesUpTo, firstPlace, rowsInPlace } from '../../src/kernel/slot-block.ts';

/** Instants small enough to meet, on both sides of where the lower word turns over. */
const entry = fc.record({
  key: fc.constantFrom(-1n, 0n, 1n, 2n ** 31n - 1n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 32n),
  label: fc.nat({ max: 2 }),
});
type Entry = { key: bigint; label: number };

const before = (a: Entry, b: Entry): number => Number(a.key > b.key) - Number(a.key < b.key) || a.label - b.label;

function columnsOf(entries: readonly Entry[]): BlockColumns {
  const columns = new BlockColumns();
  for (const { key, label } of entries) {
    const at = columns.count++;
    new BigInt64Array(columns.keys.buffer)[at] = key;
    columns.label[at] = label;
    columns.length[at] = 1;
  }
  return columns;
}

test('entries are compared by instant and label, and found among sorted ones', () => {
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 20 }), entry, (list, one) => {
      const sorted = list.toSorted(before);
      const a = columnsOf(sorted);
      const b = columnsOf([one]);
      for (const [i, each] of sorted.entries())
        assert.equal(Math.sign(compareEntries(a, i, b, 0)), Math.sign(before(each, one)));
      assert.equal(entriesUpTo(a, 0, b, 0, 'before'), sorted.filter((each) => before(each, one) < 0).length);
      assert.equal(entriesUpTo(a, 0, b, 0, 'beside'), sorted.filter((each) => before(each, one) <= 0).length);
    }),
    { endOnFailure: true },
  );
});

test('rows are in place as long as none stands before the one above it, or at the end', () => {
  const memory = createMemory(16 * 2 ** 20);
  const ranks = { label: Int32Array.of(2, 0, 1), file: Int32Array.of(0, 1, 2) };
  fc.assert(
    fc.property(fc.array(entry, { minLength: 1, maxLength: 20 }), (list) => {
      const rows = Int32Array.from(list.keys());
      for (const [row, { key, label }] of list.entries()) {
        new BigInt64Array(memory.keys.buffer, memory.keys.byteOffset)[row] = key;
        memory.source[row] = label;
      }
      const ranked = list.map(({ key, label }) => ({ key, label: ranks.label[label] }));
      const end = 2n ** 32n;
      const out = ranked.findIndex((each, i) => each.key >= end || (i > 0 && before(each, ranked[i - 1] as Entry) < 0));
      const place = firstPlace();
      const count = out < 0 ? list.length : out;
      assert.equal(rowsInPlace(memory, rows, 0, list.length, ranks, place, end), count);
      // What comes next has to stand behind those.
      if (count > 0) assert.equal(rowsInPlace(memory, rows, count - 1, count, ranks, place, end), count);
    }),
    { endOnFailure: true },
  );
});
