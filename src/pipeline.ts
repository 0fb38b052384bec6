import { createMemory } from './core/memory.ts';
import { explainPlan } from './explain.ts';
import { orderSources } from './ordering.ts';
import { ClosedPipe } from './output/index.ts';
import { makePlan, type Plan } from './plan.ts';
import type { MergeRequest, MergeResult, RunIo } from './request.ts';
import { createRun, type Run } from './run.ts';
import { reportOf, summaryOf } from './run-report.ts';
import { mergeInputs } from './sort/index.ts';
import { openThinning } from './thinning.ts';
import { completeYears } from './years.ts';

/**
 * Merges sources as asked: plans, then runs the plan.
 * @throws TsalignError where it could not be done; then no output file was made or changed.
 */
export async function runMerge(request: MergeRequest, io: RunIo): Promise<MergeResult> {
  const run = createRun(request, io);
  const plan = await makePlan(request, run.io, run.setAside);
  try {
    if (request.explain) return resultOf(run, plan, false);
    const closedPipe = await Promise.race([execute(run, plan), run.aborted]);
    return resultOf(run, plan, closedPipe);
  } finally {
    for (const source of plan.sources) source.open.close();
  }
}

/** Runs a plan: reads every source as often as it takes, and writes. Returns whether the reader of stdout left early. */
async function execute(run: Run, plan: Plan): Promise<boolean> {
  const memory = createMemory(plan.memory.total);
  await completeYears(run, plan, memory);
  const thinning = openThinning(run, plan, memory);
  try {
    const inputs = await orderSources(run, plan, memory, thinning);
    thinning.begin();
    run.doing('merging');
    await mergeInputs(memory, inputs, thinning.take, run.pause);
    await thinning.finish();
    return false;
  } catch (error) {
    thinning.abort();
    if (error instanceof ClosedPipe) return true;
    throw error;
  }
}

function resultOf(run: Run, plan: Plan, closedPipe: boolean): MergeResult {
  return {
    setAside: run.isSetAside(),
    closedPipe,
    summary: summaryOf(run, plan),
    plan: explainPlan(plan),
    report: reportOf(run, plan),
  };
}
