/**
 * Turns compressed bytes into text, a bounded step at a time: fed a piece, asked for text until it has none, fed the
 * next. Frames, members and streams that follow one another are one text.
 */
export interface Decoder {
  /** Takes compressed bytes, which stay as they are until `next` has given undefined. Only then it is fed again. */
  feed(bytes: Uint8Array): void;
  /** Says that no more bytes follow. */
  end(): void;
  /**
   * The next text, valid until the next call; undefined where more bytes are wanted or, after `end`, all was given.
   * @throws DecodeError, after all text that stands before the damage was given (see `Compression.losesText`)
   */
  next(): Uint8Array | undefined | Promise<Uint8Array | undefined>;
  close(): void;
}

/**
 * What is wrong with bytes: they are well formed so far, but end too early; or cannot be decoded; or what they were decoded
 * to does not match the checksum behind it.
 */
export type Damage = 'ended' | 'damaged' | 'checksum';

/** What a decoder says of the bytes. */
export class DecodeError extends Error {
  readonly damage: Damage;
  constructor(damage: Damage) {
    super(`the compressed data is not whole (${damage})`);
    this.damage = damage;
  }
}

/** They are as they should be, but this program cannot decode them: ends the reading of the source. */
export class UnsupportedError extends Error {}

export const EMPTY: Uint8Array = new Uint8Array(0);

/** Compressed bytes that were fed and not used yet, in one range, for decoders that need some of them together. */
export class Pending {
  bytes: Uint8Array = new Uint8Array(64 * 1024);
  /** The unused bytes are [from, to). */
  from = 0;
  to = 0;

  get length(): number {
    return this.to - this.from;
  }

  add(piece: Uint8Array): void {
    if (this.to + piece.length > this.bytes.length) this.makeRoom(piece.length);
    this.bytes.set(piece, this.to);
    this.to += piece.length;
  }

  /** The 32-bit little-endian number `at` bytes behind the first unused one. */
  word(at: number): number {
    const p = this.from + at;
    const { bytes } = this;
    return (bytes[p] | (bytes[p + 1] << 8) | (bytes[p + 2] << 16) | (bytes[p + 3] << 24)) >>> 0;
  }

  private makeRoom(length: number): void {
    const kept = this.bytes.subarray(this.from, this.to);
    if (kept.length + length <= this.bytes.length) this.bytes.copyWithin(0, this.from, this.to);
    else {
      const larger = new Uint8Array(Math.max(2 * this.bytes.length, kept.length + length));
      larger.set(kept);
      this.bytes = larger;
    }
    this.to -= this.from;
    this.from = 0;
  }
}
