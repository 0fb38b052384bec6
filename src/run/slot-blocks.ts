import { type Instant, instantOf } from '../core/instant.ts';
import type { Output, RecordWriter } from '../core/stages.ts';
import { type BlockColumns, type SourceRanks, writeMeasured } from '../kernel/slot-block.ts';
import type { Codec, FileFacts, SlotFile, SlotIndexWriter } from '../output/index.ts';

/** What is known of the records of a slot that was written. */
export interface Written extends FileFacts {
  /** Hash of the index, and its bytes. */
  index: string | undefined;
  indexBytes: number;
  first: Instant;
  last: Instant;
  /** Records by the rank of their label. */
  tally: number[];
}

/** Records of a slot in their order, a block at a time, with the text of each. */
export interface Entries {
  readonly columns: BlockColumns;
  readonly text: Uint8Array;
  /** The block as it lies in a file, and in the index of that. */
  readonly packed?: { stored: Uint8Array; indexBlock: Uint8Array; codec: Codec | undefined } | undefined;
  /** Goes to the next block; false where there is none. */
  next(): boolean;
  close(): void;
}

/** What blocks are written with. */
export interface BlockTools {
  writer: RecordWriter;
  /** Where the writer puts bytes, on their way to the file. */
  out: Output;
  ranks: SourceRanks;
  /** Room for the block that is open. */
  block: BlockColumns;
}

const keyOf = (keys: Int32Array, i: number): Instant => instantOf(keys[2 * i + 1], keys[2 * i]);

/**
 * The file of a slot as blocks of records, with an index of them where it is added to later. A block ends by what is in it
 * alone, so that the bytes do not tell in how many runs they came.
 */
export class SlotBlocks {
  readonly file: SlotFile;
  readonly index: SlotIndexWriter | undefined;
  readonly #tools: BlockTools;
  readonly #tally: number[] = [];
  #textStart = 0;
  #first: Instant | undefined;
  #last: Instant = 0n;

  constructor(tools: BlockTools, file: SlotFile, index: SlotIndexWriter | undefined) {
    this.#tools = tools;
    this.file = file;
    this.index = index;
    tools.block.clear();
  }

  /** Writes what stands above the records. */
  begin(): void {
    const { writer, out } = this.#tools;
    writer.begin(out);
    this.endBlock();
  }

  /** Writes rows[from, to), which come in order. */
  writeRows(rows: Int32Array, from: number, to: number): void {
    const { ranks, writer, out, block } = this.#tools;
    for (let i = from; i < to; ) {
      i = writeMeasured(rows, i, to, ranks, writer, out, this.file, block);
      if (block.isFull) this.endBlock();
    }
  }

  /** Takes over entries [from, until) of a block of others. */
  copy({ columns, text, packed }: Entries, from: number, until: number): void {
    const { block, out } = this.#tools;
    const isWhole = from === 0 && until === columns.count && columns.isFull && block.count === 0;
    if (isWhole && packed !== undefined && packed.codec === this.file.codec) {
      // What stays as it is need not be compressed again.
      this.file.copyBlock(packed.stored);
      this.index?.copyBlock(packed.indexBlock);
      this.#note(columns);
      return;
    }
    let at = columns.bytesOf(0, from);
    for (let i = from; i < until; ) {
      const next = block.pushFrom(columns, i, until);
      const length = columns.bytesOf(i, next);
      out.append(text.subarray(at, at + length));
      at += length;
      i = next;
      if (block.isFull) this.endBlock();
    }
  }

  endBlock(): void {
    const { out, block } = this.#tools;
    out.flush();
    const stored = this.file.endBlock();
    this.index?.add(block, stored, this.file.text - this.#textStart);
    this.#textStart = this.file.text;
    this.#note(block);
    block.clear();
  }

  /** Makes durable what was written so far; more may follow. Undefined where no record was. */
  settle(): Written | undefined {
    if (this.#tools.block.count > 0) this.endBlock();
    return this.#first === undefined ? undefined : this.#written(this.file.settle(), this.index?.settle());
  }

  end(): Written {
    if (this.#tools.block.count > 0) this.endBlock();
    return this.#written(this.file.end(), this.index?.end());
  }

  abort(): void {
    this.index?.abort();
    this.file.abort();
  }

  /** Leaves what was written as it is. */
  close(): void {
    this.index?.close();
    this.file.close();
  }

  #written(facts: FileFacts, index: FileFacts | undefined): Written {
    const { sha256, bytes = 0 } = index ?? {};
    const span = { first: this.#first as Instant, last: this.#last };
    return { ...facts, index: sha256, indexBytes: bytes, ...span, tally: this.#tally };
  }

  #note(columns: BlockColumns): void {
    const { keys, count } = columns;
    if (count === 0) return;
    this.#first ??= keyOf(keys, 0);
    this.#last = keyOf(keys, count - 1);
    columns.tally(this.#tally);
  }
}
