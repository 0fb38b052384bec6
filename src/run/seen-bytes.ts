import { FINGERPRINT_BYTES } from '../core/fingerprint.ts';
import type { ByteStream } from '../core/stages.ts';

/** A stream that knows how many bytes came through it, and the last of them. */
export class SeenBytes implements ByteStream {
  count = 0;
  private readonly inner: ByteStream;
  private last = new Uint8Array(0);

  constructor(inner: ByteStream) {
    this.inner = inner;
  }

  read(bytes: Uint8Array, offset: number, length: number): number | Promise<number> {
    const count = this.inner.read(bytes, offset, length);
    return typeof count === 'number' ? this.note(bytes, offset, count) : count.then((n) => this.note(bytes, offset, n));
  }

  close(): void | Promise<void> {
    return this.inner.close();
  }

  /** The last bytes that came, at most as many as a fingerprint is taken of. */
  get tail(): Uint8Array {
    return this.last;
  }

  /** Copies a KiB of each block, of which a plain file has 128 KiB and more. */
  private note(bytes: Uint8Array, offset: number, count: number): number {
    this.count += count;
    const piece = bytes.slice(offset + Math.max(0, count - FINGERPRINT_BYTES), offset + count);
    const joined = piece.length < FINGERPRINT_BYTES ? new Uint8Array([...this.last, ...piece]) : piece;
    this.last = joined.slice(-FINGERPRINT_BYTES);
    return count;
  }
}
