import type { FieldLayout, W3cPlan } from '../core/stages.ts';
import { dialectOf } from '../kernel/csv-scan.ts';
import { FieldScanner } from '../kernel/fields.ts';
import { columnNames } from './csv-header.ts';
import { CR, HASH } from './framer.ts';
import { plainName, timeNameRank } from './time-names.ts';
import { datesAndTimes } from './time-parts.ts';

const DAY = 86_400_000;
const NOON = 12;

/** What is known of a W3C log before its lines: how they are written, and what stood in those above them. */
export type W3cMemory = Pick<W3cPlan, 'delimiter' | 'fields' | 'day' | 'hour'>;

/**
 * Follows a log in the W3C Extended Log File Format (www.w3.org/TR/WD-logfile): `#Fields:` names the fields of the lines
 * behind it and may come again with others; `#Date:` gives the day to fields that hold a time of day only.
 */
export class W3cFields {
  /** How the fields of the next line lie. */
  layout: FieldLayout;
  /** Of the line at hand: whether it has as many fields as were named, */
  fits = false;
  /** and its date and its time, quotes left out; no date (dateEnd −1) where none is needed, or `day` holds. */
  dateStart = 0;
  dateEnd = -1;
  timeStart = 0;
  timeEnd = -1;
  /** The day that the last `#Date:` named, or the one it has become by midnight, `2024-03-10`; empty if there was none. */
  day: Uint8Array = new Uint8Array(0);

  #hour: number;
  #names: readonly string[];
  /** Whether the time is one of day. */
  #needsDay = false;
  readonly #bytes: Uint8Array;
  readonly #delimiter: W3cPlan['delimiter'];
  readonly #scanner: FieldScanner;

  /** @param bytes where the lines stand */
  constructor({ delimiter, fields, day, hour = -1 }: W3cMemory, bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#delimiter = delimiter;
    this.#scanner = new FieldScanner(bytes, dialectOf(layoutOf([], delimiter)));
    this.#names = fields;
    this.#hour = hour;
    this.day = new Uint8Array(Buffer.from(day));
    this.layout = this.#name(fields);
  }

  /** What has to be known to read the lines behind those taken so far as they would be here. */
  remember(): W3cMemory {
    const day = Buffer.from(this.day).toString();
    return { delimiter: this.#delimiter, fields: [...this.#names], day, hour: this.#hour };
  }

  /** Heeds a line that begins with `#`. Whether it has named the fields of those behind it. */
  direct(start: number, end: number): boolean {
    const line = Buffer.from(this.#bytes.subarray(start, end)).toString();
    const names = namedFields(line);
    if (names !== undefined) this.layout = this.#name(names);
    const day = dayOf(line);
    if (day === undefined) return names !== undefined;
    this.day = new Uint8Array(Buffer.from(day));
    this.#hour = -1;
    return false;
  }

  /** Takes the next line, without its LF. Whether it holds a time. */
  take(start: number, end: number): boolean {
    const scanner = this.#scanner;
    const { columns, timeColumns } = this.layout;
    scanner.scan(start, withoutReturns(this.#bytes, start, end));
    this.fits = scanner.count === columns.length;
    const time = timeColumns.at(-1) ?? -1;
    const date = timeColumns.length > 1 ? timeColumns[0] : -1;
    if (time < 0 || Math.max(time, date) >= scanner.count) return false;
    this.timeStart = scanner.start[time];
    this.timeEnd = scanner.end[time];
    this.dateStart = date < 0 ? 0 : scanner.start[date];
    this.dateEnd = date < 0 ? -1 : scanner.end[date];
    if (this.timeEnd <= this.timeStart || this.dateEnd === this.dateStart) return false;
    return !this.#needsDay || (this.day.length > 0 && this.#follow());
  }

  /** What stands before the time, if that is in no other field. */
  get dayBefore(): Uint8Array | undefined {
    return this.#needsDay ? this.day : undefined;
  }

  #name(names: readonly string[]): FieldLayout {
    this.#names = names;
    const layout = layoutOf(names, this.#delimiter);
    const [time] = layout.timeColumns;
    this.#needsDay = layout.timeColumns.length === 1 && plainName(names[time]) === 'time';
    return layout;
  }

  /** Whether the time of day can be told; one that lies hours before the last is of the next day. */
  #follow(): boolean {
    const bytes = this.#bytes;
    const hour = (bytes[this.timeStart] - 48) * 10 + bytes[this.timeStart + 1] - 48;
    if (!(hour >= 0 && hour < 24)) return false;
    if (hour < this.#hour - NOON) {
      const next = new Date(Date.parse(Buffer.from(this.day).toString()) + DAY);
      this.day = new Uint8Array(Buffer.from(next.toISOString().slice(0, 10)));
    }
    this.#hour = hour;
    return true;
  }
}

/** How fields of these names lie. */
function layoutOf(names: readonly string[], delimiter: W3cPlan['delimiter']): FieldLayout {
  const columns = columnNames(names);
  return { delimiter, repeats: delimiter === ' ', quotes: 'doubled', columns, timeColumns: timeColumns(names) };
}

/** A date and a time, or else a time on a day that `#Date:` names, or else both in one. */
function timeColumns(names: readonly string[]): number[] {
  const [pair] = datesAndTimes(names);
  const time = names.findIndex((name) => plainName(name) === 'time');
  if (pair !== undefined || time >= 0) return pair ?? [time];
  const ranks = names.map(timeNameRank);
  const best = Math.min(...ranks);
  return best < Number.POSITIVE_INFINITY ? [ranks.indexOf(best)] : [];
}

/** A line that names more is none that names fields. */
const MOST_FIELDS = 4096;

/** The names that a `#Fields:` line gives, and the day of a `#Date:` line. */
export function namedFields(line: string): string[] | undefined {
  const names = /^#Fields:\s*(.*)$/s.exec(line)?.[1]?.trim().split(/\s+/);
  return names === undefined || names.length > MOST_FIELDS ? undefined : names;
}
export const dayOf = (line: string): string | undefined => /^#Date:\s*(\d{4}-\d\d-\d\d)\b/.exec(line)?.[1];

export const isDirective = (line: Uint8Array): boolean => line[0] === HASH;

function withoutReturns(bytes: Uint8Array, start: number, end: number): number {
  let p = end;
  while (p > start && bytes[p - 1] === CR) p--;
  return p;
}
