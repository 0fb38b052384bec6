import { test } from 'node:test';
import { fuzz } from '../helpers/fuzz.ts';

test('inputs that nobody would write: only documented errors, nothing unaccounted for', {
  timeout: 300_000,
}, async () => {
  await fuzz(1, (count) => count < 6);
});
