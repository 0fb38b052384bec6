import { tripleOf } from '../kernel/stamp-bytes.ts';
import { AMBIGUOUS_ZONES, LOWER_CASE_ZONES, ZONE_MINUTES } from './zone-names.ts';

/**
 * Which three bytes behind a stamp and its space, and behind a bracket if one stands there, may belong to it after all. A
 * template that reads `10:00:00` must not read the head of `10:00:00 +0200`, `10:00:00 PM` or `10:00:00 (UTC)`; it leaves
 * such texts to the slow reader, which knows. The tables may hold too much (that costs time), never too little.
 */
export const AFTER_ZONELESS: Uint8Array = table([
  ...['+', '-', '−'].flatMap(withDigit),
  'Z',
  'z',
  'am',
  'pm',
  'AM',
  'PM',
  'a.m',
  'p.m',
  'A.M',
  'P.M',
  ...['上午', '下午', '午前', '午後', '오전', '오후', 'πμ', 'μμ', 'π.', 'μ.', 'ΠΜ', 'ΜΜ', 'ص', 'م'],
  ...Object.keys(ZONE_MINUTES),
  ...Object.keys(AMBIGUOUS_ZONES),
  ...LOWER_CASE_ZONES.map((name) => name.toLowerCase()),
  // Names of the tz database.
  ...[
    'Africa',
    'America',
    'Antarctica',
    'Arctic',
    'Asia',
    'Atlantic',
    'Australia',
    'Etc',
    'Europe',
    'Indian',
    'Pacific',
  ],
  // Two blanks may stand before a zone.
  ...[' +', ' -', ' −', ' Z', ' z'],
  ...[...Object.keys(ZONE_MINUTES), ...Object.keys(AMBIGUOUS_ZONES)].map((name) => ` ${name.slice(0, 2)}`),
]);

/** The same for a stamp without year, which one may still follow. */
export const AFTER_YEARLESS: Uint8Array = withYears(AFTER_ZONELESS);

/** A table that also holds these words. */
export function withWords(marks: Uint8Array, words: readonly string[]): Uint8Array {
  if (words.length === 0) return marks;
  const more = Uint8Array.from(marks);
  for (const word of words) mark(more, new TextEncoder().encode(word).subarray(0, 3));
  return more;
}

function withDigit(sign: string): string[] {
  return Array.from({ length: 10 }, (_, digit) => `${sign}${digit}`);
}

function withYears(zoneless: Uint8Array): Uint8Array {
  const yearless = Uint8Array.from(zoneless);
  for (const century of ['19', '20', '21', ' 1', ' 2']) mark(yearless, new TextEncoder().encode(century));
  return yearless;
}

function table(beginnings: readonly string[]): Uint8Array {
  const marks = new Uint8Array(32768);
  for (const text of beginnings) mark(marks, new TextEncoder().encode(text).subarray(0, 3));
  return marks;
}

/** Marks every triple that begins with these one to three bytes. */
function mark(marks: Uint8Array, bytes: Uint8Array): void {
  const from = tripleOf(Uint8Array.of(bytes[0], bytes[1] ?? 0, bytes[2] ?? 0), 0);
  marks.fill(1, from, from + 32 ** (3 - bytes.length));
}
