import { createMemory } from './core/memory.ts';
import type { Problem } from './core/problem.ts';
import type { Inspection, SourceInspection } from './inspect/inspection.ts';
import { findOverlaps } from './inspect/overlaps.ts';
import { inspectSource } from './inspect/pass.ts';
import type { SourceFacts } from './inspect/source.ts';
import { makePlan, type Plan } from './plan.ts';
import type { MergeRequest, RunIo } from './request.ts';
import { closeSources } from './run/close.ts';
import { Missed, sayMissed } from './run/missed.ts';
import { totalSize } from './run/ordering.ts';
import { createRun, type Run } from './run/run.ts';
import { completeYears } from './run/years.ts';

export { axisOf, countTogether, type Lane, laneOf } from './inspect/axis.ts';
export type { Density, Inspection, SourceInspection } from './inspect/inspection.ts';

/**
 * Reads every source once, as a merge would, and tells what is in it. A source that cannot be read or dated is told of
 * and does not end it; only `sources`, the settings per source and the range of the request matter.
 * @throws TsalignError where what was asked has no meaning
 */
export async function runInspect(request: MergeRequest, io: RunIo): Promise<Inspection> {
  const run = createRun(request, io);
  const unread: Problem[] = [];
  const planning = makePlan(request, run.io, (problem) => unread.push(problem));
  try {
    const plan = await run.untilAborted(planning);
    return await run.untilAborted(inspectPlan(run, plan, unread));
  } finally {
    await closeSources(run, planning);
  }
}

/** The library's door for an inspection. */
export type RunInspect = typeof runInspect;

async function inspectPlan(run: Run, plan: Plan, unread: Problem[]): Promise<Inspection> {
  const memory = createMemory(plan.memory.total);
  if (plan.sources.length > 0) await completeYears(run, plan, memory);
  run.doing('reading', totalSize(plan.sources));
  const missed = new Missed(memory, plan.range);
  const facts: SourceFacts[] = [];
  for (const index of plan.sources.keys()) {
    facts.push(await inspectSource(run, plan, memory, index, { unread, missed }));
  }
  sayMissed(run, plan, missed);
  const overlaps = findOverlaps(facts);
  const sources = facts.map((each, i) => ({ ...each, ...overlaps[i] }) as SourceInspection);
  const dated = sources.flatMap(({ first, last }) => (first === undefined || last === undefined ? [] : [first, last]));
  return {
    sources,
    unread,
    first: dated.length === 0 ? undefined : dated.reduce((a, b) => (b < a ? b : a)),
    last: dated.length === 0 ? undefined : dated.reduce((a, b) => (b > a ? b : a)),
    warnings: run.warnings,
    zone: plan.output.zone,
  };
}
