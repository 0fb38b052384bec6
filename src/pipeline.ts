import { basename } from 'node:path';
import { clearMemory, createMemory, type Memory } from './core/memory.ts';
import { type Problem, TsalignError } from './core/problem.ts';
import { ClosedPipe } from './output/index.ts';
import { explainPlan } from './plan/explain.ts';
import { describeTaking } from './plan/taking.ts';
import { makePlan, type Plan } from './plan.ts';
import type { MergeRequest, MergeResult, RunIo } from './request.ts';
import { STDOUT } from './run/channels.ts';
import { closeSources } from './run/close.ts';
import { commitRun } from './run/commit.ts';
import { sayForeign } from './run/foreign.ts';
import { orderSources } from './run/ordering.ts';
import { lockOutput } from './run/output-lock.ts';
import { reportOf, summaryOf } from './run/report.ts';
import { createRun, type Run } from './run/run.ts';
import { openSession, type Session } from './run/session.ts';
import { type LockedFolder, lockSlots } from './run/slots.ts';
import { openThinning, type Thinning } from './run/thinning.ts';
import { completeYears } from './run/years.ts';
import { mergeInputs } from './sort/index.ts';
import { emptyState, type StateDocument } from './state/index.ts';

/**
 * Merges sources as asked: plans, then runs the plan.
 * @throws TsalignError where it could not be done; then no output file was made or changed.
 */
export async function runMerge(request: MergeRequest, io: RunIo): Promise<MergeResult> {
  const run = createRun(request, io);
  const session = request.state === undefined ? undefined : await openSession(request, run.io);
  try {
    return await runWith(run, session);
  } finally {
    session?.close();
  }
}

async function runWith(run: Run, session: Session | undefined): Promise<MergeResult> {
  const { request } = run;
  const planning = planMerge(run, session);
  try {
    const plan = await run.untilAborted(planning);
    if (request.explain || request.dryRun) return resultOf(run, plan, false);
    return resultOf(run, plan, await execute(run, plan, session));
  } finally {
    await closeSources(run, planning);
  }
}

/** A plan for what can be used: all of it, or under `keepGoing` what is left. */
async function planMerge(run: Run, session: Session | undefined): Promise<Plan> {
  const { request, io } = run;
  const missing = (problem: Problem): void => {
    if (request.follow && mayCome(problem)) {
      io.warn({ ...problem, code: 'note', hint: 'waiting for it' });
      return;
    }
    if (!request.keepGoing) throw new TsalignError(isAlone(problem, request) ? problem : orLeftOut(problem));
    io.warn({ ...problem, hint: 'skipped (--keep-going)' });
    run.setAside();
  };
  const plan = await makePlan(request, io, missing, documentOf(request, session));
  if (plan.follow !== undefined) return plan;
  if (plan.sources.length + (plan.kept?.seen.length ?? 0) > 0) return plan;
  throw new TsalignError({ code: 'no-source', what: 'none of the sources can be read' });
}

/** Whether the only source that was named cannot be read, so that nothing would be left without it. */
const isAlone = ({ where = '' }: Problem, { sources: [first = '', ...others], filesFrom }: MergeRequest): boolean =>
  others.length === 0 && filesFrom === undefined && [first, basename(first)].includes(where);

/** A problem that ends the run, with the option that would go on without the source. */
function orLeftOut(problem: Problem): Problem {
  const { code, hint } = problem;
  if (hint === undefined) return { ...problem, hint: '--keep-going goes on without it' };
  return code === 'no-timestamp' ? { ...problem, hint: `${hint}, or leave it out with --keep-going` } : problem;
}

/** What the plan goes on from: where slots are written anew, every source is taken from its beginning. */
function documentOf({ replaceSlots, follow }: MergeRequest, session: Session | undefined): StateDocument | undefined {
  if (session === undefined) return follow ? emptyState('') : undefined;
  return replaceSlots ? { ...session.document, sources: [], slots: undefined } : session.document;
}

/** Whether a source may still come that is missing now. A folder is there, and needs -r. */
const mayCome = ({ code, what }: Problem): boolean => code === 'no-source' && !what.includes('is a folder');

/** Runs a plan. Returns whether the reader of stdout left early. */
async function execute(run: Run, plan: Plan, session: Session | undefined): Promise<boolean> {
  const memory = createMemory(plan.memory.total);
  await run.untilAborted(completeYears(run, plan, memory));
  if (plan.assumesOrder && (await mergedAtOnce(run, plan, memory))) return false;
  const slots = await lockSlots(run, plan, session);
  if (session !== undefined) sayForeign(run, session);
  const thinning = openedWith(slots, () => openThinning(run, plan, memory, slots));
  try {
    session?.begin(thinning.channels.settle(), plan);
    if (plan.follow === undefined) await mergeOnce(run, plan, memory, thinning, session);
    else await follow(run, plan, memory, thinning, session);
    return false;
  } catch (error) {
    if (error instanceof ClosedPipe && error.problem.where === STDOUT) {
      thinning.finishEarly();
      return true;
    }
    thinning.abort();
    throw error;
  }
}

/**
 * Merges on the assumption that every source is in order, as most are: each is read once, in place of a first time to find
 * out. Where it is not, or anything is wrong with a source, nothing is left of it: who reads it all again says what.
 * @returns whether it was so
 */
async function mergedAtOnce(run: Run, plan: Plan, memory: Memory): Promise<boolean> {
  const assumed = { ...plan, presorted: true };
  const thinning = openThinning(run, assumed, memory);
  const attempt = run.attempt();
  try {
    await mergeOnce(run, assumed, memory, thinning, undefined);
    attempt.keep();
    return true;
  } catch (error) {
    thinning.abort();
    if (!(error instanceof TsalignError) || OF_OUTPUTS.includes(error.problem.code)) {
      attempt.keep();
      throw error;
    }
    attempt.undo();
    for (const { open } of plan.sources) open.forgetDamage?.();
    clearMemory(memory);
    return false;
  }
}

/** Reading all again would not mend these. */
const OF_OUTPUTS: readonly Problem['code'][] = ['output', 'disk-full'];

/** Opens what writes; where that fails, others may write slots. */
function openedWith(slots: LockedFolder | undefined, open: () => Thinning): Thinning {
  try {
    return open();
  } catch (error) {
    slots?.leave();
    throw error;
  }
}

async function follow(run: Run, plan: Plan, memory: Memory, thinning: Thinning, session: Session | undefined) {
  const { Follow } = await import('./live/follow.ts');
  const lock = await lockOutput(run, plan);
  try {
    await new Follow(run, plan, memory, thinning, session).run();
  } finally {
    lock?.release();
  }
}

async function mergeOnce(run: Run, plan: Plan, memory: Memory, thinning: Thinning, session: Session | undefined) {
  await run.untilAborted(mergeAll(run, plan, memory, thinning));
  await commitRun(run, plan, thinning, session);
}

/** Reads every source as often as it takes, and writes. */
async function mergeAll(run: Run, plan: Plan, memory: Memory, thinning: Thinning): Promise<void> {
  const inputs = await orderSources(run, plan, memory, thinning);
  thinning.begin();
  await mergeInputs(memory, inputs, thinning.take, run.pause);
  run.io.signal.throwIfAborted(); // what was closed by an abort ends like a source that was read
  await thinning.finish();
}

function resultOf(run: Run, plan: Plan, closedPipe: boolean): MergeResult {
  return {
    setAside: run.isSetAside(),
    closedPipe,
    summary: summaryOf(run, plan),
    plan: run.request.dryRun ? describeTaking(plan, run.io.cwd) : explainPlan(plan, run.request),
    report: reportOf(run, plan),
  };
}
