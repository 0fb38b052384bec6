import { type Instant, instantOf } from './instant.ts';
import { TsalignError } from './problem.ts';
import { fixedMemory, type WasmMemory } from './wasm.ts';

/** Bits of the flags column. */
export const UNDATED = 1; // has no instant of its own: its key is that of the record before it, its time is written as null
export const CONTINUED = 2; // the rest of a text record that was cut at 1 MiB: its first line continues the one before
export const LATE = 16; // came when later records were written already
export const MULTILINE = 8; // its bytes hold at least one newline
export const BROKEN = 4; // not what its format promises (invalid JSON, a row that does not fit the header): written whole, as a message

/** Bytes that one row takes: the columns below, and the two index columns of the radix sort. */
const BYTES_PER_ROW = 8 + 4 + 4 + 4 + 8 + 4 + 1 + 1 + 8;

/** The most that is ever used: offsets are 32-bit. */
export const MAXIMUM_BUDGET = 2 ** 31 - 2 ** 16;

/** Bytes behind every region that a fast reader may look at, though never use. */
export const SLACK = 64;

/** Beside the budget: what the kernel's state takes, and room for its tables, which grows with the budget. */
const STATE_BYTES = 102_400;
const LEAST_WORK = 524_288;

/**
 * All the memory that records ever lie in: one buffer for the bytes of every source, the runs and the output, and one
 * table of rows, a row a record. It is made once, from `--memory`, and never grows; the system hands out its pages as
 * they are touched, so a small job stays small. It is the memory of the WebAssembly kernel, for which an offset in
 * `bytes` is an address. A record is known everywhere by one number, its row.
 */
export interface Memory {
  readonly wasm: WasmMemory;
  /** Every byte. `buffer` is the same memory, for the methods only a Buffer has. */
  readonly bytes: Uint8Array;
  readonly buffer: Buffer;
  /** Two words a row: low at 2·row, high at 2·row + 1 (a little-endian 64-bit signed integer): the instant. */
  readonly keys: Int32Array;
  /** Byte range of the record in `bytes`, its final LF excluded (a CR before it is kept); inner newlines as they were. */
  readonly start: Int32Array;
  readonly end: Int32Array;
  /** Index of the source in the plan. */
  readonly source: Int32Array;
  /** Physical line, counted from 1, on which the record starts: its place in the source. No two records share one. */
  readonly line: Float64Array;
  /** Where its stamp is written, counted from `start`, and how long that is; length 0 where there is no single stamp. */
  readonly stampAt: Int32Array;
  readonly stampLength: Uint8Array;
  readonly flags: Uint8Array;
  /** Row numbers in the order in which they are to be taken: a range of it is what a sorted run or a block hands to the merge. */
  readonly order: Int32Array;
  /** Room of the same size for the sort to work in. */
  readonly spare: Int32Array;
  /** Who may use which part of `bytes` and of the rows. */
  readonly regions: Allocator;
  readonly rows: Allocator;
  /** Address of the kernel's own state, which has a fixed layout, and of ranges for the tables of those who call it. */
  readonly state: number;
  readonly work: Allocator;
}

/**
 * Makes the memory for a budget.
 * @param budget bytes that it may take in all; at most MAXIMUM_BUDGET are used.
 */
export function createMemory(budget: number): Memory {
  const total = Math.min(budget, MAXIMUM_BUDGET);
  const rowCount = Math.floor((total * 0.4) / BYTES_PER_ROW);
  const byteCount = total - rowCount * BYTES_PER_ROW;
  // Bytes come first, so that what reads a little too far never leaves the memory; then columns, the widest first.
  const columns = byteCount + SLACK + (-byteCount & 63);
  const state = columns + rowCount * BYTES_PER_ROW + (-(rowCount * BYTES_PER_ROW) & 63);
  const work = Math.max(LEAST_WORK, total >> 8);
  const wasm = fixedMemory(state + STATE_BYTES + work);
  const { buffer } = wasm;
  /** The column that begins where these many bytes a row lie before it. */
  const words = (before: number, perRow: number) =>
    new Int32Array(buffer, columns + before * rowCount, perRow * rowCount);
  return {
    wasm,
    buffer: Buffer.from(buffer, 0, byteCount),
    bytes: new Uint8Array(buffer, 0, byteCount),
    keys: words(0, 2),
    line: new Float64Array(buffer, columns + 8 * rowCount, rowCount),
    start: words(16, 1),
    end: words(20, 1),
    source: words(24, 1),
    stampAt: words(28, 1),
    order: words(32, 1),
    spare: words(36, 1),
    stampLength: new Uint8Array(buffer, columns + 40 * rowCount, rowCount),
    flags: new Uint8Array(buffer, columns + 41 * rowCount, rowCount),
    regions: new Allocator(byteCount, '--memory'),
    rows: new Allocator(rowCount, '--memory'),
    state,
    work: new Allocator(work, '--memory', state + STATE_BYTES),
  };
}

/** Makes all of a memory free, after the end of whoever used it. */
export function clearMemory({ regions, rows, work }: Memory): void {
  for (const each of [regions, rows, work]) each.clear();
}

interface Range {
  offset: number;
  length: number;
}

/** Hands out ranges of [first, first + size), first fit, and joins neighbours when they come back. */
export class Allocator {
  readonly size: number;
  readonly #what: string;
  readonly #first: number;
  /** Free ranges, by offset. */
  #free: Range[];
  /** What was taken and not given back since somebody asked, if somebody does. */
  #noted: Range[] | undefined;

  constructor(size: number, what: string, first = 0) {
    this.size = size;
    this.#what = what;
    this.#first = first;
    this.#free = [{ offset: first, length: size }];
  }

  /** The largest length that `take` would grant now. */
  get largest(): number {
    return this.#free.reduce((most, range) => Math.max(most, range.length), 0);
  }

  /** Offset of a free range of this length, or undefined. */
  tryTake(length: number): number | undefined {
    const index = this.#free.findIndex((range) => range.length >= length);
    if (index < 0) return undefined;
    const range = this.#free[index];
    const { offset } = range;
    range.offset += length;
    range.length -= length;
    if (range.length === 0) this.#free.splice(index, 1);
    this.#noted?.push({ offset, length });
    return offset;
  }

  /** Like tryTake. @throws TsalignError 'too-large' where nothing that long is free. */
  take(length: number): number {
    const offset = this.tryTake(length);
    if (offset === undefined) {
      throw new TsalignError({
        code: 'too-large',
        where: this.#what,
        what: 'the memory does not suffice for these sources',
        hint: 'give a larger --memory',
      });
    }
    return offset;
  }

  /** Makes something that keeps what it takes. Returns it, and what gives all of that back. @throws what `make` throws */
  lend<Made>(make: () => Made): { made: Made; giveBack: () => void } {
    const noted: Range[] = [];
    const giveBack = (): void => {
      for (const { offset, length } of noted.splice(0)) this.give(offset, length);
    };
    this.#noted = noted;
    try {
      return { made: make(), giveBack };
    } catch (error) {
      this.#noted = undefined;
      giveBack();
      throw error;
    } finally {
      this.#noted = undefined;
    }
  }

  /** Gives everything back. */
  clear(): void {
    this.#free = [{ offset: this.#first, length: this.size }];
  }

  /** Gives a range back. */
  give(offset: number, length: number): void {
    const again = this.#noted?.findIndex((range) => range.offset === offset) ?? -1;
    if (again >= 0) this.#noted?.splice(again, 1);
    let index = this.#free.findIndex((range) => range.offset > offset);
    if (index < 0) index = this.#free.length;
    this.#free.splice(index, 0, { offset, length });
    this.#join(index);
    this.#join(index - 1);
  }

  #join(index: number): void {
    const left = this.#free[index];
    const right = this.#free[index + 1];
    if (left === undefined || right === undefined || left.offset + left.length !== right.offset) return;
    left.length += right.length;
    this.#free.splice(index + 1, 1);
  }
}

/** The instant of a row, as a bigint: 66 ns, so not for loops over rows. */
export const instantOfRow = ({ keys }: Pick<Memory, 'keys'>, row: number): Instant =>
  instantOf(keys[2 * row + 1], keys[2 * row]);
