import { AMBIGUOUS_ZONES, LOWER_CASE_ZONES, USUAL_MINUTES, WORD_ZONES, ZONE_MINUTES } from './zone-names.ts';

/** Names that stand in stamps: months, days of the week, zones. Case does not matter, except as said. */

export const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
] as const;

export const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

/** `minutes` of an abbreviation that several zones share; USUAL + minutes where one of them is meant most of the time. */
export const AMBIGUOUS = 9999;
export const USUAL = 20_000;

/** Up to five letters as one number, so that a word is looked up without making a string. */
export function packWord(bytes: Uint8Array, at: number, length: number): number {
  let packed = 0;
  for (let i = 0; i < length; i++) packed = packed * 128 + bytes[at + i];
  return packed;
}

export const packText = (text: string): number => packWord(new TextEncoder().encode(text), 0, text.length);

const ambiguous = (name: string): number => {
  const usual = USUAL_MINUTES[name];
  return usual === undefined ? AMBIGUOUS : USUAL + usual;
};

/** Minutes by packed abbreviation; AMBIGUOUS (or more: see USUAL) where it has several meanings. */
export const ZONE_WORDS: ReadonlyMap<number, number> = new Map([
  ...Object.entries(ZONE_MINUTES).map(([name, minutes]) => [packText(name), minutes] as const),
  ...Object.keys(AMBIGUOUS_ZONES).map((name) => [packText(name), ambiguous(name)] as const),
  ...LOWER_CASE_ZONES.map((name) => [packText(name.toLowerCase()), ZONE_MINUTES[name] ?? 0] as const),
]);

/** Packed abbreviations that are words of messages as well. */
export const PACKED_WORD_ZONES: ReadonlySet<number> = new Set(WORD_ZONES.map(packText));

/** A set of names that a stamp may have, short or in full. */
export interface NameSet {
  /** 1 … n by the packed first three letters, in lower case. */
  byFirstThree: ReadonlyMap<number, number>;
  /** What may stand in place of those three letters, by the same number. */
  longer: readonly (readonly Uint8Array[])[];
}

function nameSet(names: readonly string[], others: Readonly<Record<string, readonly string[]>>): NameSet {
  const encode = (name: string) => new TextEncoder().encode(name);
  return {
    byFirstThree: new Map(names.map((name, index) => [packText(name.slice(0, 3)), index + 1])),
    longer: [[], ...names.map((name) => [name, ...(others[name] ?? [])].map(encode))],
  };
}

export const MONTH_NAMES: NameSet = nameSet(MONTHS, { september: ['sept'] });

export const WEEKDAY_NAMES: NameSet = nameSet(WEEKDAYS, { tuesday: ['tues'], thursday: ['thur', 'thurs'] });
