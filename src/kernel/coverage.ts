import { type Memory, UNDATED } from '../core/memory.ts';

const TWO_32 = 4294967296;

/** Places of the histogram: after a doubling of their width at least half of them span what was seen. */
const BINS = 1024;
/** The narrowest bin, in nanoseconds; all widths are powers of two, so that doubles hold every boundary. */
const NARROWEST = 1024;

/** How many of the widest gaps are remembered: late records may fill some of them again. */
export const GAPS = 32;

/** Two words of a key, and the physical line of its record. */
export interface KeyAt {
  high: number;
  low: number;
  line: number;
}

type Words = [fromHigh: number, fromLow: number, toHigh: number, toLow: number];

/** Two instants, by their words, between which there is no record; its width in nanoseconds is rounded to a double. */
export interface Gap {
  fromHigh: number;
  fromLow: number;
  toHigh: number;
  toLow: number;
  width: number;
}

const noKey = (): KeyAt => ({ high: 0, low: 0, line: 0 });

/**
 * What the instants of one source tell when its records pass in the order of the file: first and last, how many come
 * late and by how much, where nothing happened, how many there were when. Constant in size. About 6 ns a record.
 */
export class Coverage {
  /** Records with an instant. */
  dated = 0;
  readonly first: KeyAt = noKey();
  readonly last: KeyAt = noKey();
  /** Records before one that precedes them; the line of the first of them. */
  late = 0;
  firstLate = 0;
  /** The one that lies furthest behind the latest before it, and that latest. */
  readonly worst: KeyAt = noKey();
  readonly beforeWorst: KeyAt = noKey();
  private worstNanos = 0;
  /** Bin b of the histogram begins at (base + b) · width nanoseconds since 1970. */
  width = NARROWEST;
  base = 0;
  counts: Uint32Array = new Uint32Array(BINS);
  /** The same of late records; undefined while there are none. */
  lateCounts: Uint32Array | undefined;
  /** Gaps, unordered: the words of both ends, one gap after the other. */
  private readonly gapWords = new Float64Array(4 * GAPS);
  private gapCount = 0;
  /** The narrowest of the gaps kept. */
  private leastGap = 0;
  private previousHigh = 0;
  private previousLow = 0;
  private previousBin = 0;
  private previousLate = false;

  /** Takes in the rows [firstRow, firstRow + count), the next ones of the source. */
  take(memory: Memory, firstRow: number, count: number): void {
    const { keys, flags } = memory;
    for (let row = firstRow; row < firstRow + count; row++) {
      if ((flags[row]! & UNDATED) !== 0) continue;
      const low = keys[2 * row]! >>> 0;
      const high = keys[2 * row + 1]!;
      if (low === this.previousLow && high === this.previousHigh && this.dated > 0) this.repeat();
      else this.add(high, low, memory.line[row]!);
    }
  }

  /** The gaps that are known, the widest first: no record lies in any of them. */
  get gaps(): Gap[] {
    const gaps = Array.from({ length: this.gapCount }, (_, i) => {
      const [fromHigh, fromLow, toHigh, toLow] = this.gapWords.subarray(4 * i, 4 * i + 4) as unknown as Words;
      return { fromHigh, fromLow, toHigh, toLow, width: this.gapWidth(i) };
    });
    return gaps.sort((a, b) => b.width - a.width || a.fromHigh - b.fromHigh || a.fromLow - b.fromLow);
  }

  /** One more of the same instant. */
  private repeat(): void {
    this.dated++;
    this.counts[this.previousBin]!++;
    if (!this.previousLate) return;
    this.late++;
    this.lateCounts![this.previousBin]!++;
  }

  private add(high: number, low: number, line: number): void {
    const nanos = high * TWO_32 + low;
    if (this.dated++ === 0) this.begin(high, low, line, nanos);
    const { last } = this;
    const isLate = high < last.high || (high === last.high && low < last.low);
    const bin = this.binOf(nanos);
    this.counts[bin]!++;
    this.previousHigh = high;
    this.previousLow = low;
    this.previousBin = bin;
    this.previousLate = isLate;
    if (isLate) {
      this.addLate(high, low, line, nanos);
      return;
    }
    if (nanos - (last.high * TWO_32 + last.low) > this.leastGap) this.keepGap(last.high, last.low, high, low);
    last.high = high;
    last.low = low;
    last.line = line;
  }

  private begin(high: number, low: number, line: number, nanos: number): void {
    Object.assign(this.first, { high, low, line });
    Object.assign(this.last, { high, low, line });
    this.base = Math.floor(nanos / this.width);
  }

  private addLate(high: number, low: number, line: number, nanos: number): void {
    const { first, last } = this;
    if (this.late++ === 0) this.firstLate = line;
    this.lateCounts ??= new Uint32Array(BINS);
    this.lateCounts[this.previousBin]!++;
    const behind = last.high * TWO_32 + last.low - nanos;
    if (behind > this.worstNanos) {
      this.worstNanos = behind;
      Object.assign(this.worst, { high, low, line });
      Object.assign(this.beforeWorst, last);
    }
    if (high < first.high || (high === first.high && low < first.low)) {
      const begin = first.high * TWO_32 + first.low;
      if (begin - nanos > this.leastGap) this.keepGap(high, low, first.high, first.low);
      Object.assign(first, { high, low, line });
    } else this.splitGap(high, low, nanos);
  }

  /** The bin of an instant, after making room for it. */
  private binOf(nanos: number): number {
    const bin = Math.floor(nanos / this.width) - this.base;
    if (bin >= 0 && bin < BINS) return bin;
    this.widen(nanos);
    return Math.floor(nanos / this.width) - this.base;
  }

  /** Doubles the bins until they reach from the first to the last instant, this one included. */
  private widen(nanos: number): void {
    const { first, last } = this;
    const from = Math.min(first.high * TWO_32 + first.low, nanos);
    const to = Math.max(last.high * TWO_32 + last.low, nanos);
    let width = this.width;
    while (Math.floor(to / width) - Math.floor(from / width) >= BINS) width *= 2;
    const base = Math.floor(from / width);
    this.counts = this.moved(this.counts, width, base);
    if (this.lateCounts !== undefined) this.lateCounts = this.moved(this.lateCounts, width, base);
    this.width = width;
    this.base = base;
  }

  private moved(counts: Uint32Array, width: number, base: number): Uint32Array {
    const moved = new Uint32Array(BINS);
    const ratio = this.width / width;
    for (let bin = 0; bin < BINS; bin++) {
      if (counts[bin] !== 0) moved[Math.floor((this.base + bin) * ratio) - base]! += counts[bin]!;
    }
    return moved;
  }

  private keepGap(fromHigh: number, fromLow: number, toHigh: number, toLow: number): void {
    const index = this.gapCount < GAPS ? this.gapCount++ : this.narrowestGap();
    const at = 4 * index;
    this.gapWords[at] = fromHigh;
    this.gapWords[at + 1] = fromLow;
    this.gapWords[at + 2] = toHigh;
    this.gapWords[at + 3] = toLow;
    this.measureGaps();
  }

  /** A late record inside a gap leaves two of it. */
  private splitGap(high: number, low: number, nanos: number): void {
    const words = this.gapWords;
    for (let i = 0; i < this.gapCount; i++) {
      const at = 4 * i;
      if (this.compare(at, high, low) >= 0 || this.compare(at + 2, high, low) <= 0) continue;
      const toHigh = words[at + 2]!;
      const toLow = words[at + 3]!;
      const rest = this.nanosAt(at + 2) - nanos;
      words[at + 2] = high;
      words[at + 3] = low;
      this.measureGaps();
      if (rest > this.leastGap) this.keepGap(high, low, toHigh, toLow);
      return;
    }
  }

  /** Whether the end of a gap lies before (< 0), at or after an instant: exactly, for a rounded one may seem to lie at it. */
  private compare(at: number, high: number, low: number): number {
    return this.gapWords[at]! - high || this.gapWords[at + 1]! - low;
  }

  private nanosAt(at: number): number {
    return this.gapWords[at]! * TWO_32 + this.gapWords[at + 1]!;
  }

  private gapWidth(index: number): number {
    return this.nanosAt(4 * index + 2) - this.nanosAt(4 * index);
  }

  private narrowestGap(): number {
    let narrowest = 0;
    for (let i = 1; i < this.gapCount; i++) if (this.gapWidth(i) < this.gapWidth(narrowest)) narrowest = i;
    return narrowest;
  }

  private measureGaps(): void {
    if (this.gapCount === GAPS) this.leastGap = this.gapWidth(this.narrowestGap());
  }
}
