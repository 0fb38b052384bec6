import type { Instant } from '../core/instant.ts';

/** One family of timestamps. */
export interface FormatRow {
  /** What `--time-format` calls it, and its other names. */
  name: string;
  aliases: string[];
  description: string;
  /** Lines as they occur, and what they mean where the zone is UTC (and the year is the one shown). */
  samples: { line: string; instant: string }[];
}

/** How one line is read. */
export interface LineReading {
  line: string;
  /** How the line is cut into fields, in the words of --explain. */
  framed: string;
  /** The row that reads it. */
  format: FormatRow;
  /** Nanoseconds since 1970. */
  instant: Instant;
  /** Where the stamp stands in the line, in UTF-16 units; undefined where it is put together from several fields. */
  stamp: { at: number; length: number } | undefined;
  /** What the line does not say, what was taken for it, and the option that says it. */
  assumed: { what: string; hint: string }[];
  /** What other rows would read in it if --time-format named them. */
  rivals: { format: string; text: string; instant: Instant }[];
}
