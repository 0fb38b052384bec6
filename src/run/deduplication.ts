import { formatCount } from '../core/count-text.ts';
import { knownColumns } from '../core/input-plan.ts';
import type { Memory } from '../core/memory.ts';
import type { DedupPlan, Plan } from '../plan.ts';
import { ContentTable, Dedup, type EmitRows, KeyDedup, type RunStore } from '../select/index.ts';
import {
  mergeInputs,
  RunFile,
  RunReader,
  RunWriter,
  reduceRuns,
  type SortedRun,
  type TakeRows,
  takeStaging,
} from '../sort/index.ts';
import { KeyValues } from './key-values.ts';
import type { Run } from './run.ts';

/** The stage that removes duplicates, between the merge and the output. */
export interface DedupStage {
  take: TakeRows;
  finish(): Promise<unknown>;
}

type Pause = () => Promise<void>;
type KeyPlan = DedupPlan & { kind: 'key' };

/** The keys in the window lie in JavaScript's own memory; beside the 96 MiB that it takes anyway, this much of --memory is theirs. */
const KEY_SHARE = 1 / 8;

export function openDedup(
  run: Run,
  plan: Plan,
  memory: Memory,
  emit: EmitRows,
  removed: (row: number) => void,
): DedupStage {
  const { dedup } = plan;
  if (dedup.kind === 'none') return { take: emit, finish: async () => {} };
  if (dedup.kind === 'key') return byKey(run, plan, memory, dedup, emit, removed);
  let identities = identitiesOf(plan, dedup);
  const identityOf = (source: number): number => {
    if (source >= identities.length) identities = identitiesOf(plan, dedup); // it has joined since
    return identities[source];
  };
  // A record may be as long as the limit, and the table must hold at least one.
  const table = new ContentTable(memory, plan.memory.record + Math.floor(plan.memory.total / 32), (row) =>
    identityOf(memory.source[row]),
  );
  const stage = new Dedup(memory, table, diskStore(memory, plan.tempDir, plan.memory.staging, run.pause), {
    rule: dedup.kind,
    takesPart: (source) => identityOf(source) !== NO_PART,
    emit,
    removed,
  });
  return { take: (rows, count) => stage.take(rows, count), finish: () => stage.finish() };
}

function byKey(
  run: Run,
  plan: Plan,
  memory: Memory,
  { fields, window }: KeyPlan,
  emit: EmitRows,
  removed: (row: number) => void,
): DedupStage {
  const byteLimit = Math.floor(plan.memory.total * KEY_SHARE);
  const values = new KeyValues(plan.sources, memory, fields);
  const fieldsOf = (row: number) => values.of(row);
  const stage = new KeyDedup(memory, { fieldsOf, window, byteLimit, emit, removed });
  return {
    take: (rows, count) => stage.take(rows, count),
    finish: async () => sayUnseen(values, run),
  };
}

/** Names of members and keys show only in the records: one that none of them has made --dedup do nothing. */
function sayUnseen({ records, unseen }: KeyValues, { io }: Run): void {
  if (records === 0 || unseen.size === 0) return;
  const names = [...unseen].map((name) => `"${name}"`).join(' or ');
  const what = `none of the ${formatCount(records)} records has a field ${names}, so none is a copy of another`;
  io.warn({ code: 'usage', where: '--dedup', what, hint: 'check the name; a.b is the member b of a' });
}

const NO_PART = -1;

/** A number for each source that it shares with those whose records can be duplicates of its own: same series, same CSV header. */
function identitiesOf(plan: Plan, dedup: DedupPlan & { within: 'series' | 'all' }): Int32Array {
  const kinds = new Map<string, number>();
  const sizes = new Map<number, number>();
  for (const { series } of plan.sources) sizes.set(series, (sizes.get(series) ?? 0) + 1);
  return Int32Array.from(plan.sources, ({ series, input }) => {
    if (dedup.within === 'series' && sizes.get(series) === 1) return NO_PART;
    const kind = JSON.stringify([dedup.within === 'series' ? series : 0, knownColumns(input)]);
    if (!kinds.has(kind)) kinds.set(kind, kinds.size);
    return kinds.get(kind) as number;
  });
}

/** Runs on disk for an instant with more different records than the table holds. */
export function diskStore(memory: Memory, folder: string, stagingBytes: number, pause: Pause): RunStore<SortedRun> {
  const stagings = [0, 1].map(() => takeStaging(memory, stagingBytes)) as [Staging, Staging];
  const makeRunFile = () => new RunFile(folder);
  return {
    write(slot) {
      const writer = new RunWriter(memory, makeRunFile(), stagings[slot]);
      const one = new Int32Array(1);
      return {
        add(row) {
          one[0] = row;
          writer.write(one, 0, 1);
        },
        finish: () => writer.finish(),
      };
    },
    discard: (run) => run.file.release(),
    async read(runs, take) {
      const room = { bytes: memory.regions.largest >> 1, rows: memory.rows.largest >> 1 };
      const reduced = await reduceRuns(memory, runs, room, stagings[0], makeRunFile, pause);
      const inputs = reduced.map((each) => new RunReader(memory, each));
      await mergeInputs(memory, inputs, take, pause);
    },
  };
}

type Staging = ReturnType<typeof takeStaging>;
