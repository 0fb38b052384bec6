import { type Instant, instantOf } from '../core/instant.ts';
import type { Memory } from '../core/memory.ts';
import type { Output, RecordWriter } from '../core/stages.ts';
import { type BlockColumns, entriesBefore, rowsBefore, type SourceRanks, writeMeasured } from '../kernel/slot-block.ts';
import { tallySources } from '../kernel/tally.ts';
import type { SlotFile, SlotIndexWriter, SlotReader } from '../output/index.ts';

/** What slots are written with; one of them is open at a time. */
export interface SlotTools {
  memory: Memory;
  writer: RecordWriter;
  /** Where the writer puts bytes, on their way to the file of the open slot. */
  out: Output;
  ranks: SourceRanks;
  /** Room for the block that is written, and for that of the slot which is there. */
  block: BlockColumns;
  there: BlockColumns;
}

/** What only the writer of the records knows of a slot. */
export interface Written {
  bytes: number;
  sha256: string;
  index: string | undefined;
  first: Instant;
  last: Instant;
  /** Records by the index of their source in the plan. */
  tally: Float64Array;
}

/** A slot that is being written. Rows come in the order of all records. */
export interface OpenSlot {
  readonly file: SlotFile;
  readonly index: SlotIndexWriter | undefined;
  write(rows: Int32Array, from: number, to: number): void;
  end(): Written;
  abort(): void;
}

const keyOf = (keys: Int32Array, i: number): Instant => instantOf(keys[2 * i + 1] as number, keys[2 * i] as number);

/** A slot of which nobody needs to know where its records begin and end. */
export class PlainSlot implements OpenSlot {
  readonly file: SlotFile;
  readonly index = undefined;
  readonly #tools: SlotTools;
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
    this.#first ??= keyOf(memory.keys, rows[from] as number);
    this.#last = keyOf(memory.keys, rows[to - 1] as number);
  }

  end(): Written {
    this.#tools.out.flush();
    const first = this.#first as Instant;
    return { ...this.file.end(), index: undefined, first, last: this.#last, tally: this.#tally };
  }

  abort(): void {
    this.file.abort();
  }
}

/**
 * A slot in blocks of records, with an index of them where runs to come may add to it. What it holds already is merged
 * with the rows: each goes to its place in the order of all records, and what was written stays as it is. A block ends
 * by what is in it alone, so that the bytes do not tell in how many runs they came.
 */
export class BlockSlot implements OpenSlot {
  readonly file: SlotFile;
  readonly index: SlotIndexWriter | undefined;
  readonly #tools: SlotTools;
  readonly #old: SlotReader | undefined;
  readonly #tally: Float64Array;
  /** The next entry of the block of the slot that is there; -1: none is left. */
  #next = -1;
  #textStart = 0;
  #first: Instant | undefined;
  #last: Instant = 0n;

  constructor(tools: SlotTools, file: SlotFile, index: SlotIndexWriter | undefined, old: SlotReader | undefined) {
    this.#tools = tools;
    this.file = file;
    this.index = index;
    this.#old = old;
    this.#tally = new Float64Array(tools.ranks.label.length);
    tools.block.clear();
    tools.writer.begin(tools.out);
    this.#endBlock();
    this.#advance();
  }

  write(rows: Int32Array, from: number, to: number): void {
    const { memory, ranks, there } = this.#tools;
    for (let i = from; i < to; ) {
      if (this.#next >= 0) this.#copyBefore(rows[i] as number);
      const until = this.#next < 0 ? to : rowsBefore(memory, rows, i, to, ranks, there, this.#next);
      this.#writeRows(rows, i, until);
      i = until;
    }
    tallySources(memory, rows.subarray(from, to), to - from, this.#tally);
  }

  end(): Written {
    while (this.#next >= 0) this.#copy(this.#tools.there.count);
    if (this.#tools.block.count > 0) this.#endBlock();
    this.#old?.close();
    const first = this.#first as Instant;
    const facts = this.file.end();
    return { ...facts, index: this.index?.end().sha256, first, last: this.#last, tally: this.#tally };
  }

  abort(): void {
    this.#old?.close();
    this.index?.abort();
    this.file.abort();
  }

  #writeRows(rows: Int32Array, from: number, to: number): void {
    const { ranks, writer, out, block } = this.#tools;
    for (let i = from; i < to; ) {
      i = writeMeasured(rows, i, to, ranks, writer, out, this.file, block);
      if (block.isFull) this.#endBlock();
    }
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
    const { block, there, out } = this.#tools;
    const old = this.#old as SlotReader;
    if (this.#next === 0 && until === there.count && block.count === 0 && !old.isLast) this.#copyBlock(old);
    else {
      let at = there.bytesOf(0, this.#next);
      while (this.#next < until) {
        const next = block.pushFrom(there, this.#next, until);
        const length = there.bytesOf(this.#next, next);
        out.append(old.text.subarray(at, at + length));
        at += length;
        this.#next = next;
        if (block.isFull) this.#endBlock();
      }
    }
    if (this.#next === there.count) this.#advance();
  }

  /** A whole block that stays as it is need not be compressed again. */
  #copyBlock(old: SlotReader): void {
    this.file.copyBlock(old.stored);
    this.index?.copyBlock(old.indexBlock);
    this.#noteSpan(old.columns);
    this.#next = old.columns.count;
  }

  #advance(): void {
    this.#next = this.#old?.next() ? 0 : -1;
  }

  #endBlock(): void {
    const { out, block } = this.#tools;
    out.flush();
    const stored = this.file.endBlock();
    this.index?.add(block, stored, this.file.text - this.#textStart);
    this.#textStart = this.file.text;
    this.#noteSpan(block);
    block.clear();
  }

  #noteSpan({ keys, count }: BlockColumns): void {
    if (count === 0) return;
    this.#first ??= keyOf(keys, 0);
    this.#last = keyOf(keys, count - 1);
  }
}
