import {
  DAY_SECONDS,
  formatInstantShort,
  type Instant,
  MAX_INSTANT,
  MIN_INSTANT,
  NANOS_PER_SECOND,
  type Nanos,
  secondsOf,
} from '../core/instant.ts';
import { TsalignError } from '../core/problem.ts';
import { NO_OFFSET } from '../kernel/stamp-layout.ts';
import { parseDuration } from './duration.ts';
import { type ReadyFormat, readyFormats } from './plan.ts';
import { StampReader } from './reader.ts';
import { yearOf, type Zone } from './zone.ts';

const DAYS: Readonly<Record<string, number>> = { yesterday: -1, today: 0, tomorrow: 1 };

/** Where and when something is typed, and the year that it is of where it names none. */
export interface QueryPlace {
  zone: Zone;
  now: Instant;
  year?: number | undefined;
}

/**
 * An instant as people type it, or paste it from a log, also in brackets or quotes: RFC 3339 and the table's other forms
 * that hold a date and leave no doubt about it, a date alone (its beginning), a year, a number since 1970 (also
 * `@1710054000`), `2h`, `2h ago`, `-2h`, `now`, `10:30` (of today), `today`, `midnight`, `yesterday`, `tomorrow`,
 * `yesterday 10:30`; a stamp without a year (`Mar 10 06:59:58`, `10 Mar`) is the last such, or that of the year given.
 * @param zone the zone of what names none; of a repeated hour the earlier is taken.
 * @param now the instant that `ago`, `now` and the days are counted from.
 * @throws TsalignError usage, where it is none of these.
 */
export function parseQuery(text: string, { zone, now, year }: QueryPlace): Instant {
  const words = text.trim().toLowerCase().replace(/\s+/g, ' ');
  if (words === 'now') return now;
  if (words === 'midnight') return parseQuery('today', { zone, now });
  const day = dayAndClock(words);
  if (day !== undefined) return localTime(now, day, zone);
  const length = relative(words);
  if (length !== undefined) return now + length;
  const instant = absolute(bare(text), { zone, now, year });
  if (instant === undefined || instant < MIN_INSTANT || instant > MAX_INSTANT) throw notAnInstant(text);
  return instant;
}

/** Without what stands around it in a log or in a line of code. */
function bare(text: string): string {
  const whole = text.trim().replace(/\s+/g, ' ');
  const form = /[\])]/.test(whole) ? whole : whole.replace(/^[[(]/, '');
  return (
    /^(?:\[(.*)\]|"(.*)"|'(.*)'|\((.*)\)|<(.*)>)$/
      .exec(form)
      ?.slice(1)
      .find((inner) => inner !== undefined) ?? form
  );
}

/** From now: `2h ago`, `-2h` and `2h` lie before it, as with journalctl and docker; `+2h` lies behind it. */
function relative(words: string): Nanos | undefined {
  const [found, sign, text = ''] = /^([+-])?(\d.*?[a-zµμ]+)(?: ago)?$/.exec(words) ?? [];
  if (found === undefined) return undefined;
  try {
    return sign === '+' ? parseDuration(text) : -parseDuration(text);
  } catch {
    return undefined;
  }
}

/** Also without what people leave out: all behind the year or the hour, or the year, which then is the last that does not lie ahead. */
function absolute(text: string, { zone, now, year: given }: QueryPlace): Instant | undefined {
  const read = (form: string) =>
    written(form, zone) ?? written(`${form}:00`, zone) ?? written(form.replace(MINUTES_ALONE, '$&:00'), zone);
  if (/^\d{4}$/.test(text)) return read(`${text}-01-01`);
  const found = read(text);
  const parts = WITHOUT_YEAR.exec(text);
  if (found !== undefined || parts === null) return found;
  const [, month, day, dayFirst, monthBehind, clock = ' 00:00:00'] = parts;
  const date = `${month ?? monthBehind} ${day ?? dayFirst}`;
  if (given !== undefined) return read(`${given} ${date}${clock}`);
  const year = yearOf(zone.toLocal(Number(now / NANOS_PER_SECOND)));
  const thisYear = read(`${year} ${date}${clock}`);
  const isAhead = thisYear !== undefined && thisYear > now + BigInt(DAY_SECONDS) * NANOS_PER_SECOND;
  return isAhead ? read(`${year - 1} ${date}${clock}`) : thisYear;
}

/** Hour and minute whose seconds were left out before a zone or a year: `Mar 10 06:59 2024`. */
const MINUTES_ALONE = /(?<![\d:+-])\d\d?:\d\d(?![\d:])/;
/** `Mar 10` or `10 Mar`, and a time or none. */
const WITHOUT_YEAR = /^(?:([a-z]{3,9}) (\d\d?)|(\d\d?) ([a-z]{3,9}))( \d.*)?$/i;

const CLOCK = /^(?:(yesterday|today|tomorrow)(?: (?:at )?(?=\d)|$))?(?:(\d\d?):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?$/;

/** Days from today, and time of the day, of `yesterday`, `10:30` (today's) or `yesterday 10:30`. */
interface DayAndClock {
  days: number;
  seconds: number;
  nanos: Nanos;
}

function dayAndClock(words: string): DayAndClock | undefined {
  const [found, day = 'today', hour = '0', minute = '0', second = '0', fraction = ''] = CLOCK.exec(words) ?? [];
  if (found === undefined || found === '' || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59)
    return undefined;
  const seconds = Number(hour) * 3600 + Number(minute) * 60 + Number(second);
  return { days: DAYS[day], seconds, nanos: BigInt(fraction.padEnd(9, '0')) };
}

function localTime(now: Instant, { days, seconds, nanos }: DayAndClock, zone: Zone): Instant {
  const local = zone.toLocal(secondsOf(now).seconds);
  const day = Math.floor(local / DAY_SECONDS) + days;
  return BigInt(zone.toUtc(day * DAY_SECONDS + seconds)) * NANOS_PER_SECOND + nanos;
}

/** What a row of the table reads. @throws TsalignError where rows read days and months otherwise than others. */
function written(text: string, zone: Zone): Instant | undefined {
  const formats = readyFormats(undefined, 'field').filter(({ program }) => program.year);
  const firm = readings(
    text,
    zone,
    formats.filter(({ format }) => format.order === undefined),
  );
  if (firm[0] !== undefined || !DATE_OF_NUMBERS.test(text)) return firm[0];
  const [found, other] = new Set(
    readings(
      text,
      zone,
      formats.filter(({ format }) => format.order !== undefined),
    ),
  );
  if (found === undefined || other === undefined) return found;
  const [first, second] = [found, other].map((instant) => formatInstantShort(instant));
  const hint = 'write the year first: 2024-03-10 06:00';
  throw new TsalignError({ code: 'usage', what: `"${text}" may be ${first} or ${second}`, hint });
}

/** Of which rows with years of two digits may read another. */
const DATE_OF_NUMBERS = /(?<!\d)\d\d?([./-])\d\d?\1\d{4}(?!\d)/;

function readings(text: string, zone: Zone, formats: readonly ReadyFormat[]): Instant[] {
  const bytes = new TextEncoder().encode(text);
  const reader = new StampReader();
  return formats.flatMap(({ format, program }) => {
    const isRead =
      reader.read(program, format.years, bytes, 0, bytes.length) &&
      reader.length === bytes.length &&
      !reader.ambiguousZone;
    return isRead ? [instantRead(reader, zone)] : [];
  });
}

function instantRead(reader: StampReader, zone: Zone): Instant {
  const named = reader.zoneIndex > 0 ? (reader.book.zones[reader.zoneIndex] as Zone) : zone;
  const seconds = reader.offset === NO_OFFSET ? named.toUtc(reader.seconds) : reader.seconds - reader.offset;
  return BigInt(seconds) * NANOS_PER_SECOND + BigInt(reader.nanos);
}

function notAnInstant(text: string): TsalignError {
  return new TsalignError({
    code: 'usage',
    what: `"${text}" is no instant`,
    hint: 'write 2024-03-10T06:00Z, "2024-03-10 06:00", 2024-03-10, "Mar 10 06:00:00", "2h ago", 10:30, yesterday, today or now',
  });
}
