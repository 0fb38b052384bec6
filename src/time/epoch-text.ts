import { DAY_SECONDS, NANOS_PER_SECOND } from '../core/instant.ts';
import { isDigit } from '../kernel/stamp-bytes.ts';
import * as part from './parts.ts';

/** Spellings of seconds since 1970 that are no plain number. Each returns its end, or −1, and sets whole seconds and nanoseconds. */

/** TAI64 labels count from 2^62 at the epoch; daemontools write them 10 s ahead of UTC, whatever the leap seconds. */
const TAI_BASE = 0x40000000;
const TAI_AHEAD = 10;

/** 16 hexadecimal digits of seconds, and 8 of nanoseconds where they follow (TAI64, TAI64N). */
export function taiLabel(bytes: Uint8Array, at: number, end: number, found: Float64Array): number {
  const stop = hexEnd(bytes, at, end, at + 24);
  if (stop !== at + 16 && stop !== at + 24) return -1;
  found[0] = (hexValue(bytes, at, at + 8) - TAI_BASE) * 2 ** 32 + hexValue(bytes, at + 8, at + 16) - TAI_AHEAD;
  found[1] = hexValue(bytes, at + 16, stop);
  return found[1] < 1e9 ? stop : -1;
}

/** The value of hexadecimal digits, of which a letter is 9 more than its low bits. */
function hexValue(bytes: Uint8Array, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i++) value = value * 16 + (bytes[i] & 15) + (bytes[i] > 57 ? 9 : 0);
  return value;
}

const isHexDigit = (byte: number): boolean => isDigit(byte) || ((byte | 32) >= 97 && (byte | 32) <= 102);

/** One digit, a point, more digits and an exponent: seconds as Go writes them (e+09), or milliseconds as Java does (E12). */
export function scientific(bytes: Uint8Array, at: number, end: number, found: Float64Array): number {
  const digits = part.digitsEnd(bytes, at + 2, Math.min(end, at + 21));
  if (!part.isDigitAt(bytes, at, end) || bytes[at + 1] !== 46) return -1;
  const exponent = /^[eE]\+?0?(9|12)(?![0-9])/.exec(latin(bytes, digits, Math.min(end, digits + 6)));
  if (exponent === null) return -1;
  const text = latin(bytes, at + 2, digits);
  // Behind the exponent of milliseconds the last three whole digits are the fraction's.
  found[0] = Number((String.fromCharCode(bytes[at]) + text.slice(0, 9)).padEnd(10, '0'));
  found[1] = Number(text.slice(9, 18).padEnd(9, '0'));
  return digits + exponent[0].length;
}

/** 13 digits of milliseconds or 16 of microseconds, a point and their fraction: what a float becomes in JSON (JavaScript's clocks, pandas). */
export function fractional(bytes: Uint8Array, at: number, end: number, found: Float64Array): number {
  const match = /^(\d{10})(\d{3}|\d{6})\.(\d{1,18})(?!\d|\.\d)/.exec(latin(bytes, at, Math.min(end, at + 37)));
  if (match === null) return -1;
  const [text, seconds, rest, fraction] = match;
  found[0] = Number(seconds);
  found[1] = Number((rest + fraction).slice(0, 9).padEnd(9, '0'));
  return at + text.length;
}

/** Eight hexadecimal digits of seconds, and a point with eight of nanoseconds or five of microseconds (OpenLDAP). */
export function hexSeconds(bytes: Uint8Array, at: number, end: number, found: Float64Array): number {
  const whole = hexEnd(bytes, at, end, at + 8);
  if (whole !== at + 8) return -1;
  found[0] = hexValue(bytes, at, whole);
  found[1] = 0;
  if (bytes[whole] !== 46) return whole;
  const stop = hexEnd(bytes, whole + 1, end, whole + 9);
  const digits = stop - whole - 1;
  if (digits !== 8 && digits !== 5) return -1;
  found[1] = hexValue(bytes, whole + 1, stop) * (digits === 5 ? 1000 : 1);
  return found[1] < 1e9 ? stop : -1;
}

/** Days from 1858-11-17, and from noon of 4713 BC, to 1970, in tenths. */
const FROM_1858 = 405_870n;
const FROM_4713_BC = 24_405_875n;
const TENTH_OF_A_DAY = 8_640_000_000_000n;

/** Five digits of days, or seven where they count from 4713 BC on, a point and more digits. */
export function julianDays(digits: number, bytes: Uint8Array, at: number, end: number, found: Float64Array): number {
  const whole = part.digitsEnd(bytes, at, Math.min(end, at + 8));
  if (whole - at !== digits || bytes[whole] !== 46) return -1;
  const stop = part.digitsEnd(bytes, whole + 1, Math.min(end, whole + 16));
  if (stop === whole + 1) return -1;
  const scale = 10n ** BigInt(stop - whole - 1);
  const days = BigInt(latin(bytes, at, whole)) * scale + BigInt(latin(bytes, whole + 1, stop));
  const tenths = days * 10n - (digits === 7 ? FROM_4713_BC : FROM_1858) * scale;
  const nanos = (tenths * TENTH_OF_A_DAY) / scale;
  found[0] = Number(nanos / NANOS_PER_SECOND);
  found[1] = Number(nanos % NANOS_PER_SECOND);
  return nanos >= 0n ? stop : -1;
}

/** Whole days from 1858-11-17 to 1970. */
const DAYS_FROM_1858 = Number(FROM_1858) / 10;

/** Five digits of days since 1858-11-17, a blank, seconds of the day with their fraction: the statistics of ntpd. */
export function ntpTime(bytes: Uint8Array, at: number, end: number, found: Float64Array): number {
  const match = /^(\d{5}) (\d{1,5})\.(\d{1,9})(?![\d.])/.exec(latin(bytes, at, Math.min(end, at + 24)));
  if (match === null) return -1;
  const [whole, days, seconds, fraction] = match;
  if (Number(seconds) >= DAY_SECONDS) return -1;
  found[0] = (Number(days) - DAYS_FROM_1858) * DAY_SECONDS + Number(seconds);
  found[1] = Number(fraction.padEnd(9, '0'));
  return at + whole.length;
}

function hexEnd(bytes: Uint8Array, at: number, end: number, most: number): number {
  let stop = at;
  while (stop < end && stop < most && isHexDigit(bytes[stop])) stop++;
  return stop;
}

const latin = (bytes: Uint8Array, from: number, to: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1');
