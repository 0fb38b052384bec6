import { setImmediate } from 'node:timers/promises';
import type { ByteStream } from '../core/stages.ts';

/** Chunks after which signals get their turn: decoders do not wait for anything. */
const CHUNKS_PER_TURN = 16;

/** The next `length` bytes, fewer only at the end. */
export async function readFully(stream: ByteStream, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const count = await stream.read(bytes, filled, length - filled);
    if (count === 0) break;
    filled += count;
  }
  return bytes.subarray(0, filled);
}

/** Reads up to `length` bytes and hands them on, a buffer at a time. Returns how many there were. */
export async function pour(
  stream: ByteStream,
  buffer: Buffer,
  length: number,
  take: (chunk: Buffer) => void,
): Promise<number> {
  let poured = 0;
  for (let chunks = 1; poured < length; chunks++) {
    const count = await stream.read(buffer, 0, Math.min(buffer.length, length - poured));
    if (count === 0) break;
    take(buffer.subarray(0, count));
    poured += count;
    if (chunks % CHUNKS_PER_TURN === 0) await setImmediate();
  }
  return poured;
}
