import type { SourceCounts } from '../core/counts.ts';
import { instantOf } from '../core/instant.ts';
import type { Coverage } from '../kernel/coverage.ts';
import { explainInput, explainOpened } from '../plan/explain.ts';
import type { SourcePlan } from '../plan.ts';
import { createStamper, describeStamp } from '../time/index.ts';
import type { Density, SourceInspection } from './inspection.ts';

/** How many gaps are told. */
const MOST_GAPS = 10;

/** What one source tells by itself. */
export type SourceFacts = Omit<SourceInspection, 'overlaps' | 'nearest'>;

/** What is known of one source after its pass, but for what the others add. */
export function sourceFacts(source: SourcePlan, counts: SourceCounts, coverage: Coverage): SourceFacts {
  const { label, path, series, open, input, stamp, otherTimes } = source;
  const isDated = coverage.dated > 0;
  return {
    label,
    path,
    series,
    opened: explainOpened(source),
    bytes: open.size,
    framed: explainInput(input),
    dated: stamp === undefined ? 'no records' : describeStamp(stamp),
    example: exampleOf(source),
    otherTimes,
    yearAssumed: stamp?.yearFrom === 'modified',
    zoneAssumed: stamp?.naive === true && stamp.zoneFrom === 'default',
    counts: { ...counts },
    first: isDated ? coverage.first : undefined,
    last: isDated ? coverage.last : undefined,
    late: coverage.late,
    firstLate: coverage.late > 0 ? coverage.firstLate : undefined,
    worst: coverage.worst,
    gaps: coverage.gaps.slice(0, MOST_GAPS),
    density: densityOf(coverage),
  };
}

function exampleOf({ stamp, firstText }: SourcePlan): SourceFacts['example'] {
  if (stamp === undefined || firstText === undefined) return undefined;
  const stamper = createStamper(stamp, { bytes: firstText });
  if (!stamper.read(0, firstText.length) || stamper.length === 0) return undefined;
  const { at, length, high, low } = stamper;
  return { text: Buffer.from(firstText.subarray(at, at + length)).toString(), instant: instantOf(high, low) };
}

/** Without the empty bins at both ends, as plain arrays: they outlive the memory in which a coverage lies. */
function densityOf({ dated, late, counts, lateCounts, base, width }: Coverage): Density {
  if (dated === 0) return { from: 0, step: width, counts: [], late: [] };
  const begin = counts.findIndex((count) => count > 0);
  const end = counts.findLastIndex((count) => count > 0) + 1;
  return {
    from: (base + begin) * width,
    step: width,
    counts: Array.from(counts.subarray(begin, end)),
    late: late === 0 ? [] : Array.from(lateCounts.subarray(begin, end)),
  };
}
