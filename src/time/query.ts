import {
  DAY_SECONDS,
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
import { readyFormats } from './plan.ts';
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
 * An instant as people type it: RFC 3339 and the table's other forms that hold a date and leave no doubt about it, a
 * date alone (its beginning), a year, a number since 1970 (also `@1710054000`), `2h`, `2h ago`, `-2h`, `now`, `10:30` (of
 * today), `today`, `midnight`, `yesterday`, `tomorrow`, `yesterday 10:30`; a stamp without a year (`Mar 10 06:59:58`,
 * `Mar 10`) is the last such, or that of the year given.
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
  const instant = absolute(text.trim().replace(/\s+/g, ' '), { zone, now, year });
  if (instant === undefined || instant < MIN_INSTANT || instant > MAX_INSTANT) throw notAnInstant(text);
  return instant;
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
  const read = (form: string) => written(form, zone) ?? written(`${form}:00`, zone);
  if (/^\d{4}$/.test(text)) return read(`${text}-01-01`);
  const found = read(text);
  if (found !== undefined || !/^[a-z]{3,9} \d/i.test(text)) return found;
  const form = /^[a-z]+ \d\d?$/i.test(text) ? `${text} 00:00:00` : text;
  if (given !== undefined) return read(`${given} ${form}`);
  const year = yearOf(zone.toLocal(Number(now / NANOS_PER_SECOND)));
  const thisYear = read(`${year} ${form}`);
  const isAhead = thisYear !== undefined && thisYear > now + BigInt(DAY_SECONDS) * NANOS_PER_SECOND;
  return isAhead ? read(`${year - 1} ${form}`) : thisYear;
}

const CLOCK = /^(?:(yesterday|today|tomorrow)(?: (?:at )?(?=\d)|$))?(?:(\d\d?):(\d\d)(?::(\d\d))?)?$/;

/** Days from today and seconds of the day, of `yesterday`, `10:30` (today's) or `yesterday 10:30`. */
function dayAndClock(words: string): { days: number; seconds: number } | undefined {
  const [found, day = 'today', hour = '0', minute = '0', second = '0'] = CLOCK.exec(words) ?? [];
  if (found === undefined || found === '' || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59)
    return undefined;
  return { days: DAYS[day], seconds: Number(hour) * 3600 + Number(minute) * 60 + Number(second) };
}

function localTime(now: Instant, { days, seconds }: { days: number; seconds: number }, zone: Zone): Instant {
  const local = zone.toLocal(secondsOf(now).seconds);
  const day = Math.floor(local / DAY_SECONDS) + days;
  return BigInt(zone.toUtc(day * DAY_SECONDS + seconds)) * NANOS_PER_SECOND;
}

function written(text: string, zone: Zone): Instant | undefined {
  const bytes = new TextEncoder().encode(text);
  const reader = new StampReader();
  const fits = readyFormats(undefined, 'field').some(
    ({ format, program }) =>
      format.order === undefined &&
      program.year &&
      reader.read(program, format.years, bytes, 0, bytes.length) &&
      reader.length === bytes.length &&
      !reader.ambiguousZone,
  );
  if (!fits) return undefined;
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
