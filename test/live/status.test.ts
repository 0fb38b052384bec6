import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import type { LiveStatus } from '../../src/core/live-status.ts';
import { BEGIN_MS, type Happening, simulate } from '../helpers/simulation.ts';

const line = (ms: number, id: number) => `{"ts":"${new Date(BEGIN_MS + ms).toISOString()}","id":${id}}\n`;

test('a run that follows tells every second, and at the interval, how it stands', async () => {
  const seen: LiveStatus[] = [];
  const reported: LiveStatus[] = [];
  const writes: Happening[] = Array.from({ length: 80 }, (_, i) => ({
    at: 50 * i + 10,
    act: (place) => place.append('quick.ndjson', line(50 * i, i)),
  }));
  // One record a second, the last of them late.
  for (let second = 1; second <= 3; second++)
    writes.push({
      at: 1000 * second + 20,
      act: (place) => place.append('slow.ndjson', line(1000 * second, 1000 + second)),
    });
  writes.push({ at: 3800, act: (place) => place.append('slow.ndjson', line(100, 2000)) });
  const { place } = await simulate(
    (place) => {
      place.append('quick.ndjson', line(-500, 3000));
      place.append('slow.ndjson', line(-400, 3001));
    },
    writes,
    4500,
    { sources: ['quick.ndjson', 'slow.ndjson'], idleTimeout: '5s', report: 'r', reportInterval: '2s' },
    { status: (status) => seen.push(status), interim: (status) => reported.push(status) },
  );
  fs.rmSync(place.folder, { recursive: true });
  assert.ok(seen.length >= 4 && seen.length <= 6, `${seen.length} in 4.5 s`);
  assert.ok(reported.length >= 2 && reported.length <= 3, `${reported.length} in 4.5 s`);
  const last = seen.at(-1) as LiveStatus;
  const [quick, slow] = last.sources;
  assert.deepEqual([quick?.label, slow?.label], ['quick.ndjson', 'slow.ndjson']);
  assert.ok(quick?.isAwaited && slow?.isAwaited);
  assert.equal(slow?.highest, BigInt(BEGIN_MS + 3000) * 1_000_000n);
  assert.equal(last.watermark, BigInt(BEGIN_MS + 2000) * 1_000_000n - 1n, 'the slow one holds it back');
  assert.equal(last.totals.late, 1);
  assert.equal(last.held + last.totals.written, last.totals.records);
  const rate = seen.at(-2)?.sources[0]?.recordsPerSecond ?? 0;
  assert.ok(rate > 15 && rate < 25, `${rate} records a second`);
});

test('a source that is silent is shown as one that nobody waits for', async () => {
  const seen: LiveStatus[] = [];
  const { place } = await simulate(
    (place) => place.append('a.ndjson', line(0, 1)),
    [],
    4000,
    { sources: ['a.ndjson', 'b*.ndjson'], outputFormat: 'ndjson' },
    { status: (status) => seen.push(status) },
  );
  fs.rmSync(place.folder, { recursive: true });
  assert.deepEqual(
    seen.at(-1)?.sources.map(({ isAwaited, counts }) => [isAwaited, counts?.written]),
    [[false, 1]],
  );
});
