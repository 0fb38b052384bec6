/**
 * The fast path from digits to seconds. A slow reader finds a stamp once and says where its numbers lie; from then on
 * a stamp of the same shape and date is compared with the last one, four bytes at a time, except for its clock, which
 * is read from its six to fifteen digits. A stamp of another date is read number by number.
 *
 * Measured (ISO with milliseconds, Node 20): 28 ns in any order within a day, 70 ns for a new date. Comparing byte by
 * byte and re-reading only what changed took 40 to 90.
 *
 * Fields are `private`, not `#`: V8 11 reads `#` fields by a generic lookup once instances differ in map, five times slower.
 */

import { DAY_SECONDS } from '../core/instant.ts';
import { dayNumber, daysIn, fullYear } from './calendar.ts';
import { hourAt, hourOfDay, isDigit, isOpening, isWord, pairAt, tripleOf } from './stamp-bytes.ts';
import {
  DAY,
  type DatePart,
  dateOf,
  dayMask,
  EPOCH,
  FRACTION,
  HOUR,
  KINDS,
  LACKS_NOTHING,
  MINUTE,
  MONTH,
  markParts,
  NO_OFFSET,
  nextField,
  REST,
  SECOND,
  type StampLayout,
  YEAR,
} from './stamp-layout.ts';

// The last six digits of an EPOCH that has more: so every number fits into 32 bits.
const EPOCH_REST = 9;

/** The longest stamp that has a template; longer ones (a day, month and zone written out) stay on the slow path. */
const MAX_STAMP = 64;

const LOW = Int32Array.of(0, 1, 1, 0, 0, 0, 0, 0, -(2 ** 31), 0);
// Hour 24 and second 60 are real but rare: they are left to the slow reader.
const HIGH = Int32Array.of(9999, 12, 366, 23, 59, 59, 999_999_999, 2 ** 31 - 1, 2 ** 31 - 1, 999_999);

/** What a segment says, one after the other in the table of segments. */
const KIND = 0; // −1: bytes that must be as they were
const FROM = 1;
const TO = 2;
const LEAST = 3;
const MOST = 4;
const SEGMENT = 5;

/** One learned shape, and the numbers of the stamp that it read last. */
export class StampTemplate {
  length = 0;
  offset = NO_OFFSET;
  zoneIndex = 0;
  lacks = LACKS_NOTHING;
  digits = 0;
  /** Seconds and nanoseconds: as fields they would be boxed, which costs 20 ns a record. */
  private readonly found = new Float64Array(2);
  after = -1;
  private checked = false;
  guarded = false;
  continuation: Uint8Array | undefined;
  /** The bytes that every stamp of this shape must have, where no number lies. */
  private readonly shape = new Uint8Array(MAX_STAMP);
  private readonly segments = new Int32Array((2 * KINDS + 3) * SEGMENT);
  private segmentsEnd = 0;
  /** The numbers of the last stamp, by kind. */
  private readonly values = new Int32Array(KINDS + 1);
  private twoDigitYear = false;
  scale = 1;
  /** Of a clock that counts to 12: 1 for AM, 2 for PM; 0 where it counts to 24. */
  half = 0;
  private epochUnit = 0;
  epochLow = 0;
  epochHigh = 0;
  /** Digits of its seconds since 1970; 0 where it is written otherwise. */
  epochDigits = 0;

  // The quick check. Of every four bytes (the last four may overlap): which must be as they were, and how they were.
  private wordCount = 0;
  private readonly same = new Int32Array(MAX_STAMP / 4);
  private readonly kept = new Int32Array(MAX_STAMP / 4);
  /** What each byte is part of: one of PART_…. */
  readonly parts = new Uint8Array(MAX_STAMP);
  /** Year, month and day as they were learned. */
  date: readonly DatePart[] = [];
  /** Whether the clock has two digits for its minutes and seconds. */
  plain = false;
  hourAt = 0;
  hourDigits = 2;
  minuteAt = 0;
  /** −1 where there are none. */
  secondAt = 0;
  fractionAt = 0;
  daySeconds = 0;

  /** Local seconds since 1970 (UTC seconds for an EPOCH). */
  get seconds(): number {
    return this.found[0];
  }

  /** The nanoseconds above them. */
  get nanos(): number {
    return this.found[1];
  }

  /**
   * Takes the shape of the stamp at `at`, in a text that ends at `end`. False (and nothing learned) where its end cannot
   * be told from a stamp that goes on.
   */
  learn(bytes: Uint8Array, view: DataView, at: number, end: number, layout: StampLayout): boolean {
    const stop = at + layout.length;
    const after = stop < end ? bytes[stop] : -1;
    if (layout.length > MAX_STAMP || layout.length < 4) return false;
    if (after === 43 || after === 45 || isWord(after)) return false;
    this.after = after;
    // Behind a whole second a point, comma or colon may begin a fraction; behind a fraction only a point is suspect.
    this.guarded = after === 46 || ((after === 44 || after === 58) && layout.fieldLength[FRACTION] === 0);
    this.continuation = after === 32 ? layout.continuation : undefined;
    this.checked = this.guarded || this.continuation !== undefined;
    if (this.checked && this.goesOn(bytes, stop, end)) return false;
    this.shape.set(bytes.subarray(at, stop));
    this.takeMeaning(layout);
    this.cut(layout);
    this.takeClock(layout);
    this.keepDay(view, at);
    this.takeDate();
    return true;
  }

  /** Reads the stamp at `at`; false where it has another shape or a number out of its range. */
  read(bytes: Uint8Array, view: DataView, at: number, end: number): boolean {
    const stop = at + this.length;
    if (stop >= end ? stop > end || this.after !== -1 : bytes[stop] !== this.after) return false;
    if (this.checked && this.goesOn(bytes, stop, end)) return false;
    if (!this.plain || !this.isSameDay(view, at, stop)) return this.reread(bytes, view, at);
    const hour = hourAt(bytes, at + this.hourAt, this.hourDigits, this.half);
    const minute = pairAt(bytes, at + this.minuteAt);
    const second = this.secondAt < 0 ? 0 : pairAt(bytes, at + this.secondAt);
    if (hour > 23 || minute > 59 || second > 59) return false;
    let fraction = 0;
    const to = at + this.fractionAt + this.digits;
    for (let i = at + this.fractionAt; i < to; i++) {
      const digit = bytes[i] - 48;
      if (digit < 0 || digit > 9) return false;
      fraction = (Math.imul(fraction, 10) + digit) | 0;
    }
    this.found[0] = this.daySeconds + ((Math.imul(hour, 3600) + Math.imul(minute, 60) + second) | 0);
    this.found[1] = Math.imul(fraction, this.scale);
    return true;
  }

  /** Whether what follows may belong to the stamp after all, so that only the slow reader can tell. */
  private goesOn(bytes: Uint8Array, stop: number, end: number): boolean {
    if (this.guarded) return stop + 1 < end && isDigit(bytes[stop + 1]);
    const from = stop + (isOpening(bytes[stop + 1]) ? 2 : 1);
    return this.continuation !== undefined && this.continuation[tripleOf(bytes, from)] === 1;
  }

  private isSameDay(view: DataView, at: number, stop: number): boolean {
    const same = this.same;
    const kept = this.kept;
    const last = this.wordCount - 1;
    for (let i = 0; i < last; i++) {
      if ((view.getInt32(at + i * 4, true) & same[i]) !== kept[i]) return false;
    }
    return (view.getInt32(stop - 4, true) & same[last]) === kept[last];
  }

  /** What the quick check compares: after a stamp whose date was read anew. */
  private keepDay(view: DataView, at: number): void {
    const last = this.wordCount - 1;
    for (let i = 0; i < last; i++) this.kept[i] = view.getInt32(at + i * 4, true) & this.same[i];
    this.kept[last] = view.getInt32(at + this.length - 4, true) & this.same[last];
  }

  /** Prepares the quick check. */
  private takeClock(layout: StampLayout): void {
    const { length, fieldAt, fieldLength } = layout;
    const isTwo = (kind: number) => fieldLength[kind] === 2;
    // Digits that are no part of the fraction are left to `reread`.
    const isClock = fieldLength[HOUR] > 0 && isTwo(MINUTE) && (isTwo(SECOND) || fieldLength[SECOND] === 0);
    this.plain = isClock && fieldLength[REST] === 0;
    this.hourAt = this.epochDigits > 0 ? fieldAt[EPOCH] : fieldAt[HOUR];
    this.hourDigits = fieldLength[HOUR];
    this.minuteAt = fieldAt[MINUTE];
    this.secondAt = isTwo(SECOND) ? fieldAt[SECOND] : -1;
    this.fractionAt = fieldAt[FRACTION];
    this.wordCount = (length + 3) >> 2;
    markParts(layout, this.parts);
    const mask = dayMask(this.parts);
    for (let i = 0; i < this.wordCount; i++) {
      this.same[i] = mask.getInt32(i < this.wordCount - 1 ? i * 4 : length - 4, true);
    }
  }

  private takeMeaning(layout: StampLayout): void {
    this.length = layout.length;
    this.offset = layout.offset;
    this.zoneIndex = layout.zoneIndex;
    this.lacks = layout.lacks;
    this.digits = layout.fieldLength[FRACTION];
    for (let kind = 0; kind < KINDS; kind++) this.values[kind] = layout.values[kind];
    this.date = dateOf(layout);
    this.half = layout.half;
    this.scale = layout.fractionScale;
    this.twoDigitYear = layout.fieldLength[YEAR] === 2;
    const epochDigits = layout.fieldLength[EPOCH];
    this.epochUnit = epochDigits === 0 ? 0 : epochDigits > 6 ? 1_000_000 : 1;
    this.epochDigits = epochDigits <= 10 && layout.fieldLength[REST] === 0 ? epochDigits : 0;
    this.epochLow = layout.epochLow;
    this.epochHigh = layout.epochHigh;
  }

  /** Cuts the stamp into numbers and what stands between them. */
  private cut(layout: StampLayout): void {
    this.segmentsEnd = 0;
    let from = 0;
    for (let kind = nextField(layout, from); kind >= 0; kind = nextField(layout, from)) {
      const at = layout.fieldAt[kind];
      const to = at + layout.fieldLength[kind];
      if (at > from) this.segment(from, at, -1, 0, 0);
      this.number(layout, kind, at, to);
      from = to;
    }
    if (from < layout.length) this.segment(from, layout.length, -1, 0, 0);
  }

  private number(layout: StampLayout, kind: number, from: number, to: number): void {
    if (kind === EPOCH && to - from > 6) {
      this.segment(from, to - 6, EPOCH, LOW[EPOCH], HIGH[EPOCH]);
      this.segment(to - 6, to, EPOCH_REST, LOW[EPOCH_REST], HIGH[EPOCH_REST]);
      return;
    }
    if (kind === YEAR && to - from === 4) this.segment(from, to, YEAR, layout.yearLow, layout.yearHigh);
    else if (kind === HOUR && layout.half > 0) this.segment(from, to, HOUR, 1, 12);
    else this.segment(from, to, kind, LOW[kind], HIGH[kind]);
  }

  private segment(from: number, to: number, kind: number, least: number, most: number): void {
    const at = this.segmentsEnd;
    this.segments.set([kind, from, to, least, most], at);
    this.segmentsEnd = at + SEGMENT;
  }

  /** Reads number by number. Only a stamp that was read to its end changes what the quick check relies on. */
  private reread(bytes: Uint8Array, view: DataView, at: number): boolean {
    const segments = this.segments;
    const end = this.segmentsEnd;
    for (let segment = 0; segment < end; segment += SEGMENT) {
      const kind = segments[segment + KIND];
      const from = segments[segment + FROM];
      const to = segments[segment + TO];
      if (kind < 0) {
        const shape = this.shape;
        for (let i = from; i < to; i++) if (bytes[at + i] !== shape[i]) return false;
        continue;
      }
      let value = 0;
      for (let i = from; i < to; i++) {
        const digit = bytes[at + i] - 48;
        if (digit < 0 || digit > 9) return false;
        value = (Math.imul(value, 10) + digit) | 0;
      }
      if (value < segments[segment + LEAST] || value > segments[segment + MOST]) return false;
      this.values[kind] = value;
    }
    if (this.epochUnit !== 0) return this.sinceEpoch();
    if (!this.takeDate()) return false;
    this.keepDay(view, at);
    const { values } = this;
    const hour = hourOfDay(values[HOUR], this.half);
    this.found[0] = this.daySeconds + hour * 3600 + values[MINUTE] * 60 + values[SECOND];
    this.found[1] = Math.imul(values[FRACTION], this.scale);
    return true;
  }

  private takeDate(): boolean {
    const values = this.values;
    const month = values[MONTH];
    const day = values[DAY];
    const year = this.twoDigitYear ? fullYear(values[YEAR] % 100) : values[YEAR];
    if (day > daysIn(year, month)) return false;
    this.daySeconds = dayNumber(year, month === 0 ? 1 : month, day) * DAY_SECONDS;
    return true;
  }

  private sinceEpoch(): boolean {
    const { values } = this;
    const seconds = values[EPOCH] * this.epochUnit + values[EPOCH_REST];
    this.found[0] = seconds;
    this.found[1] = Math.imul(values[FRACTION], this.scale);
    return seconds >= this.epochLow && seconds < this.epochHigh;
  }
}
