import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
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
    await merge(folder, { sources, memory: 4 << 20 }, { progress: (state) => states.push(state) });
    const merging = states.filter(({ doing }) => doing === 'merging');
    assert.ok(merging.length > 1);
    for (const { bytes, totalBytes = 0 } of merging) assert.ok(bytes <= totalBytes, `${bytes} of ${totalBytes}`);
    const { bytes, totalBytes } = merging.at(-1) as ProgressState;
    assert.equal(bytes, totalBytes);
  }
});

test('of what is compressed, it is told how much of what is stored is read', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'tsalign-progress-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const lines = Array.from({ length: 50_000 }, (_, i) => line(i));
  const sorted = gzipSync(lines.join(''), { level: 1 });
  const backwards = gzipSync(lines.reverse().join(''), { level: 1 });
  writeFileSync(join(folder, 'sorted.log.gz'), sorted);
  writeFileSync(join(folder, 'backwards.log.gz'), backwards);
  let now = 0;
  t.mock.method(performance, 'now', () => (now += 60));
  const phases = [
    ['sorted.log.gz', 'merging', sorted.length],
    ['backwards.log.gz', 'sorting', backwards.length],
  ] as const;
  for (const [source, phase, size] of phases) {
    const states: ProgressState[] = [];
    await merge(folder, { sources: [source], memory: 16 << 20 }, { progress: (state) => states.push(state) });
    const told = states.filter(({ doing }) => doing === phase);
    assert.ok(told.every(({ bytes, totalBytes }) => totalBytes === size && bytes <= size));
    assert.ok((told[0]?.bytes ?? size) < (told.at(-1)?.bytes ?? 0), phase);
  }
});
