import type { Problem, Warn } from '../core/problem.ts';
import type { ByteStream } from '../core/stages.ts';

/**
 * A stream that decodes on other threads, read ahead by up to `size` bytes: while these are used, the next are made.
 * Without it the thread that merges and those that decompress wait for one another. What is held lies in a ring, in which
 * reading goes on as soon as half of it is free: with one that had to be empty first, of four sources only the one that
 * was waited for was decoded.
 */
export class ReadAhead implements ByteStream {
  readonly #inner: ByteStream;
  readonly #ring: Uint8Array;
  /** Where what is there and was not given yet begins, and how much it is. */
  #begin = 0;
  #count = 0;
  #ended = false;
  #filling = false;
  #failure: { error: unknown } | undefined;
  /** Resolved when there is more, or the end. */
  #more: Promise<void> | undefined;
  #wake: () => void = () => {};

  /** What the inner stream said of bytes that were not asked for yet: it is said when it would have been without us. */
  readonly #held: Problem[] = [];
  readonly #warn: Warn;

  constructor(open: (warn: Warn) => ByteStream, size: number, warn: Warn) {
    this.#inner = open((problem) => this.#held.push(problem));
    this.#ring = new Uint8Array(size);
    this.#warn = warn;
  }

  /** @throws what reading the inner stream threw, after all that came before */
  read(bytes: Uint8Array, offset: number, length: number): number | Promise<number> {
    if (this.#count > 0) return this.#give(bytes, offset, length);
    if (this.#ended) return this.#end();
    this.#goOn();
    this.#more ??= new Promise((wake) => {
      this.#wake = wake;
    });
    return this.#more.then(() => this.read(bytes, offset, length));
  }

  /** Does not wait for what is being read: it may come from a pipe that stays silent. */
  close(): void | Promise<void> {
    this.#ended = true;
    return this.#inner.close();
  }

  #end(): number {
    for (const problem of this.#held.splice(0)) this.#warn(problem);
    if (this.#failure !== undefined) throw this.#failure.error;
    return 0;
  }

  #give(bytes: Uint8Array, offset: number, length: number): number {
    const ring = this.#ring;
    const count = Math.min(length, this.#count, ring.length - this.#begin);
    bytes.set(ring.subarray(this.#begin, this.#begin + count), offset);
    this.#begin = (this.#begin + count) % ring.length;
    this.#count -= count;
    this.#goOn();
    return count;
  }

  #goOn(): void {
    if (this.#filling || this.#ended || this.#count * 2 > this.#ring.length) return;
    this.#filling = true;
    void this.#fill();
  }

  /** Reads until the ring is full. */
  async #fill(): Promise<void> {
    const ring = this.#ring;
    try {
      while (!this.#ended && this.#count < ring.length) {
        const at = (this.#begin + this.#count) % ring.length;
        const room = Math.min(ring.length - this.#count, ring.length - at);
        const count = await this.#inner.read(ring, at, room);
        this.#count += count;
        if (count === 0) this.#ended = true;
        this.#tell();
      }
    } catch (error) {
      this.#failure = { error };
      this.#ended = true;
      this.#tell();
    }
    this.#filling = false;
  }

  #tell(): void {
    this.#more = undefined;
    this.#wake();
  }
}
