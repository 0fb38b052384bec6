import { isDigit } from '../kernel/stamp-bytes.ts';
import * as part from './parts.ts';

/** Spellings of seconds since 1970 that are no plain number. Each returns its end, or −1, and sets whole seconds and nanoseconds. */

/** TAI64 labels count from 2^62 at the epoch; daemontools write them 10 s ahead of UTC, whatever the leap seconds. */
const TAI_BASE = 2n ** 62n + 10n;

/** 16 hexadecimal digits of seconds, and 8 of nanoseconds where they follow (TAI64, TAI64N). */
export function taiLabel(bytes: Uint8Array, at: number, end: number, found: Float64Array): number {
  let stop = at;
  while (stop < end && stop < at + 24 && isHexDigit(bytes[stop]!)) stop++;
  if (stop !== at + 16 && stop !== at + 24) return -1;
  const text = latin(bytes, at, stop);
  found[0] = Number(BigInt(`0x${text.slice(0, 16)}`) - TAI_BASE);
  found[1] = stop === at + 24 ? Number.parseInt(text.slice(16), 16) : 0;
  return found[1] < 1e9 ? stop : -1;
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
  found[0] = Number((String.fromCharCode(bytes[at]!) + text.slice(0, 9)).padEnd(10, '0'));
  found[1] = Number(text.slice(9, 18).padEnd(9, '0'));
  return digits + exponent[0].length;
}

const latin = (bytes: Uint8Array, from: number, to: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1');
