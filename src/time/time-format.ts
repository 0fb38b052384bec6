import type { Opening } from './place.ts';

/** Which of day, month and year (of two digits, in the last of these) comes first in a date of numbers. */
export type DayOrder = 'dmy' | 'mdy' | 'ymd';

/** Where a stamp may stand: first in a line (behind an opening, see place.ts), inside a line, or as a whole field. */
export type Standing = 'start' | 'inside' | 'field';

/** One family of stamps: data only. Rows are tried in this order, so the one that reads more of a text stands first. */
export interface TimeFormat {
  /** What `--time-format` and `tsalign formats` call it. */
  name: string;
  aliases?: readonly string[];
  description: string;
  /** In the language of pattern.ts. */
  pattern: string;
  stands: readonly Standing[];
  /** At the start of a line only behind one of these openings. */
  openings?: readonly Opening[];
  /** Inside a line only behind one of these texts, in any case: a number is a time only where something says so. */
  after?: readonly string[];
  /** Years that are believed; only for digits that could be anything. */
  years?: readonly [first: number, last: number];
  /** Where the zone of a stamp that names none may stand, later in its line: behind the first of these texts there is. */
  zoneAfter?: readonly string[];
  /** The share of a sample that it must date to be believed, where chance dates more than a few texts. */
  least?: number;
  /** What is said where only this row reads a source: a clause. */
  doubt?: string;
  /** Which order of day and month it reads, where the text alone cannot tell. */
  order?: DayOrder;
  /** Whether that order is what people mean where nothing decides. */
  usual?: true;
  /** Lines as they occur, and the instant of each where a naive stamp is in UTC (and in this year, where it has none). */
  samples: readonly (readonly [line: string, instant: string])[];
}
