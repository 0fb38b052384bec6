import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPalette, plainPalette } from '../../src/output/index.ts';

test('level 0 and the plain palette switch nothing on', () => {
  for (const palette of [createPalette(0), plainPalette]) {
    assert.deepEqual(palette(0), { open: '', close: '' });
    assert.deepEqual(palette(100), { open: '', close: '' });
  }
});

test('neighbouring labels differ, and the colours come round again', () => {
  const palette = createPalette(1);
  const opens = Array.from({ length: 30 }, (_, label) => palette(label).open);
  for (let i = 1; i < opens.length; i++) assert.notEqual(opens[i], opens[i - 1]);
  assert.ok(new Set(opens).size < opens.length);
  assert.match(opens[0], /^\u001b\[\d+m$/);
  assert.equal(palette(0).close, '\u001b[39m');
});
