import {
  DATE_DIGITS,
  DATE_PART,
  DATE_VALUE,
  PART_DATE,
  PART_TEXT,
  PLACE_ASK,
  PLACE_START,
  QUICK_ANCHOR,
  QUICK_ANCHOR_LENGTH,
  QUICK_DATED,
  QUICK_FIRST,
  QUICK_INDENTED,
  QUICK_LAST,
  QUICK_PLACE,
  QUICK_SHAPE,
  QUICK_SHAPES,
  QUICK_WITHIN,
  SHAPE_AFTER,
  SHAPE_BYTES,
  SHAPE_CONTINUATION,
  SHAPE_DATE,
  SHAPE_DIGITS,
  SHAPE_EPOCH_DIGITS,
  SHAPE_FRACTION_AT,
  SHAPE_GUARDED,
  SHAPE_HALF,
  SHAPE_HIGH,
  SHAPE_HOUR_AT,
  SHAPE_HOUR_DIGITS,
  SHAPE_KEPT,
  SHAPE_KEY,
  SHAPE_LEAD,
  SHAPE_LENGTH,
  SHAPE_LOW,
  SHAPE_MASK,
  SHAPE_MIDNIGHT,
  SHAPE_MINUTE_AT,
  SHAPE_NANOS,
  SHAPE_SCALE,
  SHAPE_SECOND_AT,
  SHAPE_SECONDS,
} from '../layout';
import { copyLoosely } from './memory';

/** What a look at a line tells. */
export const NO: i32 = 0;
export const YES: i32 = 1;
export const ASK: i32 = 2;

/** Of the stamp read last: its instant, where it stands and how long it is. */
export let stampKey: i64 = 0;
export let stampFrom: usize = 0;
export let stampLength: i32 = 0;

/** Whether the line [from, end) has a stamp; ASK where only the slow reader can tell. */
export function dateLine(quick: usize, from: usize, end: usize): i32 {
  const place = load<i32>(quick, QUICK_PLACE);
  if (place === PLACE_ASK) return ASK;
  if (place !== PLACE_START) return dateInside(quick, from, end);
  if (load<u8>(quick + <usize>load<u8>(from), QUICK_FIRST) === 0) return NO;
  return readShapes(quick, from, end) ? YES : ASK;
}

/** The same where the stamp stands somewhere in the line, behind the anchor. */
function dateInside(quick: usize, from: usize, end: usize): i32 {
  const first = load<u8>(from);
  if (load<i32>(quick, QUICK_INDENTED) === 0 && (first === 32 || first === 9)) return NO;
  const within = from + <usize>load<u32>(quick, QUICK_WITHIN);
  const last = within < end ? within : end;
  let at = nextAnchor(quick, from, last);
  while (at !== 0) {
    if (at < end && load<u8>(quick + <usize>load<u8>(at), QUICK_FIRST) !== 0) {
      const before = load<u8>(at - 1);
      if (!isWord(before)) return readShapes(quick, at, end) ? YES : ASK;
      // The `m` of a terminal colour may be one.
      if (before === 109) return ASK;
    }
    at = nextAnchor(quick, at, last);
  }
  return NO;
}

/** Address behind the next anchor that begins in [from, to), or 0. */
function nextAnchor(quick: usize, from: usize, to: usize): usize {
  const length = <usize>load<u32>(quick, QUICK_ANCHOR_LENGTH);
  const first = load<u8>(quick, QUICK_ANCHOR);
  for (let at = from; at < to; at++) {
    if (load<u8>(at) !== first) continue;
    let i: usize = 1;
    while (i < length && load<u8>(at + i) === load<u8>(quick + i, QUICK_ANCHOR)) i++;
    if (i === length) return at + length;
  }
  return 0;
}

function isDigit(byte: u8): bool {
  return byte - 48 < 10;
}

function isWord(byte: u8): bool {
  return isDigit(byte) || (byte | 32) - 97 < 26;
}

/** Tries the shapes on the text at `from`, the one that read last first. */
export function readShapes(quick: usize, from: usize, end: usize): bool {
  const count = load<i32>(quick, QUICK_SHAPES);
  let index = load<i32>(quick, QUICK_LAST);
  for (let tried = 0; tried < count; tried++) {
    if (readShape(quick + QUICK_SHAPE + <usize>index * SHAPE_BYTES, from, end)) {
      store<i32>(quick, index, QUICK_LAST);
      store<i32>(quick, load<i32>(quick, QUICK_DATED) + 1, QUICK_DATED);
      return true;
    }
    index = index + 1 === count ? 0 : index + 1;
  }
  return false;
}

function readShape(shape: usize, from: usize, end: usize): bool {
  const lead = <usize>load<u32>(shape, SHAPE_LEAD);
  const length = load<i32>(shape, SHAPE_LENGTH);
  const stop = from + lead + <usize>length;
  if (!endsThere(shape, stop, end)) return false;
  const differing = differingParts(shape, from, stop);
  if (isPartOf(differing, PART_TEXT)) return false;
  const fractionAt = from + <usize>load<u32>(shape, SHAPE_FRACTION_AT);
  const fractionEnd = fractionAt + <usize>load<u32>(shape, SHAPE_DIGITS);
  let fraction: u32 = 0;
  for (let at = fractionAt; at < fractionEnd; at++) {
    const digit = <u32>load<u8>(at) - 48;
    if (digit > 9) return false;
    fraction = fraction * 10 + digit;
  }
  if (v128.any_true(differing) && !turnTo(shape, from, stop, differing)) return false;
  const nanos = <i32>(fraction * load<u32>(shape, SHAPE_SCALE)) - load<i32>(shape, SHAPE_NANOS);
  stampKey = load<i64>(shape, SHAPE_KEY) + <i64>nanos;
  stampFrom = from + lead;
  stampLength = length;
  return true;
}

/** What each byte that is not as it was is part of; 16 bytes of the stamp in one place. */
function differingParts(shape: usize, from: usize, stop: usize): v128 {
  const size = stop - from;
  let parts = i64x2.splat(0);
  for (let i: usize = 0; i < size; i += 16) {
    const differing = i8x16.ne(v128.load(from + i), v128.load(shape + i, SHAPE_KEPT));
    parts = v128.or(parts, v128.and(differing, v128.load(shape + i, SHAPE_MASK)));
  }
  return parts;
}

function isPartOf(parts: v128, part: i32): bool {
  return v128.any_true(v128.and(parts, i8x16.splat(<i8>part)));
}

/** Goes on to another second: that of the stamp at `from`. False where the shape does not reach so far. */
function turnTo(shape: usize, from: usize, stop: usize, differing: v128): bool {
  const midnight = isPartOf(differing, PART_DATE) ? midnightAt(shape, from) : load<f64>(shape, SHAPE_MIDNIGHT);
  const epochDigits = load<u32>(shape, SHAPE_EPOCH_DIGITS);
  const clock =
    epochDigits === 0 ? clockAt(shape, from) : numberAt(from + <usize>load<u32>(shape, SHAPE_HOUR_AT), epochDigits);
  const seconds = midnight + <f64>clock;
  if (clock < 0 || !(seconds >= load<f64>(shape, SHAPE_LOW) && seconds < load<f64>(shape, SHAPE_HIGH))) return false;
  const step = <i64>(seconds - load<f64>(shape, SHAPE_SECONDS));
  store<i64>(shape, load<i64>(shape, SHAPE_KEY) + step * 1000000000, SHAPE_KEY);
  store<f64>(shape, seconds, SHAPE_SECONDS);
  store<f64>(shape, midnight, SHAPE_MIDNIGHT);
  copyLoosely(shape + SHAPE_KEPT, from, stop - from);
  return true;
}

/** Seconds from 1970 to the midnight with which the date of the stamp at `from` begins; NaN where it is none. */
function midnightAt(shape: usize, from: usize): f64 {
  const date = shape + SHAPE_DATE;
  const written = datePart(date, from);
  const isShort = load<u32>(date, DATE_DIGITS) === 2;
  const year = isShort && written >= 0 ? written + (written < 70 ? 2000 : 1900) : written;
  const month = datePart(date + DATE_PART, from);
  const day = datePart(date + 2 * DATE_PART, from);
  if (year < 0 || month < 0 || month > 12 || day < 1 || day > daysIn(year, month)) return NaN;
  // Month 0: days count from the beginning of the year.
  if (month === 0 && load<u32>(date + DATE_PART, DATE_DIGITS) !== 0) return NaN;
  return <f64>dayNumber(year, month === 0 ? 1 : month, day) * 86400;
}

/** A part of the date of the stamp at `from`, or -1. */
function datePart(part: usize, from: usize): i32 {
  const digits = load<u32>(part, DATE_DIGITS);
  if (digits === 0) return load<i32>(part, DATE_VALUE);
  return <i32>numberAt(from + <usize>load<u32>(part), digits);
}

/** The same as in calendar.ts, of years from 0 to 9999. */
function daysIn(year: i32, month: i32): i32 {
  const leap: i32 = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 1 : 0;
  if (month === 0) return 365 + leap;
  if (month === 2) return 28 + leap;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Days from 1970-01-01 to a date, as in calendar.ts. */
function dayNumber(year: i32, month: i32, day: i32): i32 {
  const y = month <= 2 ? year - 1 : year;
  const dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5;
  return y * 365 + (y >> 2) - y / 100 + y / 400 + dayOfYear + day - 719469;
}

/** The second of the day that a clock tells, or -1. */
function clockAt(shape: usize, from: usize): i64 {
  const hour = hourAt(shape, from + <usize>load<u32>(shape, SHAPE_HOUR_AT));
  const minute = pairAt(from + <usize>load<u32>(shape, SHAPE_MINUTE_AT));
  const secondAt = load<i32>(shape, SHAPE_SECOND_AT);
  const second = secondAt < 0 ? 0 : pairAt(from + <usize>secondAt);
  return hour > 23 || minute > 59 || second > 59 ? -1 : <i64>(hour * 3600 + minute * 60 + second);
}

/** The hour of the day that one or two digits tell, above 23 where they tell none. */
function hourAt(shape: usize, at: usize): u32 {
  const written = load<u8>(shape, SHAPE_HOUR_DIGITS) === 2 ? pairAt(at) : digitAt(at);
  const half = <u32>load<u8>(shape, SHAPE_HALF);
  if (half === 0) return written;
  if (written === 0 || written > 12) return 24;
  return (written === 12 ? 0 : written) + (half === 2 ? 12 : 0);
}

/** The number that so many digits are, or -1. */
function numberAt(start: usize, digits: u32): i64 {
  const end = start + <usize>digits;
  let number: i64 = 0;
  for (let at = start; at < end; at++) {
    const digit = <u32>load<u8>(at) - 48;
    if (digit > 9) return -1;
    number = number * 10 + <i64>digit;
  }
  return number;
}

const OPEN_BRACKET: u8 = 40;
const OPEN_SQUARE: u8 = 91;

/** Whether the stamp that stops at `stop` cannot go on behind it. */
function endsThere(shape: usize, stop: usize, end: usize): bool {
  const after = load<i32>(shape, SHAPE_AFTER);
  if (stop >= end) return stop === end && after === -1;
  if (<i32>load<u8>(stop) !== after) return false;
  if (load<u8>(shape, SHAPE_GUARDED) !== 0) return stop + 1 >= end || !isDigit(load<u8>(stop, 1));
  const continuation = <usize>load<u32>(shape, SHAPE_CONTINUATION);
  if (continuation === 0) return true;
  const next = load<u8>(stop, 1);
  const from = next === OPEN_BRACKET || next === OPEN_SQUARE ? stop + 1 : stop;
  const triple =
    ((<usize>load<u8>(from, 1) & 31) << 10) | ((<usize>load<u8>(from, 2) & 31) << 5) | (<usize>load<u8>(from, 3) & 31);
  return load<u8>(continuation + triple) !== 1;
}

/** A digit as a number; 100 where it is none. */
function digitAt(at: usize): u32 {
  const digit = <u32>load<u8>(at) - 48;
  return digit > 9 ? 100 : digit;
}

/** Two digits as a number; 100 where they are none. */
function pairAt(at: usize): u32 {
  const tens = <u32>load<u8>(at) - 48;
  const ones = <u32>load<u8>(at, 1) - 48;
  return tens > 9 || ones > 9 ? 100 : tens * 10 + ones;
}
