import { formatCount } from '../core/count-text.ts';
import { type Memory, SLACK } from '../core/memory.ts';
import { TsalignError } from '../core/problem.ts';
import type { ByteStream, Framer, RowFilter } from '../core/stages.ts';
import { orderAsRead } from '../kernel/order.ts';
import { firstLonger } from '../kernel/tally.ts';

/** One pass over one source. */
export interface Pass {
  label: string;
  stream: ByteStream;
  framer: Framer;
  /** Takes out what is not wanted (range, match, rejects), after framing. */
  filter: RowFilter;
  /** Called for every block, so that signals get their turn even where nothing of it is kept. */
  pause: () => Promise<void>;
  /** The longest record that is accepted, bytes. */
  recordLimit: number;
}

/** The line on which the unframed bytes [from, to) end: where a record is too long, that is its long line. */
export function lastLine(memory: Memory, framer: Pick<Framer, 'line'>, from: number, to: number): number {
  const bytes = memory.bytes.subarray(from, to);
  let line = framer.line + 1;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) line++;
  return line;
}

/** The error of a record beyond the limit, at a line of the source. */
export function tooLarge(pass: Pick<Pass, 'label' | 'recordLimit'>, line: number): TsalignError {
  return new TsalignError({
    code: 'too-large',
    where: `${pass.label}:${line}`,
    what: `this record is longer than ${formatCount(pass.recordLimit)} bytes, which --memory allows for one`,
    hint: 'give a larger --memory',
  });
}

/** The error of a record within the limit for which the other sources leave no room. */
function noRoom(pass: Pass, line: number): TsalignError {
  return new TsalignError({
    code: 'too-large',
    where: `${pass.label}:${line}`,
    what: 'beside the other sources there is no room for this record',
    hint: 'give a larger --memory',
  });
}

/**
 * Frames bytes of a pass into rows and filters them.
 * @returns how many rows are kept; the framer tells how many there were and how far it came.
 */
export function frameRows(memory: Memory, pass: Pass, bytes: Bytes, firstRow: number, rowLimit: number): number {
  const { framer, filter, recordLimit } = pass;
  framer.frame(bytes.from, bytes.to, bytes.last, firstRow, rowLimit);
  const mayBeLonger = bytes.to - bytes.from > recordLimit;
  const longer = mayBeLonger ? firstLonger(memory, firstRow, framer.rows, recordLimit) : -1;
  if (longer >= 0) throw tooLarge(pass, memory.line[longer]);
  return filter(firstRow, framer.rows);
}

/** The unframed bytes [from, to) of the memory; `last`: no more follow. */
export interface Bytes {
  from: number;
  to: number;
  last: boolean;
}

/** How far a window grows beyond the longest record that is accepted: enough to see that one is longer. */
const GROWTH_MARGIN = 65_536;

/** A window has a row for so many of its bytes: shorter records only make a block end sooner. */
export const BYTES_PER_STREAM_ROW = 48;

/** A range of the memory through which a source is read: bytes that are not framed yet, and rows for the next that are. */
export class InputWindow {
  readonly firstRow: number;
  readonly rowLimit: number;
  /** Bytes that are not framed yet. */
  readonly bytes: Bytes;
  readonly #memory: Memory;
  #offset: number;
  #length: number;

  /** @throws TsalignError 'too-large' where there is no room; then nothing is taken */
  constructor(memory: Memory, windowBytes: number) {
    this.#memory = memory;
    this.rowLimit = Math.max(16, Math.floor(windowBytes / BYTES_PER_STREAM_ROW));
    this.#offset = memory.regions.take(windowBytes + SLACK);
    this.firstRow = this.#takeRows(windowBytes);
    orderAsRead(memory, this.firstRow, this.firstRow + this.rowLimit);
    this.#length = windowBytes;
    this.bytes = { from: this.#offset, to: this.#offset, last: false };
  }

  /**
   * Makes room behind the unframed bytes. Returns how many bytes it has.
   * @throws TsalignError 'too-large' where they are a record beyond the limit, or nothing is left
   */
  makeRoom(pass: Pass): number {
    const { bytes } = this;
    if (bytes.from > this.#offset) this.#moveTo(this.#offset);
    if (bytes.to === this.#offset + this.#length) this.#grow(pass);
    return this.#offset + this.#length - bytes.to;
  }

  close(): void {
    this.#memory.rows.give(this.firstRow, this.rowLimit);
    this.#memory.regions.give(this.#offset, this.#length + SLACK);
  }

  #takeRows(windowBytes: number): number {
    const { rows, regions } = this.#memory;
    const firstRow = rows.tryTake(this.rowLimit);
    if (firstRow !== undefined) return firstRow;
    regions.give(this.#offset, windowBytes + SLACK);
    return rows.take(this.rowLimit);
  }

  /** Widens the window fourfold, for a record longer than it: by less, the places that it leaves behind would hold no later one. */
  #grow(pass: Pass): void {
    const { regions } = this.#memory;
    const line = lastLine(this.#memory, pass.framer, this.bytes.from, this.bytes.to);
    if (this.#length > pass.recordLimit) throw tooLarge(pass, line);
    const length = Math.min(4 * this.#length, pass.recordLimit + GROWTH_MARGIN);
    const offset = regions.tryTake(length + SLACK);
    if (offset === undefined) throw noRoom(pass, line);
    this.#moveTo(offset);
    regions.give(this.#offset, this.#length + SLACK);
    this.#offset = offset;
    this.#length = length;
  }

  /** Moves the unframed bytes. */
  #moveTo(target: number): void {
    const { bytes } = this;
    this.#memory.bytes.copyWithin(target, bytes.from, bytes.to);
    bytes.to = target + bytes.to - bytes.from;
    bytes.from = target;
  }
}

/**
 * Reads a source block by block through a window of the memory. A block is the rows [firstRow, firstRow + n) in the
 * order of the file, whose numbers also stand in memory.order[firstRow …]; it is valid until the next is asked for.
 */
export class BlockReader {
  readonly firstRow: number;
  readonly #memory: Memory;
  readonly #pass: Pass;
  readonly #window: InputWindow;
  /** Whether framing [from, to) again could find more than last time. */
  #fresh = false;

  constructor(memory: Memory, pass: Pass, windowBytes: number) {
    this.#memory = memory;
    this.#pass = pass;
    this.#window = new InputWindow(memory, windowBytes);
    this.firstRow = this.#window.firstRow;
  }

  /** Frames the next block. Returns how many rows it has; 0 is the end. */
  async next(): Promise<number> {
    const { bytes, rowLimit } = this.#window;
    const { framer } = this.#pass;
    for (;;) {
      if (!this.#fresh) {
        if (bytes.last) return 0;
        await this.#fill();
      }
      const kept = frameRows(this.#memory, this.#pass, bytes, this.firstRow, rowLimit);
      // Stopped by the row limit, perhaps: there may be whole records left, so more bytes are not needed yet.
      this.#fresh = framer.rows > 0 && framer.consumed < bytes.to;
      bytes.from = framer.consumed;
      if (kept > 0) return kept;
      await this.#pass.pause();
    }
  }

  async close(): Promise<void> {
    this.#window.close();
    await this.#pass.stream.close();
  }

  /** Reads more bytes behind those that are unframed, after making room. */
  async #fill(): Promise<void> {
    const { bytes } = this.#window;
    const room = this.#window.makeRoom(this.#pass);
    const read = await this.#pass.stream.read(this.#memory.bytes, bytes.to, room);
    bytes.last = read === 0;
    bytes.to += read;
    this.#fresh = true;
  }
}
