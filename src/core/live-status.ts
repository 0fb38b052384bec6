import type { SourceCounts } from './counts.ts';
import type { Instant } from './instant.ts';

/** How a run stands that follows its sources. */
export interface LiveStatus {
  now: Instant;
  /** Records at or before it are written; undefined where none is yet. */
  watermark: Instant | undefined;
  /** How far the clocks of the output's zone are from UTC then, seconds. */
  offset: number;
  /** Records that wait. */
  held: number;
  totals: SourceCounts;
  sources: SourceStatus[];
}

/** How far one of the sources has come that are followed. */
export interface SourceStatus {
  label: string;
  path: string;
  /** Whether the others wait for it. */
  isAwaited: boolean;
  /** The highest instant seen in it; undefined before its first record. */
  highest: Instant | undefined;
  /** Records read since the time before. */
  recordsPerSecond: number;
  /** Undefined until it is known what it is. */
  counts: SourceCounts | undefined;
}
