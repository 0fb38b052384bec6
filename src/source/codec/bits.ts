import type { Pending } from './decoder.ts';

/** Reads bits of pending bytes, the most significant first. What lies behind their end reads as anything: see `overrun`. */
export class BitReader {
  bytes: Uint8Array = new Uint8Array(0);
  /** The next byte, and bits of those before it that were not used yet: the lowest `count` of `buffer`. */
  at = 0;
  buffer = 0;
  count = 0;
  private to = 0;
  /** Bits of the first byte that the last block has used. */
  private used = 0;

  /** Begins where the last `finish` has ended. */
  start(pending: Pending): void {
    this.bytes = pending.bytes;
    this.at = pending.from;
    this.to = pending.to;
    this.buffer = 0;
    this.count = 0;
    if (this.used > 0) this.take(this.used);
  }

  /** Begins at a whole byte next time. */
  restart(): void {
    this.used = 0;
  }

  /** The next `length` bits, 24 at most. */
  take(length: number): number {
    while (this.count < length) {
      this.buffer = (this.buffer << 8) | this.bytes[this.at++];
      this.count += 8;
    }
    this.count -= length;
    return (this.buffer >>> this.count) & ((1 << length) - 1);
  }

  take32(): number {
    return this.take(16) * 65_536 + this.take(16);
  }

  /** Whether more bits were taken than there are. */
  get overrun(): boolean {
    return this.at - (this.count >> 3) > this.to;
  }

  /** Uses up the bytes of the bits that were taken. */
  finish(pending: Pending): void {
    const bits = this.at * 8 - this.count;
    pending.from = bits >> 3;
    this.used = bits & 7;
  }

  /** The same, and the rest of the last byte. */
  finishToByte(pending: Pending): void {
    this.count -= this.count & 7;
    this.finish(pending);
  }
}
