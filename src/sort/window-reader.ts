import { type Memory, SLACK } from '../core/memory.ts';
import { TsalignError } from '../core/problem.ts';
import { type Staging, stageRows } from '../kernel/gather.ts';
import { type Late, Lateness } from '../kernel/lateness.ts';
import { LATE_STRUCT } from '../kernel/layout.ts';
import { sortRows } from '../kernel/order.ts';
import { BYTES_PER_STREAM_ROW, type Bytes, frameRows, type Pass } from './block-reader.ts';
import { OrderCheck } from './check.ts';
import type { MergeInput } from './merge.ts';

/** Lateness is told in groups of rows; one group more must be held. */
const GROUP_BYTES = 8192;
const GROUP_ROWS = 64;

/** What a window needs. */
export interface WindowSize {
  late: Late;
  /** Bytes and rows of each of its two halves. */
  bytes: number;
  rows: number;
}

/**
 * The window for a source whose records are late by so much at most.
 * @param block bytes to be read at once, at least
 * @param longest bytes that a record may need, with what stands between records
 */
export function windowSize(late: Late, block: number, longest: number): WindowSize {
  const read = Math.max(block, 2 * late.bytes) + longest;
  return {
    late,
    bytes: late.bytes + GROUP_BYTES + longest + read,
    rows: late.rows + GROUP_ROWS + Math.ceil(read / BYTES_PER_STREAM_ROW),
  };
}

/** The share of the kernel's memory that may follow how late records are; the rest is for the merge. */
const FOLLOWED_SHARE = 0.5;

/** How many windows may be open at once. */
export const mostWindows = ({ work }: Pick<Memory, 'work'>): number =>
  Math.floor((work.largest * FOLLOWED_SHARE) / LATE_STRUCT);

/**
 * Reads a source that is nearly in order as a sorted stream. Rows are held back until so much more was read that none to
 * come can lie before them, and sorted together with those read meanwhile. The window has two halves: what is held back
 * of one, and the bytes not framed yet, move to the other, behind which more is read.
 */
export class WindowReader implements MergeInput {
  firstRow: number;
  readonly #memory: Memory;
  readonly #pass: Pass;
  readonly #size: WindowSize;
  readonly #halves: { offset: number; firstRow: number }[];
  readonly #lateness: Lateness;
  readonly #check: OrderCheck;
  readonly #bytes: Bytes;
  /** Rows that are held back: a range of memory.order. */
  #held = { from: 0, to: 0 };

  constructor(memory: Memory, pass: Pass, size: WindowSize) {
    this.#memory = memory;
    this.#pass = pass;
    this.#size = size;
    this.#halves = [0, 1].map(() => ({
      offset: memory.regions.take(size.bytes + SLACK),
      firstRow: memory.rows.take(size.rows),
    }));
    this.#lateness = new Lateness(memory);
    this.#check = new OrderCheck(memory);
    const [{ offset, firstRow }] = this.#halves as [{ offset: number; firstRow: number }];
    this.firstRow = firstRow;
    this.#bytes = { from: offset, to: offset, last: false };
  }

  /** Sorts the next rows that are settled. Returns how many there are; 0 is the end. */
  async next(): Promise<number> {
    for (;;) {
      const held = this.#turn();
      const rows = held + (await this.#frame(held));
      const settled = this.#sort(held, rows);
      this.#held = { from: this.firstRow + settled, to: this.firstRow + rows };
      if (settled > 0) return settled;
      if (this.#isDone) return 0;
      await this.#pass.pause();
    }
  }

  async close(): Promise<void> {
    for (const { offset, firstRow } of this.#halves) {
      this.#memory.regions.give(offset, this.#size.bytes + SLACK);
      this.#memory.rows.give(firstRow, this.#size.rows);
    }
    this.#lateness.close();
    await this.#pass.stream.close();
  }

  /** Nothing more will be framed. */
  get #isDone(): boolean {
    return this.#bytes.last && this.#bytes.from === this.#bytes.to;
  }

  /** Goes on in the other half. Returns how many rows are held back there. */
  #turn(): number {
    const bytes = this.#bytes;
    const { from, to } = this.#held;
    const { offset, firstRow } = this.#halves.reverse()[0] as { offset: number; firstRow: number };
    const { rows, bytes: byteLimit } = this.#size;
    const staging: Staging = { firstRow, rowLimit: rows, offset, byteLimit, count: 0, position: offset };
    const unframed = bytes.to - bytes.from;
    const moved = stageRows(this.#memory, this.#memory.order, from, to, staging);
    if (moved < to || staging.position + unframed > offset + byteLimit) throw this.#changed();
    this.#memory.bytes.copyWithin(staging.position, bytes.from, bytes.to);
    bytes.from = staging.position;
    bytes.to = staging.position + unframed;
    this.firstRow = firstRow;
    return to - from;
  }

  /** Reads and frames behind the held rows. Returns how many rows are kept. */
  async #frame(held: number): Promise<number> {
    const bytes = this.#bytes;
    const { offset } = this.#halves[0] as { offset: number };
    const room = offset + this.#size.bytes - bytes.to;
    if (!bytes.last && room > 0) {
      const read = await this.#pass.stream.read(this.#memory.bytes, bytes.to, room);
      bytes.last = read === 0;
      bytes.to += read;
    }
    const { framer } = this.#pass;
    const kept = frameRows(this.#memory, this.#pass, bytes, this.firstRow + held, this.#size.rows - held);
    if (framer.rows === 0 && room === 0) throw this.#changed();
    bytes.from = framer.consumed;
    return kept;
  }

  /** Brings the rows of this half in order, of which the first `held` were held back. Returns how many are settled. */
  #sort(held: number, rows: number): number {
    const { order } = this.#memory;
    const first = this.firstRow;
    for (let row = first; row < first + rows; row++) order[row] = row;
    this.#lateness.pass(first + held, first + rows);
    sortRows(this.#memory, first, first + rows);
    const settled = this.#isDone ? rows : this.#lateness.settled(first, first + rows, this.#size.late);
    if (this.#check.take(first, first + settled) !== undefined) throw this.#changed();
    return settled;
  }

  /** When the source was looked at first, its records were less late, or shorter. */
  #changed(): TsalignError {
    return new TsalignError({
      code: 'unreadable',
      where: this.#pass.label,
      what: 'the file changed while it was read',
      hint: 'copy it first, or run again',
    });
  }
}
