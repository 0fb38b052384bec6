import { instantOf } from '../core/instant.ts';
import type { Memory } from '../core/memory.ts';
import { kernelOf } from './kernel.ts';

/**
 * The first i in [from, to) whose row memory.order[i] lies before the row that precedes it (for i = from: before the key
 * given), or -1 where the range is in order.
 */
export function firstDescent(memory: Memory, from: number, to: number, high: number, low: number): number {
  return kernelOf(memory).firstDescent(from, to, instantOf(high, low));
}

/**
 * Sorts `memory.order[from, to)`, row numbers, by the rows' keys. Stable: rows of one instant keep their order.
 * `memory.spare[from, to)` is overwritten.
 */
export function sortRows(memory: Memory, from: number, to: number): void {
  kernelOf(memory).sortRows(from, to);
}

/** The first i in [from, count) whose row rows[i] does not lie before this key, or `count`; the rows are in order. */
export function firstNotBefore(
  memory: Memory,
  rows: Int32Array,
  count: number,
  high: number,
  low: number,
  from = 0,
): number {
  const { keys } = memory;
  const lowest = low >>> 0;
  let first = from;
  let end = count;
  // Mostly all of a batch lies on one side.
  let middle = count - 1;
  while (first < end) {
    const row = rows[middle];
    const rowHigh = keys[2 * row + 1];
    if (rowHigh > high || (rowHigh === high && keys[2 * row] >>> 0 >= lowest)) end = middle;
    else first = middle + 1;
    middle = (first + end) >> 1;
  }
  return first;
}

/** Puts the rows [from, to) in the order in which they lie. */
export function orderAsRead({ order }: Pick<Memory, 'order'>, from: number, to: number): void {
  for (let row = from; row < to; row++) order[row] = row;
}
