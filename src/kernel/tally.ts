import { type Memory, MULTILINE } from '../core/memory.ts';
import { kernelOf } from './kernel.ts';

/** Counts rows[0, count) by their source. */
export function tallySources(memory: Memory, rows: Int32Array, count: number, tally: Float64Array): void {
  const { source } = memory;
  for (let i = 0; i < count; i++) {
    const from = source[rows[i]];
    tally[from] = tally[from] + 1;
  }
}

/** The first of the rows [firstRow, firstRow + count) whose record is longer than `limit` bytes, or -1. */
export function firstLonger(memory: Memory, firstRow: number, count: number, limit: number): number {
  const { start, end } = memory;
  for (let row = firstRow; row < firstRow + count; row++) {
    if (end[row] - start[row] > limit) return row;
  }
  return -1;
}

/** The bits that are set in the flags of at least one of these rows. */
export function anyFlags(memory: Memory, firstRow: number, count: number): number {
  const { flags } = memory;
  let any = 0;
  for (let row = firstRow; row < firstRow + count; row++) any |= flags[row];
  return any;
}

/** Physical lines of a record. */
export function linesOfRow(memory: Memory, row: number): number {
  return (memory.flags[row] & MULTILINE) === 0 ? 1 : 1 + kernelOf(memory).countNewlines(row);
}
