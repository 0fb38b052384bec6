import { formatInstant, instantOf } from '../core/instant.ts';
import type { Memory } from '../core/memory.ts';
import { namesFor } from '../core/problem.ts';
import { settingText } from '../plan/settings.ts';
import type { Plan, SourcePlan } from '../plan.ts';
import { BlockReader } from '../sort/index.ts';
import { spoolSource } from '../source/index.ts';
import { completeYear, createStamper, type StampPlan } from '../time/index.ts';
import { openPass } from './passes.ts';
import type { Run } from './run.ts';

type Doubt = StampPlan['doubts'][number];

/** What is doubtful about the year, or the date, that was found for a source. */
interface YearDoubt {
  source: SourcePlan;
  doubt: Doubt;
}

/**
 * Finds the years of sources whose stamps have none, by reading each of them once to its end. What can be read only
 * once is copied to a temporary file first; it counts as modified now.
 */
export async function completeYears(run: Run, plan: Plan, memory: Memory): Promise<void> {
  const doubts: YearDoubt[] = [];
  for (const index of plan.sources.keys()) doubts.push(...(await findYears(run, plan, memory, index)));
  sayYearDoubts(run, plan, doubts);
}

/** The same for one source. */
export async function completeYearOf(run: Run, plan: Plan, memory: Memory, index: number): Promise<void> {
  sayYearDoubts(run, plan, await findYears(run, plan, memory, index));
}

async function findYears(run: Run, plan: Plan, memory: Memory, index: number): Promise<YearDoubt[]> {
  const source = plan.sources[index];
  if (!source.stamp?.lacksYear || source.stamp.year !== undefined) return [];
  run.doing('finding the years', source.open.size);
  if (!source.open.rereadable) source.open = await spoolSource(source.open, plan.tempDir, run.io.warn);
  const pass = openPass(run, plan, memory, index, 'look');
  const reader = new BlockReader(memory, pass, plan.memory.window);
  while ((await reader.next()) > 0) await run.pause();
  await reader.close();
  const said = source.stamp.doubts.length;
  source.stamp = completeYear(source.stamp, pass.stamper, source.open.modified ?? run.io.now());
  return source.stamp.doubts.slice(said).map((doubt) => ({ source, doubt }));
}

/** Says each doubt once, of all the sources that one option settles. */
function sayYearDoubts(run: Run, plan: Plan, doubts: readonly YearDoubt[]): void {
  for (const hint of new Set(doubts.map(({ doubt }) => doubt.hint))) {
    const alike = doubts.filter(({ doubt }) => doubt.hint === hint);
    const sources = alike.map(({ source }) => source);
    const [only] = alike as [YearDoubt];
    const doubt = alike.length === 1 ? only.doubt : { what: whatOfSeveral(sources), hint };
    const where = namesFor(sources.map(({ open }) => open.label));
    run.io.warn({ code: 'ambiguous', where, ...beside(doubt, yearsElsewhere(plan, sources), sources) });
  }
}

function whatOfSeveral(sources: readonly SourcePlan[]): string {
  const stamps = sources.flatMap(({ stamp }) => stamp ?? []);
  if (stamps.some(({ lacksDate }) => lacksDate))
    return 'the stamps have no date; those of the first ones were taken from the modification times';
  const years = stamps.flatMap(({ year }) => year ?? []);
  const taken = `${yearRange(years)} ${new Set(years).size === 1 ? 'was' : 'were'} taken for the first ones`;
  const days = stamps.flatMap(({ yearDays }) => yearDays ?? []);
  return `the stamps have no year; ${taken}, from the modification times, which are ${span(days)} days from the last records`;
}

/** @example '297', '3 to 297' */
const span = (numbers: readonly number[]): string =>
  [...new Set([Math.min(...numbers), Math.max(...numbers)])].join(' to ');

/** The years of the sources whose stamps name them, where none of these is among them: most likely they are wrong. */
function yearsElsewhere(plan: Plan, sources: readonly SourcePlan[]): number[] {
  const named = plan.sources.flatMap((source) => yearInText(source) ?? []);
  return sources.some(({ stamp }) => stamp?.year === undefined || named.includes(stamp.year)) ? [] : named;
}

/** A doubt about a year, with what other sources tell of it. */
function beside({ what, hint }: Doubt, years: readonly number[], sources: readonly SourcePlan[]): Doubt {
  const [only, ...others] = new Set(years);
  if (only === undefined) return { what, hint };
  const [source, ...more] = sources;
  const setting = source === undefined || more.length > 0 ? only : settingText(source, only);
  const example = others.length > 0 ? '' : `, e.g. --year ${setting}`;
  return { what: `${what}; the other sources begin in ${yearRange(years)}`, hint: `${hint}${example}` };
}

/** @example '2023', '2023 and 2024', '2019 to 2024' */
function yearRange(years: readonly number[]): string {
  const sorted = [...new Set(years)].sort((a, b) => a - b);
  return sorted.length > 2 ? `${sorted[0]} to ${sorted.at(-1)}` : sorted.join(' and ');
}

/** The year of a source's first sampled instant, where its stamps name it. */
function yearInText({ stamp, firstText }: SourcePlan): number | undefined {
  if (stamp === undefined || stamp.lacksYear || stamp.lacksStart || firstText === undefined) return undefined;
  const stamper = createStamper(stamp, { bytes: firstText });
  if (!stamper.read(0, firstText.length)) return undefined;
  return Number(formatInstant(instantOf(stamper.high, stamper.low)).slice(0, 4));
}
