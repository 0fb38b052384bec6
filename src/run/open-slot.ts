import { type Instant, instantOf } from '../core/instant.ts';
import type { Memory } from '../core/memory.ts';
import { type BlockColumns, entriesBefore, rowsBefore } from '../kernel/slot-block.ts';
import { tallySources } from '../kernel/tally.ts';
import type { SlotFile, SlotIndexWriter, SlotReader } from '../output/index.ts';
import type { BlockTools, SlotBlocks, Written } from './slot-blocks.ts';

/** What slots are written with; one of them is open at a time. */
export interface SlotTools extends BlockTools {
  memory: Memory;
  /** Room for the block of the slot which is there. */
  there: BlockColumns;
}

/** A slot that is being written. Rows come in the order of all records. */
export interface OpenSlot {
  readonly file: SlotFile;
  readonly index: SlotIndexWriter | undefined;
  write(rows: Int32Array, from: number, to: number): void;
  end(): Written;
  abort(): void;
}

const keyOf = (keys: Int32Array, i: number): Instant => instantOf(keys[2 * i + 1], keys[2 * i]);

/** A slot of which nobody needs to know where its records begin and end. */
export class PlainSlot implements OpenSlot {
  readonly file: SlotFile;
  readonly index = undefined;
  readonly #tools: SlotTools;
  /** Records by the index of their source. */
  readonly #tally: Float64Array;
  #first: Instant | undefined;
  #last: Instant = 0n;

  constructor(tools: SlotTools, file: SlotFile) {
    this.#tools = tools;
    this.file = file;
    this.#tally = new Float64Array(tools.ranks.label.length);
    tools.writer.begin(tools.out);
  }

  write(rows: Int32Array, from: number, to: number): void {
    const { memory, writer, out } = this.#tools;
    const part = rows.subarray(from, to);
    writer.write(part, to - from, out);
    tallySources(memory, part, to - from, this.#tally);
    this.#first ??= keyOf(memory.keys, rows[from]);
    this.#last = keyOf(memory.keys, rows[to - 1]);
  }

  end(): Written {
    this.#tools.out.flush();
    const tally: number[] = [];
    for (const [source, count] of this.#tally.entries()) {
      const rank = this.#tools.ranks.label[source];
      tally[rank] = (tally[rank] ?? 0) + count;
    }
    return {
      ...this.file.end(),
      index: undefined,
      indexBytes: 0,
      first: this.#first as Instant,
      last: this.#last,
      tally,
    };
  }

  abort(): void {
    this.file.abort();
  }
}

/**
 * A slot in blocks. What it holds already is merged with the rows: each goes to its place in the order of all records, and
 * what was written stays as it is.
 */
export class BlockSlot implements OpenSlot {
  readonly #tools: SlotTools;
  readonly #old: SlotReader | undefined;
  readonly #blocks: SlotBlocks;
  /** The next entry of the block of the slot that is there; -1: none is left. */
  #next = -1;

  constructor(tools: SlotTools, blocks: SlotBlocks, old: SlotReader | undefined) {
    this.#tools = tools;
    this.#blocks = blocks;
    this.#old = old;
    blocks.begin();
    this.#advance();
  }

  get file(): SlotFile {
    return this.#blocks.file;
  }

  get index(): SlotIndexWriter | undefined {
    return this.#blocks.index;
  }

  write(rows: Int32Array, from: number, to: number): void {
    const { memory, ranks, there } = this.#tools;
    for (let i = from; i < to; ) {
      if (this.#next >= 0) this.#copyBefore(rows[i]);
      const until = this.#next < 0 ? to : rowsBefore(memory, rows, i, to, ranks, there, this.#next);
      this.#blocks.writeRows(rows, i, until);
      i = until;
    }
  }

  end(): Written {
    while (this.#next >= 0) this.#copy(this.#tools.there.count);
    this.#old?.close();
    return this.#blocks.end();
  }

  abort(): void {
    this.#old?.close();
    this.#blocks.abort();
  }

  /** Takes over what stands before the row. */
  #copyBefore(row: number): void {
    const { memory, ranks, there } = this.#tools;
    while (this.#next >= 0) {
      const until = entriesBefore(memory, row, ranks, there, this.#next);
      if (until === this.#next) return;
      this.#copy(until);
    }
  }

  /** Takes over entries of the block that is there, up to this one. */
  #copy(until: number): void {
    this.#blocks.copy(this.#old as SlotReader, this.#next, until);
    this.#next = until;
    if (this.#next === this.#tools.there.count) this.#advance();
  }

  #advance(): void {
    this.#next = this.#old?.next() ? 0 : -1;
  }
}
