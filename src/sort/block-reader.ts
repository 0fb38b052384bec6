import { type Memory, SLACK } from '../core/memory.ts';
import { TsalignError } from '../core/problem.ts';
import type { ByteStream, Framer, RowFilter } from '../core/stages.ts';

/** One pass over one source. */
export interface Pass {
  label: string;
  stream: ByteStream;
  framer: Framer;
  /** Takes out what is not wanted (range, match, rejects), after framing. */
  filter: RowFilter;
  /** The longest record that is accepted, bytes. */
  recordLimit: number;
}

export function tooLarge(pass: Pass): TsalignError {
  return new TsalignError({
    code: 'too-large',
    where: `${pass.label}:${pass.framer.line + 1}`,
    what: `a record is longer than ${pass.recordLimit} bytes, a quarter of --memory`,
    hint: 'give a larger --memory',
  });
}

/**
 * Reads a source block by block through a window of the memory. A block is the rows [firstRow, firstRow + n) in the
 * order of the file, whose numbers also stand in memory.order[firstRow …]; it is valid until the next is asked for.
 */
export class BlockReader {
  readonly firstRow: number;
  readonly #memory: Memory;
  readonly #pass: Pass;
  readonly #rowLimit: number;
  #offset: number;
  #length: number;
  /** Unframed bytes are [from, to). */
  #from: number;
  #to: number;
  #ended = false;
  /** Whether framing [from, to) again could find more than last time. */
  #fresh = false;

  constructor(memory: Memory, pass: Pass, windowBytes: number) {
    this.#memory = memory;
    this.#pass = pass;
    // A row for every 48 bytes: shorter records only make a block end sooner.
    this.#rowLimit = Math.max(16, Math.floor(windowBytes / 48));
    this.firstRow = memory.rows.take(this.#rowLimit);
    for (let row = this.firstRow; row < this.firstRow + this.#rowLimit; row++) memory.order[row] = row;
    this.#length = windowBytes;
    this.#offset = memory.regions.take(windowBytes + SLACK);
    this.#from = this.#to = this.#offset;
  }

  /** Frames the next block. Returns how many rows it has; 0 is the end. */
  async next(): Promise<number> {
    const { framer, filter } = this.#pass;
    for (;;) {
      if (!this.#fresh) {
        if (this.#ended) return 0;
        await this.#fill();
      }
      framer.frame(this.#from, this.#to, this.#ended, this.firstRow, this.#rowLimit);
      // Stopped by the row limit: there may be whole records left, so more bytes are not needed yet.
      this.#fresh = framer.rows > 0 && framer.consumed < this.#to;
      this.#from = framer.consumed;
      if (framer.rows === 0) continue;
      const kept = filter(this.firstRow, framer.rows);
      if (kept > 0) return kept;
    }
  }

  async close(): Promise<void> {
    this.#memory.rows.give(this.firstRow, this.#rowLimit);
    this.#memory.regions.give(this.#offset, this.#length + SLACK);
    await this.#pass.stream.close();
  }

  /** Reads more bytes behind those that are unframed, after making room. */
  async #fill(): Promise<void> {
    if (this.#from > this.#offset) {
      this.#memory.bytes.copyWithin(this.#offset, this.#from, this.#to);
      this.#to -= this.#from - this.#offset;
      this.#from = this.#offset;
    }
    if (this.#to === this.#offset + this.#length) this.#grow();
    const read = await this.#pass.stream.read(this.#memory.bytes, this.#to, this.#offset + this.#length - this.#to);
    if (read === 0) this.#ended = true;
    this.#to += read;
    this.#fresh = true;
  }

  /** Doubles the window, for a record longer than it. */
  #grow(): void {
    const { regions, bytes } = this.#memory;
    if (this.#to - this.#from > this.#pass.recordLimit) throw tooLarge(this.#pass);
    const length = Math.min(this.#length * 2, this.#pass.recordLimit + this.#length);
    const offset = regions.tryTake(length + SLACK);
    if (offset === undefined) throw tooLarge(this.#pass);
    bytes.copyWithin(offset, this.#from, this.#to);
    regions.give(this.#offset, this.#length + SLACK);
    this.#to = offset + (this.#to - this.#from);
    this.#from = offset;
    this.#offset = offset;
    this.#length = length;
  }
}
