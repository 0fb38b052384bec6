import { type Instant, MAX_INSTANT, MIN_INSTANT, NANOS_PER_SECOND } from '../core/instant.ts';
import { TsalignError } from '../core/problem.ts';
import { NO_OFFSET } from '../kernel/stamp-layout.ts';
import { readyFormats } from './plan.ts';
import { StampReader } from './reader.ts';
import { parseDuration } from './shift.ts';
import type { Zone } from './zone.ts';

const DAY_SECONDS = 86400;
const DAYS: Readonly<Record<string, number>> = { yesterday: -1, today: 0, tomorrow: 1 };

/**
 * An instant as people type it: RFC 3339 and the table's other forms that hold a date and leave no doubt about it, a
 * date alone (its beginning), a number since 1970 (also `@1710054000`), `2h ago`, `-2h`, `now`, `10:30` (of today), `today`,
 * `yesterday`, `tomorrow`, `yesterday 10:30`.
 * @param zone the zone of what names none; of a repeated hour the earlier is taken.
 * @param now the instant that `ago`, `now` and the days are counted from.
 * @throws TsalignError usage, where it is none of these.
 */
export function parseQuery(text: string, { zone, now }: { zone: Zone; now: Instant }): Instant {
  const words = text.trim().toLowerCase().replace(/\s+/g, ' ');
  if (words === 'now') return now;
  const day = dayAndClock(words);
  if (day !== undefined) return localTime(now, day, zone);
  if (words.endsWith(' ago')) return now - parseDuration(words.slice(0, -4));
  if (/^[+-]\d/.test(words) && !/^[+-]\d+$/.test(words)) return now + parseDuration(words);
  const instant = written(text.trim(), zone);
  if (instant === undefined || instant < MIN_INSTANT || instant > MAX_INSTANT) throw notAnInstant(text);
  return instant;
}

const CLOCK = /^(?:(yesterday|today|tomorrow)(?: (?=\d)|$))?(?:(\d\d?):(\d\d)(?::(\d\d))?)?$/;

/** Days from today and seconds of the day, of `yesterday`, `10:30` (today's) or `yesterday 10:30`. */
function dayAndClock(words: string): { days: number; seconds: number } | undefined {
  const [found, day = 'today', hour = '0', minute = '0', second = '0'] = CLOCK.exec(words) ?? [];
  if (found === undefined || found === '' || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59)
    return undefined;
  return { days: DAYS[day] as number, seconds: Number(hour) * 3600 + Number(minute) * 60 + Number(second) };
}

function localTime(now: Instant, { days, seconds }: { days: number; seconds: number }, zone: Zone): Instant {
  const local = zone.toLocal(
    Number((now - (((now % NANOS_PER_SECOND) + NANOS_PER_SECOND) % NANOS_PER_SECOND)) / NANOS_PER_SECOND),
  );
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
  const seconds = reader.offset === NO_OFFSET ? zone.toUtc(reader.seconds) : reader.seconds - reader.offset;
  return BigInt(seconds) * NANOS_PER_SECOND + BigInt(reader.nanos);
}

function notAnInstant(text: string): TsalignError {
  return new TsalignError({
    code: 'usage',
    what: `"${text}" is no instant`,
    hint: 'write 2024-03-10T06:00Z, "2024-03-10 06:00", 2024-03-10, "2h ago", 10:30, yesterday, today or now',
  });
}
