import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FINGERPRINT_BYTES } from '../../src/core/fingerprint.ts';
import type { ByteStream } from '../../src/core/stages.ts';
import { SeenBytes } from '../../src/run/seen-bytes.ts';

/** Gives the bytes in pieces of these lengths, then the rest in one. */
function inPieces(bytes: Uint8Array, lengths: readonly number[]): ByteStream {
  let at = 0;
  let next = 0;
  return {
    read(target, offset, length) {
      const count = Math.min(lengths[next++] ?? length, length, bytes.length - at);
      target.set(bytes.subarray(at, at + count), offset);
      at += count;
      return next % 2 === 0 ? count : Promise.resolve(count);
    },
    close: () => {},
  };
}

test('the last bytes that came are known, however they came', async () => {
  const lengths = fc.array(fc.integer({ min: 1, max: 2 * FINGERPRINT_BYTES }), { maxLength: 12 });
  const sizes = fc.integer({ min: 0, max: 5 * FINGERPRINT_BYTES });
  await fc.assert(
    fc.asyncProperty(sizes, lengths, async (size, cuts) => {
      const bytes = Uint8Array.from({ length: size }, (_, i) => i % 251);
      const seen = new SeenBytes(inPieces(bytes, cuts));
      const target = new Uint8Array(3 + bytes.length);
      for (let at = 0; at < size; ) at += await seen.read(target, 3, size - at);
      assert.equal(seen.count, size);
      assert.deepEqual(seen.tail, bytes.slice(-FINGERPRINT_BYTES));
    }),
    { endOnFailure: true },
  );
});
