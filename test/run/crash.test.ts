import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crash } from '../helpers/crash.ts';

test('real processes are killed while logs grow and are rotated: nothing is lost, nothing comes twice', {
  timeout: 300_000,
}, async () => {
  assert.ok((await crash(7, (round) => round < 8)) >= 4);
});
