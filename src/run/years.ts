import { formatInstant, instantOf } from '../core/instant.ts';
import type { Memory } from '../core/memory.ts';
import type { Plan, SourcePlan } from '../plan.ts';
import { BlockReader } from '../sort/index.ts';
import { spoolSource } from '../source/index.ts';
import { completeYear, createStamper, type StampPlan } from '../time/index.ts';
import { openPass } from './passes.ts';
import type { Run } from './run.ts';

/**
 * Finds the years of sources whose stamps have none, by reading each of them once to its end. What can be read only
 * once is copied to a temporary file first; it counts as modified now.
 */
export async function completeYears(run: Run, plan: Plan, memory: Memory): Promise<void> {
  for (const index of plan.sources.keys()) await completeYearOf(run, plan, memory, index);
}

/** The same for one source. */
export async function completeYearOf(run: Run, plan: Plan, memory: Memory, index: number): Promise<void> {
  const source = plan.sources[index] as SourcePlan;
  if (source.stamp?.lacksYear && source.stamp.year === undefined) {
    run.doing('finding the years', source.open.size);
    if (!source.open.rereadable) source.open = await spoolSource(source.open, plan.tempDir, run.io.warn);
    const pass = openPass(run, plan, memory, index, 'look');
    const reader = new BlockReader(memory, pass, plan.memory.window);
    while ((await reader.next()) > 0) await run.pause();
    await reader.close();
    const { doubts: said } = source.stamp;
    source.stamp = completeYear(source.stamp, pass.stamper, source.open.modified ?? run.io.now());
    const { doubts, year } = source.stamp;
    const elsewhere = doubts.length > said.length ? yearsElsewhere(plan, year) : [];
    for (const doubt of doubts.slice(said.length)) {
      run.io.warn({ code: 'ambiguous', where: source.open.label, ...beside(doubt, elsewhere, source.path) });
    }
  }
}

/** The years of the sources whose stamps name them, where this one is not among them: most likely it is wrong. */
function yearsElsewhere(plan: Plan, year: number | undefined): number[] {
  const named = [...new Set(plan.sources.flatMap((source) => yearInText(source) ?? []))].sort((a, b) => a - b);
  return year === undefined || named.includes(year) ? [] : named;
}

type Doubt = StampPlan['doubts'][number];

/** A doubt about a year, with what other sources tell of it. */
function beside({ what, hint }: Doubt, years: readonly number[], path: string): Doubt {
  const [only] = years;
  if (only === undefined) return { what, hint };
  const range = years.length > 2 ? `${only} to ${years.at(-1)}` : years.join(' and ');
  const example = years.length > 1 ? '' : `, e.g. --year '${path}=${only}'`;
  return { what: `${what}; the other sources begin in ${range}`, hint: `${hint}${example}` };
}

/** The year of a source's first sampled instant, where its stamps name it. */
function yearInText({ stamp, firstText }: SourcePlan): number | undefined {
  if (stamp === undefined || stamp.lacksYear || stamp.lacksStart || firstText === undefined) return undefined;
  const stamper = createStamper(stamp, { bytes: firstText });
  if (!stamper.read(0, firstText.length)) return undefined;
  return Number(formatInstant(instantOf(stamper.high, stamper.low)).slice(0, 4));
}
