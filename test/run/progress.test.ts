import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ProgressState } from '../../src/request.ts';
import { merge } from '../helpers/merge.ts';

const line = (i: number) => `${new Date(1710050400000 + i * 1000).toISOString()} ${'x'.repeat(400)} ${i}\n`;

test('while it merges, a run tells how much of what it will read is read, of streams and of what was sorted on disk', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'tsalign-progress-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const lines = Array.from({ length: 20_000 }, (_, i) => line(i));
  writeFileSync(join(folder, 'sorted.log'), lines.join(''));
  writeFileSync(join(folder, 'backwards.log'), lines.reverse().join(''));
  let now = 0;
  t.mock.method(performance, 'now', () => (now += 60));
  for (const sources of [['sorted.log'], ['backwards.log'], ['sorted.log', 'backwards.log']]) {
    const states: ProgressState[] = [];
    await merge(folder, { sources, memory: 4 << 20 }, (state) => states.push(state));
    const merging = states.filter(({ doing }) => doing === 'merging');
    assert.ok(merging.length > 1);
    for (const { bytes, totalBytes = 0 } of merging) assert.ok(bytes <= totalBytes, `${bytes} of ${totalBytes}`);
    const { bytes, totalBytes } = merging.at(-1) as ProgressState;
    assert.equal(bytes, totalBytes);
  }
});
