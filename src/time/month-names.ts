import { MONTHS } from './names.ts';

/**
 * Names of months and days of the week in other languages, from the platform's locale data. Loaded only where the
 * English ones do not date a sample: asking for all of them takes 50 ms.
 */
const LOCALES = [
  ...['fr', 'de', 'es', 'it', 'pt', 'nl', 'sv', 'da', 'nb', 'fi', 'pl', 'cs', 'ru', 'tr', 'hu', 'ro'],
  ...['el', 'uk', 'bg', 'sk', 'ca', 'id'],
];

/** The longest name, in bytes. */
const LONGEST = 32;

/** Names by their bytes as latin1, in lower case where they are ASCII. */
export interface LocalNames {
  /** 1 … 12. A name that two languages give to different months is left out. */
  months: ReadonlyMap<string, number>;
  weekdays: ReadonlySet<string>;
}

let loaded: LocalNames | undefined;

/** The names, loaded once. */
export function localNames(): LocalNames {
  loaded ??= { months: monthsOf(LOCALES), weekdays: weekdaysOf(LOCALES) };
  return loaded;
}

/** The end of the word of letters that stands at `at`, in any alphabet. */
export function wordEnd(bytes: Uint8Array, at: number, end: number): number {
  let stop = at;
  const last = Math.min(end, at + LONGEST);
  while (stop < last && (((bytes[stop]! | 32) >= 97 && (bytes[stop]! | 32) <= 122) || bytes[stop]! >= 128)) stop++;
  return stop;
}

/** A word of the bytes as the maps' keys are written. */
export function wordKey(bytes: Uint8Array, at: number, stop: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + at, stop - at)
    .toString('latin1')
    .replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function monthsOf(locales: readonly string[]): Map<string, number> {
  const dates = Array.from({ length: 12 }, (_, month) => Date.UTC(2023, month, 5));
  const names = locales.flatMap((locale) => namesOf(locale, 'month', dates));
  const months = withoutSeveral(names);
  // C libraries shorten to three letters (фев), where the locale data has four (февр).
  const short = withoutSeveral(names.map(({ name, index }) => ({ name: [...name].slice(0, 3).join(''), index })));
  for (const [key, month] of short) if (!months.has(key) && !ENGLISH.has(key)) months.set(key, month);
  return months;
}

const ENGLISH: ReadonlySet<string> = new Set(MONTHS.map((name) => name.slice(0, 3)));

/** Months by the keys of their names, but for those that name several. */
function withoutSeveral(names: readonly Named[]): Map<string, number> {
  const months = new Map<string, number>();
  const several = new Set<string>();
  for (const { name, index } of names) {
    for (const key of keysOf(name)) {
      if ((months.get(key) ?? index + 1) !== index + 1) several.add(key);
      months.set(key, index + 1);
    }
  }
  for (const key of several) months.delete(key);
  return months;
}

function weekdaysOf(locales: readonly string[]): Set<string> {
  const dates = Array.from({ length: 7 }, (_, day) => Date.UTC(2023, 0, 1 + day));
  return new Set(locales.flatMap((locale) => namesOf(locale, 'weekday', dates)).flatMap(({ name }) => keysOf(name, 2)));
}

interface Named {
  name: string;
  /** From 0. */
  index: number;
}

/** Long and short names, as they are written alone and beside a day (many languages inflect them). */
function namesOf(locale: string, part: 'month' | 'weekday', dates: readonly number[]): Named[] {
  const styles = (['long', 'short'] as const).flatMap((style) => [
    { [part]: style },
    { [part]: style, day: 'numeric' as const },
  ]);
  return styles.flatMap((style) => {
    const format = new Intl.DateTimeFormat(locale, { ...style, timeZone: 'UTC', calendar: 'gregory' });
    return dates.map((date, index) => ({ name: nameIn(format, part, date), index }));
  });
}

function nameIn(format: Intl.DateTimeFormat, part: string, date: number): string {
  const found = format.formatToParts(date).find(({ type }) => type === part)?.value ?? '';
  return found.replace(/\.$/, '');
}

/** As written (a weekday, which says nothing, may have two letters), and with a capital (which may be no ASCII letter). */
function keysOf(name: string, shortest = 3): string[] {
  if (name.length < shortest || !/^\p{L}+$/u.test(name)) return [];
  const capital = name[0]!.toUpperCase() + name.slice(1);
  return [name, capital].map((each) => {
    const bytes = new TextEncoder().encode(each);
    return wordKey(bytes, 0, bytes.length);
  });
}
