import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { createMemory, type Memory, UNDATED } from '../../src/core/memory.ts';
import { diskStore } from '../../src/run/deduplication.ts';
import { ContentTable, type CopyRule, Dedup } from '../../src/select/index.ts';
import { type Seen, seenRow } from '../helpers/lines.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'tsalign-test-'));
after(() => rmSync(folder, { recursive: true }));

interface Given {
  instant: number;
  source: number;
  text: string;
  undated: boolean;
}

/** Lays records into the memory as rows 0 …; the order is that of the merge: by instant, source, line. */
function layRows(memory: Memory, records: readonly Given[]): Int32Array {
  const sorted = [...records].sort((a, b) => a.instant - b.instant || a.source - b.source);
  const firstRow = memory.rows.take(Math.max(1, sorted.length));
  let at = memory.regions.take(sorted.reduce((sum, { text }) => sum + text.length, 1));
  return Int32Array.from(sorted, ({ instant, source, text, undated }, i) => {
    const row = firstRow + i;
    memory.keys[2 * row] = instant;
    memory.keys[2 * row + 1] = instant < 0 ? -1 : 0;
    memory.start[row] = at;
    at += memory.buffer.write(text, at, 'latin1');
    memory.end[row] = at;
    memory.source[row] = source;
    memory.line[row] = i + 1;
    memory.flags[row] = undated ? UNDATED : 0;
    return row;
  });
}

/** The contract, word for word and slow. Sources 0 and 1 are one series, 2 is alone and takes no part, 3 has another header. */
function expected(records: readonly Seen[], rule: CopyRule): { kept: Seen[]; removed: Seen[] } {
  const identity = (source: number): number => [0, 0, -1, 1][source];
  const kept: Seen[] = [];
  const removed: Seen[] = [];
  for (const record of records) {
    const equals = records.filter(
      (other) =>
        other.instant === record.instant &&
        other.text === record.text &&
        !other.text.startsWith('?') &&
        identity(other.source) === identity(record.source),
    );
    const earlierInSource = equals.filter((o) => o.source === record.source && o.line < record.line).length;
    const inEarlierSource = [0, 1, 2, 3]
      .filter((s) => s < record.source)
      .map((s) => equals.filter((o) => o.source === s).length);
    const exempt = identity(record.source) < 0 || record.text.startsWith('?');
    const first =
      rule === 'overlap'
        ? Math.max(0, ...inEarlierSource) <= earlierInSource
        : earlierInSource === 0 && inEarlierSource.every((count) => count === 0);
    (exempt || first ? kept : removed).push(record);
  }
  return { kept, removed };
}

const given = fc.record({
  instant: fc.integer({ min: -1, max: 2 }),
  source: fc.nat(3),
  letter: fc.constantFrom('a', 'b', 'c', 'ab', ''),
  undated: fc.boolean(),
});

async function dedup(records: readonly Given[], rule: CopyRule, tableBytes: number, batch: number) {
  const memory = createMemory(1 << 18);
  const rows = layRows(memory, records);
  const all = [...rows].map((row) => seenRow(memory, row));
  const kept: Seen[] = [];
  const removed: Seen[] = [];
  const identities = [0, 0, -1, 1];
  const table = new ContentTable(memory, tableBytes, (row) => identities[memory.source[row]]);
  const stage = new Dedup(
    memory,
    table,
    diskStore(memory, folder, 4096, async () => {}),
    {
      rule,
      takesPart: (source) => identities[source] >= 0,
      emit(some, count) {
        for (const row of some.subarray(0, count)) kept.push(seenRow(memory, row));
        return true;
      },
      removed: (row) => removed.push(seenRow(memory, row)),
    },
  );
  for (let at = 0; at < rows.length; at += batch) {
    const piece = rows.slice(at, at + batch);
    await stage.take(piece, piece.length);
  }
  await stage.finish();
  return { all, kept, removed: removed.sort((a, b) => a.line - b.line) };
}

for (const rule of ['overlap', 'exact'] as const) {
  test(`${rule} keeps what the contract says, also where an instant outgrows the table`, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(given, { maxLength: 60, size: 'max' }),
        // The smallest table holds 16 entries and some 300 bytes, so that many instants go through the disk.
        fc.constantFrom(1000, 1200, 20_000),
        fc.integer({ min: 1, max: 30 }),
        fc.nat(40),
        async (drawn, tableBytes, batch, variety) => {
          const records = drawn.map(({ letter, undated, ...rest }, i) => ({
            ...rest,
            undated,
            text: `${undated ? '?' : ''}${letter}${'x'.repeat((i % (variety + 1)) * 2)}`,
          }));
          const { all, kept, removed } = await dedup(records, rule, tableBytes, batch);
          const wanted = expected(all, rule);
          assert.deepEqual(kept, wanted.kept);
          assert.deepEqual(removed, wanted.removed);
        },
      ),
      { numRuns: 200, endOnFailure: true },
    );
  });
}

test('an instant with far more different records than the table holds keeps each once', async () => {
  const texts = Array.from({ length: 300 }, (_, i) => `record ${i}`);
  const records = [0, 1].flatMap((source) => texts.map((text) => ({ instant: 1, source, text, undated: false })));
  const { kept, removed } = await dedup(records, 'overlap', 1000, 50);
  assert.deepEqual(
    kept.map(({ text }) => text),
    texts,
  );
  assert.equal(removed.length, 300);
  assert.ok(removed.every(({ source, instant }) => source === 1 && instant === 1n));
});
