import { compareKeys } from '../core/instant.ts';
import { BROKEN, type Memory, UNDATED } from '../core/memory.ts';
import type { RowFilter } from '../core/stages.ts';
import { linesOfRow } from '../kernel/tally.ts';
import type { Replay } from '../plan.ts';
import { keepRows } from '../select/index.ts';
import type { Run } from './run.ts';

/**
 * Leaves out what an earlier run has written of the part of a source that is read again. It was followed: what came was
 * written, or set aside, as soon as it was not later than the watermark, and the rest was held. Its lines count, since they
 * are read; its records do not.
 */
export function unlessWritten(run: Run, memory: Memory, source: number, { lines, until }: Replay): RowFilter {
  const { keys, flags, line } = memory;
  const counts = run.countsOf(source);
  const rejects = run.request.undated === 'reject';
  const [high, low] = until;
  const isDone = (row: number): boolean =>
    compareKeys(keys[2 * row + 1], keys[2 * row], high, low) <= 0 ||
    (rejects && (flags[row] & (UNDATED | BROKEN)) !== 0);
  const keep = keepRows(memory, (row) => {
    if (line[row] > lines || !isDone(row)) return true;
    counts.recordLines += linesOfRow(memory, row);
    return false;
  });
  return (firstRow, count) => (count > 0 && line[firstRow] <= lines ? keep(firstRow, count) : count);
}
