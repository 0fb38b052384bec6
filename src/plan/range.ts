import type { Instant } from '../core/instant.ts';
import { atOption, TsalignError } from '../core/problem.ts';
import type { MergeRequest, RunIo } from '../request.ts';
import { parseQuery, parseZone, UTC, type Zone } from '../time/index.ts';

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

/**
 * Says, to a person at a terminal, that a time without a zone was read in UTC although --tz names the zone of the logs
 * that it was taken from.
 */
export function sayZoneOfRange(request: MergeRequest, { now, stderrIsTerminal, warn }: RunIo): void {
  const [name, ...others] = new Set(request.tz.map(withoutGlob));
  if (!stderrIsTerminal || request.outputTz !== undefined || name === undefined || others.length > 0) return;
  const zone = parseZone(name);
  for (const option of ['since', 'until'] as const) {
    const text = request[option];
    if (text === undefined || parseQuery(text, { zone, now: now() }) === parseQuery(text, { zone: UTC, now: now() }))
      continue;
    const what = `"${text}" was read in UTC, in which the output is written`;
    warn({
      code: 'note',
      where: `--${option}`,
      what,
      hint: `--output-tz ${name} reads and writes times in the zone of --tz`,
    });
  }
}

const withoutGlob = (text: string): string => text.slice(text.lastIndexOf('=') + 1);

/** The year that all values of --year say, whatever sources they are for. */
function onlyYear(given: readonly string[]): number | undefined {
  const years = new Set(given.map(withoutGlob));
  const [year] = years;
  return years.size === 1 ? Number(year) || undefined : undefined;
}
