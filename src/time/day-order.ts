import { DAY_SECONDS, type Instant, NANOS_PER_SECOND } from '../core/instant.ts';
import type { Hit } from './hit.ts';
import type { DayOrder } from './time-format.ts';

/** What a sample is when its dates of numbers are read in one order. */
export interface Reading {
  order: DayOrder;
  /** Whether it reads days and months in numbers, in an order that another format would read otherwise. */
  ordered: boolean;
  /** Whether people mean that order where nothing decides. */
  usual: boolean;
  score: number;
  hits: readonly Hit[];
}

/** A score less than the best by so much is as good: what differs then is chance. */
const EQUAL = 0.02;
/** A file is copied, unpacked or checked out long after it was written; a log whose last record is older than that tells nothing. */
const RECENT = 400 * DAY_SECONDS;
/** How many times as far one reading must jump through the calendar as another to be no reading. */
const FARTHER = 5;

/**
 * The likeliest of the readings, and whether something decided: which dates exist, days of the week, then how far apart
 * neighbours are (one day in one order is a month or a year in another), then the modification time.
 */
export function chooseOrder<R extends Reading>(
  found: readonly R[],
  modified: Instant | undefined,
): { best: R; others: R[] } {
  const sorted = found.toSorted((a, b) => b.score - a.score);
  const first = sorted[0];
  const equal = first.ordered ? sorted.filter((each) => each.ordered && first.score - each.score <= EQUAL) : [first];
  // Where all instants are the same in every order (05/05/05) nothing is to be decided.
  const rivals = equal.filter((each, i) => equal.findIndex((other) => saysTheSame(other, each)) === i);
  if (rivals.length === 1) return { best: rivals[0], others: [] };
  const decided =
    byWeekday(rivals) ?? byTravel(rivals) ?? byModification(rivals, modified) ?? equal.find((each) => each.usual);
  if (decided !== undefined) return { best: decided, others: [] };
  const best = latest(rivals, modified);
  return { best, others: rivals.filter((each) => each !== best) };
}

const saysTheSame = ({ hits }: Reading, other: Reading): boolean =>
  hits.length === other.hits.length && hits.every(({ seconds }, i) => seconds === other.hits[i]?.seconds);

/** The only one of whose dates all fall on the days of the week that stand beside them, where those of others do not. */
function byWeekday<R extends Reading>(rivals: readonly R[]): R | undefined {
  const fitting = rivals.filter(({ hits }) => !hits.some(({ isOtherWeekday }) => isOtherWeekday));
  return fitting.length === 1 ? fitting[0] : undefined;
}

const lastOf = ({ hits }: Reading): number => hits.reduce((most, hit) => Math.max(most, hit.seconds), -Infinity);

/** The one whose dates are much nearer to each other, if the date changes twice at least. */
function byTravel<R extends Reading>(rivals: readonly R[]): R | undefined {
  const [near, next] = rivals
    .map((reading) => ({ reading, ...travelOf(reading.hits) }))
    .toSorted((a, b) => a.days - b.days);
  if (near === undefined || next === undefined || near.changes < 2) return undefined;
  return next.days >= near.days * FARTHER ? near.reading : undefined;
}

/** How often the day changes between neighbours, and by how many days in all. */
function travelOf(hits: readonly Hit[]): { changes: number; days: number } {
  const days = hits.map(({ seconds }) => Math.floor(seconds / DAY_SECONDS));
  const steps = days.slice(1).map((day, i) => Math.abs(day - days[i]));
  return { changes: steps.filter((step) => step > 0).length, days: steps.reduce((sum, step) => sum + step, 0) };
}

/** The only one that ends at the file's last change, or else in the year before it. */
function byModification<R extends Reading>(rivals: readonly R[], modified: Instant | undefined): R | undefined {
  if (modified === undefined) return undefined;
  const limit = Number(modified / NANOS_PER_SECOND);
  for (const age of [DAY_SECONDS, RECENT]) {
    const fitting = rivals.filter((each) => lastOf(each) <= limit + DAY_SECONDS && lastOf(each) >= limit - age);
    if (fitting.length > 0) return fitting.length === 1 ? fitting[0] : undefined;
  }
  return undefined;
}

/** Of those that are not in the future of the file the one that ends in the last year, the first of such. */
function latest<R extends Reading>(rivals: readonly R[], modified: Instant | undefined): R {
  const limit = modified === undefined ? Infinity : Number(modified / NANOS_PER_SECOND) + DAY_SECONDS;
  const past = rivals.filter((each) => lastOf(each) <= limit);
  const years = (each: R) => new Date(lastOf(each) * 1000).getUTCFullYear();
  const inOrder = ORDERS.flatMap((order) => (past.length > 0 ? past : rivals).filter((each) => each.order === order));
  return inOrder.reduce((best, each) => (years(each) > years(best) ? each : best));
}

/** In the order in which they are taken where nothing speaks for any. */
export const ORDERS: readonly DayOrder[] = ['mdy', 'dmy', 'ymd'];

const WORDS: Readonly<Record<DayOrder, string>> = { mdy: 'month/day', dmy: 'day/month', ymd: 'year/month/day' };

/** What to say where nothing decided. */
export function orderDoubt(best: DayOrder, others: readonly DayOrder[]): { what: string; hint: string } {
  const orders = ORDERS.filter((order) => order === best || others.includes(order));
  const first = orders.map((order) => ({ mdy: 'months', dmy: 'days', ymd: 'years' })[order]);
  const which = first.length === 2 ? `${first[1]} or ${first[0]}` : 'days, months or years';
  return {
    what: `the text does not tell whether ${which} come first; read as ${WORDS[best]}`,
    hint: `give --day-order ${[...orders].sort().join(' or ')}`,
  };
}
