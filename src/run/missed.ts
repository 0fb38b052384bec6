import { formatCount } from '../core/count-text.ts';
import { type SourceCounts, totalCounts } from '../core/counts.ts';
import {
  compareKeys,
  formatInstantShort,
  highWord,
  type Instant,
  instantOf,
  lowWord,
  MIN_INSTANT,
} from '../core/instant.ts';
import type { Memory } from '../core/memory.ts';
import type { Problem } from '../core/problem.ts';
import type { RowFilter } from '../core/stages.ts';
import type { Plan } from '../plan.ts';
import { insideRange } from '../select/index.ts';
import type { Run } from './run.ts';

/** The filter of a source's records by the range, if there is one. */
export function inRange(memory: Memory, { range }: Plan, counts: SourceCounts, missed: Missed): RowFilter[] {
  if (range.since === undefined && range.until === undefined) return [];
  const outside = (row: number): void => {
    counts.outside++;
    missed.add(row);
  };
  return [insideRange(memory, range, outside)];
}

/** Says it where there are records, and none in the range. */
export function sayMissed(run: Run, { sources }: Plan, missed: Missed): void {
  const { records, outside, rejected } = totalCounts(sources.map((_, index) => run.countsOf(index)));
  if (outside > 0 && outside + rejected === records) run.io.warn(missed.problem(run.io.now()));
}

/**
 * Says it, to a person at a terminal, where there are records in the range, and none matches. For a job that is run every
 * hour that is the good news: it would be mailed.
 */
export function sayUnmatched({ request: { match }, io, countsOf }: Run, { sources }: Plan): void {
  if (!io.stderrIsTerminal) return;
  const { records, outside, rejected, unmatched } = totalCounts(sources.map((_, index) => countsOf(index)));
  if (match === undefined || unmatched === 0 || unmatched + outside + rejected < records) return;
  const where = outside === 0 ? '' : ' in the range';
  const what =
    unmatched === 1
      ? `the only record${where} does not match`
      : `none of ${formatCount(unmatched)} records${where} matches`;
  io.warn({ code: 'note', where: '--match', what: `${what} ${match}`, ...(isCased(match) ? IGNORE_CASE : {}) });
}

const IGNORE_CASE = { hint: '(?i) before it takes upper and lower case for the same' };

const isCased = (match: string | RegExp): boolean =>
  typeof match === 'string' && !match.startsWith('(?i)') && /\p{L}/u.test(match.replace(/\\./g, ''));

/**
 * The instants outside the range that lie nearest to it. A range without records is most often one that was meant
 * otherwise: typed in another zone, or of another day.
 */
export class Missed {
  private readonly keys: Memory['keys'];
  private readonly range: Plan['range'];
  private readonly since: { high: number; low: number };
  private readonly before = new Extreme('latest');
  private readonly behind = new Extreme('earliest');

  constructor({ keys }: Memory, range: Plan['range']) {
    const since = range.since ?? MIN_INSTANT;
    this.keys = keys;
    this.range = range;
    this.since = { high: highWord(since), low: lowWord(since) };
  }

  /** Takes in a row that lies outside. */
  add(row: number): void {
    const high = this.keys[2 * row + 1];
    const low = this.keys[2 * row];
    const isBefore = compareKeys(high, low, this.since.high, this.since.low) < 0;
    (isBefore ? this.before : this.behind).take(high, low);
  }

  /** What to say where no record lies inside. A time of day may have been meant of yesterday: of what lies ahead of now it is said. */
  problem(now: Instant): Problem {
    const { since, until } = this.range;
    const [before, behind] = [this.before.instant, this.behind.instant];
    const nearest = [
      ...(before === undefined ? [] : [`the last before that is at ${formatInstantShort(before)}`]),
      ...(behind === undefined ? [] : [`the first behind it is at ${formatInstantShort(behind)}`]),
    ];
    const where = [...(since === undefined ? [] : ['--since']), ...(until === undefined ? [] : ['--until'])].join(', ');
    return {
      code: 'note',
      where,
      what: `no record lies ${describeRange(this.range)}${since !== undefined && since > now ? ', which is still to come' : ''}`,
      hint: nearest.join(', '),
    };
  }
}

function describeRange({ since, until }: Plan['range']): string {
  if (since === undefined) return `before ${formatInstantShort(until as Instant)}`;
  const from = `from ${formatInstantShort(since)}`;
  return until === undefined ? `${from} on` : `${from} to before ${formatInstantShort(until)}`;
}

/** The latest or the earliest of some instants. */
class Extreme {
  private readonly sign: number;
  private high = 0;
  private low = 0;
  private isKnown = false;

  constructor(which: 'latest' | 'earliest') {
    this.sign = which === 'latest' ? 1 : -1;
  }

  take(high: number, low: number): void {
    if (this.isKnown && compareKeys(high, low, this.high, this.low) * this.sign <= 0) return;
    this.high = high;
    this.low = low;
    this.isKnown = true;
  }

  get instant(): Instant | undefined {
    return this.isKnown ? instantOf(this.high, this.low) : undefined;
  }
}
