import type { Instant } from '../core/instant.ts';
import type { Density } from './inspection.ts';

/** Counts of records, and of late ones, in equal parts of a time. */
export interface Lane {
  counts: number[];
  late: number[];
}

/**
 * A density on a common axis: how many records lie in each of `columns` equal parts of [from, to], both included. A bin
 * goes as a whole to the part of its middle; it is at most 1/512 of its source's time, narrower than any part shown.
 */
export function laneOf(density: Density, from: Instant, to: Instant, columns: number): Lane {
  const lane: Lane = { counts: new Array(columns).fill(0), late: new Array(columns).fill(0) };
  const begin = Number(from);
  const width = Math.max(1, Number(to) - begin) / columns;
  for (const [bin, count] of density.counts.entries()) {
    if (count === 0) continue;
    const middle = density.from + (bin + 0.5) * density.step;
    const column = Math.max(0, Math.min(columns - 1, Math.floor((middle - begin) / width)));
    lane.counts[column] = lane.counts[column] + count;
    lane.late[column] = lane.late[column] + (density.late[bin] ?? 0);
  }
  return lane;
}

/** How many of these lanes have records in each part. */
export function countTogether(lanes: readonly Lane[], columns: number): number[] {
  const together: number[] = new Array(columns).fill(0);
  for (const lane of lanes) {
    for (const [column, count] of lane.counts.entries()) if (count > 0) together[column]++;
  }
  return together;
}
