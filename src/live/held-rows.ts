import { highWord, type Instant, instantOf, lowWord, MAX_INSTANT } from '../core/instant.ts';
import { instantOfRow, type Memory, SLACK } from '../core/memory.ts';
import { type Staging, stageRows } from '../kernel/gather.ts';
import { earliestRow, groupBySource, partRows } from '../kernel/held.ts';
import { sortRows } from '../kernel/order.ts';
import {
  HeldRun,
  type MergeInput,
  mergeInputs,
  RunFile,
  RunWriter,
  type TakeRows,
  takeStaging,
} from '../sort/index.ts';

export interface HeldSettings {
  /** Bytes and rows that are held in memory, twice: half of the room is for moving them. */
  bytes: number;
  rows: number;
  /** Of the blocks of what is put on disk. */
  stagingBytes: number;
  tempDir: string;
  pause: () => Promise<void>;
}

/** Rows are handed on in pieces as long as those of a merge. */
const BATCH = 4096;

/** More runs on disk than this become one: each takes a block of memory while it waits. */
const MOST_RUNS = 8;

/**
 * Records that wait for their time. They lie in memory, in the order in which they came, and what finds no room there goes
 * to disk as a sorted run. Those at or before an instant are given out in order: by instant, then source, then arrival.
 */
export class HeldRows {
  readonly #memory: Memory;
  readonly #settings: HeldSettings;
  readonly #halves: Staging[];
  readonly #runStaging: Staging;
  /** How many rows of the first half, listed in memory.order from its first row on, still wait. */
  #waiting = 0;
  #counts = new Int32Array(2);
  #runs: HeldRun[] = [];
  #inRuns = 0;
  /** The earliest instant that waits in memory. */
  #earliest: Instant | undefined;

  constructor(memory: Memory, settings: HeldSettings) {
    const { bytes, rows } = settings;
    this.#memory = memory;
    this.#settings = settings;
    this.#halves = [0, 1].map(() => {
      const offset = memory.regions.take(bytes + SLACK);
      return { firstRow: memory.rows.take(rows), rowLimit: rows, offset, byteLimit: bytes, count: 0, position: offset };
    });
    this.#runStaging = takeStaging(memory, settings.stagingBytes);
  }

  /** Says how many sources there are. */
  expect(sources: number): void {
    if (sources + 1 > this.#counts.length) this.#counts = new Int32Array(2 * sources + 1);
  }

  /** Records that wait. */
  get count(): number {
    return this.#waiting + this.#inRuns;
  }

  /** How much of the memory for them is taken, 0 to 1. */
  get fill(): number {
    const { position, offset, byteLimit, count, rowLimit } = this.#half;
    return Math.max((position - offset) / byteLimit, count / rowLimit);
  }

  /** The earliest instant that waits. */
  get earliest(): Instant | undefined {
    const { keys } = this.#memory;
    let earliest = this.#earliest;
    for (const { head } of this.#runs) {
      const instant = instantOf(keys[2 * head + 1], keys[2 * head]);
      if (earliest === undefined || instant < earliest) earliest = instant;
    }
    return earliest;
  }

  /** Holds rows[from, to): copies of them. */
  async add(rows: Int32Array, from: number, to: number): Promise<void> {
    for (let i = from; i < to; ) {
      const half = this.#half;
      const before = half.count;
      const next = stageRows(this.#memory, rows, i, to, half);
      for (let row = half.firstRow + before; row < half.firstRow + half.count; row++) {
        this.#memory.order[half.firstRow + this.#waiting++] = row;
      }
      if (next > i) this.#noteEarliest(half.firstRow + this.#waiting - (next - i), half.firstRow + this.#waiting);
      if (next < to) await this.#makeRoom();
      i = next;
    }
  }

  /** Gives out what lies at or before an instant. Returns whether more is wanted. */
  async release(until: Instant, take: TakeRows): Promise<boolean> {
    const { earliest } = this;
    if (earliest === undefined || earliest > until) return true;
    const { firstRow } = this.#half;
    const high = highWord(until);
    const low = lowWord(until);
    const end = firstRow + this.#waiting;
    const from = firstRow + partRows(this.#memory, firstRow, end, high, low);
    this.#sort(from, end);
    const isWanted = await this.#giveOut(from, end, { high, low }, take);
    this.#waiting = from - firstRow;
    this.#earliest = undefined;
    this.#noteEarliest(firstRow, from);
    if (this.#waiting === 0) this.#empty();
    return isWanted;
  }

  get #half(): Staging {
    return this.#halves[0];
  }

  #sort(from: number, to: number): void {
    groupBySource(this.#memory, from, to, this.#counts);
    sortRows(this.#memory, from, to);
  }

  async #giveOut(from: number, to: number, key: { high: number; low: number }, take: TakeRows): Promise<boolean> {
    if (this.#runs.length > 0) return this.#mergeRuns(from, to, key, take);
    for (let i = from; i < to; i += BATCH) {
      const end = Math.min(i + BATCH, to);
      if (!(await take(this.#memory.order.subarray(i, end), end - i))) return false;
    }
    return true;
  }

  /** Runs were written before what lies in memory came: they come first among equals. */
  async #mergeRuns(from: number, to: number, { high, low }: { high: number; low: number }, take: TakeRows) {
    for (const run of this.#runs) run.allow(high, low);
    let isWanted = true;
    let count = 0;
    const counted = async (rows: Int32Array, some: number): Promise<boolean> => {
      count += some;
      isWanted = await take(rows, some);
      return isWanted;
    };
    await mergeInputs(this.#memory, [...this.#runs, rangeOf(from, to)], counted, this.#settings.pause);
    this.#inRuns -= count - (to - from);
    this.#dropRuns();
    return isWanted;
  }

  #dropRuns(): void {
    for (const run of this.#runs) if (run.isOver) run.release();
    this.#runs = this.#runs.filter(({ isOver }) => !isOver);
  }

  /** Moves what waits together, or puts it on disk where that would give little room. */
  async #makeRoom(): Promise<void> {
    const [half, other] = this.#halves as [Staging, Staging];
    if (this.#waiting * 2 > half.count) return this.#spill();
    const { order } = this.#memory;
    stageRows(this.#memory, order, half.firstRow, half.firstRow + this.#waiting, other);
    for (let i = 0; i < this.#waiting; i++) order[other.firstRow + i] = other.firstRow + i;
    this.#empty(half);
    this.#halves.reverse();
  }

  /** Writes all that waits in memory as a sorted run. */
  async #spill(): Promise<void> {
    const { firstRow } = this.#half;
    const end = firstRow + this.#waiting;
    this.#sort(firstRow, end);
    const writer = this.#openRun();
    writer.write(this.#memory.order, firstRow, end);
    this.#inRuns += this.#waiting;
    this.#waiting = 0;
    this.#earliest = undefined;
    this.#empty();
    this.#runs.push(new HeldRun(this.#memory, writer.finish()));
    if (this.#runs.length > MOST_RUNS) await this.#joinRuns();
  }

  async #joinRuns(): Promise<void> {
    const writer = this.#openRun();
    for (const run of this.#runs) run.allow(highWord(MAX_INSTANT), lowWord(MAX_INSTANT));
    const write = (rows: Int32Array, count: number): boolean => {
      writer.write(rows, 0, count);
      return true;
    };
    await mergeInputs(this.#memory, this.#runs, write, this.#settings.pause);
    this.#dropRuns();
    this.#runs = [new HeldRun(this.#memory, writer.finish())];
  }

  #openRun(): RunWriter {
    return new RunWriter(this.#memory, new RunFile(this.#settings.tempDir), this.#runStaging);
  }

  #empty(half = this.#half): void {
    half.count = 0;
    half.position = half.offset;
  }

  #noteEarliest(from: number, to: number): void {
    const row = earliestRow(this.#memory, from, to);
    if (row < 0) return;
    const instant = instantOfRow(this.#memory, row);
    if (this.#earliest === undefined || instant < this.#earliest) this.#earliest = instant;
  }
}

/** A sorted range of memory.order as one block. */
function rangeOf(from: number, to: number): MergeInput {
  let left = to - from;
  return {
    firstRow: from,
    next() {
      const count = left;
      left = 0;
      return count;
    },
    close() {},
  };
}
