import { compareKeys, highWord, type Instant, lowWord, MAX_INSTANT, MIN_INSTANT } from '../core/instant.ts';
import type { Memory } from '../core/memory.ts';
import type { RowFilter } from '../core/stages.ts';
import { keepRows } from './keep.ts';

/** Half-open: an instant is inside from `since` on and before `until`. */
export interface Range {
  since: Instant | undefined;
  until: Instant | undefined;
}

/** Keeps the rows whose instant is inside the range; `outside` is told of each of the others. */
export function insideRange(memory: Memory, range: Range, outside: (row: number) => void): RowFilter {
  const since = range.since ?? MIN_INSTANT;
  const sinceHigh = highWord(since);
  const sinceLow = lowWord(since);
  // The last instant inside, so that a missing `until` needs no instant beyond the last.
  const last = range.until === undefined ? MAX_INSTANT : range.until - 1n;
  const lastHigh = highWord(last);
  const lastLow = lowWord(last);
  const { keys } = memory;
  return keepRows(memory, (row) => {
    const high = keys[2 * row + 1];
    const low = keys[2 * row];
    if (compareKeys(high, low, sinceHigh, sinceLow) >= 0 && compareKeys(high, low, lastHigh, lastLow) <= 0) return true;
    outside(row);
    return false;
  });
}
