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

/** Abbreviations of zones that mean one offset only, in minutes, as the tz database and RFC 2822 use them today. */
export const ZONE_MINUTES: Readonly<Record<string, number>> = {
  UTC: 0,
  GMT: 0,
  UT: 0,
  WET: 0,
  WEST: 60,
  CET: 60,
  CEST: 120,
  MEZ: 60,
  MESZ: 120,
  EET: 120,
  EEST: 180,
  SAST: 120,
  MSK: 180,
  PKT: 300,
  WIB: 420,
  HKT: 480,
  AWST: 480,
  JST: 540,
  KST: 540,
  ACST: 570,
  ACDT: 630,
  AEST: 600,
  AEDT: 660,
  NZST: 720,
  NZDT: 780,
  HST: -600,
  AKST: -540,
  AKDT: -480,
  PDT: -420,
  MST: -420,
  MDT: -360,
  CDT: -300,
  EST: -300,
  EDT: -240,
  ADT: -180,
  NST: -210,
  NDT: -150,
  BRT: -180,
  BRST: -120,
  CAT: 120,
  WAT: 60,
  EAT: 180,
  IDT: 180,
  WITA: 480,
  WIT: 540,
  CHST: 600,
  HDT: -540,
  SST: -660,
  UYT: -180,
  UZT: 300,
  ICT: 420,
  NPT: 345,
  MVT: 300,
  IRKT: 480,
  KRAT: 420,
  NOVT: 420,
  OMST: 360,
  YEKT: 300,
  YAKT: 540,
  VLAT: 600,
  MAGT: 660,
  SAKT: 660,
  PETT: 720,
  SAMT: 240,
  ULAT: 480,
  CHUT: 600,
  SGT: 480,
  PHT: 480,
};

/** Abbreviations of more than one zone: read only where `--tz` says which. */
export const AMBIGUOUS_ZONES: Readonly<Record<string, readonly string[]>> = {
  PST: ['America/Los_Angeles', 'Asia/Manila'],
  CST: ['America/Chicago', 'Asia/Shanghai', 'America/Havana'],
  AST: ['America/Halifax', 'Asia/Riyadh'],
  IST: ['Asia/Kolkata', 'Asia/Jerusalem', 'Europe/Dublin'],
  BST: ['Europe/London', 'Asia/Dhaka'],
  GST: ['Asia/Dubai', 'Atlantic/South_Georgia'],
  ALMT: ['+06:00', '+05:00'],
  PWT: ['Pacific/Palau', '-07:00'],
  WST: ['Pacific/Apia', 'Australia/Perth'],
  WGST: ['-02:00', '-01:00'],
  AMT: ['America/Manaus', 'Asia/Yerevan'],
};

/** Those that are also read in lower case: other lower-case words may be host names (`est`, `met`). */
export const LOWER_CASE_ZONES = ['UTC', 'GMT'];

/** `minutes` of an abbreviation that several zones share. */
export const AMBIGUOUS = 9999;

/** Up to five letters as one number, so that a word is looked up without making a string. */
export function packWord(bytes: Uint8Array, at: number, length: number): number {
  let packed = 0;
  for (let i = 0; i < length; i++) packed = packed * 128 + bytes[at + i]!;
  return packed;
}

const packText = (text: string): number => packWord(new TextEncoder().encode(text), 0, text.length);

/** Minutes by packed abbreviation; AMBIGUOUS where it has several meanings. */
export const ZONE_WORDS: ReadonlyMap<number, number> = new Map([
  ...Object.entries(ZONE_MINUTES).map(([name, minutes]) => [packText(name), minutes] as const),
  ...Object.keys(AMBIGUOUS_ZONES).map((name) => [packText(name), AMBIGUOUS] as const),
  ...LOWER_CASE_ZONES.map((name) => [packText(name.toLowerCase()), ZONE_MINUTES[name] ?? 0] as const),
]);

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
