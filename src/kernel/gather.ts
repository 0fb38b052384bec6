import type { Memory } from '../core/memory.ts';
import { kernelOf, seenRows } from './kernel.ts';
import { SEEN_ROWS } from './layout.ts';

/**
 * A block under construction: rows [firstRow, firstRow + count) whose bytes lie back to back in [offset, position). Behind
 * offset + byteLimit there are SLACK bytes more.
 */
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
  const kernel = kernelOf(memory);
  const { rowLimit, firstRow, offset, byteLimit } = staging;
  let i = from;
  while (i < to && staging.count < rowLimit) {
    const some = Math.min(to - i, rowLimit - staging.count, SEEN_ROWS);
    const first = firstRow + staging.count;
    const seen = seenRows(memory, rows, i, some);
    const done = kernel.stageRows(seen, 0, some, first, staging.position, offset + byteLimit);
    if (done > 0) staging.position = memory.end[first + done - 1];
    staging.count += done;
    i += done;
    if (done < some) break;
  }
  return i;
}

/** Copies the columns of row `from` to row `to`; both then name the same bytes. */
export function copyRow(memory: Memory, from: number, to: number): void {
  memory.keys[2 * to] = memory.keys[2 * from];
  memory.keys[2 * to + 1] = memory.keys[2 * from + 1];
  memory.start[to] = memory.start[from];
  memory.end[to] = memory.end[from];
  memory.source[to] = memory.source[from];
  memory.line[to] = memory.line[from];
  memory.stampAt[to] = memory.stampAt[from];
  memory.stampLength[to] = memory.stampLength[from];
  memory.flags[to] = memory.flags[from];
}
