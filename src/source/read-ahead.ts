import type { Problem, Warn } from '../core/problem.ts';
import type { ByteStream } from '../core/stages.ts';

/**
 * A stream that decodes on other threads, read ahead by up to `size` bytes: while these are used, the next are made.
 * Without it the thread that merges and those that decompress wait for one another.
 */
export class ReadAhead implements ByteStream {
  readonly #inner: ByteStream;
  readonly #bytes: Uint8Array;
  /** What is there and was not given yet: [given, filled). */
  #given = 0;
  #filled = 0;
  #ended = false;
  #pending: Promise<void> | undefined;
  #failure: { error: unknown } | undefined;

  /** What the inner stream said of bytes that were not asked for yet: it is said when it would have been without us. */
  readonly #held: Problem[] = [];
  readonly #warn: Warn;

  constructor(open: (warn: Warn) => ByteStream, size: number, warn: Warn) {
    this.#inner = open((problem) => this.#held.push(problem));
    this.#bytes = new Uint8Array(size);
    this.#warn = warn;
  }

  /** @throws what reading the inner stream threw, after all that came before */
  read(bytes: Uint8Array, offset: number, length: number): number | Promise<number> {
    if (this.#filled > this.#given) return this.#give(bytes, offset, length);
    if (this.#ended) return this.#end();
    this.#pending ??= this.#fill();
    return this.#pending.then(() => this.read(bytes, offset, length));
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
    const count = Math.min(length, this.#filled - this.#given);
    bytes.set(this.#bytes.subarray(this.#given, this.#given + count), offset);
    this.#given += count;
    if (this.#given === this.#filled && !this.#ended) this.#pending = this.#fill();
    return count;
  }

  /** Fills the empty buffer at least by half: a decoder gives little at a time. */
  async #fill(): Promise<void> {
    const bytes = this.#bytes;
    let filled = 0;
    this.#given = 0;
    this.#filled = 0;
    try {
      while (!this.#ended && filled * 2 < bytes.length) {
        const count = await this.#inner.read(bytes, filled, bytes.length - filled);
        if (count === 0) this.#ended = true;
        filled += count;
      }
    } catch (error) {
      this.#failure = { error };
      this.#ended = true;
    }
    this.#filled = filled;
    this.#pending = undefined;
  }
}
