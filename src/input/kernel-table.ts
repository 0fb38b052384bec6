import type { Memory } from '../core/memory.ts';
import type { CsvPlan, QuickLines } from '../core/stages.ts';
import { dialectOf } from '../kernel/csv-scan.ts';
import { type Kernel, kernelOf } from '../kernel/kernel.ts';
import {
  NO_BYTE,
  STATE_TEXT,
  TABLE_BYTES,
  TABLE_COLUMNS,
  TABLE_DELIMITER,
  TABLE_HEADER,
  TABLE_HEADER_MASK,
  TABLE_LEFT,
  TABLE_QUOTE,
  TABLE_TIME,
  TEXT_KEY,
  TEXT_LINE,
  TEXT_QUICK,
  TEXT_ROWS,
  TEXT_SOURCE,
  TEXT_START,
} from '../kernel/layout.ts';
import { type CountingFramer, type FramerContext, HASH, type RowWriter } from './framer.ts';

/** Index of a word of the kernel's state. */
const word = (offset: number): number => offset >> 2;

/** How a table is written, as the kernel takes it; of no columns where only its framer can read it. */
function tableWords(plan: CsvPlan): Int32Array {
  const words = new Int32Array(word(TABLE_BYTES - TABLE_COLUMNS));
  const set = (offset: number, value: number): void => {
    words[word(offset - TABLE_COLUMNS)] = value;
  };
  const { delimiter, quote, takesIn } = dialectOf(plan);
  if (takesIn < 0 && plan.timeColumns.length === 1 && plan.zoneColumn === undefined) {
    set(TABLE_COLUMNS, plan.columns.length);
  }
  set(TABLE_TIME, plan.timeColumns[0]);
  set(TABLE_DELIMITER, delimiter);
  set(TABLE_QUOTE, quote < 0 ? NO_BYTE : quote);
  set(TABLE_LEFT, plan.commentsBelow ? HASH : NO_BYTE);
  return words;
}

/** Rows that begin like the header may be one that stands there again. */
function tellHeader(words: Int32Array, header: Uint8Array): void {
  const bytes = new Uint8Array(words.buffer);
  const begin = header.subarray(0, 8);
  bytes.set(begin, TABLE_HEADER - TABLE_COLUMNS);
  bytes.fill(255, TABLE_HEADER_MASK - TABLE_COLUMNS, TABLE_HEADER_MASK - TABLE_COLUMNS + begin.length);
  if (begin.length === 0) bytes[TABLE_HEADER - TABLE_COLUMNS] = 1; // which nothing under an empty mask is
}

/** The part of the kernel that frames the rows of a table which are as they should be, and stops at the others. */
export class KernelTable {
  readonly #memory: Memory;
  readonly #quick: QuickLines | undefined;
  readonly #writer: RowWriter;
  readonly #source: number;
  readonly #address: number;
  readonly #state: Int32Array;
  /** The word of the state at TEXT_LINE, which is a double. */
  readonly #passed: Float64Array;
  readonly #table: Int32Array;
  readonly #kernel: Kernel;

  constructor(plan: CsvPlan, header: Uint8Array, { memory, stamper, source }: FramerContext, writer: RowWriter) {
    this.#memory = memory;
    this.#quick = stamper.quick;
    this.#writer = writer;
    this.#source = source;
    this.#address = memory.state + STATE_TEXT;
    this.#state = new Int32Array(memory.wasm.buffer, this.#address, TABLE_BYTES >> 2);
    this.#passed = new Float64Array(memory.wasm.buffer, this.#address + TEXT_LINE, 1);
    this.#table = tableWords(plan);
    tellHeader(this.#table, header);
    this.#kernel = kernelOf(memory);
  }

  /** Tells the kernel of this table, before the rows of a block. */
  enter(): void {
    this.#state.set(this.#table, word(TABLE_COLUMNS));
    this.#state[word(TEXT_SOURCE)] = this.#source;
    if (this.#quick === undefined) this.#state[word(TABLE_COLUMNS)] = 0;
    else this.#quick.enter(this.#memory, this.#address + TEXT_QUICK);
  }

  /** Goes on framing where `framer` stands. Whether it came to a row that is left to the framer. */
  frame(framer: CountingFramer, to: number, last: boolean, firstRow: number, rowLimit: number): boolean {
    const state = this.#state;
    const writer = this.#writer;
    this.#quick?.refresh();
    state[word(TEXT_START)] = framer.consumed;
    state[word(TEXT_ROWS)] = framer.rows;
    state[word(TEXT_KEY)] = writer.low;
    state[word(TEXT_KEY) + 1] = writer.high;
    this.#passed[0] = framer.line;
    const asks = this.#kernel.frameTable(this.#address, to, last ? 1 : 0, firstRow, rowLimit) === 1;
    this.#quick?.settle();
    framer.consumed = state[word(TEXT_START)];
    framer.rows = state[word(TEXT_ROWS)];
    framer.line = this.#passed[0];
    writer.low = state[word(TEXT_KEY)];
    writer.high = state[word(TEXT_KEY) + 1];
    return asks;
  }
}
