import { compareKeys, highWord, type Instant, lowWord } from '../core/instant.ts';
import type { Memory } from '../core/memory.ts';
import type { Output, RecordWriter } from '../core/stages.ts';

/** A block of a slot ends behind the record with which it has so many records, or bytes of text. */
export const BLOCK_RECORDS = 8192;
const BLOCK_BYTES = 524_288;

/** Where sources stand in the order of all that is ever written, by their index in the plan. */
export interface SourceRanks {
  readonly label: Int32Array;
  readonly file: Int32Array;
}

/**
 * The records of a block of a slot: their places in the order of all, which is by instant, label, file and line, and how
 * many bytes each of them takes.
 */
export class BlockColumns {
  /** Low and high word of each key, as in the memory. */
  readonly keys = new Int32Array(2 * BLOCK_RECORDS);
  readonly label = new Int32Array(BLOCK_RECORDS);
  readonly file = new Int32Array(BLOCK_RECORDS);
  readonly line = new Float64Array(BLOCK_RECORDS);
  readonly length = new Float64Array(BLOCK_RECORDS);
  count = 0;
  /** Bytes of all of them. */
  bytes = 0;

  get isFull(): boolean {
    return this.count === BLOCK_RECORDS || this.bytes >= BLOCK_BYTES;
  }

  clear(): void {
    this.count = 0;
    this.bytes = 0;
  }

  pushRow({ keys, source, line }: Memory, row: number, ranks: SourceRanks, length: number): void {
    const at = this.count++;
    const from = source[row];
    this.keys[2 * at] = keys[2 * row];
    this.keys[2 * at + 1] = keys[2 * row + 1];
    this.label[at] = ranks.label[from];
    this.file[at] = ranks.file[from];
    this.line[at] = line[row];
    this.length[at] = length;
    this.bytes += length;
  }

  /** Takes over entries [from, to) of another block until this one is full. Returns the first that it did not take. */
  pushFrom(other: BlockColumns, from: number, to: number): number {
    let i = from;
    for (; i < to && !this.isFull; i++) this.pushEntry(other, i);
    return i;
  }

  /** Takes over an entry of another block. */
  pushEntry(other: BlockColumns, i: number): void {
    const at = this.count++;
    this.keys[2 * at] = other.keys[2 * i];
    this.keys[2 * at + 1] = other.keys[2 * i + 1];
    this.label[at] = other.label[i];
    this.file[at] = other.file[i];
    this.line[at] = other.line[i];
    this.length[at] = other.length[i];
    this.bytes += other.length[i];
  }

  /** Counts the records by the rank of their label. */
  tally(counts: number[]): void {
    const { label, count } = this;
    for (let i = 0; i < count; i++) {
      const rank = label[i];
      counts[rank] = (counts[rank] ?? 0) + 1;
    }
  }

  /** Bytes of the entries [from, to). */
  bytesOf(from: number, to: number): number {
    let sum = 0;
    for (let i = from; i < to; i++) sum += this.length[i];
    return sum;
  }
}

/** Above 0 where the row stands behind entry i, else below. */
function compareRow(memory: Memory, row: number, ranks: SourceRanks, entries: BlockColumns, i: number): number {
  const from = memory.source[row];
  return (
    memory.keys[2 * row + 1] - entries.keys[2 * i + 1] ||
    (memory.keys[2 * row] >>> 0) - (entries.keys[2 * i] >>> 0) ||
    ranks.label[from] - entries.label[i] ||
    ranks.file[from] - entries.file[i] ||
    memory.line[row] - entries.line[i]
  );
}

/** The first entry in [from, count) that does not stand before the row. */
export function entriesBefore(
  memory: Memory,
  row: number,
  ranks: SourceRanks,
  entries: BlockColumns,
  from: number,
): number {
  let first = from;
  let end = entries.count;
  while (first < end) {
    const middle = (first + end) >> 1;
    if (compareRow(memory, row, ranks, entries, middle) >= 0) first = middle + 1;
    else end = middle;
  }
  return first;
}

/** The first of rows[from, to) that does not stand before entry i. */
export function rowsBefore(
  memory: Memory,
  rows: Int32Array,
  from: number,
  to: number,
  ranks: SourceRanks,
  entries: BlockColumns,
  i: number,
): number {
  let first = from;
  let end = to;
  while (first < end) {
    const middle = (first + end) >> 1;
    if (compareRow(memory, rows[middle], ranks, entries, i) < 0) first = middle + 1;
    else end = middle;
  }
  return first;
}

/** A place among the records of a slot as they come in order. */
export interface SlotPlace {
  high: number;
  low: number;
  /** Of the label. */
  rank: number;
}

/** Before everything. */
export const firstPlace = (): SlotPlace => ({ high: -(2 ** 31), low: 0, rank: -1 });

/** That of the last of some records. */
export function lastPlace({ keys, label, count }: BlockColumns): SlotPlace {
  const at = count - 1;
  return { high: keys[2 * at + 1], low: keys[2 * at], rank: label[at] };
}

/**
 * The first of rows[from, to) that stands before the one that precedes it, or before `place`, or at `end` or behind it.
 * Records of one instant and label stand as they came. `place` becomes that of the last one.
 */
export function rowsInPlace(
  { keys, source }: Memory,
  rows: Int32Array,
  from: number,
  to: number,
  { label }: SourceRanks,
  place: SlotPlace,
  end: Instant,
): number {
  const endHigh = highWord(end);
  const endLow = lowWord(end);
  let { high: lastHigh, low: lastLow, rank: lastRank } = place;
  let i = from;
  for (; i < to; i++) {
    const row = rows[i];
    const low = keys[2 * row];
    const high = keys[2 * row + 1];
    const rank = label[source[row]];
    if (compareKeys(high, low, endHigh, endLow) >= 0) break;
    if ((compareKeys(high, low, lastHigh, lastLow) || rank - lastRank) < 0) break;
    lastHigh = high;
    lastLow = low;
    lastRank = rank;
  }
  place.high = lastHigh;
  place.low = lastLow;
  place.rank = lastRank;
  return i;
}

/** Below zero, zero or above it, as entry i of `a` has its place before, beside or behind entry k of `b`, by instant and label. */
export function compareEntries(a: BlockColumns, i: number, b: BlockColumns, k: number): number {
  return compareKeys(a.keys[2 * i + 1], a.keys[2 * i], b.keys[2 * k + 1], b.keys[2 * k]) || a.label[i] - b.label[k];
}

/** The first entry in [from, count) of `a` that does not stand before entry k of `b`, or, with `beside`, not beside it either. */
export function entriesUpTo(
  a: BlockColumns,
  from: number,
  b: BlockColumns,
  k: number,
  rule: 'before' | 'beside',
): number {
  const most = rule === 'beside' ? 0 : -1;
  let first = from;
  let end = a.count;
  while (first < end) {
    const middle = (first + end) >> 1;
    if (compareEntries(a, middle, b, k) <= most) first = middle + 1;
    else end = middle;
  }
  return first;
}

const one = new Int32Array(1);

/**
 * Writes rows[from, to) one by one until the block is full, with the bytes of each.
 * @param sink counts the bytes that have left `out`
 * @returns the first that was not written
 */
export function writeMeasured(
  rows: Int32Array,
  from: number,
  to: number,
  ranks: SourceRanks,
  writer: RecordWriter,
  out: Output,
  sink: { readonly text: number },
  block: BlockColumns,
): number {
  let i = from;
  for (; i < to && !block.isFull; i++) {
    const row = rows[i];
    const before = sink.text + out.position;
    one[0] = row;
    writer.write(one, 1, out);
    block.pushRow(out.memory, row, ranks, sink.text + out.position - before);
  }
  return i;
}
