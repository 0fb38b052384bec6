import type { Instant } from '../core/instant.ts';
import { atOption, TsalignError } from '../core/problem.ts';
import type { MergeRequest } from '../request.ts';
import { parseQuery, type Zone } from '../time/index.ts';

/** Half open; undefined: without an end there. */
export interface Range {
  since: Instant | undefined;
  until: Instant | undefined;
}

/**
 * The range of --since and --until. What is typed without a year is of the one that --year names, if it names one only.
 * @throws TsalignError 'usage'
 */
export function rangeOf(request: Pick<MergeRequest, 'since' | 'until' | 'year'>, now: Instant, zone: Zone): Range {
  const year = onlyYear(request.year);
  const read = (option: string, text: string | undefined, year: number | undefined) =>
    text === undefined ? undefined : atOption(option, () => parseQuery(text, { zone, now, year }));
  const since = read('--since', request.since, year);
  const until = read('--until', request.until, year);
  if (since === undefined || until === undefined || since < until) return { since, until };
  // From December to January.
  const next = read('--until', request.until, year === undefined ? undefined : year + 1);
  if (next !== undefined && since < next) return { since, until: next };
  const what = `${request.until} does not lie after --since ${request.since}`;
  throw new TsalignError({ code: 'usage', where: '--until', what, hint: 'no record can be in that range' });
}

/** The year that all values of --year say, whatever sources they are for. */
function onlyYear(given: readonly string[]): number | undefined {
  const years = new Set(given.map((text) => text.slice(text.lastIndexOf('=') + 1)));
  const [year] = years;
  return years.size === 1 ? Number(year) || undefined : undefined;
}
