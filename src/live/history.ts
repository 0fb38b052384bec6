import type { Instant } from '../core/instant.ts';
import { MAX_INSTANT, MIN_INSTANT } from '../core/instant.ts';
import { instantOfRow, type Memory } from '../core/memory.ts';
import type { RowFilter } from '../core/stages.ts';
import type { Plan } from '../plan.ts';
import { orderSources } from '../run/ordering.ts';
import type { SourcePass } from '../run/passes.ts';
import type { Run } from '../run/run.ts';
import type { Thinning } from '../run/thinning.ts';
import { insideRange } from '../select/index.ts';
import { mergeInputs, type TakeRows } from '../sort/index.ts';

/** What following needs of what stood there before. */
export interface History {
  run: Run;
  plan: Plan;
  memory: Memory;
  thinning: Thinning;
  /** Whether a source is waited for behind it. */
  isActive(source: number): boolean;
  /** Receives all rows that were framed, before any of them is left out, and the pass that has just come to them. */
  saw(source: number, firstRow: number, count: number, pass: SourcePass): void;
  /** Receives the pass over a source, before it reads anything. */
  opened(source: number, pass: SourcePass): void;
  highestOf(source: number): Instant | undefined;
  /** Whether a source is waited for that has not shown anything yet: then nothing may be written. */
  isBlocked(): boolean;
  /** Takes rows in order; those up to `settled` may be written. */
  take(rows: Int32Array, count: number, settled: Instant): Promise<boolean>;
}

/**
 * Merges all that stands in the sources, as a run that follows nothing does. The last of it is held back: as long as a
 * source goes on, what it brings next may belong before that.
 * @returns whether more is wanted
 */
export async function mergeHistory(history: History): Promise<boolean> {
  const { run, plan, memory, thinning } = history;
  const passes: (SourcePass | undefined)[] = [];
  const isRead = (source: number): boolean => passes[source]?.framer.isOver ?? true;
  const watched: Thinning = {
    ...thinning,
    filterOf: (source) => seeing(history, source, thinning.filterOf(source), () => passes[source] as SourcePass),
    opened(source, pass) {
      passes[source] = pass;
      history.opened(source, pass);
      thinning.opened(source, pass);
    },
    closed(source, pass) {
      passes[source] = undefined;
      thinning.closed(source, pass);
    },
  };
  const inputs = await orderSources(run, plan, memory, watched);
  thinning.begin();
  let isWanted = true;
  const take: TakeRows = async (rows, count) => {
    isWanted = await history.take(rows, count, settledAt(history, rows[count - 1], isRead));
    return isWanted;
  };
  await mergeInputs(memory, inputs, take, run.pause);
  return isWanted;
}

/** The instant up to which no source will bring more, when the merge has come to a row: of one that is not at its end, that row's. */
function settledAt(history: History, row: number, isRead: (source: number) => boolean): Instant {
  const { plan, memory } = history;
  if (history.isBlocked()) return MIN_INSTANT;
  const now = instantOfRow(memory, row);
  let lowest: Instant | undefined;
  for (const source of plan.sources.keys()) {
    if (!history.isActive(source)) continue;
    const reached = isRead(source) ? history.highestOf(source) : now;
    if (reached !== undefined && (lowest === undefined || reached < lowest)) lowest = reached;
  }
  return lowest === undefined ? MAX_INSTANT : lowest - (plan.follow?.delay ?? 0n) - 1n;
}

/** The filter of a source that also tells what it sees, and leaves out what lies before --from. */
function seeing(history: History, source: number, filter: RowFilter, pass: () => SourcePass): RowFilter {
  const { run, plan, memory } = history;
  const counts = run.countsOf(source);
  const { from } = plan.follow ?? {};
  const range = { since: from === 'now' ? MAX_INSTANT : from, until: undefined };
  const inRange = from === undefined ? undefined : insideRange(memory, range, () => counts.outside++);
  return (firstRow, count) => {
    history.saw(source, firstRow, count, pass());
    const kept = filter(firstRow, count);
    return inRange === undefined ? kept : inRange(firstRow, kept);
  };
}
