import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { highWord, lowWord } from '../../src/core/instant.ts';
import { createMemory, type Memory, UNDATED } from '../../src/core/memory.ts';
import { Coverage } from '../../src/kernel/coverage.ts';
import { COVER_MOST_GAPS } from '../../src/kernel/layout.ts';

const memory: Memory = createMemory(1 << 20);

/** What the coverage of these instants says, one a line; undefined is an undated record. */
function coverageOf(instants: readonly (bigint | undefined)[], block = 1000) {
  const coverage = new Coverage(memory);
  for (let at = 0; at < instants.length; at += block) {
    const part = instants.slice(at, at + block);
    for (const [row, instant] of part.entries()) {
      memory.keys[2 * row] = lowWord(instant ?? 0n);
      memory.keys[2 * row + 1] = highWord(instant ?? 0n);
      memory.flags[row] = instant === undefined ? UNDATED : 0;
      memory.line[row] = at + row + 1;
    }
    coverage.take(0, part.length);
  }
  const { dated, first, last, late, firstLate, worst, width, base, gaps } = coverage;
  const counts = [...coverage.counts];
  const lateCounts = [...coverage.lateCounts];
  coverage.close();
  return { dated, first, last, late, firstLate, worst, width, base, gaps, counts, lateCounts };
}

/** What the plainest code makes of the same. */
function expected(instants: readonly bigint[]) {
  let latest = instants[0];
  let late = 0;
  let firstLate = 0;
  let worst = 0n;
  for (const [i, instant] of instants.entries()) {
    if (instant < latest && late++ === 0) firstLate = i + 1;
    if (latest - instant > worst) worst = latest - instant;
    if (instant > latest) latest = instant;
  }
  const sorted = instants.toSorted((a, b) => Number(a > b) - Number(a < b));
  return { first: sorted[0], last: sorted.at(-1), late, firstLate, worst, sorted };
}

const SECOND = 1_000_000_000n;
/** Instants of every kind: close together, of one second, far apart, before 1970, at both ends of what a key holds. */
const INSTANTS = fc.array(
  fc.oneof(
    fc.bigInt({ min: 0n, max: 50n }),
    fc.bigInt({ min: 0n, max: 20n }).map((second) => 1_710_054_000n * SECOND + second * SECOND),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  ),
  { minLength: 1, maxLength: 100 },
);

test('first, last, late records and the worst of them agree with the plainest code', () => {
  fc.assert(
    fc.property(INSTANTS, fc.integer({ min: 1, max: 60 }), (instants, block) => {
      const coverage = coverageOf(instants, block);
      const { first, last, late, firstLate, worst } = expected(instants);
      assert.equal(coverage.dated, instants.length);
      assert.deepEqual([coverage.first, coverage.last, coverage.late], [first, last, late]);
      assert.deepEqual([coverage.firstLate, coverage.worst?.by ?? 0n], [firstLate, worst]);
    }),
    { numRuns: 500, endOnFailure: true },
  );
});

test('every record is counted in the bin of its instant, late ones once more', () => {
  fc.assert(
    fc.property(INSTANTS, (instants) => {
      const { counts, lateCounts, base, width, late } = coverageOf(instants);
      const wanted = new Map<number, number>();
      for (const instant of instants) {
        const bin = Number(instant >> BigInt(Math.log2(width))) - base;
        wanted.set(bin, (wanted.get(bin) ?? 0) + 1);
      }
      const seen = [...counts.entries()].filter(([, count]) => count > 0);
      assert.deepEqual(new Map(seen), wanted);
      assert.equal(
        lateCounts.reduce((sum, count) => sum + count, 0),
        late,
      );
    }),
    { numRuns: 500, endOnFailure: true },
  );
});

test('no record lies in a gap; in order, the gaps are the widest there are', () => {
  fc.assert(
    fc.property(INSTANTS, fc.boolean(), (instants, inOrder) => {
      const { sorted } = expected(instants);
      const { gaps } = coverageOf(inOrder ? sorted : instants);
      for (const { from, to } of gaps) {
        assert.ok(sorted.includes(from) && sorted.includes(to) && from < to);
        assert.ok(!sorted.some((instant) => instant > from && instant < to));
      }
      if (!inOrder) return;
      const widths = sorted.slice(1).map((instant, i) => instant - sorted[i]);
      const widest = widths
        .filter((width) => width > 0n)
        .sort((a, b) => Number(b > a) - Number(b < a))
        .slice(0, COVER_MOST_GAPS);
      assert.deepEqual(
        gaps.map(({ from, to }) => to - from),
        widest,
      );
    }),
    { numRuns: 500, endOnFailure: true },
  );
});

test('a gap that late records fill is one no more', () => {
  const hours = [10, 11, 12, 8, 9].map((hour) => BigInt(hour) * 3600n * SECOND);
  const widths = coverageOf(hours).gaps.map(({ from, to }) => Number((to - from) / SECOND));
  assert.deepEqual(widths, [3600, 3600, 3600, 3600]);
});

test('records without an instant count nowhere', () => {
  const coverage = coverageOf([undefined, 5n, undefined, 7n]);
  assert.deepEqual([coverage.dated, coverage.first, coverage.last, coverage.late], [2, 5n, 7n, 0]);
  assert.equal(coverageOf([undefined]).dated, 0);
});
