import { formatInstant, type Instant, NANOS_PER_MILLI } from '../core/instant.ts';
import type { LiveStatus } from '../core/live-status.ts';

/** How a run stands, as a line of --report: plain data for JSON. */
export function liveReport({ now, watermark, held, totals, sources }: LiveStatus): unknown {
  return {
    /** Version of this layout; it rises when a field goes or changes its meaning. */
    status: 1,
    at: formatInstant(now, 3),
    ...upTo('watermark', watermark, now),
    held,
    totals,
    sources: sources.map(({ label, path, isAwaited, highest, recordsPerSecond, counts }) => ({
      label,
      path,
      awaited: isAwaited,
      ...upTo('highest', highest, now),
      recordsPerSecond: Math.round(recordsPerSecond * 10) / 10,
      counts: counts ?? null,
    })),
  };
}

/** An instant, and how far it lies behind the clock; null where there is none yet. */
const upTo = (name: string, instant: Instant | undefined, now: Instant) => ({
  [name]: instant === undefined ? null : formatInstant(instant),
  lagMs: instant === undefined ? null : Number((now - instant) / NANOS_PER_MILLI),
});
