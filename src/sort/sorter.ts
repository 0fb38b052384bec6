import { type Memory, SLACK } from '../core/memory.ts';
import type { Staging } from '../kernel/gather.ts';
import { firstDescent, orderAsRead, sortRows } from '../kernel/order.ts';
import { frameRows, lastLine, type Pass, tooLarge } from './block-reader.ts';
import type { MergeInput } from './merge.ts';
import type { MergeRoom } from './reduce.ts';
import { RunWriter, type SortedRun } from './run.ts';
import type { RunFile } from './run-file.ts';

/** Bytes asked for at once: large reads cost least (64 KiB – 1 MiB measured alike), and no more than this is waited for. */
const READ_BYTES = 1 << 20;

/**
 * Rows that are sorted at once, a chunk, at least: so few that sorting them and gathering their records mostly meets the
 * cache (512 MiB of 150-byte records took 3.0 s with 32,768 rows, 3.4 s with 131,072, 5.7 s with 1,000,000).
 */
const CHUNK_ROWS = 32_768;

/** Where much is expected, chunks grow with it, so that there are not more runs than one merge can read. */
const BYTES_PER_CHUNK_ROW = 32_768;

/** What the sorter has made: runs on disk, or, when all records fitted, runs that are still in memory. */
export interface Sorted {
  runs: SortedRun[];
  inMemory: MergeInput[];
}

export interface SorterSettings {
  /** Room in which the blocks of runs are put together. */
  staging: Staging;
  makeRunFile: () => RunFile;
  /** Bytes that will be added, where that is known: what cannot fit goes to disk chunk by chunk, while the cache still has it. */
  expectedBytes: number | undefined;
}

/**
 * The first half of the external merge sort. Records of any number of sources are gathered in an arena, the largest free
 * part of the memory, and sorted chunk by chunk; when the arena is full its chunks are written as runs. Sources must be added in their order: that
 * makes ties come out by source and line.
 */
export class Sorter {
  readonly #memory: Memory;
  readonly #settings: SorterSettings;
  readonly #arena: { offset: number; length: number; firstRow: number; rowLimit: number };
  readonly #runs: SortedRun[] = [];
  /** Whether chunks go to disk as soon as they are full. */
  #eager: boolean;
  readonly #chunkRows: number;
  #runFile: RunFile | undefined;
  /** Chunks of the arena that are sorted, as ranges of memory.order. */
  #chunks: { from: number; to: number }[] = [];
  /** Bytes of gathered records end here. */
  #position: number;
  #rows = 0;

  constructor(memory: Memory, settings: SorterSettings) {
    this.#memory = memory;
    this.#settings = settings;
    const length = memory.regions.largest;
    const rowLimit = memory.rows.largest;
    this.#arena = { offset: memory.regions.take(length), length, firstRow: memory.rows.take(rowLimit), rowLimit };
    this.#position = this.#arena.offset;
    const expected = settings.expectedBytes ?? 0;
    this.#eager = expected > length;
    this.#chunkRows = Math.max(CHUNK_ROWS, Math.ceil(expected / BYTES_PER_CHUNK_ROW));
  }

  /** Reads a source to its end. */
  async add(pass: Pass): Promise<void> {
    let to = this.#position;
    let ended = false;
    for (;;) {
      if (!ended) {
        if (this.#arenaEnd - to < Math.min(READ_BYTES, this.#arena.length >> 3)) to = this.#spill(to, pass);
        const room = Math.min(READ_BYTES, this.#arenaEnd - to);
        if (room <= 0) throw tooLarge(pass, lastLine(this.#memory, pass.framer, this.#position, to));
        const read = await pass.stream.read(this.#memory.bytes, to, room);
        ended = read === 0;
        to += read;
      }
      to = this.#frame(pass, to, ended);
      if (ended && this.#position === to) break;
      await pass.pause();
    }
    await pass.stream.close();
  }

  /**
   * Sorts what is gathered, and gives the arena back unless the records stay in it.
   * @param reserve what others need of the arena: records that leave less than this go to disk.
   */
  finish(reserve: MergeRoom): Sorted {
    const { offset, length, firstRow, rowLimit } = this.#arena;
    const rowsLeft = this.#memory.rows.largest + rowLimit - this.#rows;
    const fits = this.#position - offset + SLACK + reserve.bytes <= length && reserve.rows <= rowsLeft;
    if (this.#rows > 0 && (this.#runs.length > 0 || !fits)) this.#writeRuns();
    this.#sortChunk();
    const used = this.#rows === 0 ? 0 : Math.min(length, this.#position - offset + SLACK);
    this.#memory.regions.give(offset + used, length - used);
    this.#memory.rows.give(firstRow + this.#rows, rowLimit - this.#rows);
    let open = this.#chunks.length;
    const closed = (): void => {
      if (--open > 0) return;
      this.#memory.regions.give(offset, used);
      this.#memory.rows.give(firstRow, this.#rows);
    };
    return { runs: this.#runs, inMemory: this.#chunks.map((chunk) => inMemoryRun(chunk, closed)) };
  }

  get #arenaEnd(): number {
    return this.#arena.offset + this.#arena.length - SLACK;
  }

  /** Frames the bytes [position, to) as far as possible; returns the new `to`. */
  #frame(pass: Pass, to: number, ended: boolean): number {
    const { framer } = pass;
    const { firstRow, rowLimit } = this.#arena;
    let end = to;
    for (;;) {
      if (this.#rows === rowLimit || (this.#eager && this.#chunks.length > 0)) end = this.#spill(end, pass);
      const before = this.#position;
      const bytes = { from: before, to: end, last: ended };
      const kept = frameRows(this.#memory, pass, bytes, firstRow + this.#rows, rowLimit - this.#rows);
      const full = framer.rows === rowLimit - this.#rows;
      this.#rows += kept;
      this.#position = framer.consumed;
      if (this.#unsortedRows >= this.#chunkRows) this.#sortChunk();
      // Nothing of these bytes is kept (outside the range, say): what follows takes their place.
      if (kept === 0 && framer.consumed > before) end = this.#moveTo(before, end);
      if (!full || this.#position === end) return end;
    }
  }

  /** Writes what is gathered as a run, so that the arena holds only the unframed bytes [position, to); returns the new `to`. */
  #spill(to: number, pass: Pass): number {
    if (to - this.#position > pass.recordLimit) {
      throw tooLarge(pass, lastLine(this.#memory, pass.framer, this.#position, to));
    }
    if (this.#rows > 0) this.#writeRuns();
    return this.#moveTo(this.#arena.offset, to);
  }

  #moveTo(target: number, to: number): number {
    this.#memory.bytes.copyWithin(target, this.#position, to);
    const end = target + to - this.#position;
    this.#position = target;
    return end;
  }

  get #unsortedRows(): number {
    return this.#rows - ((this.#chunks.at(-1)?.to ?? this.#arena.firstRow) - this.#arena.firstRow);
  }

  /** Writes each chunk as a run, and empties the arena. */
  #writeRuns(): void {
    this.#sortChunk();
    this.#runFile ??= this.#settings.makeRunFile();
    for (const { from, to } of this.#chunks) {
      const writer = new RunWriter(this.#memory, this.#runFile, this.#settings.staging);
      writer.write(this.#memory.order, from, to);
      this.#runs.push(writer.finish());
    }
    this.#chunks = [];
    this.#rows = 0;
    // What did not fit once will not: from now on chunks are written while the cache has them.
    this.#eager = true;
  }

  /** Sorts the rows behind the last chunk: the next one. */
  #sortChunk(): void {
    const to = this.#arena.firstRow + this.#rows;
    const from = to - this.#unsortedRows;
    if (from === to) return;
    orderAsRead(this.#memory, from, to);
    if (firstDescent(this.#memory, from, to, -0x80000000, 0) >= 0) sortRows(this.#memory, from, to);
    this.#chunks.push({ from, to });
  }
}

/** A sorted range of memory.order, given as one block. The last one that is closed gives the arena back. */
function inMemoryRun({ from, to }: { from: number; to: number }, closed: () => void): MergeInput {
  let left = to - from;
  return {
    firstRow: from,
    next() {
      const rows = left;
      left = 0;
      return rows;
    },
    close: closed,
  };
}
