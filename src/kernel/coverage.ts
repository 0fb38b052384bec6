import { type Instant, MAX_INSTANT, MIN_INSTANT, type Nanos } from '../core/instant.ts';
import { instantOfRow, type Memory } from '../core/memory.ts';
import { kernelOf } from './kernel.ts';
import {
  COVER_BASE,
  COVER_BINS,
  COVER_BYTES,
  COVER_COUNTS,
  COVER_DATED,
  COVER_FIRST,
  COVER_GAP_ENDS,
  COVER_GAPS,
  COVER_LAST,
  COVER_LATE,
  COVER_LEAST_GAP,
  COVER_MOST_GAPS,
  COVER_SHIFT,
  COVER_WORST,
} from './layout.ts';

/** The narrowest bins are 2 ** 10 nanoseconds wide. */
const NARROWEST = 10n;

/** Two instants between which there is no record. */
export interface Gap {
  from: Instant;
  to: Instant;
}

/** The record that lies furthest behind the latest before it: its line, and by how much. */
export interface Worst {
  line: number;
  by: Nanos;
}

/**
 * What the instants of one source tell when its records pass in the order of the file: first and last, how many come
 * late and by how much, where nothing happened, how many there were when. Constant in size; to be closed.
 */
export class Coverage {
  /** Line of the first record before one that precedes it. */
  firstLate = 0;
  worst: Worst | undefined;
  /** Records in each bin, and the late ones among them: bin b begins at (base + b) · width nanoseconds since 1970. */
  readonly counts: Uint32Array;
  readonly lateCounts: Uint32Array;
  private readonly memory: Memory;
  private readonly at: number;
  private readonly view: DataView;

  constructor(memory: Memory) {
    this.memory = memory;
    this.at = memory.work.take(COVER_BYTES);
    const { buffer } = memory.wasm;
    new Uint8Array(buffer, this.at, COVER_BYTES).fill(0);
    this.view = new DataView(buffer, this.at, COVER_BYTES);
    this.counts = new Uint32Array(buffer, this.at + COVER_COUNTS, COVER_BINS);
    this.lateCounts = new Uint32Array(buffer, this.at + COVER_COUNTS + 4 * COVER_BINS, COVER_BINS);
    this.put(COVER_FIRST, MAX_INSTANT);
    this.put(COVER_LAST, MIN_INSTANT);
    this.put(COVER_SHIFT, NARROWEST);
  }

  /** Takes in the rows [firstRow, firstRow + count), the next ones of the source. */
  take(firstRow: number, count: number): void {
    const kernel = kernelOf(this.memory);
    const end = firstRow + count;
    let row = kernel.coverRows(this.at, firstRow, end);
    while (row < end) {
      this.add(instantOfRow(this.memory, row), this.memory.line[row]);
      row = kernel.coverRows(this.at, row + 1, end);
    }
  }

  /** Records with an instant. */
  get dated(): number {
    return Number(this.get(COVER_DATED));
  }

  /** Records before one that precedes them. */
  get late(): number {
    return Number(this.get(COVER_LATE));
  }

  get first(): Instant {
    return this.get(COVER_FIRST);
  }

  get last(): Instant {
    return this.get(COVER_LAST);
  }

  /** Of a bin, in nanoseconds: a power of two, so that doubles hold every boundary. */
  get width(): number {
    return Number(1n << this.get(COVER_SHIFT));
  }

  get base(): number {
    return Number(this.get(COVER_BASE));
  }

  /** The gaps that are known, the widest first: no record lies in any of them. */
  get gaps(): Gap[] {
    const gaps = Array.from({ length: this.gapCount }, (_, index) => this.gapAt(index));
    return gaps.sort((a, b) => order(widthOf(b), widthOf(a)) || order(a.from, b.from));
  }

  close(): void {
    this.memory.work.give(this.at, COVER_BYTES);
  }

  /** A record that the kernel leaves. */
  private add(instant: Instant, line: number): void {
    const { first, last, dated } = this;
    if (dated === 0) this.put(COVER_BASE, instant >> this.get(COVER_SHIFT));
    else this.reach(instant);
    this.put(COVER_DATED, BigInt(dated) + 1n);
    this.counts[this.binOf(instant)]++;
    if (instant < first) this.put(COVER_FIRST, instant);
    if (instant >= last) this.put(COVER_LAST, instant);
    if (dated === 0) return;
    if (instant < last) this.addLate(instant, line);
    if (instant < first) this.keepGap(instant, first);
    else if (instant > last) this.keepGap(last, instant);
    else this.splitGap(instant);
  }

  private addLate(instant: Instant, line: number): void {
    if (this.late === 0) this.firstLate = line;
    this.put(COVER_LATE, this.get(COVER_LATE) + 1n);
    this.lateCounts[this.binOf(instant)]++;
    const by = this.last - instant;
    if (by <= (this.worst?.by ?? 0n)) return;
    this.worst = { line, by };
    this.put(COVER_WORST, by);
  }

  private binOf(instant: Instant): number {
    return Number((instant >> this.get(COVER_SHIFT)) - this.get(COVER_BASE));
  }

  /** Doubles the bins until they reach from the first to the last instant, this one included. */
  private reach(instant: Instant): void {
    const bin = this.binOf(instant);
    if (bin >= 0 && bin < COVER_BINS) return;
    const from = instant < this.first ? instant : this.first;
    const to = instant > this.last ? instant : this.last;
    const old = this.get(COVER_SHIFT);
    let shift = old;
    while ((to >> shift) - (from >> shift) >= BigInt(COVER_BINS)) shift++;
    const base = this.get(COVER_BASE);
    this.put(COVER_SHIFT, shift);
    this.put(COVER_BASE, from >> shift);
    for (const counts of [this.counts, this.lateCounts]) {
      const before = counts.slice();
      counts.fill(0);
      for (const [i, count] of before.entries()) if (count > 0) counts[this.binOf((base + BigInt(i)) << old)] += count;
    }
  }

  private get gapCount(): number {
    return Number(this.get(COVER_GAPS));
  }

  private gapAt(index: number): Gap {
    const at = COVER_GAP_ENDS + 16 * index;
    return { from: this.get(at), to: this.get(at + 8) };
  }

  private putGap(index: number, { from, to }: Gap): void {
    const at = COVER_GAP_ENDS + 16 * index;
    this.put(at, from);
    this.put(at + 8, to);
    if (this.gapCount === COVER_MOST_GAPS) this.put(COVER_LEAST_GAP, widthOf(this.gapAt(this.narrowestGap)));
  }

  /** Keeps a gap if it is wider than one of those that are kept. */
  private keepGap(from: Instant, to: Instant): void {
    if (to - from <= BigInt.asUintN(64, this.get(COVER_LEAST_GAP))) return;
    const { gapCount } = this;
    const isFull = gapCount === COVER_MOST_GAPS;
    if (!isFull) this.put(COVER_GAPS, BigInt(gapCount + 1));
    this.putGap(isFull ? this.narrowestGap : gapCount, { from, to });
  }

  /** A late record inside a gap leaves two of it. */
  private splitGap(instant: Instant): void {
    for (let index = 0; index < this.gapCount; index++) {
      const { from, to } = this.gapAt(index);
      if (instant <= from || instant >= to) continue;
      this.putGap(index, { from, to: instant });
      this.keepGap(instant, to);
      return;
    }
  }

  private get narrowestGap(): number {
    let narrowest = 0;
    for (let i = 1; i < this.gapCount; i++) if (widthOf(this.gapAt(i)) < widthOf(this.gapAt(narrowest))) narrowest = i;
    return narrowest;
  }

  private get(at: number): bigint {
    return this.view.getBigInt64(at, true);
  }

  private put(at: number, value: bigint): void {
    this.view.setBigInt64(at, value, true);
  }
}

const widthOf = ({ from, to }: Gap): Nanos => to - from;

const order = (a: bigint, b: bigint): number => Number(a > b) - Number(a < b);
