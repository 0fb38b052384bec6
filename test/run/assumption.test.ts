import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { listenToDisk } from '../../src/core/disk.ts';
import { TsalignError } from '../../src/core/problem.ts';
import type { MergeRequest } from '../../src/engine.ts';
import type { RunReport } from '../../src/output/index.ts';
import { merge } from '../helpers/merge.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tsalign-test-'));
after(() => fs.rmSync(folder, { recursive: true }));

/** With a limit, which none of these reach, nothing is assumed: what is in order is found out first. */
const CHECKED: Partial<MergeRequest> = { limit: 1e9 };

async function outcome(sources: string[], asked: Partial<MergeRequest>) {
  try {
    const { text, warnings, result } = await merge(folder, { sources, ...asked });
    const { sources: counts, proof } = result.report as RunReport;
    return {
      text,
      // The ends of compressed sources are met in the order of time where they stream, one by one where they are sorted.
      warnings: warnings.map((each) => JSON.stringify(each)).sort(),
      counts,
      proof,
      setAside: result.setAside,
    };
  } catch (error) {
    if (!(error instanceof TsalignError)) throw error;
    return error.problem;
  }
}

const stampOf = (second: number): string => new Date(Date.UTC(2024, 2, 10) + second * 1000).toISOString();

/** A source as it may be found: its records' seconds, and what is odd about it. */
const source = fc.record({
  count: fc.integer({ min: 1, max: 400 }),
  order: fc.constantFrom('sorted', 'sorted', 'late at the end', 'late', 'reversed'),
  length: fc.constantFrom(10, 10, 300, 40_000),
  undated: fc.boolean(),
  packed: fc.constantFrom('plain', 'plain', 'gzip', 'cut gzip'),
  year: fc.boolean(),
});

type Source = typeof source extends fc.Arbitrary<infer Shape> ? Shape : never;

function bytesOf({ count, order, length, undated, packed, year }: Source): Buffer {
  const seconds = Array.from({ length: count }, (_, i) => 3 * i);
  if (order === 'late at the end') seconds.push(1);
  if (order === 'late') seconds.splice(count >> 1, 0, 1);
  if (order === 'reversed') seconds.reverse();
  const lines = seconds.map((second, i) => {
    const stamp = stampOf(second);
    const written = year ? stamp : `Mar 10 ${stamp.slice(11, 19)}`;
    return `${written} record ${i} ${'x'.repeat(i % 50 === 7 ? length : 5)}\n`;
  });
  if (undated) lines.splice(count >> 2, 0, '2024-02-31T00:00:00Z no such day\n');
  const text = Buffer.from(lines.join(''));
  if (packed === 'plain') return text;
  const whole = gzipSync(text);
  return packed === 'gzip' ? whole : whole.subarray(0, whole.length - 4);
}

test('what is merged at once is as if it had been checked first: output, warnings, counts, errors', async () => {
  const asked = fc.constantFrom<Partial<MergeRequest>>(
    {},
    { undated: 'fail' },
    { since: '2024-03-10T00:02:00Z' },
    { match: '[13579]' },
    { dedup: { kind: 'exact' } },
    { memory: 1 << 20 },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(source, { minLength: 1, maxLength: 4 }), asked, async (shapes, request) => {
      const names = shapes.map((shape, i) => {
        const name = `${i}.log${shape.packed === 'plain' ? '' : '.gz'}`;
        fs.writeFileSync(path.join(folder, name), bytesOf(shape));
        return name;
      });
      assert.deepEqual(await outcome(names, request), await outcome(names, { ...request, ...CHECKED }));
    }),
    { numRuns: 60, endOnFailure: true },
  );
});

/** How many bytes are read from a file while it is merged. */
async function bytesRead(name: string, asked: Partial<MergeRequest>): Promise<number> {
  let read = 0;
  const stop = listenToDisk((call, parameters) => {
    if (call === 'read') read += parameters[3] as number;
  });
  try {
    await merge(folder, { sources: [name], ...asked });
    return read;
  } finally {
    stop();
  }
}

test('a file in order is read once', async () => {
  const text = Array.from({ length: 40_000 }, (_, i) => `${stampOf(i)} ${'x'.repeat(50)}\n`).join('');
  fs.writeFileSync(path.join(folder, 'once.log'), text);
  const once = await bytesRead('once.log', {});
  const twice = await bytesRead('once.log', CHECKED);
  // Its beginning is looked at several times.
  assert.ok(once < 1.5 * text.length && twice > 1.9 * text.length, `${once} and ${twice} of ${text.length}`);
});
