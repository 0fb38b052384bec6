import type { SourceCounts } from '../core/counts.ts';
import type { Instant, Nanos } from '../core/instant.ts';
import type { Problem } from '../core/problem.ts';
import type { Zone } from '../time/index.ts';

/** What was found out about sources, as plain data. Instants and lengths are nanoseconds. */
export interface Inspection {
  sources: SourceInspection[];
  /** What cannot be found, read or dated, and why. */
  unread: Problem[];
  /** Of all sources together; undefined where none has a record. */
  first: Instant | undefined;
  last: Instant | undefined;
  /** What was said of the sources that could be read. */
  warnings: Problem[];
  /** In which a screen shows instants. */
  zone: Zone;
}

export interface SourceInspection {
  label: string;
  path: string;
  /** Index of the first source with the same label. */
  series: number;
  /** How it is opened: `file, gzip`. Its size as stored in bytes, of files only. */
  opened: string;
  bytes: number | undefined;
  /** How it is cut into records, and how they are dated: the words of --explain. */
  framed: string;
  dated: string;
  /** Its first stamp, where that stands in one piece: as it is written, and the instant. */
  example: { text: string; instant: Instant } | undefined;
  /** Where else its records have times: names of fields, or places in lines. */
  otherTimes: string[];
  /** Whether its stamps name no zone, and nobody said one. */
  zoneAssumed: boolean;
  /** Whether its stamps name no year, and nobody said one. */
  yearAssumed: boolean;
  counts: SourceCounts;
  first: Instant | undefined;
  last: Instant | undefined;
  /** Records that lie before one which precedes them. */
  late: number;
  /** The line of the first of them, and the one furthest behind. */
  firstLate: number | undefined;
  worst: { line: number; by: Nanos } | undefined;
  /** Stretches between its first and last record in which it has none, the longest first. */
  gaps: { from: Instant; to: Instant }[];
  density: Density;
  /** How many other sources have records in its time, and their labels while there are few sources. */
  overlaps: { count: number; labels: string[] };
  /** The other source nearest in time, where none overlaps: how far it is from ours to its first or last record. */
  nearest: { label: string; apart: Nanos; isBefore: boolean } | undefined;
}

/** How many records there were when: bin i begins `i` steps after `from`, an instant in nanoseconds (as a double). */
export interface Density {
  from: number;
  step: number;
  counts: number[];
  /** Those of them that are late. */
  late: number[];
}
