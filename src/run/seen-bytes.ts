import { FINGERPRINT_BYTES } from '../core/fingerprint.ts';
import type { ByteStream } from '../core/stages.ts';

/** A stream that knows how many bytes came through it, and the last of them. */
export class SeenBytes implements ByteStream {
  count = 0;
  private readonly inner: ByteStream;
  /** Its first `kept` bytes are the last that came. */
  private readonly last = new Uint8Array(FINGERPRINT_BYTES);
  private kept = 0;

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
    return this.last.slice(0, this.kept);
  }

  /** Copies a KiB of each block, of which a plain file has 128 KiB and more. */
  private note(bytes: Uint8Array, offset: number, count: number): number {
    this.count += count;
    const taken = Math.min(count, FINGERPRINT_BYTES);
    const staying = Math.min(this.kept, FINGERPRINT_BYTES - taken);
    this.last.copyWithin(0, this.kept - staying, this.kept);
    this.last.set(bytes.subarray(offset + count - taken, offset + count), staying);
    this.kept = staying + taken;
    return count;
  }
}
