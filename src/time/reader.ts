import { dayNumber, daysIn, fullYear } from '../kernel/calendar.ts';
import { isWord } from '../kernel/stamp-bytes.ts';
import * as field from '../kernel/stamp-layout.ts';
import * as op from './compile.ts';
import { AMBIGUOUS, MONTH_NAMES, packWord, WEEKDAY_NAMES, ZONE_WORDS } from './names.ts';
import * as part from './parts.ts';

/** The year in which stamps without one are read: a leap year, so that 29 February exists. */
export const FRAME_YEAR = 2000;

const ZONED = 1 << 16;
const AMBIGUOUS_ZONE = 1 << 17;
const HALVED = 1 << 18;
const BY_ORDINAL = 1 << 19;
const NEGATIVE = 1 << 20;
const MAX_FORKS = 32;
const SCALE = Float64Array.from({ length: 10 }, (_, digits) => 10 ** (9 - digits));
/** The largest value of a number in a stamp; the smallest is 1 for months and days, else 0. */
const LARGEST = Float64Array.of(9999, 12, 31, 24, 59, 60, 999_999_999);

/** The years that a row of the table admits; any where it does not say. */
export type Years = readonly [first: number, last: number] | undefined;

/**
 * The slow reader: runs a program over bytes, backtracking over its alternatives. What it found stands in its own
 * fields until the next call. Measured: 100–300 ns a stamp (bench/stamp.ts).
 */
export class StampReader implements field.StampLayout {
  /** Local seconds since 1970 (UTC where `offset` is 0 or for a number since 1970) and the nanoseconds above them. */
  seconds = 0;
  nanos = 0;
  length = 0;
  offset = field.NO_OFFSET;
  yearless = false;
  /** Fraction digits that count, 0 to 9. */
  digits = 0;
  /** Whether more than nine digits were written. */
  cut = false;
  /** Whether the zone is named by an abbreviation that several zones share (`offset` is then NO_OFFSET). */
  ambiguousZone = false;
  /** Whether a template can read such a stamp. */
  learnable = true;
  readonly fieldAt = new Int32Array(field.KINDS);
  readonly fieldLength = new Int32Array(field.KINDS);
  readonly values = new Float64Array(field.KINDS);
  fractionScale = 1;
  half = 0;
  yearLow = 0;
  yearHigh = 9999;
  epochLow = 0;
  epochHigh = 0;
  continuation: Uint8Array | undefined;

  private has = 0;
  private namedMonth = 0;
  private noonHalf = 0;
  private zoneOffset = 0;
  private unit = 0;
  private readonly forkOp = new Int32Array(MAX_FORKS);
  private readonly forkAt = new Int32Array(MAX_FORKS);
  private readonly forkHas = new Int32Array(MAX_FORKS);

  /** Reads the stamp that begins at `at`, in a text that ends at `end`. */
  read(program: op.Program, years: Years, bytes: Uint8Array, at: number, end: number): boolean {
    if (at >= end || program.first[bytes[at]!] === 0) return false;
    const stop = this.run(program, bytes, at, end);
    if (stop < 0) return false;
    this.length = stop - at;
    this.admit(years);
    this.collect(bytes, at);
    return this.total();
  }

  private run(program: op.Program, bytes: Uint8Array, at: number, end: number): number {
    const { ops, sets } = program;
    let position = at;
    let pc = 0;
    let forks = 0;
    this.has = 0;
    for (;;) {
      const code = ops[pc]!;
      if (code === op.FORK) {
        if (forks === MAX_FORKS) return -1;
        this.forkOp[forks] = ops[pc + 1]!;
        this.forkAt[forks] = position;
        this.forkHas[forks++] = this.has;
        pc += op.OP_SIZE;
        continue;
      }
      if (code === op.JUMP) {
        pc = ops[pc + 1]!;
        continue;
      }
      const next = this.step(ops, pc, sets, bytes, position, end);
      if (next >= 0) {
        if (code === op.END) return next;
        position = next;
        pc += op.OP_SIZE;
        continue;
      }
      if (forks === 0) return -1;
      pc = this.forkOp[--forks]!;
      position = this.forkAt[forks]!;
      this.has = this.forkHas[forks]!;
    }
  }

  /** The position behind what the op reads, or −1. */
  private step(ops: Int32Array, pc: number, sets: Uint8Array[], bytes: Uint8Array, at: number, end: number): number {
    const a = ops[pc + 1]!;
    switch (ops[pc]) {
      case op.BYTE:
        return at < end && bytes[at] === a ? at + 1 : -1;
      case op.SET:
        return at < end && sets[a]![bytes[at]!] === 1 ? at + 1 : -1;
      case op.NUMBER:
        return this.takeNumber(a, ops[pc + 2]!, ops[pc + 3]!, bytes, at, end);
      case op.DECIMALS:
        return this.takeDecimals(bytes, at, end);
      case op.MILLIS:
        this.unit = 3;
        return this.takeDigits(field.FRACTION, 1, 3, bytes, at, end);
      case op.MONTH_NAME:
        return this.monthName(bytes, at, end);
      case op.WEEKDAY_NAME:
        return part.nameEnd(WEEKDAY_NAMES, bytes, at, end);
      case op.HALF:
        return this.noon(bytes, at, end);
      case op.OFFSET:
        return this.numericZone(bytes, at, end);
      case op.ZONE:
        return this.zone(bytes, at, end);
      case op.UNIX:
        return this.unix(a, bytes, at, end);
      case op.ORDINAL:
        this.has |= BY_ORDINAL;
        return this.takeDigits(field.DAY, a, ops[pc + 2]!, bytes, at, end);
      default:
        return this.ends(bytes, at, end) ? at : -1;
    }
  }

  private ends(bytes: Uint8Array, at: number, end: number): boolean {
    const suspect = this.has & (1 << field.FRACTION) ? part.AFTER_FRACTION : part.AFTER_SECOND;
    if (!part.endsNumber(suspect, bytes, at, end)) return false;
    return (this.has & (ZONED | AMBIGUOUS_ZONE | (1 << field.EPOCH))) !== 0 || !part.isUnknownZone(bytes, at, end);
  }

  private takeNumber(kind: number, least: number, most: number, bytes: Uint8Array, at: number, end: number): number {
    if (kind === field.FRACTION) this.unit = most;
    const stop = this.takeDigits(kind, least, most, bytes, at, end);
    if (stop < 0) return -1;
    const value = part.digitsValue(bytes, at, stop);
    return value <= LARGEST[kind]! && (value > 0 || (kind !== field.MONTH && kind !== field.DAY)) ? stop : -1;
  }

  private takeDigits(kind: number, least: number, most: number, bytes: Uint8Array, at: number, end: number): number {
    const stop = part.digitsEnd(bytes, at, Math.min(end, at + most));
    if (stop - at < least) return -1;
    this.fieldAt[kind] = at;
    this.fieldLength[kind] = stop - at;
    this.has |= 1 << kind;
    return stop;
  }

  private takeDecimals(bytes: Uint8Array, at: number, end: number): number {
    const stop = this.takeDigits(field.FRACTION, 1, 9, bytes, at, end);
    if (stop < 0) return -1;
    this.unit = stop - at;
    const rest = part.digitsEnd(bytes, stop, end);
    if (rest > stop) this.takeDigits(field.REST, 1, rest - stop, bytes, stop, end);
    return rest;
  }

  private monthName(bytes: Uint8Array, at: number, end: number): number {
    const stop = part.nameEnd(MONTH_NAMES, bytes, at, end);
    if (stop < 0) return -1;
    this.namedMonth = part.nameIndex(MONTH_NAMES, bytes, at);
    this.fieldLength[field.MONTH] = 0;
    this.has |= 1 << field.MONTH;
    return stop;
  }

  private noon(bytes: Uint8Array, at: number, end: number): number {
    const stop = part.noonEnd(bytes, at, end);
    if (stop < 0) return -1;
    this.noonHalf = (bytes[at]! | 32) === 97 ? 1 : 2;
    this.has |= HALVED;
    return stop;
  }

  private numericZone(bytes: Uint8Array, at: number, end: number): number {
    const stop = part.offsetEnd(bytes, at, end);
    return stop < 0 ? -1 : this.zoneIs(part.offsetMinutes(bytes, at, stop), stop);
  }

  private zone(bytes: Uint8Array, at: number, end: number): number {
    const numeric = this.numericZone(bytes, at, end);
    if (numeric >= 0 && (numeric >= end || !isWord(bytes[numeric]!))) return numeric;
    const stop = part.shortWordEnd(bytes, at, end);
    if (stop < 0) return -1;
    const minutes = ZONE_WORDS.get(packWord(bytes, at, stop - at));
    if (minutes === undefined) return -1;
    if (minutes === AMBIGUOUS) {
      this.has |= AMBIGUOUS_ZONE;
      return stop;
    }
    // GMT+0200, as JavaScript writes dates; a name of its own before a number is no zone we know (EST5EDT).
    const signed = minutes === 0 && stop < end && (bytes[stop] === 43 || bytes[stop] === 45);
    const offset = signed ? this.numericZone(bytes, stop, end) : -1;
    return offset >= 0 ? offset : this.zoneIs(minutes, stop);
  }

  private zoneIs(minutes: number, stop: number): number {
    this.zoneOffset = minutes * 60;
    this.has |= ZONED;
    this.has &= ~AMBIGUOUS_ZONE;
    return stop;
  }

  private unix(unit: number, bytes: Uint8Array, at: number, end: number): number {
    const from = bytes[at] === 45 ? at + 1 : at;
    const stop = part.digitsEnd(bytes, from, Math.min(end, from + 12 + unit));
    if (stop === from) return -1;
    const whole = Math.max(from, stop - unit);
    this.takeDigits(field.EPOCH, 0, whole - from, bytes, from, end);
    this.unit = unit;
    if (unit > 0) this.takeDigits(field.FRACTION, 0, unit, bytes, whole, end);
    if (from > at) this.has |= NEGATIVE;
    return stop;
  }

  private admit(years: Years): void {
    this.yearLow = years?.[0] ?? 0;
    this.yearHigh = years?.[1] ?? 9999;
    this.epochLow = years === undefined ? -1e12 : dayNumber(years[0], 1, 1) * 86400;
    this.epochHigh = years === undefined ? 1e12 : dayNumber(years[1] + 1, 1, 1) * 86400;
  }

  /** Fills the layout from what the program met: values, and places counted from the stamp's start. */
  private collect(bytes: Uint8Array, at: number): void {
    const has = this.has;
    for (let kind = 0; kind < field.KINDS; kind++) {
      if ((has & (1 << kind)) === 0) this.fieldLength[kind] = 0;
      const from = this.fieldAt[kind]!;
      this.values[kind] = part.digitsValue(bytes, from, from + this.fieldLength[kind]!);
      this.fieldAt[kind] = from - at;
    }
    if (has & (1 << field.MONTH) && this.fieldLength[field.MONTH] === 0) this.values[field.MONTH] = this.namedMonth;
    if (has & BY_ORDINAL) this.values[field.MONTH] = 0;
    this.yearless = (has & ((1 << field.YEAR) | (1 << field.EPOCH))) === 0;
    if (this.yearless) this.values[field.YEAR] = FRAME_YEAR;
    this.half = has & HALVED ? this.noonHalf : 0;
    this.offset = has & (1 << field.EPOCH) ? 0 : has & ZONED ? this.zoneOffset : field.NO_OFFSET;
    this.ambiguousZone = (has & AMBIGUOUS_ZONE) !== 0;
    this.fractionScale = SCALE[has & (1 << field.FRACTION) ? this.unit : 9]!;
    this.digits = this.fieldLength[field.FRACTION]!;
    this.cut = (has & (1 << field.REST)) !== 0;
    this.learnable = (has & NEGATIVE) === 0 && ((has & (1 << field.EPOCH)) === 0 || this.fieldLength[field.EPOCH]! > 0);
  }

  private total(): boolean {
    const { values } = this;
    this.nanos = values[field.FRACTION]! * this.fractionScale;
    if (this.has & (1 << field.EPOCH)) return this.sinceEpoch();
    const year = this.fieldLength[field.YEAR] === 2 ? fullYear(values[field.YEAR]!) : values[field.YEAR]!;
    const month = values[field.MONTH]!;
    if (values[field.DAY]! < 1 || values[field.DAY]! > daysIn(year, month)) return false;
    if (!this.yearless && (year < this.yearLow || year > this.yearHigh)) return false;
    const hour = this.hour();
    if (hour < 0) return false;
    const day = dayNumber(year, month === 0 ? 1 : month, values[field.DAY]!);
    this.seconds = day * 86400 + hour * 3600 + values[field.MINUTE]! * 60 + values[field.SECOND]!;
    return true;
  }

  /** 24:00:00 is the end of the day (ISO 8601-1:2019, 4.3.8 a); −1 where the clock has no such hour. */
  private hour(): number {
    const { values } = this;
    const hour = values[field.HOUR]!;
    if (this.half > 0) return hour >= 1 && hour <= 12 ? (hour % 12) + (this.half === 2 ? 12 : 0) : -1;
    if (hour < 24) return hour;
    return values[field.MINUTE] === 0 && values[field.SECOND] === 0 && values[field.FRACTION] === 0 ? hour : -1;
  }

  private sinceEpoch(): boolean {
    this.seconds = this.values[field.EPOCH]!;
    if (this.has & NEGATIVE) {
      this.seconds = -this.seconds - (this.nanos > 0 ? 1 : 0);
      if (this.nanos > 0) this.nanos = 1e9 - this.nanos;
    }
    return this.seconds >= this.epochLow && this.seconds < this.epochHigh;
  }
}
