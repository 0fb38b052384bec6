import type { Memory } from '../core/memory.ts';
import type { Plan, SourcePlan } from '../plan.ts';
import { BlockReader } from '../sort/index.ts';
import { spoolSource } from '../source/index.ts';
import { completeYear } from '../time/index.ts';
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
    for (const doubt of source.stamp.doubts.filter((each) => !said.includes(each))) {
      run.io.warn({ code: 'ambiguous', where: source.label, ...doubt });
    }
  }
}
