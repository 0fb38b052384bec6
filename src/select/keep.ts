import type { Memory } from '../core/memory.ts';
import type { RowFilter } from '../core/stages.ts';
import { copyRow } from '../kernel/gather.ts';

/** A filter that keeps the rows for which `wanted` is true. */
export function keepRows(memory: Memory, wanted: (row: number) => boolean): RowFilter {
  return (firstRow, count) => {
    let next = firstRow;
    for (let row = firstRow; row < firstRow + count; row++) {
      if (!wanted(row)) continue;
      if (next !== row) copyRow(memory, row, next);
      next++;
    }
    return next - firstRow;
  };
}

/** One filter out of several, applied in order. */
export function chainFilters(filters: readonly RowFilter[]): RowFilter {
  return (firstRow, count) => filters.reduce((left, filter) => filter(firstRow, left), count);
}
