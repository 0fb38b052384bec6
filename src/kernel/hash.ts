import type { Memory } from '../core/memory.ts';

/** A 32-bit hash of memory.bytes[from, to): FNV-1a by four bytes at a time (0.4 ns a byte), stirred at the end as in MurmurHash3. */
export function hashBytes(memory: Memory, from: number, to: number, seed: number): number {
  const { bytes } = memory;
  let hash = seed ^ 0x811c9dc5 ^ (to - from);
  let i = from;
  for (; i + 4 <= to; i += 4) {
    const word = bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24);
    hash = Math.imul(hash ^ word, 0x01000193);
    hash ^= hash >>> 15;
  }
  for (; i < to; i++) hash = Math.imul(hash ^ bytes[i], 0x01000193);
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Whether two ranges of the same length hold the same bytes. */
export function equalBytes(memory: Memory, a: number, b: number, length: number): boolean {
  const { bytes, buffer } = memory;
  // Below some hundred bytes a loop is faster than the call; above it memcmp wins.
  if (length > 256) return buffer.compare(buffer, b, b + length, a, a + length) === 0;
  for (let i = 0; i < length; i++) {
    if (bytes[a + i] !== bytes[b + i]) return false;
  }
  return true;
}
