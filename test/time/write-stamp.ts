import { Temporal } from 'temporal-polyfill';
import {
  DAY,
  EPOCH,
  FRACTION,
  HOUR,
  LACKS_DATE,
  MINUTE,
  MONTH,
  NO_OFFSET,
  SECOND,
  YEAR,
} from '../../src/kernel/stamp-layout.ts';
import { compilePattern } from '../../src/time/compile.ts';
import { detectStamp } from '../../src/time/detect.ts';
import { localNames } from '../../src/time/month-names.ts';
import { MONTHS, WEEKDAYS } from '../../src/time/names.ts';
import { StampReader } from '../../src/time/reader.ts';
import { createStamper } from '../../src/time/stamper.ts';
import type { TimeFormat } from '../../src/time/time-format.ts';

const short = (names: readonly string[]): string[] => names.map((name) => name[0]!.toUpperCase() + name.slice(1, 3));
const SHORT_MONTHS = short(MONTHS);
const SHORT_DAYS = short(WEEKDAYS);

/**
 * Rewrites a sample line of a row for other instants: every number of its stamp, the month's and day's names and AM or
 * PM; the zone stays. `unit` is the finest step (nanoseconds) that the shape can write, `head` where its stamp begins.
 */
export function writeStamp(row: TimeFormat, line: string) {
  const bytes = Buffer.from(`${line}`);
  const where = whereOf(row);
  const plan = detectStamp([bytes], where, { timeFormat: row.name, dayOrder: row.order, year: 2023 });
  const stamper = createStamper(plan!, { bytes });
  stamper.read(0, bytes.length);
  const reader = new StampReader();
  if (plan!.localNames) reader.names = localNames();
  reader.read(compilePattern(row.pattern), row.years, bytes, stamper.at, bytes.length);
  const layout = {
    stamp: bytes.toString('latin1', stamper.at, stamper.at + stamper.length),
    at: [...reader.fieldAt],
    length: [...reader.fieldLength],
    half: reader.half,
    offset: reader.offset === NO_OFFSET ? 0 : reader.offset,
    since: reader.fieldLength[EPOCH]! > 0 ? reader.values[EPOCH]! - reader.seconds : 0,
  };
  const prefix = bytes.toString('utf8', 0, stamper.at);
  const suffix = bytes.toString('utf8', stamper.at + stamper.length);
  const spelled = SPELLED[row.name];
  const unit = spelled?.unit ?? finest(layout, reader.fractionScale);
  const naive = reader.offset === NO_OFFSET;
  return {
    write: (instant: bigint): string =>
      prefix +
      (spelled?.write(instant) ?? Buffer.from(rewrite(layout, instant, reader.fractionScale), 'latin1').toString()) +
      suffix,
    /** Why it cannot be written for other instants; undefined where it can. */
    outside: outsideOf(row, reader, plan!.localNames),
    head: stamper.at,
    unit,
    naive,
  };
}

/** Whether a row's samples are lines or whole fields. */
export const whereOf = ({ stands }: TimeFormat): 'line' | 'field' =>
  stands.includes('start') || stands.includes('inside') ? 'line' : 'field';

function outsideOf({ zoneAfter, name }: TimeFormat, reader: StampReader, localNames: boolean): string | undefined {
  if (SPELLED[name] !== undefined) return undefined;
  if (localNames) return 'names of another language';
  if (zoneAfter !== undefined) return 'a zone in another field';
  if (reader.zoneIndex > 0) return 'a zone with two offsets';
  if (reader.lacks === LACKS_DATE) return 'no date';
  return reader.fieldLength[DAY]! + reader.fieldLength[EPOCH]! > 0 ? undefined : 'no digits of a day';
}

const hex = (value: bigint, digits: number): string => value.toString(16).padStart(digits, '0');
const SECOND_NANOS = 1_000_000_000n;

/** Stamps that are not put together of numbers as the others are: weeks, hexadecimal digits. */
const SPELLED: Readonly<Record<string, { unit: bigint; write(instant: bigint): string }>> = {
  'iso-week': {
    unit: SECOND_NANOS,
    write: (instant) => {
      const time = Temporal.Instant.fromEpochMilliseconds(Number(instant / 1_000_000n)).toZonedDateTimeISO('UTC');
      const week = String(time.weekOfYear).padStart(2, '0');
      return `${time.yearOfWeek}-W${week}-${time.dayOfWeek}T${time.toPlainTime().toString({ smallestUnit: 'second' })}Z`;
    },
  },
  tai64n: {
    unit: 1n,
    write: (instant) => `@${hex(2n ** 62n + 10n + instant / SECOND_NANOS, 16)}${hex(instant % SECOND_NANOS, 8)}`,
  },
  'epoch-hex': {
    unit: 1n,
    write: (instant) => `${hex(instant / SECOND_NANOS, 8)}.${hex(instant % SECOND_NANOS, 8)}`,
  },
};

type Layout = { stamp: string; at: number[]; length: number[]; half: number; offset: number; since: number };

function finest({ length }: Layout, scale: number): bigint {
  if (length[FRACTION]! > 0) return BigInt(scale);
  if (length[SECOND]! > 0 || length[EPOCH]! > 0) return 1_000_000_000n;
  if (length[MINUTE]! > 0) return 60_000_000_000n;
  return length[HOUR]! > 0 ? 3_600_000_000_000n : 86_400_000_000_000n;
}

function rewrite(layout: Layout, instant: bigint, scale: number): string {
  const local = instant + BigInt(layout.offset) * 1_000_000_000n;
  const nanos = ((local % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  const date = new Date(Number((local - nanos) / 1_000_000n));
  const values = valuesOf(date, layout, Number(nanos) / scale);
  const fields = values
    .map((value, kind) => ({ at: layout.at[kind]!, length: layout.length[kind]!, value }))
    .filter((field) => field.length > 0)
    .toSorted((a, b) => b.at - a.at);
  let stamp = layout.stamp;
  for (const { at, length, value } of fields) {
    const text = String(value)
      .padStart(length, '0')
      .slice(-Math.max(length, String(value).length));
    // A day padded with a blank keeps its width.
    const from = text.length > length && stamp.slice(at - 2, at) === '  ' ? at - 1 : at;
    stamp = stamp.slice(0, from) + text + stamp.slice(at + length);
  }
  return stamp
    .replace(/\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun)(day|sday|nesday|rsday|urday)?\b/, SHORT_DAYS[(date.getUTCDay() + 6) % 7]!)
    .replace(/(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)/i, SHORT_MONTHS[date.getUTCMonth()]!)
    .replace(new RegExp(EAST_ASIAN.flat().join('|')), (half) => {
      const pair = EAST_ASIAN.find((each) => each.includes(half))!;
      return pair[date.getUTCHours() < 12 ? 0 : 1]!;
    })
    .replace(/\b[AP]M\b/, date.getUTCHours() < 12 ? 'AM' : 'PM');
}

/** Halves of the day, as the bytes of the stamp are written here. */
const EAST_ASIAN = ['上午 下午', '午前 午後', '오전 오후'].map((pair) =>
  pair.split(' ').map((half) => Buffer.from(half).toString('latin1')),
);

function valuesOf(date: Date, { length, half, since }: Layout, fraction: number): number[] {
  const values: number[] = [];
  const year = date.getUTCFullYear();
  values[YEAR] = length[YEAR] === 2 ? year % 100 : year;
  values[MONTH] = date.getUTCMonth() + 1;
  values[DAY] = date.getUTCDate();
  // A day of three digits is one of the year.
  if (length[DAY] === 3) values[DAY] = Math.floor((date.getTime() - Date.UTC(year, 0, 1)) / 86_400_000) + 1;
  const hour = date.getUTCHours();
  values[HOUR] = half > 0 ? hour % 12 || 12 : hour;
  values[MINUTE] = date.getUTCMinutes();
  values[SECOND] = date.getUTCSeconds();
  values[FRACTION] = Math.floor(fraction);
  // Of what counts from another instant than 1970.
  values[EPOCH] = Math.floor(date.getTime() / 1000) + since;
  return values;
}
