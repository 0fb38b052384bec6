import type { Digits, Instant, Nanos } from '../core/instant.ts';
import { TsalignError } from '../core/problem.ts';
import { suggestion } from '../core/registry.ts';
import { type Beginnings, beginningsOf, compilePattern, type Program } from './compile.ts';
import { TIME_FORMATS } from './formats.ts';
import { parsePattern } from './pattern.ts';
import { describePlace, type Place } from './place.ts';
import type { DayOrder, Standing, TimeFormat } from './time-format.ts';
import { parseZone, type Zone } from './zone.ts';

/** Which instant of a repeated hour: what the order of the file shows, the earlier, the later, or none. */
export type DstRule = 'order' | 'earlier' | 'later' | 'reject';

/** What the user said about the times of a source. Undefined: not said. */
export interface StampSettings {
  /** Undefined: UTC, and the plan says that nobody asked for it. */
  zone?: Zone | undefined;
  dst?: DstRule | undefined;
  /** A row's name, or a pattern. */
  timeFormat?: string | undefined;
  /** The year of the first record, where stamps have none. */
  year?: number | undefined;
  shift?: Nanos | undefined;
  dayOrder?: DayOrder | undefined;
  /** When the source was changed last: tells the order of day and month where only one of them is possible. */
  modified?: Instant | undefined;
  /** What abbreviations of zones mean in this source, by abbreviation in capitals. */
  abbreviations?: ReadonlyMap<string, Zone> | undefined;
  /** What stamps without a date count from: the day (in UTC) of the first record, or the start that a clock of seconds counts from. */
  anchor?: Instant | undefined;
  /** The source's name: stamps without a date take one that stands in it. */
  name?: string | undefined;
  /** The user's own rows: tried before those of the table. */
  formats?: readonly TimeFormat[] | undefined;
}

/** One pattern that a stamper tries. */
export interface PlannedFormat {
  /** The row's name, or the pattern that the user gave. */
  name: string;
  pattern: string;
  years?: readonly [first: number, last: number];
  zoneAfter?: readonly string[];
  /** Whether clocks may have a last number of one digit: where others are padded, such a stamp is a cut one. */
  unpadded: boolean;
  /** Whether a comma may begin a fraction; where it is false it begins the next cell. */
  commas?: boolean;
  /** Whether a word or number behind a blank may be a zone; where it is false it is data. */
  zonesApart?: boolean;
  /** Whether that is so because no line of the sample has one. */
  zonesUnseen?: boolean;
  /** Whether AM or PM behind a blank is one; where it is false it is a word. */
  halvesApart?: boolean;
  /** Share (0 … 1) of the sampled texts that it dated. */
  share: number;
}

/** Something that the text does not decide and nobody said: a clause, and the option that settles it. */
export interface Doubt {
  what: string;
  hint: string;
}

/** How the texts of a source are dated: plain data, decided by detectStamp, printed by --explain. */
export interface StampPlan {
  /** Tried in this order. */
  formats: PlannedFormat[];
  place: Place;
  /** The zone of stamps that name none, and whether the user said so, or their log, or names or values of fields, or stamps later in their lines show it. */
  zone: string;
  zoneFrom: 'given' | 'fields' | 'lines' | 'default';
  /** Whether stamps that name no zone were seen: only then does `zone` matter. */
  naive: boolean;
  dst: DstRule;
  /** What abbreviations of zones mean, by name of the zone, where the user said so. */
  abbreviations?: Readonly<Record<string, string>>;
  /** Whether names of months are read in other languages too. */
  localNames: boolean;
  /** Whether stamps without a year, or without a date, were seen: they need `year`, or `date`. */
  lacksYear: boolean;
  lacksDate: boolean;
  /** The year of the first record, where stamps have none; undefined while it is not known. */
  year?: number;
  yearFrom?: 'given' | 'lines' | 'stamps' | 'modified';
  /** Days between the modification time that a year was taken from and the last record, where that is doubtful. */
  yearDays?: number;
  /** The local date of the first record, where stamps have none, as days since 1970. */
  day?: number;
  dayFrom?: 'given' | 'name' | 'modified';
  /** Whether stamps count seconds from a start that the text does not tell, and that start, in seconds since 1970. */
  lacksStart: boolean;
  start: number;
  shift: Nanos;
  /** Share of the sampled texts that are dated, blank ones left out. */
  dated: number;
  /** The finest fraction seen, rounded up to what output can print. */
  digits: Digits;
  /** What the text does not decide. */
  doubts: readonly Doubt[];
  /** The abbreviation of several zones of which there is a doubt. */
  manyZones?: string;
  /** Where else stamps were found, the best first; nowhere, where those at the heads of lines left no doubt. */
  rivals: { where: string; formats: string[]; dated: number }[];
}

/** A row of the table, or the user's pattern, made ready. */
export interface ReadyFormat {
  format: Omit<TimeFormat, 'samples' | 'description'>;
  beginnings: Beginnings;
  /** Compiled when it is asked for. */
  program: Program;
}

/**
 * The formats to try: the whole table, or the one that the user named or wrote.
 * @throws TsalignError usage, where that is neither a row's name nor a pattern that can date.
 */
export function readyFormats(
  timeFormat: string | undefined,
  standing: Standing,
  own: readonly TimeFormat[] = [],
): ReadyFormat[] {
  const table = [...own, ...TIME_FORMATS];
  if (timeFormat === undefined) return table.filter((row) => row.stands.includes(standing)).map(ready);
  const row = formatNamed(timeFormat, own);
  if (row !== undefined) {
    const { after: _after, least: _least, ...anywhere } = row;
    return [ready({ ...anywhere, stands: ['start', 'inside', 'field'] })];
  }
  requireDate(timeFormat, table);
  return [ready({ name: timeFormat, pattern: timeFormat, stands: ['start', 'inside', 'field'] })];
}

/** Rows that are ready: each is asked for in several places and orders, and reading how it begins takes 30 µs at first. */
const known = new WeakMap<ReadyFormat['format'], ReadyFormat>();

function ready(format: ReadyFormat['format']): ReadyFormat {
  const made = known.get(format) ?? makeReady(format);
  known.set(format, made);
  return made;
}

function makeReady(format: ReadyFormat['format']): ReadyFormat {
  let program: Program | undefined;
  return {
    format,
    beginnings: beginningsOf(format.pattern),
    get program() {
      program ??= compilePattern(format.pattern);
      return program;
    },
  };
}

/** The row of this name or alias: the user's, or the table's. */
export function formatNamed(name: string, own: readonly TimeFormat[] = []): TimeFormat | undefined {
  const wanted = name.toLowerCase();
  return [...own, ...TIME_FORMATS].find((row) => row.name === wanted || row.aliases?.includes(wanted));
}

/** The names of all rows, in the order in which they are tried. */
export const formatNames = (own: readonly TimeFormat[] = []): string[] =>
  [...own, ...TIME_FORMATS].map(({ name }) => name);

/** No pattern is all in lower case, but for days of the year and numbers since 1970: such a word is a mistyped name. */
const NAME_LIKE = /^(?!x+$)(?!.*ooo)[a-z0-9-]+$/;

function requireDate(pattern: string, table: readonly TimeFormat[]): void {
  const names = table.flatMap((row) => [row.name, ...(row.aliases ?? [])]);
  if (/%[a-zA-Z]/.test(pattern)) throw notAFormat(pattern, LUXON);
  if (NAME_LIKE.test(pattern)) throw notAFormat(pattern, suggestion(pattern, names));
  const tokens = JSON.stringify(parsePattern(pattern));
  const has = (letters: string) => new RegExp(`"token":"[${letters}]`).test(tokens);
  if (has('XxJU') || has('o') || has('W') || (has('ML') && has('d')) || (has('Hh') && has('m'))) return;
  throw notAFormat(pattern, LUXON);
}

const LUXON = "use luxon's tokens, such as yyyy-MM-dd HH:mm:ss";

const notAFormat = (pattern: string, hint: string): TsalignError =>
  new TsalignError({
    code: 'usage',
    where: '--time-format',
    what: `"${pattern}" is neither the name of a format nor a pattern with a date or a time`,
    hint,
  });

/**
 * Whether the instant of a stamp hangs on nothing but its own text: then stamps can be read from any place of a file on.
 * One without a year or date does not, nor one of a zone in which an hour was repeated.
 */
export function standsAlone(plan: StampPlan): boolean {
  if (plan.lacksYear || plan.lacksDate || plan.lacksStart || plan.abbreviations !== undefined) return false;
  const programs = plan.formats.map(({ pattern }) => compilePattern(pattern));
  if (programs.some((program) => !program.year)) return false;
  return parseZone(plan.zone).isFixed || programs.every((program) => program.zone === 'always');
}

/** Whether days and months of its stamps change places with --day-order. */
export const hasDayOrder = ({ formats }: StampPlan): boolean =>
  formats.some(({ name }) => formatNamed(name)?.order !== undefined);

/** Whether no stamp has a time of day. */
export const areDatesAlone = (plan: StampPlan): boolean =>
  plan.formats.every(({ pattern }) => !compilePattern(pattern).time);

/** A plan in a line: format, place, zone and year, and how they were decided. */
export function describeStamp(plan: StampPlan): string {
  const names = plan.formats.map((each) => each.name).join(', ');
  const share = `${Math.round(plan.dated * 100)} % of the sample`;
  return [`${names} ${describePlace(plan.place)} (${share})`, describeZone(plan), ...describeYear(plan)].join('; ');
}

const ZONE_FROM: Readonly<Record<StampPlan['zoneFrom'], string>> = {
  given: '',
  fields: ' (by the name or the values of a field)',
  lines: ' (by times later in the lines)',
  default: ' (assumed, the text names none)',
};

const FROM = {
  given: '',
  lines: ' (from times later in the lines)',
  stamps: ' (from the stamps that name it)',
  name: ' (from the name of the file)',
  modified: ' (from the modification time)',
};

function describeZone(plan: StampPlan): string {
  if (!plan.naive) {
    const counts = plan.formats.every(({ pattern }) => compilePattern(pattern).epoch);
    return counts ? 'zone: none needed' : 'zone: in the text';
  }
  return `zone: ${plan.zone}${ZONE_FROM[plan.zoneFrom]}`;
}

function describeYear(plan: StampPlan): string[] {
  const said: string[] = [];
  if (plan.lacksDate) {
    const day = plan.day === undefined ? undefined : new Date(plan.day * 86_400_000).toISOString().slice(0, 10);
    said.push(day === undefined ? 'date: not in the text' : `first date: ${day}${FROM[plan.dayFrom ?? 'modified']}`);
  } else if (plan.lacksYear) {
    said.push(
      plan.year === undefined
        ? 'first year: from the order and the modification time of the file'
        : `first year: ${plan.year}${FROM[plan.yearFrom ?? 'modified']}`,
    );
  }
  if (plan.shift !== 0n) said.push(`shifted by ${Number(plan.shift) / 1e9} s`);
  if (plan.lacksStart) said.push(`counted from ${new Date(plan.start * 1000).toISOString()}`);
  return said;
}
