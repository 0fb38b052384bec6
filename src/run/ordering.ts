import type { Memory } from '../core/memory.ts';
import { TsalignError } from '../core/problem.ts';
import { MOST_DECODERS } from '../plan/assumption.ts';
import type { Plan, SourcePlan } from '../plan.ts';
import {
  BlockReader,
  BYTES_PER_STREAM_ROW,
  checkOrder,
  type MergeInput,
  type MergeRoom,
  mostWindows,
  OrderCheck,
  RunFile,
  RunReader,
  reduceRuns,
  Sorter,
  takeStaging,
  WindowReader,
  type WindowSize,
  windowSize,
} from '../sort/index.ts';
import { locatedInput, type SourcePart } from './part.ts';
import { openPass } from './passes.ts';
import type { Run } from './run.ts';
import { findParts } from './search.ts';
import type { Thinning } from './thinning.ts';

/**
 * How a source comes into order: as it is, with the bytes that its longest record needs while it streams; through a window
 * in which late records find their place; or by sorting.
 */
type Ordering = { kind: 'stream'; bytes: number } | { kind: 'window'; size: WindowSize } | { kind: 'sort' };

/** Room for what stands between records: blank lines, line ends. */
const LINE_ROOM = 4096;

/** So many windows of a stream may a record be late, for which it need not be sorted on disk: 2 MiB, where memory suffices. */
const WINDOW_FACTOR = 16;

/** Room that remains for windows to grow in and for runs to be read: the rest is for streams. */
const STREAM_SHARE = 0.5;

/** Makes of every source a sorted input of the merge: what is sorted streams, the rest is sorted, on disk where it must be. */
export async function orderSources(run: Run, plan: Plan, memory: Memory, thinning: Thinning): Promise<MergeInput[]> {
  const orderings = await decideOrderings(run, plan, memory);
  limitStreams(orderings, memory);
  const unsorted = orderings.flatMap((ordering, index) => (ordering.kind === 'sort' ? [index] : []));
  const sorted =
    unsorted.length === 0 ? NONE_SORTED : await sortSources(run, plan, memory, thinning, unsorted, orderings);
  const streamed = orderings.flatMap(({ kind }, index) => (kind === 'stream' ? [index] : []));
  const parts = await findParts(run, plan, memory, streamed);
  const streams = orderings.flatMap((ordering, index): MergeInput[] => {
    if (ordering.kind === 'sort') return [];
    const part = parts.get(index);
    const pass = openPass(run, plan, memory, index, 'take', { filter: thinning.filterOf(index), part });
    thinning.opened(index, pass);
    if (ordering.kind === 'window') return [new WindowReader(memory, pass, ordering.size)];
    const reader = new BlockReader(memory, pass, ordering.bytes);
    if (!plan.presorted) return [reader];
    const promised = promisedOrder(memory, reader, plan.sources[index]);
    return [part === undefined ? promised : locatedInput(promised, part)];
  });
  const left = orderings.map(({ kind }, index) =>
    kind === 'sort' ? 0 : bytesLeft(plan.sources[index], parts.get(index)),
  );
  run.doing('merging', totalOf([sorted.bytes, ...left]));
  return [...streams, ...sorted.inputs];
}

/** Bytes that a stream will read; undefined where the size of the source does not tell. */
function bytesLeft({ open, taking }: SourcePlan, part: SourcePart | undefined): number | undefined {
  if (part !== undefined) return part.to - part.from;
  return open.size === undefined ? undefined : open.size - (open.seekable ? taking.from : 0);
}

/** What was sorted, and how many bytes of it are still to be read from disk. */
interface SortedSources {
  inputs: MergeInput[];
  bytes: number;
}

const NONE_SORTED: SortedSources = { inputs: [], bytes: 0 };

async function decideOrderings(run: Run, plan: Plan, memory: Memory): Promise<Ordering[]> {
  const orderings: Ordering[] = [];
  let decoders = 0;
  if (!plan.presorted) run.doing('checking', totalSize(plan.sources.filter((source) => source.open.seekable)));
  for (const [index, source] of plan.sources.entries()) {
    const { seekable, compression } = source.open;
    const decodes = compression.length > 0;
    if (plan.presorted && decodes) decoders++;
    if (seekable && !source.mayStream) orderings.push({ kind: 'sort' });
    else if (plan.presorted && decodes && decoders > MOST_DECODERS) orderings.push({ kind: 'sort' });
    else if (plan.presorted) orderings.push({ kind: 'stream', bytes: plan.memory.window });
    // What is compressed or comes through a pipe would have to be read a second time, or cannot be.
    else if (!seekable) orderings.push({ kind: 'sort' });
    else orderings.push(await checkSource(run, plan, memory, index));
  }
  return orderings;
}

async function checkSource(run: Run, plan: Plan, memory: Memory, index: number): Promise<Ordering> {
  const reader = new BlockReader(memory, openPass(run, plan, memory, index, 'look'), plan.memory.output);
  const { window } = plan.memory;
  const { late, longest } = await checkOrder(memory, reader, WINDOW_FACTOR * window, run.pause);
  await reader.close();
  if (late === undefined) return { kind: 'sort' };
  // Two of the longest: where a record ends shows only in the next one.
  const room = 2 * longest + LINE_ROOM;
  if (late.rows > 0) return { kind: 'window', size: windowSize(late, window, room) };
  return { kind: 'stream', bytes: Math.max(window, room) };
}

/**
 * Where the windows take too much together, as with long records, the widest of them are sorted through runs instead. So are
 * those whose records are late, where there are more of them than can be followed.
 */
function limitStreams(orderings: Ordering[], memory: Memory): void {
  const widths = orderings.map((ordering, index) => ({ index, width: widthOf(ordering) }));
  let sum = widths.reduce((total, { width }) => total + width, 0);
  let late = orderings.filter(({ kind }) => kind === 'window').length;
  const mostLate = mostWindows(memory);
  for (const { index, width } of widths.sort((a, b) => b.width - a.width || a.index - b.index)) {
    const isLate = orderings[index].kind === 'window';
    if (sum <= memory.regions.largest * STREAM_SHARE && !(isLate && late > mostLate)) continue;
    sum -= width;
    if (isLate) late--;
    orderings[index] = { kind: 'sort' };
  }
}

/** Sorts these sources together, and gives back the runs, few enough to be read beside the streams. */
async function sortSources(
  run: Run,
  plan: Plan,
  memory: Memory,
  thinning: Thinning,
  indexes: readonly number[],
  orderings: readonly Ordering[],
): Promise<SortedSources> {
  const sources = indexes.map((index) => plan.sources[index]);
  // The size of what is compressed says nothing about its text.
  const expectedBytes = sources.every(({ open }) => open.seekable) ? totalSize(sources) : undefined;
  run.doing('sorting', totalSize(sources));
  const makeRunFile = () => new RunFile(plan.tempDir);
  const staging = takeStaging(memory, plan.memory.staging);
  const sorter = new Sorter(memory, { staging, makeRunFile, expectedBytes });
  for (const index of indexes) {
    const pass = openPass(run, plan, memory, index, 'take', { filter: thinning.filterOf(index) });
    thinning.opened(index, pass);
    await sorter.add(pass);
    thinning.closed(index);
  }
  const windows = windowRoom(orderings);
  const { runs, inMemory } = sorter.finish(windows);
  if (runs.length === 0) return { inputs: inMemory, bytes: 0 };
  const room = { bytes: memory.regions.largest - windows.bytes, rows: memory.rows.largest - windows.rows };
  const reduced = await reduceRuns(memory, runs, room, staging, makeRunFile, run.pause);
  const bytes = totalOf(reduced.map(({ size }) => size)) as number;
  return { inputs: reduced.map((each) => watchedRun(run, new RunReader(memory, each))), bytes };
}

/** Counts what is read of a run, for the progress line. */
function watchedRun(run: Run, reader: RunReader): MergeInput {
  return {
    firstRow: reader.firstRow,
    next() {
      const before = reader.bytesRead;
      const count = reader.next();
      run.hasRead(reader.bytesRead - before);
      return count;
    },
    close: () => reader.close(),
  };
}

/** Bytes that a source takes while it streams. */
function widthOf(ordering: Ordering): number {
  if (ordering.kind === 'sort') return 0;
  if (ordering.kind === 'stream') return ordering.bytes;
  return 2 * Math.max(ordering.size.bytes, ordering.size.rows * BYTES_PER_STREAM_ROW);
}

/** What the windows of the streams take, with as much again to grow in. */
function windowRoom(orderings: readonly Ordering[]): MergeRoom {
  const bytes = orderings.reduce((sum, ordering) => sum + widthOf(ordering), 0);
  const late = orderings.reduce((sum, each) => sum + (each.kind === 'window' ? 2 * each.size.rows : 0), 0);
  return { bytes: 2 * bytes, rows: Math.ceil(bytes / BYTES_PER_STREAM_ROW) + late + orderings.length * 16 };
}

/** Bytes as stored; undefined where one of them is a pipe. */
export const totalSize = (sources: readonly SourcePlan[]): number | undefined =>
  totalOf(sources.map(({ open }) => open.size));

/** Undefined where one of them is. */
function totalOf(sizes: readonly (number | undefined)[]): number | undefined {
  return sizes.reduce((total, size) => (total === undefined || size === undefined ? undefined : total + size), 0);
}

/** Holds a source to the promise of --presorted. */
function promisedOrder(memory: Memory, input: MergeInput, source: SourcePlan): MergeInput {
  const check = new OrderCheck(memory);
  return {
    firstRow: input.firstRow,
    async next() {
      const count = await input.next();
      const line = check.take(input.firstRow, input.firstRow + count);
      if (line === undefined) return count;
      throw new TsalignError({
        code: 'out-of-order',
        where: `${source.open.label}:${line}`,
        what: 'this record lies before the one that precedes it, though --presorted says that all are in order',
        hint: 'leave out --presorted',
      });
    },
    close: () => input.close(),
  };
}
