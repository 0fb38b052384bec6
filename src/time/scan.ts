import { isWord } from '../kernel/stamp-bytes.ts';
import * as field from '../kernel/stamp-layout.ts';
import * as op from './compile.ts';
import { scientific, taiLabel } from './epoch-text.ts';
import { type LocalNames, wordEnd, wordKey } from './month-names.ts';
import { AMBIGUOUS, MONTH_NAMES, packWord, USUAL, WEEKDAY_NAMES, ZONE_WORDS } from './names.ts';
import * as part from './parts.ts';
import { ZoneBook } from './zone-book.ts';

/** What was met beside numbers: bits of `has` above those of the kinds. */
export const ZONED = 1 << 16;
export const AMBIGUOUS_ZONE = 1 << 17;
export const HALVED = 1 << 18;
export const BY_ORDINAL = 1 << 19;
export const NEGATIVE = 1 << 20;
export const BY_WEEK = 1 << 21;
export const TAI = 1 << 22;
export const SINCE_1601 = 1 << 23;
export const UNCERTAIN_ZONE = 1 << 24;
export const NAMED_ZONE = 1 << 25;
export const UPTIME = 1 << 26;

const MAX_FORKS = 32;
const COMMA = 44;
/** The largest value of a number in a stamp; the smallest is 1 for months and days, else 0. */
const LARGEST = Float64Array.of(9999, 12, 31, 24, 59, 60, 999_999_999);
const DATED = (1 << field.MONTH) | (1 << field.DAY) | (1 << field.EPOCH) | BY_WEEK;
const ZONE_KNOWN = ZONED | AMBIGUOUS_ZONE | NAMED_ZONE | (1 << field.EPOCH);
/** Runs a program over bytes, backtracking over its alternatives, and keeps where its numbers lie. */
export class Scanner {
  /** Names of other languages, where the source writes them. */
  names: LocalNames | undefined;
  book = new ZoneBook();
  readonly fieldAt = new Int32Array(field.KINDS);
  readonly fieldLength = new Int32Array(field.KINDS);
  protected has = 0;
  protected namedMonth = 0;
  protected noonHalf = 0;
  protected zoneOffset = 0;
  /** Index in the book of the zone that the stamp names; 0 where it names none, or an offset. */
  zoneIndex = 0;
  protected week = 0;
  /** Fraction digits that make a whole second. */
  protected unit = 0;
  protected readonly tai = new Float64Array(2);
  private readonly forkOp = new Int32Array(MAX_FORKS);
  private readonly forkAt = new Int32Array(MAX_FORKS);
  private readonly forkHas = new Int32Array(MAX_FORKS);

  /** The end of what the program reads from `at` on, or −1. */
  protected run(program: op.Program, bytes: Uint8Array, at: number, end: number): number {
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
        return this.numericZone(bytes, at, end);
      case op.ZONE:
        return this.zone(bytes, at, end);
      case op.UNIX:
        return this.unix(a, bytes, at, end);
      case op.ORDINAL:
        this.has |= BY_ORDINAL;
        return this.takeDigits(field.DAY, a, ops[pc + 2]!, bytes, at, end);
      case op.WEEK:
        return this.takeWeek(bytes, at, end);
      case op.TICKS:
        this.has |= SINCE_1601;
        return this.unix(7, bytes, at, end);
      case op.SINCE_START:
        this.has |= UPTIME;
        return this.unix(0, bytes, at, end);
      case op.TAI_LABEL:
        return this.spelled(taiLabel(bytes, at, end, this.tai), bytes, at, end);
      case op.SCIENTIFIC:
        return this.spelled(scientific(bytes, at, end, this.tai), bytes, at, end);
      case op.MINUTES:
        return this.minutesOff(a, bytes, at, end);
      default:
        return this.ends(bytes, at, end) ? at : -1;
    }
  }

  private ends(bytes: Uint8Array, at: number, end: number): boolean {
    const noClock = (1 << field.FRACTION) | (1 << field.EPOCH);
    const suspect = this.has & noClock ? part.AFTER_FRACTION : part.AFTER_SECOND;
    if (!part.endsNumber(suspect, bytes, at, end)) return false;
    if ((this.has & ((1 << field.YEAR) | (1 << field.EPOCH) | BY_WEEK)) === 0 && part.isYearNext(bytes, at, end)) {
      return false;
    }
    if ((this.has & DATED) === 0 && part.isDateNext(bytes, at, end)) return false;
    return (this.has & ZONE_KNOWN) !== 0 || !part.isUnknownZone(bytes, at, end);
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
    // 06:59:58,1,"user": the comma ends a cell. Behind three digits or more it is a fraction's (Python).
    if (this.unit < 3 && bytes[at - 1] === COMMA && bytes[stop] === COMMA) return -1;
    const rest = part.digitsEnd(bytes, stop, end);
    if (rest > stop) this.takeDigits(field.REST, 1, rest - stop, bytes, stop, end);
    return rest;
  }

  private takeWeek(bytes: Uint8Array, at: number, end: number): number {
    const stop = part.digitsEnd(bytes, at, Math.min(end, at + 2));
    this.week = part.digitsValue(bytes, at, stop);
    this.has |= BY_WEEK;
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
    if (stop >= 0 || this.names === undefined) return stop;
    const word = wordEnd(bytes, at, end);
    return this.names.weekdays.has(wordKey(bytes, at, word)) ? word : -1;
  }

  private noon(bytes: Uint8Array, at: number, end: number): number {
    const stop = part.noonEnd(bytes, at, end);
    if (stop < 0) return -1;
    this.noonHalf = part.isForenoon(bytes, at) ? 1 : 2;
    this.has |= HALVED;
    return stop;
  }

  private numericZone(bytes: Uint8Array, at: number, end: number): number {
    const stop = part.offsetEnd(bytes, at, end);
    return stop < 0 ? -1 : this.zoneIs(part.offsetMinutes(bytes, at, stop), stop);
  }

  protected zone(bytes: Uint8Array, at: number, end: number): number {
    const numeric = this.numericZone(bytes, at, end);
    if (numeric >= 0 && (numeric >= end || !isWord(bytes[numeric]!))) return numeric;
    const slashed = ZoneBook.end(bytes, at, end);
    if (slashed >= 0) return this.zoneAt(this.book.named(bytes, at, slashed), slashed);
    const stop = part.shortWordEnd(bytes, at, end);
    if (stop < 0) return -1;
    const word = packWord(bytes, at, stop - at);
    const given = this.book.words.get(word);
    if (given !== undefined) return this.zoneAt(given, stop);
    const minutes = ZONE_WORDS.get(word) ?? part.bracketedZone(bytes, at, stop, end);
    if (minutes === undefined) return -1;
    if (minutes >= AMBIGUOUS) return this.doubtfulZone(minutes, stop);
    // GMT+0200, as JavaScript writes dates; a name of its own before a number is no zone we know (EST5EDT).
    const signed = minutes === 0 && stop < end && (bytes[stop] === 43 || bytes[stop] === 45);
    const offset = signed ? this.numericZone(bytes, stop, end) : -1;
    if (offset >= 0) return offset;
    return signed && part.isDigitAt(bytes, stop + 1, end)
      ? this.hourZone(bytes, stop, end)
      : this.zoneIs(minutes, stop);
  }

  /** UTC+2, GMT-3, UTC+5:30: an hour of one digit. Whatever else follows is no zone we know, and no UTC either. */
  private hourZone(bytes: Uint8Array, at: number, end: number): number {
    const colon = bytes[at + 2] === 58 && part.digitsEnd(bytes, at + 3, Math.min(end, at + 5)) === at + 5;
    const stop = colon ? at + 5 : at + 2;
    if (stop < end && (isWord(bytes[stop]!) || bytes[stop] === 58)) return -1;
    const minutes = (bytes[at + 1]! - 48) * 60 + (colon ? part.digitsValue(bytes, at + 3, at + 5) : 0);
    return this.zoneIs(bytes[at] === 45 ? -minutes : minutes, stop);
  }

  private doubtfulZone(minutes: number, stop: number): number {
    if (minutes === AMBIGUOUS) this.has |= AMBIGUOUS_ZONE;
    else {
      this.zoneIs(minutes - USUAL, stop);
      this.has |= UNCERTAIN_ZONE;
    }
    return stop;
  }

  private zoneAt(index: number, stop: number): number {
    if (index < 0) return -1;
    this.zoneIndex = index;
    this.has |= NAMED_ZONE;
    return stop;
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

  private minutesOff(sign: number, bytes: Uint8Array, at: number, end: number): number {
    const isSigned = bytes[at] === 43 || bytes[at] === 45;
    const stop = part.digitsEnd(bytes, at + 1, Math.min(end, at + 5));
    if (!isSigned || stop !== at + 4) return -1;
    const minutes = part.digitsValue(bytes, at + 1, stop);
    return minutes > 840 ? -1 : this.zoneIs((bytes[at] === 45 ? -minutes : minutes) * sign, stop);
  }

  /** What stands for whole seconds and nanoseconds in another spelling; its end, or −1. */
  private spelled(stop: number, bytes: Uint8Array, at: number, end: number): number {
    if (stop < 0) return -1;
    this.takeDigits(field.EPOCH, 0, 0, bytes, at, end);
    this.has |= TAI;
    return stop;
  }
}
