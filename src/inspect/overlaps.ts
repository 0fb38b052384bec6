import type { Instant } from '../core/instant.ts';
import type { SourceInspection } from './inspection.ts';

type Span = Pick<SourceInspection, 'label' | 'first' | 'last'>;
type Found = Pick<SourceInspection, 'overlaps' | 'nearest'>;

/** Where there are more sources, who overlaps whom is only counted. */
const MOST_NAMED = 100;

/** Which sources have records in the time of which others. In n log n: there may be ten thousand. */
export function findOverlaps(spans: readonly Span[]): Found[] {
  const dated = spans.filter((span) => span.first !== undefined) as { label: string; first: Instant; last: Instant }[];
  const begins = dated.toSorted((a, b) => order(a.first, b.first));
  const ends = dated.toSorted((a, b) => order(a.last, b.last));
  return spans.map((span) => {
    const { first, last } = span;
    if (first === undefined || last === undefined) return { overlaps: { count: 0, labels: [] }, nearest: undefined };
    const before = firstIndex(ends, (other) => other.last >= first);
    const notAfter = firstIndex(begins, (other) => other.first > last);
    const count = notAfter - before - 1;
    const labels =
      dated.length > MOST_NAMED
        ? []
        : dated.filter((other) => other !== span && other.first <= last && other.last >= first);
    const nearest = count > 0 ? undefined : nearestOf(first, last, ends[before - 1], begins[notAfter]);
    return { overlaps: { count, labels: labels.map(({ label }) => label) }, nearest };
  });
}

const order = (a: Instant, b: Instant): number => Number(a > b) - Number(a < b);

/** The first index that passes, where all behind it do too. */
function firstIndex<T>(sorted: readonly T[], passes: (each: T) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (passes(sorted[middle])) high = middle;
    else low = middle + 1;
  }
  return low;
}

function nearestOf(
  first: Instant,
  last: Instant,
  before: { label: string; last: Instant } | undefined,
  after: { label: string; first: Instant } | undefined,
): Found['nearest'] {
  const earlier = before && { label: before.label, apart: first - before.last, isBefore: true };
  const later = after && { label: after.label, apart: after.first - last, isBefore: false };
  if (earlier === undefined || later === undefined) return earlier ?? later;
  return earlier.apart <= later.apart ? earlier : later;
}
