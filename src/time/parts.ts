import { isDigit, isLetter, isWord } from '../kernel/stamp-bytes.ts';
import { type NameSet, PACKED_WORD_ZONES, packWord, ZONE_WORDS } from './names.ts';

/** Parts of a stamp: where they end, and what they say. −1 where there is none. */

const CLOSING = new Uint8Array(256);
for (const character of '])}>') CLOSING[character.charCodeAt(0)] = 1;

export function digitsValue(bytes: Uint8Array, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i++) value = value * 10 + bytes[i]! - 48;
  return value;
}

export const isDigitAt = (bytes: Uint8Array, at: number, end: number): boolean => at < end && isDigit(bytes[at]!);

export function digitsEnd(bytes: Uint8Array, at: number, end: number): number {
  let stop = at;
  while (stop < end && isDigit(bytes[stop]!)) stop++;
  return stop;
}

/** The end of the digits that stand there, one at least; −1 where none does. */
export function someDigitsEnd(bytes: Uint8Array, at: number, end: number): number {
  const stop = digitsEnd(bytes, at, end);
  return stop > at ? stop : -1;
}

function packLower(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! | 32) * 128 + (bytes[at + 1]! | 32)) * 128 + (bytes[at + 2]! | 32);
}

export const nameIndex = (names: NameSet, bytes: Uint8Array, at: number): number =>
  names.byFirstThree.get(packLower(bytes, at)) ?? 0;

/** The end of the name, short or long, that stands at `at`; −1 where none does. */
export function nameEnd(names: NameSet, bytes: Uint8Array, at: number, end: number): number {
  if (at + 3 > end) return -1;
  const index = nameIndex(names, bytes, at);
  if (index === 0) return -1;
  let stop = at + 3;
  while (stop < end && isLetter(bytes[stop]!)) stop++;
  // The same three letters begin the names of other languages (março).
  if (stop === at + 3) return stop < end && bytes[stop]! >= 0xc3 && bytes[stop]! <= 0xc5 ? -1 : stop;
  return names.longer[index]!.some((name) => equalsLower(name, bytes, at, stop)) ? stop : -1;
}

function equalsLower(name: Uint8Array, bytes: Uint8Array, at: number, stop: number): boolean {
  return name.length === stop - at && name.every((byte, i) => byte === (bytes[at + i]! | 32));
}

/**
 * Whether what follows a stamp that names no zone looks like one that we do not know: a sign with digits, an offset
 * behind a blank that is glued to a word, or a short word behind a blank and before a closing bracket, if it ends in T as
 * abbreviations of zones do. Reading the stamp without it would be a wrong instant.
 */
export function isUnknownZone(bytes: Uint8Array, at: number, end: number): boolean {
  const blank = bytes[at] === 32;
  let from = blank ? at + 1 : at;
  let stop = from;
  while (stop < end && (bytes[stop] === 43 || bytes[stop] === 45)) stop++;
  if (stop > from) {
    if (!blank) return stop < end && isDigit(bytes[stop]!);
    from = digitsEnd(bytes, stop, end);
    const minutes = bytes[from] === 58 ? from + 1 : from;
    return minutes > from && from - stop === 2 && digitsEnd(bytes, minutes, end) === minutes + 2;
  }
  while (stop < end && isLetter(bytes[stop]!)) stop++;
  if (!blank || stop - from < 3 || stop - from > 5 || stop >= end || CLOSING[bytes[stop]!] === 0) return false;
  return bytes[stop - 1] === CAPITAL_T && !NO_ZONES.some((word) => equals(word, bytes, from, stop));
}

const CAPITAL_T = 84;

/** Words in capitals between a time and a bracket that end in T, as abbreviations of zones do, and are none. */
const NO_ZONES = [
  'ALERT',
  'CRIT',
  'INIT',
  'BOOT',
  'ROOT',
  'AUDIT',
  'EVENT',
  'CLIENT',
  'NET',
  'TEXT',
  'PORT',
  'HOST',
].map((word) => new TextEncoder().encode(word));

const equals = (word: Uint8Array, bytes: Uint8Array, from: number, stop: number): boolean =>
  word.length === stop - from && word.every((byte, i) => byte === bytes[from + i]);

/**
 * Whether a year follows behind a blank: the stamp that ends here has one, and no format has read it (its zone is one
 * that we do not know). Without it, it would be read in a wrong year.
 */
export function isYearNext(bytes: Uint8Array, at: number, end: number): boolean {
  const from = blanksEnd(bytes, at, end);
  if (from === at || digitsEnd(bytes, from, end) !== from + 4) return false;
  const century = digitsValue(bytes, from, from + 2);
  return (century === 19 || century === 20) && (from + 4 >= end || AFTER_YEAR[bytes[from + 4]!] === 1);
}

const AFTER_YEAR = new Uint8Array(256);
for (const character of ' \t\r])}>,') AFTER_YEAR[character.charCodeAt(0)] = 1;

/** Whether digits with a date's separator follow behind a blank: the time that ends here is not all of its stamp. */
export function isDateNext(bytes: Uint8Array, at: number, end: number): boolean {
  const from = blanksEnd(bytes, at, end);
  const stop = digitsEnd(bytes, from, end);
  if (from === at || stop === from || stop > from + 4 || stop + 1 >= end) return false;
  return (bytes[stop] === 45 || bytes[stop] === 47 || bytes[stop] === 46) && isDigit(bytes[stop + 1]!);
}

function blanksEnd(bytes: Uint8Array, at: number, end: number): number {
  let stop = at;
  while (stop < end && (bytes[stop] === 32 || bytes[stop] === 9)) stop++;
  return stop;
}

/** AM, PM, a.m., p.m., a. m., and those of other languages (HALVES). */
export function noonEnd(bytes: Uint8Array, at: number, end: number): number {
  if (at < end && bytes[at]! >= 128) {
    const half = halfAt(bytes, at, end);
    return half === undefined ? -1 : at + half.bytes.length;
  }
  const letter = bytes[at]! | 32;
  const dotted = bytes[at + 1] === 46 ? 1 : 0;
  const blank = dotted === 1 ? blankLength(bytes, at + 2) : 0;
  const stop = at + 2 + 2 * dotted + blank;
  if (stop > end || (letter !== 97 && letter !== 112) || (bytes[at + 1 + dotted + blank]! | 32) !== 109) return -1;
  return (dotted === 1 && bytes[stop - 1] !== 46) || goesOn(bytes, stop, end) ? -1 : stop;
}

/** Whether AM or PM is the head of something else: pm-suspend, am=1, AM[12]. */
function goesOn(bytes: Uint8Array, at: number, end: number): boolean {
  if (at + 1 >= end) return false;
  const [next, behind] = [bytes[at]!, bytes[at + 1]!];
  return next === 61 || (next === 45 && isLetter(behind)) || (next === 91 && isDigit(behind));
}

/** Bytes of the blank that stands there, a no-break space among them. */
function blankLength(bytes: Uint8Array, at: number): number {
  if (bytes[at] === 32) return 1;
  return bytes[at] === 0xc2 && bytes[at + 1] === 0xa0 ? 2 : 0;
}

const halfAt = (bytes: Uint8Array, at: number, end: number) =>
  HALVES.find((half) => startsWith(half.bytes, bytes, at, end) && !isInWord(half.bytes, bytes, at, end));

/** Whether a letter of another alphabet follows one of Greek or Arabic (two bytes each): other words begin so. */
const isInWord = (half: Uint8Array, bytes: Uint8Array, at: number, end: number): boolean =>
  half[0]! < 0xe0 && at + half.length < end && bytes[at + half.length]! > 0xc2;

/** Chinese, Japanese, Korean, Greek, Arabic; the longer ones first. */
const HALVES = [
  ...['上午', '午前', '오전', 'π.μ.', 'πμ', 'ΠΜ', 'ص'].map((text) => ({ text, isForenoon: true })),
  ...['下午', '午後', '오후', 'μ.μ.', 'μμ', 'ΜΜ', 'م'].map((text) => ({ text, isForenoon: false })),
].map((half) => ({ ...half, bytes: new TextEncoder().encode(half.text) }));

/** Whether what noonEnd found is the first half of the day. */
export function isForenoon(bytes: Uint8Array, at: number): boolean {
  if (bytes[at]! < 128) return (bytes[at]! | 32) === 97;
  return halfAt(bytes, at, bytes.length)?.isForenoon === true;
}

const startsWith = (text: Uint8Array, bytes: Uint8Array, at: number, end: number): boolean =>
  at + text.length <= end && text.every((byte, i) => byte === bytes[at + i]);

/** Z, ±hh, ±hhmm, ±hh:mm, ±h:mm; the minus may be U+2212. */
export function offsetEnd(bytes: Uint8Array, at: number, end: number): number {
  if (at >= end) return -1;
  if ((bytes[at]! | 32) === 122) return at + 1;
  const from = at + signLength(bytes, at);
  if (from === at) return -1;
  if (bytes[from + 1] === 58 && isDigitAt(bytes, from, end)) {
    return digitsEnd(bytes, from + 2, Math.min(end, from + 4)) === from + 4 && bytes[from + 2]! < 54 ? from + 4 : -1;
  }
  if (digitsEnd(bytes, from, Math.min(end, from + 2)) !== from + 2) return -1;
  const minutesAt = from + (bytes[from + 2] === 58 ? 3 : 2);
  const stop = digitsEnd(bytes, minutesAt, Math.min(end, minutesAt + 2)) === minutesAt + 2 ? minutesAt + 2 : from + 2;
  const minutes = stop > from + 2 ? digitsValue(bytes, stop - 2, stop) : 0;
  return digitsValue(bytes, from, from + 2) <= 18 && minutes <= 59 ? stop : -1;
}

/** The minutes that it says. */
export function offsetMinutes(bytes: Uint8Array, at: number, stop: number): number {
  if (stop === at + 1) return 0;
  const from = at + signLength(bytes, at);
  const minutes = stop > from + 2 ? digitsValue(bytes, stop - 2, stop) : 0;
  const total = digitsValue(bytes, from, bytes[from + 1] === 58 ? from + 1 : from + 2) * 60 + minutes;
  return bytes[at] === 43 ? total : -total;
}

/** Whether a bracket closes behind the zone at [at, stop), or the colon of a syslog header (Cisco); `EAT: lunch` is a message. */
export const isClosed = (bytes: Uint8Array, at: number, stop: number): boolean =>
  CLOSING[bytes[stop]!] === 1 || (bytes[stop] === 58 && !PACKED_WORD_ZONES.has(packWord(bytes, at, stop - at)));

/** Whether a zone has four digits, or is an abbreviation that is no word. */
export const isWrittenZone = (bytes: Uint8Array, at: number, stop: number): boolean =>
  isLetter(bytes[at]!) ? !PACKED_WORD_ZONES.has(packWord(bytes, at, stop - at)) : stop - at >= 5;

/** Whether what was read for a zone is hardly anything else: Z, UTC, GMT+2, +05:30. */
export function isSurelyZone(bytes: Uint8Array, at: number, stop: number): boolean {
  if (stop === at + 1) return true;
  const first = bytes[at]! | 32;
  if (first === 117 || (first === 103 && (bytes[at + 1]! | 32) === 109)) return (bytes[at + 1]! | 32) !== 121;
  for (let i = at; i < stop; i++) if (bytes[i] === 58) return true;
  return false;
}

/** Whether a plus or minus with a digit behind it stands there. */
export const isSignedAt = (bytes: Uint8Array, at: number, end: number): boolean =>
  at < end && (bytes[at] === 43 || bytes[at] === 45) && isDigitAt(bytes, at + 1, end);

/** Whether one more offset follows a zone (Z-05:00): then neither is believed. */
export const isOffsetNext = (bytes: Uint8Array, at: number, end: number): boolean =>
  isSignedAt(bytes, at, end) && bytes[at + 3] === 58 && isDigitAt(bytes, at + 2, end) && isDigitAt(bytes, at + 4, end);

/** Whether a byte ends a word: a blank or a closing bracket. */
export const endsWord = (byte: number): boolean => byte === 32 || byte === 9 || CLOSING[byte] === 1;

function signLength(bytes: Uint8Array, at: number): number {
  if (bytes[at] === 43 || bytes[at] === 45) return 1;
  return bytes[at] === 0xe2 && bytes[at + 1] === 0x88 && bytes[at + 2] === 0x92 ? 3 : 0;
}

/** What, beside a point, makes with a digit behind it more of the clock: a colon after a second, no more after a fraction. */
export const AFTER_SECOND = 58;
export const AFTER_FRACTION = 46;

/** Minutes of a zone in lower case: only where a bracket closes behind it is such a word surely no host or program. */
export function bracketedZone(bytes: Uint8Array, at: number, stop: number, end: number): number | undefined {
  if (stop >= end || CLOSING[bytes[stop]!] === 0) return undefined;
  return ZONE_WORDS.get(
    packWord(
      bytes.subarray(at, stop).map((byte) => byte & 0xdf),
      0,
      stop - at,
    ),
  );
}

/** A stamp ends where its word or number ends, and where no fraction or further part of the clock follows. */
export function endsNumber(suspect: number, bytes: Uint8Array, at: number, end: number): boolean {
  if (at >= end) return true;
  const next = bytes[at]!;
  const previous = bytes[at - 1]!;
  if (isWord(next)) return !isWord(previous);
  if (!isDigit(previous) || (next !== 46 && next !== suspect)) return true;
  return at + 1 >= end || !isDigit(bytes[at + 1]!);
}

/** Whether a host's name goes on behind digits: 2012-mail, 2012.example.org. */
export const isNameNext = (bytes: Uint8Array, at: number, end: number): boolean =>
  at + 1 < end && (bytes[at] === 45 || bytes[at] === 46) && isLetter(bytes[at + 1]!);

/** The end of three capitals, a digit and three capitals (EST5EDT): standard time, hours west of Greenwich, summer time. */
export function ruledZoneEnd(bytes: Uint8Array, at: number, end: number): number {
  if (at + RULED > end || !isDigit(bytes[at + 3]!)) return -1;
  for (let i = 0; i < RULED; i++) if (i !== 3 && !isCapital(bytes[at + i]!)) return -1;
  return at + RULED;
}

const RULED = 7;
const isCapital = (byte: number): boolean => byte >= 65 && byte <= 90;

/** The end of a word of two to five letters that no digit follows. */
export function shortWordEnd(bytes: Uint8Array, at: number, end: number): number {
  let stop = at;
  while (stop < end && stop - at < 6 && isLetter(bytes[stop]!)) stop++;
  return stop - at < 2 || stop - at > 5 || (stop < end && isDigit(bytes[stop]!)) ? -1 : stop;
}
