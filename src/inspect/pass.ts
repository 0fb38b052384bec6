import type { Memory } from '../core/memory.ts';
import { type Problem, TsalignError } from '../core/problem.ts';
import { Coverage } from '../kernel/coverage.ts';
import type { Plan } from '../plan.ts';
import { sayOpen, sayTrouble } from '../run/dating.ts';
import { inRange, type Missed } from '../run/missed.ts';
import { openPass, type SourcePass } from '../run/passes.ts';
import type { Run } from '../run/run.ts';
import { countRows } from '../run/thinning.ts';
import { chainFilters } from '../select/index.ts';
import { BlockReader } from '../sort/index.ts';
import { type SourceFacts, sourceFacts } from './source.ts';

/** What passes tell of all sources together: what cannot be read, and what lies outside the range. */
export interface Told {
  unread: Problem[];
  missed: Missed;
}

/** Reads a source to its end and says what is in it; what stops that is told to `told.unread`, and what was read before is kept. */
export async function inspectSource(
  run: Run,
  plan: Plan,
  memory: Memory,
  index: number,
  told: Told,
): Promise<SourceFacts> {
  const coverage = new Coverage(memory);
  try {
    await readSource(run, plan, memory, index, coverage, told);
    return sourceFacts(plan.sources[index], run.countsOf(index), coverage);
  } finally {
    coverage.close();
  }
}

/** Tells the instants of a source to `coverage`. */
async function readSource(
  run: Run,
  plan: Plan,
  memory: Memory,
  index: number,
  coverage: Coverage,
  { unread, missed }: Told,
): Promise<void> {
  const counts = run.countsOf(index);
  const pass = openPass(run, plan, memory, index, 'take', {
    filter: chainFilters([countRows(memory, counts), ...inRange(memory, plan, counts, missed)]),
  });
  const reader = new BlockReader(memory, pass, plan.memory.output);
  try {
    for (let count = await reader.next(); count > 0; count = await reader.next()) {
      coverage.take(reader.firstRow, count);
      await run.pause();
    }
    sayTrouble(run, index);
    sayOpen(run, plan.sources[index], pass);
  } catch (error) {
    if (!(error instanceof TsalignError) || run.request.strict) throw error;
    unread.push(error.problem);
  } finally {
    settle(counts, pass);
    await reader.close();
  }
}

function settle(counts: ReturnType<Run['countsOf']>, { framer }: SourcePass): void {
  counts.lines = framer.line;
  counts.framingLines = framer.framingLines;
}
