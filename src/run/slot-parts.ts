import type { Memory } from '../core/memory.ts';
import type { Sink } from '../core/stages.ts';
import { BlockColumns, entriesUpTo } from '../kernel/slot-block.ts';
import { type Codec, createOutput, SlotFile, SlotIndexWriter, SlotReader } from '../output/index.ts';
import type { Run } from './run.ts';
import { type BlockTools, type Entries, SlotBlocks, type Written } from './slot-blocks.ts';
import type { Existing, SlotStore } from './slot-store.ts';

/** Records of a slot in order, in files of their own. */
export interface SlotPart extends Existing {
  /** How it is compressed: only what is in its place, or ready to be put there, is. */
  codec: Codec | undefined;
  /** Whether it is all of the slot, as it will be in its place. */
  isReady?: boolean;
}

/** Writes files of the records of a slot, and merges them with one another. */
export class PartWriter {
  readonly #store: SlotStore;
  readonly #tools: BlockTools;
  readonly #target: TargetSink;
  /** Room for the blocks of two parts that are read. */
  readonly #older = new BlockColumns();
  readonly #newer = new BlockColumns();

  constructor(store: SlotStore, memory: Memory, bytes: number, around: Pick<BlockTools, 'writer' | 'ranks'>) {
    this.#store = store;
    this.#target = new TargetSink();
    const out = createOutput(memory, this.#target, memory.regions.take(bytes), bytes);
    this.#tools = { ...around, out, block: new BlockColumns() };
  }

  /** Gets to know the sources that have joined. */
  renew(around: Pick<BlockTools, 'writer' | 'ranks'>): void {
    Object.assign(this.#tools, around);
  }

  /** Begins a file of blocks. @param slot for messages */
  begin(slot: string, codec?: Codec): SlotBlocks {
    const { folder } = this.#store;
    const file = new SlotFile(folder.nextPath(), slot, codec);
    const blocks = new SlotBlocks(this.#tools, file, new SlotIndexWriter(folder.nextPath(), slot));
    this.#target.file = file;
    blocks.begin();
    return blocks;
  }

  /** Ends such a file. */
  end(slot: string, blocks: SlotBlocks): SlotPart {
    return this.#partOf(slot, blocks, blocks.end());
  }

  /** What such a file holds so far, durably; undefined where no record is in it. */
  settle(slot: string, blocks: SlotBlocks): SlotPart | undefined {
    const written = blocks.settle();
    return written && this.#partOf(slot, blocks, written);
  }

  #partOf(slot: string, { file, index }: SlotBlocks, written: Written): SlotPart {
    const paths = { file: file.path, index: (index as SlotIndexWriter).path };
    const limits = { slot: written.bytes, index: written.indexBytes };
    return { slot: this.#store.describe(slot, written), ...paths, limits, codec: file.codec };
  }

  /** Writes all of these records as a part of a slot. */
  write(slot: string, entries: Entries, codec?: Codec): SlotPart {
    return this.#whole(slot, codec, (blocks) => copyAll(entries, blocks));
  }

  /** Merges two parts of a slot; among equals the older one's records come first. */
  merge(slot: string, older: SlotPart, newer: SlotPart, codec?: Codec): SlotPart {
    const one = this.read(older, this.#older);
    const other = this.read(newer, this.#newer);
    try {
      return this.#whole(slot, codec, (blocks) => mergeEntries(one, other, blocks));
    } finally {
      one.close();
      other.close();
    }
  }

  /**
   * Merges all parts of a slot, the oldest first, and what is in its place, into one.
   * @param drop receives parts that are not needed any more
   */
  whole(
    slot: string,
    parts: readonly SlotPart[],
    there: SlotPart | undefined,
    codec: Codec | undefined,
    drop: (part: SlotPart) => void,
  ): SlotPart {
    const left = there === undefined ? [...parts] : [there, ...parts];
    while (left.length > 1) {
      const [older, newer] = left.splice(-2) as [SlotPart, SlotPart];
      left.push(this.merge(slot, older, newer, left.length === 0 ? codec : undefined));
      if (older !== there) drop(older);
      drop(newer);
    }
    const [whole] = left as [SlotPart];
    if (codec === undefined || whole.codec === codec) return whole;
    drop(whole);
    return this.pack(slot, whole, codec);
  }

  /** The same part, compressed. */
  pack(slot: string, part: SlotPart, codec: Codec): SlotPart {
    const entries = this.read(part, this.#older);
    try {
      return this.write(slot, entries, codec);
    } finally {
      entries.close();
    }
  }

  /** Reads a part. @param columns room for a block of it */
  read({ slot, file, index, limits, codec }: SlotPart, columns = this.#older): SlotReader {
    return new SlotReader({ slot: file, index, place: slot.slot, limits }, slot, codec, columns);
  }

  #whole(slot: string, codec: Codec | undefined, fill: (blocks: SlotBlocks) => void): SlotPart {
    const blocks = this.begin(slot, codec);
    try {
      fill(blocks);
      return this.end(slot, blocks);
    } catch (error) {
      blocks.abort();
      throw error;
    }
  }
}

/** What came late for a slot that another run has put into its place meanwhile cannot be put between its records. */
export function sayForeign(run: Run, slot: string, parts: readonly SlotPart[]): void {
  const records = parts.reduce((sum, part) => sum + part.slot.records, 0);
  run.setAside();
  run.io.warn({
    code: 'late',
    where: slot,
    what: `another run has written this slot, and ${records} ${records === 1 ? 'record' : 'records'} came late for it`,
    hint: 'set aside, for it may hold them: --replace-slots writes it anew from the sources',
  });
}

/** Sends what is written to the file that is being written. */
class TargetSink implements Sink {
  file: SlotFile | undefined;

  write(text: Uint8Array): void {
    (this.file as SlotFile).write(text);
  }

  commit(): void {}

  abort(): void {}
}

/** Takes over all entries. */
export function copyAll(entries: Entries, blocks: SlotBlocks): void {
  while (entries.next()) blocks.copy(entries, 0, entries.columns.count);
}

function mergeEntries(older: Entries, newer: Entries, blocks: SlotBlocks): void {
  const one = new Cursor(older, blocks);
  const other = new Cursor(newer, blocks);
  while (one.isThere && other.isThere) {
    one.copy(entriesUpTo(older.columns, one.at, newer.columns, other.at, 'beside'));
    if (one.isThere) other.copy(entriesUpTo(newer.columns, other.at, older.columns, one.at, 'before'));
  }
  for (const rest of [one, other]) while (rest.isThere) rest.copy(rest.entries.columns.count);
}

/** The next of some entries. */
class Cursor {
  readonly entries: Entries;
  at = 0;
  isThere: boolean;
  readonly #blocks: SlotBlocks;

  constructor(entries: Entries, blocks: SlotBlocks) {
    this.entries = entries;
    this.#blocks = blocks;
    this.isThere = entries.next();
  }

  /** Takes over those before entry `until` of the block. */
  copy(until: number): void {
    if (until > this.at) this.#blocks.copy(this.entries, this.at, until);
    this.at = until;
    if (until < this.entries.columns.count) return;
    this.at = 0;
    this.isThere = this.entries.next();
  }
}
