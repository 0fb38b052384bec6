import type { SourceCounts } from '../core/counts.ts';
import { BROKEN, type Memory, MULTILINE, UNDATED } from '../core/memory.ts';
import { TsalignError } from '../core/problem.ts';
import type { RowFilter } from '../core/stages.ts';
import { anyFlags, linesOfRow } from '../kernel/tally.ts';
import type { Plan, SourcePlan } from '../plan.ts';
import { chainFilters, type EmitRows, keepRows, Limit, matching } from '../select/index.ts';
import type { TakeRows } from '../sort/index.ts';
import type { Channel } from './channel.ts';
import { type Channels, openChannels } from './channels.ts';
import { sayDating } from './dating.ts';
import { openDedup } from './deduplication.ts';
import { type LateStage, lateStage } from './late.ts';
import { inRange, Missed, sayMissed, sayUnmatched } from './missed.ts';
import type { SourcePass } from './passes.ts';
import type { Reached } from './reached.ts';
import type { Run } from './run.ts';
import type { LockedFolder } from './slots.ts';
import { Tallies } from './tallies.ts';

/** What becomes of records: which of them are taken, and where they go. All of its counters end in the report. */
export interface Thinning {
  /** The filter of a source's records as they are framed: counts them, sets aside, keeps range and match. */
  filterOf(source: number): RowFilter;
  /** Says which pass the counters of a source are taken from, behind those of the passes before it. */
  opened(source: number, pass: SourcePass, linesBefore?: number): void;
  /** Says that a pass, or all passes over a source, came to their end: only their counters are kept. */
  closed(source: number, pass?: SourcePass): void;
  /** Gets to know the sources that have joined the plan. */
  renew(): void;
  /** Writes rows that are not in order, apart from those that `take` takes. Returns whether more are wanted. */
  write: EmitRows;
  /** Brings the counters of the sources up to date. */
  count(): void;
  /** Writes what stands before the first record. */
  begin(): void;
  /** Takes the next records of the merge: removes duplicates and writes the rest. */
  take: TakeRows;
  /** Writes what is held back; what was written is still to be made complete. */
  finish(): Promise<void>;
  /** How far each source was read, by its index. */
  reached: readonly Reached[];
  channels: Channels;
  /** Key words of the latest record that the output holds. */
  last(): LateStage['last'];
  /** Completes what is not the output, after the reader of the output has left. */
  finishEarly(): void;
  /** Leaves no output behind. */
  abort(): void;
}

export function openThinning(run: Run, plan: Plan, memory: Memory, slots?: LockedFolder): Thinning {
  const channels = openChannels(run, plan, memory, slots);
  const missed = new Missed(memory, plan.range);
  const tallies = new Tallies(run, plan, memory);
  const limit = new Limit(run.request.limit);
  const put = (rows: Int32Array, count: number): boolean => {
    const admitted = limit.admit(count);
    channels.records.write(rows, admitted);
    tallies.wrote(rows, admitted);
    return !limit.reached;
  };
  // Slots take a record wherever it belongs.
  const appends = plan.kept !== undefined && plan.output.slots === undefined;
  const late = !appends ? undefined : lateStage(run, plan, memory, channels, put);
  const emit = late?.take ?? put;
  const removed = (row: number): void => {
    run.countsOf(memory.source[row]).duplicates++;
    channels.duplicates?.writeRow(row);
  };
  const dedup = openDedup(run, plan, memory, emit, removed);
  return {
    filterOf: (source) => filterOf(run, plan, memory, source, { rejects: channels.rejects, missed }),
    opened: (source, pass, linesBefore) => tallies.opened(source, pass, linesBefore),
    closed: (source, pass) => tallies.closed(source, pass),
    renew() {
      tallies.renew();
      channels.renew();
    },
    write: put,
    count: () => tallies.settle(limit.reached),
    begin: () => channels.begin(),
    take: dedup.take,
    async finish() {
      await dedup.finish();
      tallies.settle(limit.reached);
      sayDating(run, plan.sources, tallies.now);
      late?.say();
      // What a run with a state finds is only what is new, and of what is followed more will come.
      if (plan.kept !== undefined || plan.follow !== undefined) return;
      sayMissed(run, plan, missed);
      sayUnmatched(run, plan);
    },
    reached: tallies.reached,
    channels,
    last: () => late?.last,
    finishEarly() {
      tallies.settle(true);
      channels.commitSides();
    },
    abort: () => channels.abort(),
  };
}

/** Where records go that are not taken. */
interface Aside {
  rejects: Channel | undefined;
  missed: Missed;
}

function filterOf(run: Run, plan: Plan, memory: Memory, source: number, { rejects, missed }: Aside): RowFilter {
  const counts = run.countsOf(source);
  const filters: RowFilter[] = [countRows(memory, counts)];
  const { undated, match } = run.request;
  if (undated === 'fail') filters.push(failUndated(memory, plan.sources[source]));
  if (undated === 'reject') {
    const reject = (row: number): void => {
      counts.rejected++;
      run.setAside();
      rejects?.writeRow(row);
    };
    filters.push(
      keepRows(memory, (row) => {
        const whole = isWhole(memory, row);
        if (!whole) reject(row);
        return whole;
      }),
    );
  }
  filters.push(...inRange(memory, plan, counts, missed));
  if (match !== undefined) filters.push(matching(memory, match, () => counts.unmatched++));
  return chainFilters(filters);
}

/** Whether a record is what its format promises, with an instant of its own. */
const isWhole = ({ flags }: Memory, row: number): boolean => (flags[row] & (UNDATED | BROKEN)) === 0;

/** Counts rows and their lines, apart from the framer's own count of lines: the two prove each other. */
export function countRows(memory: Memory, counts: SourceCounts): RowFilter {
  const { flags } = memory;
  return (firstRow, count) => {
    counts.records += count;
    counts.recordLines += count;
    if (anyFlags(memory, firstRow, count) === 0) return count;
    for (let row = firstRow; row < firstRow + count; row++) {
      const flag = flags[row];
      if ((flag & MULTILINE) !== 0) counts.recordLines += linesOfRow(memory, row) - 1;
      if ((flag & UNDATED) !== 0) counts.undated++;
      if ((flag & BROKEN) !== 0) counts.broken++;
    }
    return count;
  };
}

function failUndated(memory: Memory, source: SourcePlan): RowFilter {
  return keepRows(memory, (row) => {
    if (isWhole(memory, row)) return true;
    throw new TsalignError({
      code: 'undated',
      where: `${source.open.label}:${memory.line[row]}`,
      what: 'this record is broken or has no readable instant',
      hint: '--undated attach writes such records behind the one before, --undated reject sets them aside',
    });
  });
}
