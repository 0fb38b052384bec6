import { formatInstant, instantOf } from '../core/instant.ts';
import type { Memory } from '../core/memory.ts';
import type { Plan, SourcePlan } from '../plan.ts';
import { BlockReader } from '../sort/index.ts';
import { spoolSource } from '../source/index.ts';
import { completeYear, createStamper } from '../time/index.ts';
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
    const elsewhere = doubts.length > said.length ? yearsElsewhere(plan, year) : '';
    for (const { what, hint } of doubts.slice(said.length)) {
      run.io.warn({ code: 'ambiguous', where: source.open.label, what: what + elsewhere, hint });
    }
  }
}

/** What years the sources lie in whose stamps name them, where that is not this one: most likely it is wrong. */
function yearsElsewhere(plan: Plan, year: number | undefined): string {
  const years = plan.sources.flatMap((source) => yearInText(source) ?? []);
  const named = [...new Set(years)].sort((a, b) => a - b);
  if (year === undefined || named.length === 0 || named.includes(year)) return '';
  const range = named.length > 2 ? `${named[0]} to ${named.at(-1)}` : named.join(' and ');
  return `; the other sources begin in ${range}`;
}

/** The year of a source's first sampled instant, where its stamps name it. */
function yearInText({ stamp, firstText }: SourcePlan): number | undefined {
  if (stamp === undefined || stamp.lacksYear || stamp.lacksStart || firstText === undefined) return undefined;
  const stamper = createStamper(stamp, { bytes: firstText });
  if (!stamper.read(0, firstText.length)) return undefined;
  return Number(formatInstant(instantOf(stamper.high, stamper.low)).slice(0, 4));
}
