import type { Memory } from '../core/memory.ts';

/** A block under construction: rows [firstRow, firstRow + count) whose bytes lie back to back in [offset, position). */
export interface Staging {
  readonly firstRow: number;
  readonly rowLimit: number;
  readonly offset: number;
  readonly byteLimit: number;
  count: number;
  position: number;
}

/**
 * Copies rows[from, to) and their bytes behind what is staged, as long as they fit.
 * @returns the index of the first that did not fit, or `to`.
 */
export function stageRows(memory: Memory, rows: Int32Array, from: number, to: number, staging: Staging): number {
  const { bytes, start, end } = memory;
  const byteEnd = staging.offset + staging.byteLimit;
  const limit = Math.min(to, from + staging.rowLimit - staging.count);
  const first = staging.firstRow + staging.count - from;
  let { position } = staging;
  let i = from;
  for (; i < limit; i++) {
    const row = rows[i] as number;
    const begin = start[row] as number;
    const finish = end[row] as number;
    if (position + finish - begin > byteEnd) break;
    bytes.copyWithin(position, begin, finish);
    start[first + i] = position;
    position += finish - begin;
    end[first + i] = position;
  }
  gatherColumns(memory, rows, from, i, first);
  staging.count += i - from;
  staging.position = position;
  return i;
}

/**
 * Copies the other columns of rows[from, to) to the rows first + from …: column by column, since loads from one column
 * that do not wait for one another hide each other's cache misses (a third of the time of a loop over all columns).
 */
function gatherColumns(memory: Memory, rows: Int32Array, from: number, to: number, first: number): void {
  const { keys, source, line, stampAt, stampLength, flags } = memory;
  for (let i = from; i < to; i++) {
    const row = rows[i] as number;
    keys[2 * (first + i)] = keys[2 * row] as number;
    keys[2 * (first + i) + 1] = keys[2 * row + 1] as number;
  }
  for (let i = from; i < to; i++) source[first + i] = source[rows[i] as number] as number;
  for (let i = from; i < to; i++) line[first + i] = line[rows[i] as number] as number;
  for (let i = from; i < to; i++) stampAt[first + i] = stampAt[rows[i] as number] as number;
  for (let i = from; i < to; i++) stampLength[first + i] = stampLength[rows[i] as number] as number;
  for (let i = from; i < to; i++) flags[first + i] = flags[rows[i] as number] as number;
}

/** Copies the columns of row `from` to row `to`; both then name the same bytes. */
export function copyRow(memory: Memory, from: number, to: number): void {
  memory.keys[2 * to] = memory.keys[2 * from] as number;
  memory.keys[2 * to + 1] = memory.keys[2 * from + 1] as number;
  memory.start[to] = memory.start[from] as number;
  memory.end[to] = memory.end[from] as number;
  memory.source[to] = memory.source[from] as number;
  memory.line[to] = memory.line[from] as number;
  memory.stampAt[to] = memory.stampAt[from] as number;
  memory.stampLength[to] = memory.stampLength[from] as number;
  memory.flags[to] = memory.flags[from] as number;
}
