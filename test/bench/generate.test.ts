import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { digestOf, LINE_PARTS } from '../../bench/compare.ts';
import { type DataShape, generate } from '../../bench/generate.ts';
import { LAYOUTS } from '../../bench/layouts.ts';

const folder = mkdtempSync(join(tmpdir(), 'tsalign-test-'));
after(() => rmSync(folder, { recursive: true }));

const SHAPE: DataShape = { format: 'iso', order: 'sorted', sources: 3, bytes: 1_000_000, seed: 7 };

const texts = (shape: DataShape, name: string): string[] =>
  generate(shape, join(folder, name)).files.map((file) => readFileSync(file, 'latin1'));

for (const format of Object.keys(LAYOUTS) as (keyof typeof LAYOUTS)[]) {
  test(`${format}: as many bytes as asked for, the same for the same seed`, () => {
    const once = texts({ ...SHAPE, format }, 'once');
    assert.deepEqual(texts({ ...SHAPE, format }, 'twice'), once);
    assert.notDeepEqual(texts({ ...SHAPE, format, seed: 8 }, 'other'), once);
    const size = once.join('').length;
    assert.ok(Math.abs(size / SHAPE.bytes - 1) < 0.05, `${size}`);
  });
}

test('lines are sorted or nearly sorted, and no stamp comes twice', () => {
  const lines = (order: DataShape['order']) =>
    texts({ ...SHAPE, order, sources: 1 }, order)
      .join('')
      .trimEnd()
      .split('\n');
  const stampsOf = (all: string[]) => all.map((line) => line.slice(0, 24));
  const sorted = stampsOf(lines('sorted'));
  assert.deepEqual([...new Set(sorted)].sort(), sorted);
  const late = stampsOf(lines('jitter')).map((stamp, i) => Math.abs(Date.parse(stamp) - Date.parse(sorted[i])));
  assert.ok(Math.max(...late) > 500 && Math.max(...late) <= 2000);
  assert.equal(digestOf(join(folder, 'sorted', 'source-1.log'), LINE_PARTS.line).ascending, true);
  assert.equal(digestOf(join(folder, 'jitter', 'source-1.log'), LINE_PARTS.line).ascending, false);
});

test('CSV messages hold commas, quotes and newlines', () => {
  const [csv = ''] = texts({ ...SHAPE, format: 'csv', sources: 1 }, 'csv');
  assert.match(csv, /,",\n [^"\n]*"\n\d/);
  assert.match(csv, /,", [^"\n]*"\n\d/);
});
