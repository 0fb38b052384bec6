import { DAY_SECONDS, formatInstant, type Instant, NANOS_PER_SECOND } from '../core/instant.ts';
import { dayNumber, isLeapYear } from '../kernel/calendar.ts';
import { NO_OFFSET } from '../kernel/stamp-layout.ts';
import type { DayWalk } from './days.ts';
import type { Doubt, StampPlan } from './plan.ts';
import { FRAME_START, FRAME_YEAR } from './reader.ts';
import { parseZone, yearOf } from './zone.ts';

const HOUR_SECONDS = 3600;
const FEBRUARY_29 = dayNumber(FRAME_YEAR, 2, 29) * DAY_SECONDS;
const MARCH_1 = FEBRUARY_29 + DAY_SECONDS;
const HALF_YEAR = 183 * DAY_SECONDS;
const LEAP_YEAR = 366 * DAY_SECONDS;
/** A late line of December among those of January. */
const ELEVEN_MONTHS = 335 * DAY_SECONDS;
const WEEK = 7 * DAY_SECONDS;

export interface YearsSeen {
  year: number;
  last: number;
  offset: number;
  records: number;
  beforeNewYear: number | null;
}

/**
 * Gives the year to stamps that have none, by the order of the file: a step back by more than half a year is a new
 * year. A step forward is the year before where it spans eleven months (a late line of December in January) or undoes a
 * new year (a clock that was at 1 January until the network set it); else the source was silent for that long. Stamps
 * beside them that name their year set it.
 * Without a start year it counts years from 0, each as a leap year: the seconds then tell the order only.
 */
export class YearWalk {
  /** The current year, counted from the first record's, which is `start`, or 0 where that is not known. */
  year: number;
  /** Years, counted likewise, in which a 29 February was met. */
  readonly leapYears = new Set<number>();
  /** The last record in the frame year, its offset from UTC (NO_OFFSET where it names none), and how many there were. */
  last = 0;
  offset = NO_OFFSET;
  records = 0;
  /** New years, and silences of more than half a year: a file with both goes back and forth rather than on. */
  newYears = 0;
  silences = 0;
  /** The longest step back that was taken for a late line, in seconds. */
  latest = 0;
  /** The year of the first record, once a stamp that names its own has told it; only of a walk without a start year. */
  firstYear: number | undefined;
  private readonly start: number | undefined;
  /** Whether the last record's stamp names no year. */
  private isBare = false;
  private beforeLeapDay = 0;
  private afterLeapDay = 0;
  private hasLeapDay = true;
  /** The last record before the last new year, in the frame year. */
  private beforeNewYear = Number.POSITIVE_INFINITY;

  constructor(start: number | undefined) {
    this.start = start;
    this.year = start ?? 0;
    this.enter(this.year);
  }

  /** The local seconds of a stamp that was read in the frame year; NaN for a 29 February in a year without one. */
  complete(frame: number): number {
    if (this.records++ > 0) this.follow(frame);
    this.last = frame;
    this.isBare = true;
    if (frame < FEBRUARY_29) return frame + this.beforeLeapDay;
    if (frame >= MARCH_1) return frame + this.afterLeapDay;
    this.leapYears.add(this.year);
    return this.hasLeapDay ? frame + this.beforeLeapDay : Number.NaN;
  }

  /** Takes note of stamps of the last one's date that were read elsewhere. */
  passed(frame: number, count: number): void {
    this.last = frame;
    this.isBare = true;
    this.records += count;
  }

  /**
   * Takes note of a stamp that names its year: those around it that name none are counted from it.
   * @param local its local time, in seconds since 1970
   */
  meet(local: number): void {
    const year = yearOf(local);
    const frame = frameOf(local, year);
    const { newYears, silences } = this;
    if (this.isBare) this.follow(frame);
    // What a stamp that names its year shows is not doubtful.
    this.newYears = newYears;
    this.silences = silences;
    if (this.start === undefined) this.firstYear ??= year - this.year;
    this.enter(year - (this.firstYear ?? 0));
    this.beforeNewYear = Number.POSITIVE_INFINITY;
    this.last = frame;
    this.isBare = false;
    this.records++;
  }

  /** What the year of the next stamp depends on; plain data. */
  remember(): YearsSeen {
    const { year, last, offset, records, beforeNewYear } = this;
    return { year, last, offset, records, beforeNewYear: Number.isFinite(beforeNewYear) ? beforeNewYear : null };
  }

  /** Goes on where another walk stopped; both must know their years. */
  recall(seen: YearsSeen): void {
    this.enter(seen.year);
    this.last = seen.last;
    this.offset = seen.offset;
    this.records = seen.records;
    this.beforeNewYear = seen.beforeNewYear ?? Number.POSITIVE_INFINITY;
  }

  private follow(frame: number): void {
    const step = frame - this.last;
    if (step < -HALF_YEAR) {
      this.beforeNewYear = this.last;
      this.newYears++;
      this.enter(this.year + 1);
    } else if (step > ELEVEN_MONTHS || (step > HALF_YEAR && this.wasUnset(frame))) {
      this.beforeNewYear = Number.POSITIVE_INFINITY;
      this.enter(this.year - 1);
    } else if (step > HALF_YEAR) this.silences++;
    else if (-step > this.latest) this.latest = -step;
  }

  /** Whether the last record was in the first week of January, and this one goes on where the year before stopped. */
  private wasUnset(frame: number): boolean {
    return this.last < FRAME_START + WEEK && frame >= this.beforeNewYear - WEEK;
  }

  private enter(year: number): void {
    this.year = year;
    if (this.start === undefined) {
      this.beforeLeapDay = year * LEAP_YEAR;
      this.afterLeapDay = this.beforeLeapDay;
      return;
    }
    this.hasLeapDay = isLeapYear(year);
    this.beforeLeapDay = dayNumber(year, 1, 1) * DAY_SECONDS - FRAME_START;
    this.afterLeapDay = this.beforeLeapDay - (this.hasLeapDay ? 0 : DAY_SECONDS);
  }
}

/**
 * The plan with the year, or the date, of its first record, after a stamper made of it (walk mode: none known) has read
 * the whole source once: the one that stamps which name their year tell, or else the latest in which the last record is not
 * after `modified` (years: at most a day after it, dates: an hour) and every 29 February exists. A doubt is added where a year is more than a day from it, and for a date.
 * A plan that lacks nothing is returned as it is.
 * @param modified the source's modification time.
 */
export function completeYear(
  plan: StampPlan,
  { walk, days }: { walk: YearWalk; days?: DayWalk },
  modified: Instant,
): StampPlan {
  if (!plan.lacksYear || plan.year !== undefined) return plan;
  const limit = Number(modified / NANOS_PER_SECOND);
  const dated =
    days !== undefined && days.records > 0 && plan.day === undefined ? completeDay(plan, days, limit) : plan;
  if (walk.firstYear !== undefined) return { ...dated, year: walk.firstYear, yearFrom: 'stamps' };
  return walk.records === 0 ? dated : fromModification(dated, walk, modified, limit);
}

function completeDay(plan: StampPlan, days: DayWalk, limit: number): StampPlan {
  const zone = parseZone(plan.zone);
  const offset = days.offset;
  const local = offset === NO_OFFSET ? zone.toLocal(limit) : limit + offset;
  const lastDay = Math.floor((local + HOUR_SECONDS - days.last) / DAY_SECONDS);
  const day = lastDay - days.day;
  const completed: StampPlan = { ...plan, day, dayFrom: 'modified', year: yearOf(day * DAY_SECONDS) };
  return { ...completed, doubts: [...plan.doubts, dayDoubt(day)] };
}

const dayDoubt = (day: number): Doubt => ({
  what: `the stamps have no date; ${new Date(day * DAY_SECONDS * 1000).toISOString().slice(0, 10)} was taken for the first one, from the modification time`,
  hint: 'give --time-anchor with the day of the first record',
});

function fromModification(plan: StampPlan, walk: YearWalk, modified: Instant, limit: number): StampPlan {
  const newest = yearOf(limit) + 1;
  const years = Array.from({ length: 41 }, (_, i) => newest - i);
  const fits = (year: number) => instantIn(year, walk, plan.zone) <= limit + DAY_SECONDS;
  const leaps = (year: number) => [...walk.leapYears].every((each) => isLeapYear(year - walk.year + each));
  const last = years.find((year) => fits(year) && leaps(year)) ?? years.find(fits) ?? newest;
  const year = last - walk.year;
  const apart = Math.abs(limit - instantIn(last, walk, plan.zone));
  const completed: StampPlan = { ...plan, year, yearFrom: 'modified' };
  const yearDays = Math.round(apart / DAY_SECONDS);
  return apart <= DAY_SECONDS
    ? completed
    : { ...completed, yearDays, doubts: [...plan.doubts, yearDoubt(year, modified, yearDays)] };
}

/** The same day and time in the frame year. */
function frameOf(local: number, year: number): number {
  const frame = local - dayNumber(year, 1, 1) * DAY_SECONDS + FRAME_START;
  return frame >= FEBRUARY_29 && !isLeapYear(year) ? frame + DAY_SECONDS : frame;
}

/** UTC seconds of the walk's last record, if it was in this year. */
function instantIn(year: number, walk: YearWalk, zone: string): number {
  const after = walk.last >= MARCH_1 && !isLeapYear(year) ? DAY_SECONDS : 0;
  const local = walk.last - FRAME_START + dayNumber(year, 1, 1) * DAY_SECONDS - after;
  return walk.offset === NO_OFFSET ? parseZone(zone).toUtc(local) : local - walk.offset;
}

const yearDoubt = (year: number, modified: Instant, days: number): Doubt => ({
  what:
    `the stamps have no year; ${year} was taken for the first one, from the modification time ` +
    `${formatInstant(modified, 0)}, which is ${days} ${days === 1 ? 'day' : 'days'} from the last record`,
  hint: 'give --year',
});
