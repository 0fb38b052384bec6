import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { BEGIN_MS, simulate } from '../helpers/simulation.ts';

test('what is held beyond the memory for it goes to disk, and comes back in order', { timeout: 120_000 }, async () => {
  const line = (i: number): string =>
    `${new Date(BEGIN_MS + ((i * 7919) % 60_000)).toISOString().replace('Z', `${String(i).padStart(6, '0')}Z`)} ${'x'.repeat(100)}\n`;
  const lines = Array.from({ length: 60_000 }, (_, i) => line(i));
  const half = lines.length / 2;
  const { text, place, report } = await simulate(
    (place) => place.append('a.log', lines.slice(0, half).join('')),
    [
      { at: 500, act: (place) => place.append('a.log', lines.slice(half).join('')) },
      { at: 1500, act: (place) => place.append('a.log', `2024-03-10T08:00:00Z last\n2024-03-10T08:00:01Z end\n`) },
    ],
    3000,
    { sources: ['a.log'], watermarkDelay: '1h', idleTimeout: '0' },
  );
  fs.rmSync(place.folder, { recursive: true });
  assert.equal(report.totals.late, 0);
  assert.equal(text.split('\n').length, lines.length + 3);
  assert.ok(text.startsWith(lines.toSorted().join('')), 'all lines in order');
});
