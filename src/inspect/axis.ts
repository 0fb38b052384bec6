import type { Instant } from '../core/instant.ts';
import type { Density, SourceInspection } from './inspection.ts';

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

type Span = Pick<SourceInspection, 'yearAssumed'> & { first: Instant; last: Instant };

/** A time in which nothing happens is cut off where it leaves less than this part of an axis for the rest. */
const SQUEEZED = 0.2;

/**
 * The time that an axis serves best: that of all sources, but for those few that lie so far away that the others would
 * be a bar at one end. Undefined where no source has records.
 */
export function axisOf(sources: readonly Pick<SourceInspection, 'first' | 'last' | 'yearAssumed'>[]) {
  let spans = sources.filter((span): span is Span => span.first !== undefined && span.last !== undefined);
  for (let kept = withoutFar(spans); kept.length < spans.length; kept = withoutFar(spans)) spans = kept;
  return spans.length === 0 ? undefined : { from: firstOf(spans), to: lastOf(spans) };
}

const firstOf = (spans: readonly Span[]): Instant =>
  spans.reduce((a, { first }) => (first < a ? first : a), spans[0].first);
const lastOf = (spans: readonly Span[]): Instant => spans.reduce((a, { last }) => (last > a ? last : a), spans[0].last);

/** Without the sources on the lighter side of the widest gap, if that leaves too little of the axis for the others. */
function withoutFar(spans: readonly Span[]): Span[] {
  const sorted = spans.toSorted((a, b) => Number(a.first > b.first) - Number(a.first < b.first));
  let widest = { at: 0, gap: 0n };
  for (let at = 1, end = sorted[0]?.last ?? 0n; at < sorted.length; at++) {
    const gap = sorted[at].first - end;
    if (gap > widest.gap) widest = { at, gap };
    if (sorted[at].last > end) end = sorted[at].last;
  }
  const [before, behind] = [sorted.slice(0, widest.at), sorted.slice(widest.at)];
  const [far, near] = weightOf(before) < weightOf(behind) ? [before, behind] : [behind, before];
  if (far.length === 0 || near.length === 0 || weightOf(far) === weightOf(near)) return sorted;
  const whole = Number(lastOf(sorted) - firstOf(sorted));
  return Number(widest.gap) > (1 - SQUEEZED) * whole ? near : sorted;
}

/** Of an assumed year it is likelier that it is wrong. */
const weightOf = (spans: readonly Span[]): number =>
  spans.reduce((sum, { yearAssumed }) => sum + (yearAssumed ? 0.5 : 1), 0);
