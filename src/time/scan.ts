import * as field from '../kernel/stamp-layout.ts';
import * as op from './compile.ts';
import { fractional, hexSeconds, julianDays, ntpTime, scientific, taiLabel } from './epoch-text.ts';
import { endsBeforeWord } from './glued.ts';
import * as met from './met.ts';
import { type LocalNames, wordEnd, wordKey } from './month-names.ts';
import { MONTH_NAMES, WEEKDAY_NAMES } from './names.ts';
import * as part from './parts.ts';
import { ZoneScanner } from './zone-scan.ts';

const MAX_FORKS = 32;
/** Digits of the number of a process. */
const MOST_SKIPPED = 7;
const SPACE = 32;
const COMMA = 44;
const ZERO = 48;
/** The largest value of a number in a stamp; the smallest is 1 for months and days, else 0. */
const LARGEST = Float64Array.of(9999, 12, 31, 24, 59, 60, 999_999_999);
const DATED = (1 << field.MONTH) | (1 << field.DAY) | (1 << field.EPOCH) | met.BY_WEEK;
const ZONE_KNOWN = met.ZONED | met.AMBIGUOUS_ZONE | met.NAMED_ZONE | (1 << field.EPOCH);
/** Alternatives that are still to be tried, of the program that runs: one at a time does, and every source has readers. */
const forkOp = new Int32Array(MAX_FORKS);
const forkAt = new Int32Array(MAX_FORKS);
const forkHas = new Int32Array(MAX_FORKS);

/** Runs a program over bytes, backtracking over its alternatives, and keeps where its numbers lie. */
export class Scanner extends ZoneScanner {
  /** Names of other languages, where the source writes them. */
  names: LocalNames | undefined;
  /** Whether a comma may begin a fraction: where the sample shows that it ends a cell, it does not. */
  commas = true;
  /** Whether what stands behind a blank may be a zone: where the sample shows that such words and numbers are data, it is not. */
  zonesApart = true;
  /** Whether the last stamp was read without a zone behind a blank, as that is data. */
  leftZone = false;
  /** Whether AM or PM behind a blank is one: where the sample shows that it is a word of the message, it is not. */
  halvesApart = true;
  /** Whether the last AM or PM stood behind a blank. */
  halfApart = false;
  /** Whether numbers may be larger than a day or clock has them. */
  protected anyNumber = false;
  readonly fieldAt = new Int32Array(field.KINDS);
  readonly fieldLength = new Int32Array(field.KINDS);
  protected namedMonth = 0;
  /** 1 for Monday to 7. */
  protected namedWeekday = 0;
  protected noonHalf = 0;
  protected week = 0;
  /** Fraction digits that make a whole second. */
  protected unit = 0;
  /** Whole seconds and nanoseconds of a number that is spelled otherwise. */
  protected readonly spelled = new Float64Array(2);
  private stoppedAt = 0;

  /** The end of what the program reads from `at` on, or −1. */
  protected run(program: op.Program, bytes: Uint8Array, at: number, end: number): number {
    const { ops, sets } = program;
    let position = at;
    let pc = 0;
    let forks = 0;
    this.has = 0;
    this.leftZone = false;
    for (;;) {
      const code = ops[pc];
      if (code === op.FORK) {
        if (forks === MAX_FORKS) return -1;
        forkOp[forks] = ops[pc + 1];
        forkAt[forks] = position;
        forkHas[forks++] = this.has;
        pc += op.OP_SIZE;
        continue;
      }
      if (code === op.JUMP) {
        pc = ops[pc + 1];
        continue;
      }
      const next = this.step(ops, pc, sets, bytes, position, end);
      if (next >= 0) {
        if (code === op.END) return (this.has & met.STOPPED) === 0 ? next : this.stoppedAt;
        position = next;
        pc += op.OP_SIZE;
        continue;
      }
      if (forks === 0) return -1;
      pc = forkOp[--forks];
      position = forkAt[forks];
      this.has = forkHas[forks];
    }
  }

  /** The position behind what the op reads, or −1. */
  private step(ops: Int32Array, pc: number, sets: Uint8Array[], bytes: Uint8Array, at: number, end: number): number {
    const a = ops[pc + 1];
    switch (ops[pc]) {
      case op.BYTE:
        return at < end && bytes[at] === a ? at + 1 : -1;
      case op.SET:
        return at < end && sets[a][bytes[at]] === 1 ? at + 1 : -1;
      case op.NUMBER:
        return this.takeNumber(a, ops[pc + 2], ops[pc + 3], bytes, at, end);
      case op.DECIMALS:
        return this.takeDecimals(bytes, at, end);
      case op.MILLIS:
        this.unit = 3;
        return this.takeDigits(field.FRACTION, 1, 3, bytes, at, end);
      case op.NANOS:
        this.unit = 9;
        return this.takeDigits(field.FRACTION, 1, 9, bytes, at, end);
      case op.MONTH_NAME:
        return this.monthName(bytes, at, end);
      case op.WEEKDAY_NAME:
        return this.weekdayName(bytes, at, end);
      case op.HALF:
        return this.noon(bytes, at, end);
      case op.OFFSET:
        return this.markApart(this.numericZone(bytes, at, end), bytes, at, end);
      case op.ZONE:
        return this.markApart(this.zone(bytes, at, end), bytes, at, end);
      case op.UNIX:
        return this.unix(a, bytes, at, end);
      case op.ORDINAL:
        this.has |= met.BY_ORDINAL;
        return this.takeDigits(field.DAY, a, ops[pc + 2], bytes, at, end);
      case op.WEEK:
        return this.takeWeek(bytes, at, end);
      case op.TICKS:
        this.has |= a === 1 ? met.SINCE_YEAR_1 : met.SINCE_1601;
        return this.unix(7, bytes, at, end);
      case op.SINCE_START:
        this.has |= met.UPTIME;
        return this.unix(a, bytes, at, end);
      case op.TAI_LABEL:
        return this.takeSpelled(taiLabel(bytes, at, end, this.spelled), bytes, at, end);
      case op.SCIENTIFIC:
        return this.takeSpelled(scientific(bytes, at, end, this.spelled), bytes, at, end);
      case op.FRACTIONAL:
        return this.takeSpelled(fractional(bytes, at, end, this.spelled), bytes, at, end);
      case op.HEX_SECONDS:
        return this.takeSpelled(hexSeconds(bytes, at, end, this.spelled), bytes, at, end);
      case op.JULIAN:
        return this.takeSpelled(julianDays(a, bytes, at, end, this.spelled), bytes, at, end);
      case op.NTP:
        return this.takeSpelled(ntpTime(bytes, at, end, this.spelled), bytes, at, end);
      case op.SKIPPED:
        return part.someDigitsEnd(bytes, at, Math.min(end, at + MOST_SKIPPED));
      case op.MINUTES:
        return this.minutesOff(a, ops[pc + 2], bytes, at, end);
      case op.STOP:
        return this.stop(bytes, at, end);
      default:
        return (this.has & met.STOPPED) !== 0 || this.ends(bytes, at, end) ? at : -1;
    }
  }

  private ends(bytes: Uint8Array, at: number, end: number): boolean {
    if (!this.zonesApart && (this.has & met.APART) !== 0 && this.apartEnd === at) {
      this.leftZone = true;
      return false;
    }
    const noClock = (1 << field.FRACTION) | (1 << field.EPOCH);
    const suspect = this.has & noClock ? part.AFTER_FRACTION : part.AFTER_SECOND;
    if (!part.endsNumber(suspect, bytes, at, end) && !endsBeforeWord(this, bytes, at, end)) return false;
    if ((this.has & ((1 << field.YEAR) | (1 << field.EPOCH) | met.BY_WEEK)) === 0 && part.isYearNext(bytes, at, end)) {
      return false;
    }
    if ((this.has & DATED) === 0 && part.isDateNext(bytes, at, end)) return false;
    if ((this.has & (met.ZONED | met.NAMED_ZONE)) !== 0 && part.isOffsetNext(bytes, at, end)) return false;
    if (
      this.fieldAt[field.YEAR] === at - 4 &&
      (this.has & (1 << field.YEAR)) !== 0 &&
      part.isNameNext(bytes, at, end)
    ) {
      return false;
    }
    return (this.has & ZONE_KNOWN) !== 0 || !part.isUnknownZone(bytes, at, end);
  }

  private stop(bytes: Uint8Array, at: number, end: number): number {
    if (!this.ends(bytes, at, end)) return -1;
    this.has |= met.STOPPED;
    this.stoppedAt = at;
    return at;
  }

  private takeNumber(kind: number, least: number, most: number, bytes: Uint8Array, at: number, end: number): number {
    if (kind === field.FRACTION) this.unit = most;
    const stop = this.takeDigits(kind, least, most, bytes, at, end);
    if (stop < 0) return -1;
    const value = part.digitsValue(bytes, at, stop);
    if (value <= LARGEST[kind] && (value > 0 || (kind !== field.MONTH && kind !== field.DAY))) return stop;
    if (!this.anyNumber) return -1;
    this.has |= met.TOO_LARGE;
    return stop;
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
    if (bytes[at - 1] === COMMA && !this.isDecimalComma(rest - at, bytes[rest])) return -1;
    if (rest > stop) this.takeDigits(field.REST, 1, rest - stop, bytes, stop, end);
    return rest;
  }

  /**
   * Whether a comma before `digits` digits makes them a fraction: 06:59:58,1,"user" and 06:59:58,00180100001,"user" are
   * cells. Between two commas a fraction has three, six or nine digits (Python); one of a number since 1970 has so many,
   * and no comma behind it.
   */
  private isDecimalComma(digits: number, behind: number | undefined): boolean {
    if (!this.commas || digits > 9) return false;
    const epoch = (this.has & (1 << field.EPOCH)) !== 0;
    return (behind !== COMMA && !epoch) || (digits % 3 === 0 && !(epoch && behind === COMMA));
  }

  private takeWeek(bytes: Uint8Array, at: number, end: number): number {
    const stop = part.digitsEnd(bytes, at, Math.min(end, at + 2));
    this.week = part.digitsValue(bytes, at, stop);
    this.has |= met.BY_WEEK;
    return stop === at + 2 && this.week >= 1 && this.week <= 53 ? stop : -1;
  }

  private monthName(bytes: Uint8Array, at: number, end: number): number {
    let stop = part.nameEnd(MONTH_NAMES, bytes, at, end);
    if (stop >= 0) this.namedMonth = part.nameIndex(MONTH_NAMES, bytes, at);
    else if (this.names === undefined) return -1;
    else {
      stop = wordEnd(bytes, at, end);
      this.namedMonth = this.names.months.get(wordKey(bytes, at, stop)) ?? 0;
      if (this.namedMonth === 0) return -1;
    }
    this.fieldLength[field.MONTH] = 0;
    this.has |= 1 << field.MONTH;
    return stop;
  }

  private weekdayName(bytes: Uint8Array, at: number, end: number): number {
    const stop = part.nameEnd(WEEKDAY_NAMES, bytes, at, end);
    if (stop >= 0) {
      this.namedWeekday = part.nameIndex(WEEKDAY_NAMES, bytes, at);
      this.has |= met.WEEKDAY;
    }
    if (stop >= 0 || this.names === undefined) return stop;
    const word = wordEnd(bytes, at, end);
    return this.names.weekdays.has(wordKey(bytes, at, word)) ? word : -1;
  }

  private noon(bytes: Uint8Array, at: number, end: number): number {
    const stop = part.noonEnd(bytes, at, end);
    const isApart = bytes[at - 1] === SPACE && bytes[at] < 128;
    if (stop < 0 || (isApart && !this.halvesApart)) return -1;
    this.halfApart = isApart;
    this.noonHalf = part.isForenoon(bytes, at) ? 1 : 2;
    this.has |= met.HALVED;
    return stop;
  }

  private unix(unit: number, bytes: Uint8Array, at: number, end: number): number {
    const from = bytes[at] === 45 ? at + 1 : at;
    const stop = part.digitsEnd(bytes, from, Math.min(end, from + 12 + unit));
    // More digits than the seconds of this century have, with a zero before them, are a date: 01022024123529.
    if (stop === from || (bytes[from] === ZERO && stop > from + 10 + unit)) return -1;
    const whole = Math.max(from, stop - unit);
    this.takeDigits(field.EPOCH, 0, whole - from, bytes, from, end);
    this.unit = unit;
    if (unit > 0) this.takeDigits(field.FRACTION, 0, unit, bytes, whole, end);
    if (from > at) this.has |= met.NEGATIVE;
    return stop;
  }

  /** Takes a number since 1970 that was read into `spelled`; its end, or −1. */
  private takeSpelled(stop: number, bytes: Uint8Array, at: number, end: number): number {
    if (stop < 0) return -1;
    this.takeDigits(field.EPOCH, 0, 0, bytes, at, end);
    this.has |= met.SPELLED;
    return stop;
  }
}
