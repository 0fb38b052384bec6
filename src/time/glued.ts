import { isLetter } from '../kernel/stamp-bytes.ts';
import * as field from '../kernel/stamp-layout.ts';
import * as met from './met.ts';
import { packWord, ZONE_WORDS } from './names.ts';
import { digitsValue, isDigitAt, isSignedAt, noonEnd } from './parts.ts';

const ALL_OF_IT =
  (1 << field.YEAR) |
  (1 << field.MONTH) |
  (1 << field.DAY) |
  (1 << field.HOUR) |
  (1 << field.MINUTE) |
  (1 << field.SECOND);
const MORE = met.ZONED | met.AMBIGUOUS_ZONE | met.NAMED_ZONE | met.HALVED | (1 << field.EPOCH);
const COLON = 58;
const LOWER_CASE = 32;
const LOWER_A = 97;
const LOWER_P = 112;
const LOWER_Z = 122;

/** What was met of a stamp, and where its numbers lie in the text. */
interface Met {
  has: number;
  fieldAt: Int32Array;
  fieldLength: Int32Array;
}

/**
 * Whether a stamp ends at `at` although a word follows at once (2015-04-24T21:08:10.31FOO): a date with all of its year,
 * and a clock to the second behind it, are hardly ever chance.
 */
export function endsBeforeWord(stamp: Met, bytes: Uint8Array, at: number, end: number): boolean {
  const { has, fieldAt, fieldLength } = stamp;
  const second = fieldAt[field.SECOND];
  if ((has & ALL_OF_IT) !== ALL_OF_IT || (has & MORE) !== 0) return false;
  if (fieldLength[field.YEAR] !== 4 || fieldLength[field.SECOND] !== 2 || bytes[second - 1] !== COLON) return false;
  if (fieldAt[field.YEAR] > second || fieldAt[field.DAY] > second) return false;
  const hourAt = fieldAt[field.HOUR];
  const hour = digitsValue(bytes, hourAt, hourAt + fieldLength[field.HOUR]);
  return isPlainWord(bytes, at, end) && (hour === 0 || hour > 12 || !isHalf(bytes, at, end));
}

/** Whether letters stand there that begin with no zone (Zulu), and behind which no number goes on (a1b2, XYZ+2). */
function isPlainWord(bytes: Uint8Array, at: number, end: number): boolean {
  let stop = at;
  while (stop < end && isLetter(bytes[stop])) stop++;
  if (stop === at || (bytes[at] | LOWER_CASE) === LOWER_Z) return false;
  if (isDigitAt(bytes, stop, end) || isSignedAt(bytes, stop, end)) return false;
  return stop - at < 3 || !ZONE_WORDS.has(packWord(bytes, at, 3));
}

/** Whether the letters begin with AM or PM, or are the first of these. */
function isHalf(bytes: Uint8Array, at: number, end: number): boolean {
  const letter = bytes[at] | LOWER_CASE;
  if (letter !== LOWER_A && letter !== LOWER_P) return false;
  return noonEnd(bytes, at, end) >= 0 || at + 1 >= end || !isLetter(bytes[at + 1]);
}
