import type { W3cPlan } from '../core/stages.ts';
import { CR, SPACE } from './framer.ts';
import { plainName } from './time-names.ts';
import { datesAndTimes } from './time-parts.ts';

const TAB = 9;
const HASH = 35;
const QUOTE = 34;
const DAY = 86_400_000;
const NOON = 12;

/**
 * Follows a log in the W3C Extended Log File Format (www.w3.org/TR/WD-logfile): `#Fields:` names the fields of the lines
 * behind it and may come again with others; `#Date:` gives the day to fields that hold a time of day only.
 */
export class W3cFields {
  /** Of the line at hand: its date and its time, quotes left out; no date (dateEnd −1) where `day` holds. */
  dateStart = 0;
  dateEnd = -1;
  timeStart = 0;
  timeEnd = -1;
  /** The day that the last `#Date:` named, or the one it has become by midnight, `2024-03-10`; empty if there was none. */
  day: Uint8Array = new Uint8Array(0);

  #date = -1;
  #time = -1;
  #hour: number;
  #names: readonly string[] = [];

  /** @param names the fields of lines before the first `#Fields:`, which are on this day, behind this hour of it */
  constructor(names: readonly string[], day: string, hour = -1) {
    this.#hour = hour;
    this.#name(names);
    this.day = new Uint8Array(Buffer.from(day));
  }

  /** A plan by which the lines behind those taken so far are read as they would be here. */
  remember(): W3cPlan {
    return { format: 'w3c', fields: [...this.#names], day: Buffer.from(this.day).toString(), hour: this.#hour };
  }

  /** Takes the next line, without its LF. Whether it holds a time; a directive, whose meaning is kept, does not. */
  take(bytes: Uint8Array, start: number, end: number): boolean {
    if (start >= end) return false;
    if (bytes[start] === HASH) {
      this.#direct(Buffer.from(bytes.subarray(start, end)).toString('latin1'));
      return false;
    }
    if (this.#time < 0) return false;
    this.#split(bytes, start, end);
    if (this.timeEnd <= this.timeStart) return false;
    if (this.#date >= 0) return this.dateEnd > this.dateStart;
    return this.day.length > 0 && this.#follow(bytes);
  }

  #direct(line: string): void {
    const names = fieldNames(line);
    if (names !== undefined) this.#name(names);
    const day = dayOf(line);
    if (day === undefined) return;
    this.day = new Uint8Array(Buffer.from(day));
    this.#hour = -1;
  }

  #name(names: readonly string[]): void {
    this.#names = names;
    const [pair] = datesAndTimes(names);
    this.#date = pair?.[0] ?? -1;
    this.#time = pair?.[1] ?? names.findIndex((name) => plainName(name) === 'time');
  }

  /** Whether the time of day can be told; one that lies hours before the last is of the next day. */
  #follow(bytes: Uint8Array): boolean {
    const hour = ((bytes[this.timeStart] as number) - 48) * 10 + (bytes[this.timeStart + 1] as number) - 48;
    if (!(hour >= 0 && hour < 24)) return false;
    if (hour < this.#hour - NOON) {
      const next = new Date(Date.parse(Buffer.from(this.day).toString()) + DAY);
      this.day = new Uint8Array(Buffer.from(next.toISOString().slice(0, 10)));
    }
    this.#hour = hour;
    return true;
  }

  /** Finds the fields of a line: blanks separate them, and one in quotes may hold some. */
  #split(bytes: Uint8Array, start: number, end: number): void {
    const last = Math.max(this.#date, this.#time);
    this.dateEnd = -1;
    this.timeEnd = -1;
    let p = start;
    for (let field = 0; field <= last && p < end; field++) {
      while (p < end && isBlankByte(bytes[p] as number)) p++;
      const quoted = bytes[p] === QUOTE;
      const from = quoted ? p + 1 : p;
      const to = quoted ? quotedEnd(bytes, from, end) : bareEnd(bytes, from, end);
      if (field === this.#date) {
        this.dateStart = from;
        this.dateEnd = to;
      }
      if (field === this.#time) {
        this.timeStart = from;
        this.timeEnd = to;
      }
      p = quoted ? to + 1 : to;
    }
  }
}

/** The names that a `#Fields:` line gives, and the day of a `#Date:` line. */
export const fieldNames = (line: string): string[] | undefined =>
  /^#Fields:\s*(.*)$/s.exec(line)?.[1]?.trim().split(/\s+/);
export const dayOf = (line: string): string | undefined => /^#Date:\s*(\d{4}-\d\d-\d\d)\b/.exec(line)?.[1];

export const isDirective = (line: Uint8Array): boolean => line[0] === HASH;

const isBlankByte = (byte: number): boolean => byte === SPACE || byte === TAB || byte === CR;

function bareEnd(bytes: Uint8Array, from: number, end: number): number {
  let p = from;
  while (p < end && !isBlankByte(bytes[p] as number)) p++;
  return p;
}

/** The quote that closes a field; two of them stand for one. */
function quotedEnd(bytes: Uint8Array, from: number, end: number): number {
  let p = from;
  for (; p < end; p++) {
    if (bytes[p] !== QUOTE) continue;
    if (bytes[p + 1] !== QUOTE || p + 1 >= end) break;
    p++;
  }
  return p;
}
