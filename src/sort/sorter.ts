import { type Memory, SLACK } from '../core/memory.ts';
import type { Staging } from '../kernel/gather.ts';
import { firstDescent } from '../kernel/order.ts';
import { sortRows } from '../kernel/radix.ts';
import { frameRows, lastLine, type Pass, tooLarge } from './block-reader.ts';
import type { MergeInput } from './merge.ts';
import type { MergeRoom } from './reduce.ts';
import { RunWriter, type SortedRun } from './run.ts';
import type { RunFile } from './run-file.ts';

/** Bytes asked for at once: large reads cost least (64 KiB – 1 MiB measured alike), and no more than this is waited for. */
const READ_BYTES = 1 << 20;

/**
 * Rows that are sorted at once: beyond this the sort and the gathering of records miss the cache at every step (a run of
 * 1,000,000 rows took 1.4 times as long a row), and a merge of more runs costs less than that.
 */
const ARENA_ROWS = 131_072;

/** What the sorter has made: runs on disk, or the records still in memory, sorted, when they all fitted. */
export interface Sorted {
  runs: SortedRun[];
  inMemory: MergeInput | undefined;
}

/**
 * The first half of the external merge sort. Records of any number of sources are gathered in an arena, the largest free
 * part of the memory; when it is full it is sorted and written as a run. Sources must be added in their order: that
 * makes ties come out by source and line.
 */
export class Sorter {
  readonly #memory: Memory;
  readonly #staging: Staging;
  readonly #makeRunFile: () => RunFile;
  readonly #pause: () => Promise<void>;
  readonly #arena: { offset: number; length: number; firstRow: number; rowLimit: number };
  readonly #runs: SortedRun[] = [];
  #runFile: RunFile | undefined;
  /** Bytes of gathered records end here. */
  #position: number;
  #rows = 0;

  constructor(memory: Memory, staging: Staging, makeRunFile: () => RunFile, pause: () => Promise<void>) {
    this.#memory = memory;
    this.#staging = staging;
    this.#makeRunFile = makeRunFile;
    this.#pause = pause;
    const length = memory.regions.largest;
    const rowLimit = Math.min(ARENA_ROWS, memory.rows.largest);
    this.#arena = { offset: memory.regions.take(length), length, firstRow: memory.rows.take(rowLimit), rowLimit };
    this.#position = this.#arena.offset;
  }

  /** Reads a source to its end. */
  async add(pass: Pass): Promise<void> {
    let to = this.#position;
    let ended = false;
    for (;;) {
      if (!ended) {
        if (this.#arenaEnd - to < Math.min(READ_BYTES, this.#arena.length >> 3)) to = this.#spill(to, pass);
        const room = Math.min(READ_BYTES, this.#arenaEnd - to);
        if (room <= 0) throw tooLarge(pass, lastLine(this.#memory, pass, this.#position, to));
        const read = await pass.stream.read(this.#memory.bytes, to, room);
        ended = read === 0;
        to += read;
      }
      to = this.#frame(pass, to, ended);
      if (ended && this.#position === to) break;
      await this.#pause();
    }
    await pass.stream.close();
  }

  /**
   * Sorts what is gathered, and gives the arena back unless the records stay in it.
   * @param reserve what others need of the arena: records that leave less than this go to disk.
   */
  finish(reserve: MergeRoom): Sorted {
    const { offset, length, firstRow, rowLimit } = this.#arena;
    const fits =
      this.#position - offset + SLACK + reserve.bytes <= length &&
      this.#rows + reserve.rows <= rowLimit + this.#memory.rows.largest;
    if (this.#rows > 0 && (this.#runs.length > 0 || !fits)) this.#writeRun();
    if (this.#rows === 0) {
      this.#memory.regions.give(offset, length);
      this.#memory.rows.give(firstRow, rowLimit);
      return { runs: this.#runs, inMemory: undefined };
    }
    this.#sort();
    const used = Math.min(length, this.#position - offset + SLACK);
    this.#memory.regions.give(offset + used, length - used);
    this.#memory.rows.give(firstRow + this.#rows, rowLimit - this.#rows);
    return { runs: [], inMemory: inMemoryRun(firstRow, this.#rows) };
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
      if (this.#rows === rowLimit) end = this.#spill(end, pass);
      const before = this.#position;
      const bytes = { from: before, to: end, last: ended };
      const kept = frameRows(this.#memory, pass, bytes, firstRow + this.#rows, rowLimit - this.#rows);
      const full = framer.rows === rowLimit - this.#rows;
      this.#rows += kept;
      this.#position = framer.consumed;
      // Nothing of these bytes is kept (outside the range, say): what follows takes their place.
      if (kept === 0 && framer.consumed > before) end = this.#moveTo(before, end);
      if (!full || this.#position === end) return end;
    }
  }

  /** Writes what is gathered as a run, so that the arena holds only the unframed bytes [position, to); returns the new `to`. */
  #spill(to: number, pass: Pass): number {
    if (to - this.#position > pass.recordLimit) {
      throw tooLarge(pass, lastLine(this.#memory, pass, this.#position, to));
    }
    if (this.#rows > 0) this.#writeRun();
    return this.#moveTo(this.#arena.offset, to);
  }

  #moveTo(target: number, to: number): number {
    this.#memory.bytes.copyWithin(target, this.#position, to);
    const end = target + to - this.#position;
    this.#position = target;
    return end;
  }

  #writeRun(): void {
    this.#sort();
    this.#runFile ??= this.#makeRunFile();
    const writer = new RunWriter(this.#memory, this.#runFile, this.#staging);
    writer.write(this.#memory.order, this.#arena.firstRow, this.#arena.firstRow + this.#rows);
    this.#runs.push(writer.finish());
    this.#rows = 0;
  }

  #sort(): void {
    const from = this.#arena.firstRow;
    const to = from + this.#rows;
    for (let row = from; row < to; row++) this.#memory.order[row] = row;
    if (firstDescent(this.#memory, from, to, -0x80000000, 0) >= 0) sortRows(this.#memory, from, to);
  }
}

/** A sorted range of memory.order, given as one block. */
function inMemoryRun(firstRow: number, count: number): MergeInput {
  let left = count;
  return {
    firstRow,
    next() {
      const rows = left;
      left = 0;
      return rows;
    },
    close() {},
  };
}
