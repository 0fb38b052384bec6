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
  const { bytes, keys, start, end, source, line, stampAt, stampLength, flags } = memory;
  const byteEnd = staging.offset + staging.byteLimit;
  let { count, position } = staging;
  let i = from;
  for (; i < to && count < staging.rowLimit; i++) {
    const row = rows[i] as number;
    const begin = start[row] as number;
    const finish = end[row] as number;
    if (position + finish - begin > byteEnd) break;
    const target = staging.firstRow + count++;
    bytes.copyWithin(position, begin, finish);
    start[target] = position;
    position += finish - begin;
    end[target] = position;
    keys[2 * target] = keys[2 * row] as number;
    keys[2 * target + 1] = keys[2 * row + 1] as number;
    source[target] = source[row] as number;
    line[target] = line[row] as number;
    stampAt[target] = stampAt[row] as number;
    stampLength[target] = stampLength[row] as number;
    flags[target] = flags[row] as number;
  }
  staging.count = count;
  staging.position = position;
  return i;
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
