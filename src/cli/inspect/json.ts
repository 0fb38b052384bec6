import { formatInstantShort, type Instant, type Nanos } from '../../core/instant.ts';
import type { Inspection, SourceInspection } from '../../inspect.ts';

/**
 * An inspection as plain JSON: instants as RFC 3339 in UTC, lengths of time in seconds. Fields may be added; `inspection`
 * rises when one goes or changes its meaning.
 */
export function inspectionJson({ sources, unread, first, last, warnings }: Inspection): unknown {
  return {
    inspection: 1,
    first: stamp(first),
    last: stamp(last),
    sources: sources.map((source) => sourceJson(source, sources)),
    unread,
    warnings,
  };
}

const stamp = (instant: Instant | undefined): string | null =>
  instant === undefined ? null : formatInstantShort(instant);

const seconds = (nanos: Nanos): number => Number(nanos) / 1e9;

function sourceJson(source: SourceInspection, all: readonly SourceInspection[]): unknown {
  const { series, bytes, example, first, last, firstLate, worst, gaps, density, nearest, ...rest } = source;
  return {
    ...rest,
    series: all[series]?.label,
    bytes: bytes ?? null,
    example: example === undefined ? null : { text: example.text, instant: stamp(example.instant) },
    first: stamp(first),
    last: stamp(last),
    firstLate: firstLate ?? null,
    worst: worst === undefined ? null : { line: worst.line, seconds: seconds(worst.by) },
    gaps: gaps.map(({ from, to }) => ({ from: stamp(from), to: stamp(to), seconds: seconds(to - from) })),
    density: {
      from: formatInstantShort(BigInt(density.from)),
      step: density.step / 1e9,
      counts: density.counts,
      late: density.late,
    },
    nearest: nearest === undefined ? null : { ...nearest, apart: seconds(nearest.apart) },
  };
}
