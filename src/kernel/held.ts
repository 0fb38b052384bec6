import { compareKeys } from '../core/instant.ts';
import type { Memory } from '../core/memory.ts';

/** Loops over rows that are held until their time has come: ranges of memory.order, in the order in which they came. */

/**
 * Brings the rows of memory.order[from, to) that lie after a key to its front and the others behind them, both in the
 * order that they had. memory.spare[from, to) is overwritten.
 * @returns how many lie after the key
 */
export function partRows(memory: Memory, from: number, to: number, high: number, low: number): number {
  const { order, spare, keys } = memory;
  const lowest = low >>> 0;
  let kept = from;
  let taken = from;
  for (let i = from; i < to; i++) {
    const row = order[i];
    const rowHigh = keys[2 * row + 1];
    const isAfter = rowHigh > high || (rowHigh === high && keys[2 * row] >>> 0 > lowest);
    if (isAfter) order[kept++] = row;
    else spare[taken++] = row;
  }
  order.set(spare.subarray(from, taken), kept);
  return kept - from;
}

/**
 * Puts the rows of memory.order[from, to) in the order of their sources, those of one source as they were.
 * memory.spare[from, to) is overwritten.
 * @param counts room for a number for each source, and one more
 */
export function groupBySource(memory: Memory, from: number, to: number, counts: Int32Array): void {
  const { order, spare, source } = memory;
  counts.fill(0);
  for (let i = from; i < to; i++) counts[source[order[i]] + 1]++;
  for (let i = 1; i < counts.length; i++) counts[i] = counts[i] + counts[i - 1];
  for (let i = from; i < to; i++) {
    const row = order[i];
    const place = counts[source[row]]++;
    spare[from + place] = row;
  }
  order.set(spare.subarray(from, to), from);
}

/** The earliest of the rows memory.order[from, to), or -1 where there is none. */
export function earliestRow({ order, keys }: Memory, from: number, to: number): number {
  let earliest = -1;
  let high = 0;
  let low = 0;
  for (let i = from; i < to; i++) {
    const row = order[i];
    const rowHigh = keys[2 * row + 1];
    const rowLow = keys[2 * row] >>> 0;
    if (earliest >= 0 && (rowHigh > high || (rowHigh === high && rowLow >= low))) continue;
    earliest = row;
    high = rowHigh;
    low = rowLow;
  }
  return earliest;
}

/** The latest of the rows [firstRow, firstRow + count) that have none of these flags, or -1. */
export function latestRow({ keys, flags }: Memory, firstRow: number, count: number, without: number): number {
  let latest = -1;
  let high = 0;
  let low = 0;
  for (let row = firstRow; row < firstRow + count; row++) {
    if ((flags[row] & without) !== 0) continue;
    const rowHigh = keys[2 * row + 1];
    const rowLow = keys[2 * row] >>> 0;
    if (latest >= 0 && (rowHigh < high || (rowHigh === high && rowLow < low))) continue;
    latest = row;
    high = rowHigh;
    low = rowLow;
  }
  return latest;
}

/** How many of the rows [firstRow, firstRow + count) do not lie after a key. */
export function countNotAfter({ keys }: Memory, firstRow: number, count: number, high: number, low: number): number {
  const lowest = low >>> 0;
  let found = 0;
  for (let row = firstRow; row < firstRow + count; row++) {
    const rowHigh = keys[2 * row + 1];
    if (rowHigh < high || (rowHigh === high && keys[2 * row] >>> 0 <= lowest)) found++;
  }
  return found;
}

/** The rows [firstRow, firstRow + count) that lie after a key, and the others. For the few blocks in which there are both. */
export function splitByKey({ keys }: Memory, firstRow: number, count: number, high: number, low: number) {
  const after: number[] = [];
  const notAfter: number[] = [];
  for (let row = firstRow; row < firstRow + count; row++) {
    const isAfter = compareKeys(keys[2 * row + 1], keys[2 * row], high, low) > 0;
    (isAfter ? after : notAfter).push(row);
  }
  return { after: Int32Array.from(after), notAfter: Int32Array.from(notAfter) };
}
