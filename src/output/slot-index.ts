import { zlibModule } from '../core/builtins.ts';
import { TsalignError } from '../core/problem.ts';
import { BLOCK_RECORDS, type BlockColumns } from '../kernel/slot-block.ts';
import type { Codec } from './compressing-sink.ts';
import { HashedFile } from './hashed-file.ts';
import type { Slot } from './manifest.ts';
import { type FileFacts, UnfinishedFile } from './slot-file.ts';

/**
 * The index of a slot that runs with a state add to: for each block of the slot its records' places in the order of all
 * and their lengths, so that records which come later are put between them whatever the format. The first block holds
 * what stands above the records, and no record. Layout: MAGIC, then for each block four 32-bit numbers (records; bytes
 * in the slot; bytes of text; bytes of columns) and the columns, deflated.
 */
const MAGIC = Buffer.from('tsalign slot 1\n\0');
const HEADER_BYTES = 16;
const NOTHING = new Uint8Array(0);

/** Most bytes that the columns of a block take: eight each of key, line and length, four of label and file a record. */
const COLUMN_BYTES = BLOCK_RECORDS * (3 * 8 + 2 * 4);

/** The columns, one behind the other, cut to the records that there are. */
const viewsOf = (columns: BlockColumns, count: number): Uint8Array[] =>
  [
    columns.keys.subarray(0, 2 * count),
    columns.label.subarray(0, count),
    columns.file.subarray(0, count),
    columns.line.subarray(0, count),
    columns.length.subarray(0, count),
  ].map((view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength));

/** Bytes of a slot, and of its index, that are valid, where more may have been written. */
export interface SlotLimits {
  slot: number;
  index: number;
}

export class SlotIndexWriter {
  readonly #file: UnfinishedFile;

  constructor(path: string, where: string) {
    this.#file = new UnfinishedFile(path, where);
    this.#file.write(MAGIC);
  }

  get path(): string {
    return this.#file.path;
  }

  add(columns: BlockColumns, stored: number, text: number): void {
    const packed = zlibModule().deflateRawSync(Buffer.concat(viewsOf(columns, columns.count)), { level: 1 });
    this.#file.write(new Uint8Array(new Uint32Array([columns.count, stored, text, packed.length]).buffer));
    this.#file.write(packed);
  }

  /** Makes the blocks durable that are in it; more may follow. */
  settle(): FileFacts {
    return this.#file.settle();
  }

  /** Takes over a block of another index. */
  copyBlock(block: Uint8Array): void {
    this.#file.write(block);
  }

  end(): FileFacts {
    return this.#file.end();
  }

  abort(): void {
    this.#file.abort();
  }

  close(): void {
    this.#file.close();
  }
}

/**
 * Reads a slot that is there, block by block, and holds all of it against its hashes by the end; `place` is where it
 * belongs, for messages.
 * @throws TsalignError 'state' where it is not what runs with the state have written
 */
export class SlotReader {
  /** The records of the block that was read last, and the text of them. */
  readonly columns: BlockColumns;
  text: Uint8Array = NOTHING;
  /** The same as it is stored. */
  readonly packed: { stored: Uint8Array; indexBlock: Uint8Array; readonly codec: Codec | undefined };
  readonly #slot: HashedFile;
  readonly #index: HashedFile;
  readonly #where: string;
  readonly #expected: Slot;
  #left: number;

  constructor(
    paths: { slot: string; index: string; place: string; limits?: SlotLimits | undefined },
    expected: Slot,
    codec: Codec | undefined,
    columns: BlockColumns,
  ) {
    this.columns = columns;
    this.#where = paths.place;
    this.#expected = expected;
    this.packed = { stored: NOTHING, indexBlock: NOTHING, codec };
    this.#left = expected.records;
    this.#index = new HashedFile(paths.index, paths.limits?.index);
    this.#slot = new HashedFile(paths.slot, paths.limits?.slot);
    try {
      if (!this.#index.read(MAGIC.length).equals(MAGIC)) throw this.#damaged();
      this.#read();
      if (this.columns.count !== 0) throw this.#damaged();
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Reads the next block; false where there is none, and then all was as it was written. */
  next(): boolean {
    if (this.#left === 0) {
      this.#requireWhole();
      return false;
    }
    this.#read();
    this.#left -= this.columns.count;
    if (this.columns.count === 0 || this.#left < 0) throw this.#damaged();
    return true;
  }

  close(): void {
    this.#slot.close();
    this.#index.close();
  }

  #read(): void {
    const header = this.#index.read(HEADER_BYTES);
    if (header.length < HEADER_BYTES) throw this.#damaged();
    const [count, stored, text, packed] = new Uint32Array(Uint8Array.from(header).buffer) as unknown as number[];
    const body = this.#index.read(packed);
    const { packed: block } = this;
    block.indexBlock = Buffer.concat([header, body]);
    block.stored = this.#slot.read(stored);
    try {
      this.#fill(count, zlibModule().inflateRawSync(body, { maxOutputLength: COLUMN_BYTES }));
      this.text = block.codec === undefined || stored === 0 ? block.stored : block.codec.unpack(block.stored);
    } catch {
      throw this.#damaged();
    }
    if (this.text.length !== text || this.columns.bytes !== (count === 0 ? 0 : text)) throw this.#damaged();
  }

  #fill(count: number, bytes: Uint8Array): void {
    const { columns } = this;
    columns.clear();
    if (count > BLOCK_RECORDS) throw this.#damaged();
    let from = 0;
    for (const view of viewsOf(columns, count)) {
      view.set(bytes.subarray(from, from + view.length));
      from += view.length;
    }
    if (from !== bytes.length) throw this.#damaged();
    columns.count = count;
    columns.bytes = columns.bytesOf(0, count);
  }

  #requireWhole(): void {
    const { sha256, index } = this.#expected;
    const isWhole = this.#slot.read(1).length === 0 && this.#index.read(1).length === 0;
    if (!isWhole || this.#slot.hash() !== sha256 || this.#index.hash() !== index) throw this.#damaged();
  }

  #damaged(): TsalignError {
    return new TsalignError({
      code: 'state',
      where: this.#where,
      what: 'this slot, or the index of it, no longer holds what earlier runs wrote',
      hint: 'put both back, or write slots anew from all that the sources hold: --replace-slots',
    });
  }
}
