import { DAY_SECONDS } from '../core/instant.ts';
import { dayNumber, daysIn, fullYear, weekdayOf } from '../kernel/calendar.ts';
import * as field from '../kernel/stamp-layout.ts';
import type { Program } from './compile.ts';
import * as met from './met.ts';
import * as part from './parts.ts';
import { Scanner } from './scan.ts';

/** The year in which stamps without one are read: a leap year, so that 29 February exists. */
export const FRAME_YEAR = 2000;
/** The first second of that year. */
export const FRAME_START = dayNumber(FRAME_YEAR, 1, 1) * DAY_SECONDS;

const SCALE = Float64Array.from({ length: 10 }, (_, digits) => 10 ** (9 - digits));
/** Seconds from 1601, from which Windows counts, to 1970. */
const FROM_1601 = 11_644_473_600;
/** The same from year 1, from which .NET counts. */
const FROM_YEAR_1 = 62_135_596_800;

const COLON = 58;

/** The years that a row of the table admits; any where it does not say. */
export type Years = readonly [first: number, last: number] | undefined;

/**
 * The slow reader: what a program meets in a text, as an instant. What it found stands in its own fields until the next
 * call. Measured: 100–300 ns a stamp (bench/stamp.ts).
 */
export class StampReader extends Scanner implements field.StampLayout {
  /** Local seconds since 1970 (UTC where `offset` is 0 or for a number since 1970) and the nanoseconds above them. */
  seconds = 0;
  nanos = 0;
  length = 0;
  offset = field.NO_OFFSET;
  lacks = field.LACKS_NOTHING;
  /** Fraction digits that count, 0 to 9. */
  digits = 0;
  /** Whether more than nine digits were written. */
  cut = false;
  /** Whether the zone is named by an abbreviation that several zones share (`offset` is then NO_OFFSET). */
  ambiguousZone = false;
  /** Whether it is one of those, but read as what it means most of the time. */
  uncertainZone = false;
  /** Whether the last number of the clock has one digit only. Such stamps are read where `unpadded` says so. */
  loose = false;
  unpadded = true;
  /** Whether the last text was written like a stamp, of a day or an hour that does not exist. */
  impossible = false;
  /** Whether a template can read such a stamp. */
  learnable = true;
  readonly values = new Float64Array(field.KINDS);
  fractionScale = 1;
  half = 0;
  yearLow = 0;
  yearHigh = 9999;
  epochLow = 0;
  epochHigh = 0;
  continuation: Uint8Array | undefined;

  /** Reads the stamp that begins at `at`, in a text that ends at `end`. */
  read(program: Program, years: Years, bytes: Uint8Array, at: number, end: number): boolean {
    this.impossible = false;
    if (at >= end) return false;
    const first = this.names === undefined ? program.first : program.firstOfAny;
    if (first[bytes[at]] === 0) return false;
    const stop = this.run(program, bytes, at, end);
    if (stop < 0) return false;
    this.loose = this.isLoose();
    if (this.loose && !this.unpadded) return false;
    this.length = stop - at;
    this.admit(years);
    this.collect(bytes, at);
    return this.total();
  }

  /** Whether a text is written like a date and a clock, with numbers that no day or clock has. */
  looksWritten(program: Program, bytes: Uint8Array, at: number, end: number): boolean {
    const first = this.names === undefined ? program.first : program.firstOfAny;
    if (at >= end || first[bytes[at]] === 0) return false;
    this.anyNumber = true;
    const stop = this.run(program, bytes, at, end);
    this.anyNumber = false;
    const kinds = (1 << field.DAY) | (1 << field.HOUR) | (1 << field.MINUTE) | met.TOO_LARGE;
    return stop >= 0 && (this.has & kinds) === kinds && bytes[this.fieldAt[field.MINUTE] - 1] === COLON;
  }

  /** The zone that stands at `at`, in `offset` and the fields beside it; false where none does. */
  readZone(bytes: Uint8Array, at: number, end: number): boolean {
    this.has = 0;
    if (at >= end || this.zone(bytes, at, end) < 0) return false;
    this.takeZone();
    return true;
  }

  /** Whether the last stamp ends, at `stop`, in a zone that a blank divides from its time. */
  endsApart(stop: number): boolean {
    return (this.has & met.APART) !== 0 && this.apartEnd === stop;
  }

  /** Whether the zone behind a blank is one that messages hardly begin with: an offset of four digits, an abbreviation that is no word. */
  isWrittenZone(bytes: Uint8Array): boolean {
    return part.isWrittenZone(bytes, this.apartAt, this.apartEnd);
  }

  /** Whether it names a day of the week, and its date is another one. */
  get isOtherWeekday(): boolean {
    if ((this.has & met.WEEKDAY) === 0 || this.lacks !== field.LACKS_NOTHING) return false;
    return weekdayOf(Math.floor(this.seconds / DAY_SECONDS)) !== this.namedWeekday - 1;
  }

  /** Behind a fraction, AM or PM no number was cut. */
  private isLoose(): boolean {
    if ((this.has & ((1 << field.FRACTION) | met.HALVED)) !== 0) return false;
    const last = this.has & (1 << field.SECOND) ? field.SECOND : field.MINUTE;
    return (this.has & (1 << last)) !== 0 && this.fieldLength[last] === 1;
  }

  private admit(years: Years): void {
    this.yearLow = years?.[0] ?? 0;
    this.yearHigh = years?.[1] ?? 9999;
    this.epochLow = years === undefined ? -1e12 : dayNumber(years[0], 1, 1) * DAY_SECONDS;
    this.epochHigh = years === undefined ? 1e12 : dayNumber(years[1] + 1, 1, 1) * DAY_SECONDS;
  }

  /** Fills the layout from what the program met: values, and places counted from the stamp's start. */
  private collect(bytes: Uint8Array, at: number): void {
    const has = this.has;
    for (let kind = 0; kind < field.KINDS; kind++) {
      if ((has & (1 << kind)) === 0) this.fieldLength[kind] = 0;
      const from = this.fieldAt[kind];
      this.values[kind] = part.digitsValue(bytes, from, from + this.fieldLength[kind]);
      this.fieldAt[kind] = from - at;
    }
    if (has & (1 << field.MONTH) && this.fieldLength[field.MONTH] === 0) this.values[field.MONTH] = this.namedMonth;
    if (has & met.BY_ORDINAL) this.values[field.MONTH] = 0;
    this.frame();
    this.half = has & met.HALVED ? this.noonHalf : 0;
    this.takeZone();
    this.fractionScale = SCALE[has & (1 << field.FRACTION) ? this.unit : 9];
    this.digits = this.fieldLength[field.FRACTION];
    this.cut = (has & (1 << field.REST)) !== 0;
    this.learnable =
      (has & (met.NEGATIVE | met.BY_WEEK | met.SPELLED | met.SINCE_1601 | met.SINCE_YEAR_1 | met.STOPPED)) === 0 &&
      ((has & (1 << field.EPOCH)) === 0 || this.fieldLength[field.EPOCH] > 0);
  }

  /** What a stamp without a year or a date is read in. */
  private frame(): void {
    const has = this.has;
    const dated = has & ((1 << field.DAY) | (1 << field.MONTH) | (1 << field.YEAR) | met.BY_WEEK);
    if (has & met.UPTIME) this.lacks = field.LACKS_START;
    else if (has & ((1 << field.YEAR) | (1 << field.EPOCH))) this.lacks = field.LACKS_NOTHING;
    else this.lacks = dated === 0 ? field.LACKS_DATE : field.LACKS_YEAR;
    if (this.lacks === field.LACKS_YEAR || this.lacks === field.LACKS_DATE) this.values[field.YEAR] = FRAME_YEAR;
    if (dated === 0) this.values[field.MONTH] = 1;
    // A month alone is its first day.
    if ((has & ((1 << field.DAY) | met.BY_WEEK)) === 0) this.values[field.DAY] = 1;
  }

  private takeZone(): void {
    const has = this.has;
    this.offset = has & (1 << field.EPOCH) ? 0 : has & met.ZONED ? this.zoneOffset : field.NO_OFFSET;
    this.ambiguousZone = (has & met.AMBIGUOUS_ZONE) !== 0;
    this.uncertainZone = (has & met.UNCERTAIN_ZONE) !== 0;
    if ((has & met.NAMED_ZONE) === 0) this.zoneIndex = 0;
  }

  private total(): boolean {
    const { values } = this;
    this.nanos = values[field.FRACTION] * this.fractionScale;
    if (this.has & (1 << field.EPOCH)) return this.sinceEpoch();
    const year = this.fieldLength[field.YEAR] === 2 ? fullYear(values[field.YEAR]) : values[field.YEAR];
    if (this.lacks === field.LACKS_NOTHING && (year < this.yearLow || year > this.yearHigh)) return false;
    const hour = this.hour();
    const day = this.has & met.BY_WEEK ? this.dayOfWeek(year) : this.dayOfMonth(year);
    this.impossible = hour < 0 || Number.isNaN(day);
    if (this.impossible) return false;
    this.seconds = day * DAY_SECONDS + hour * 3600 + values[field.MINUTE] * 60 + values[field.SECOND];
    return true;
  }

  private dayOfMonth(year: number): number {
    const month = this.values[field.MONTH];
    const day = this.values[field.DAY];
    if (day < 1 || day > daysIn(year, month)) return Number.NaN;
    return dayNumber(year, month === 0 ? 1 : month, day);
  }

  /** Week 1 is the one of 4 January; weeks begin on Monday (ISO 8601-1:2019, 4.3.4). */
  private dayOfWeek(year: number): number {
    const fourth = dayNumber(year, 1, 4);
    const monday = fourth - weekdayOf(fourth);
    const day = this.values[field.DAY] === 0 ? 1 : this.values[field.DAY];
    return day > 7 ? Number.NaN : monday + (this.week - 1) * 7 + day - 1;
  }

  /** 24:00:00 is the end of the day (ISO 8601-1:2019, 4.3.8 a); −1 where the clock has no such hour. */
  private hour(): number {
    const { values } = this;
    const hour = values[field.HOUR];
    // Some programs write AM and PM behind an hour that counts to 24 (16:04:07 PM, 00:04:07 AM), or from 0 to 11.
    if (this.half > 0 && hour <= 12) return (hour % 12) + (this.half === 2 ? 12 : 0);
    if (hour < 24) return hour;
    return values[field.MINUTE] === 0 && values[field.SECOND] === 0 && values[field.FRACTION] === 0 ? hour : -1;
  }

  private sinceEpoch(): boolean {
    this.seconds = this.values[field.EPOCH];
    if (this.has & met.SPELLED) {
      this.seconds = this.spelled[0];
      this.nanos = this.spelled[1];
      this.digits = this.nanos === 0 ? 0 : 9;
    }
    if (this.has & met.SINCE_1601) this.seconds -= FROM_1601;
    if (this.has & met.SINCE_YEAR_1) this.seconds -= FROM_YEAR_1;
    if (this.has & met.NEGATIVE) {
      this.seconds = -this.seconds - (this.nanos > 0 ? 1 : 0);
      if (this.nanos > 0) this.nanos = 1e9 - this.nanos;
    }
    return this.seconds >= this.epochLow && this.seconds < this.epochHigh;
  }
}
