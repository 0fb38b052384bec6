import { setImmediate } from 'node:timers/promises';
import { type SourceCounts, zeroCounts } from '../core/counts.ts';
import type { Problem } from '../core/problem.ts';
import type { ByteStream } from '../core/stages.ts';
import type { SlotsDone } from '../output/index.ts';
import type { MergeRequest, ProgressState, RunIo } from '../request.ts';

/** Codes of warnings after which a run is done, but not of all that it was given. */
const SETS_ASIDE: readonly Problem['code'][] = ['truncated', 'corrupt', 'unreadable'];

/** How often signals and the progress line get their turn. */
const TURN_MS = 50;

/** What one run carries along: its io, counters, and whether something was set aside. */
export interface Run {
  request: MergeRequest;
  /** As given, with warnings kept for the report. */
  io: RunIo;
  warnings: Problem[];
  /** Counters of a source, by its index. */
  countsOf(source: number): SourceCounts;
  /** The first record of each source that is broken or has no instant, by the source's index: it is said when all are counted. */
  troubles: Problem[];
  /** What dating met in each source, by its index. */
  stamps: Readonly<Record<string, number>>[];
  /** Bytes that a binary search spared, by the index of their source. */
  skippedBytes: number[];
  /** Where sources end before a record that is too long (--keep-going), by index: bytes of text before it. */
  ends: number[];
  /** What became of time slots, where there are any. */
  slots: SlotsDone | undefined;
  /** Keeps what is counted and said from now on to itself, until it is known whether that counts. */
  attempt(): Attempt;
  /** Something was given that is not in the output: exit 1. */
  setAside(): void;
  isSetAside(): boolean;
  /** Names what is done from now on, for the progress line. */
  doing(verb: string, totalBytes?: number): void;
  /** Counts what is read through this stream: its bytes, or those that `stored` tells. */
  watch(stream: ByteStream, stored?: () => number): ByteStream;
  /** Counts bytes that are read otherwise. */
  hasRead(bytes: number): void;
  /** Now and then gives signals and progress their turn. Cheap, to be called for every block. @throws the signal's reason */
  pause(): Promise<void>;
  /** From now on a signal ends what is done in good order, and `pause` does not throw: what is held is still to be written. */
  endures(): void;
  /** Waits for work, but no longer than until a signal: what waits for a silent pipe would not hear it. */
  untilAborted<T>(work: Promise<T>): Promise<T>;
  /** Waits until no work goes on, after an abort too. */
  idle(): Promise<void>;
}

/** Work that is done on an assumption. One of the two ends it. */
export interface Attempt {
  /** Says what was held back. */
  keep(): void;
  /** Makes it as if nothing had been done. */
  undo(): void;
}

export function createRun(request: MergeRequest, io: RunIo): Run {
  io.signal.throwIfAborted();
  const counts: SourceCounts[] = [];
  const troubles: Problem[] = [];
  const stamps: Run['stamps'] = [];
  const said = whatIsSaid(io);
  return {
    request,
    io: { ...io, warn: said.warn },
    warnings: said.warnings,
    troubles,
    stamps,
    skippedBytes: [],
    ends: [],
    slots: undefined,
    attempt() {
      const { keep, undo } = said.holdBack();
      return {
        keep,
        undo() {
          undo();
          for (const list of [counts, troubles, stamps]) list.length = 0;
        },
      };
    },
    countsOf: (source) => (counts[source] ??= zeroCounts()),
    setAside: said.setAside,
    isSetAside: said.isSetAside,
    ...progressOf(io, () => counts.reduce((sum, each) => sum + (each?.records ?? 0), 0)),
    ...workUntilAborted(io.signal),
  };
}

interface Said extends Pick<Run, 'warnings' | 'setAside' | 'isSetAside'> {
  warn(problem: Problem): void;
  /** Warnings are not said from now on, until it is known whether they count. */
  holdBack(): Attempt;
}

function whatIsSaid(io: RunIo): Said {
  const warnings: Problem[] = [];
  let isSetAside = false;
  let held: Problem[] | undefined;
  return {
    warnings,
    warn(problem) {
      warnings.push(problem);
      if (SETS_ASIDE.includes(problem.code)) isSetAside = true;
      if (held === undefined) io.warn(problem);
      else held.push(problem);
    },
    setAside() {
      isSetAside = true;
    },
    isSetAside: () => isSetAside,
    holdBack() {
      const before = { warnings: warnings.length, isSetAside };
      held = [];
      return {
        keep() {
          const problems = held ?? [];
          held = undefined;
          for (const problem of problems) io.warn(problem);
        },
        undo() {
          held = undefined;
          warnings.length = before.warnings;
          isSetAside = before.isSetAside;
        },
      };
    },
  };
}

function progressOf(
  io: RunIo,
  countRecords: () => number,
): Pick<Run, 'doing' | 'watch' | 'hasRead' | 'pause' | 'endures'> {
  let progress: ProgressState = { doing: 'reading', bytes: 0, records: 0 };
  let turned = performance.now();
  let isAbortable = true;
  const throwIfAborted = (): void => {
    if (isAbortable) io.signal.throwIfAborted();
  };
  const hasRead = (bytes: number): void => {
    progress.bytes += bytes;
  };
  return {
    doing(verb, totalBytes) {
      const { records } = progress;
      progress = { doing: verb, bytes: 0, records, ...(totalBytes === undefined ? {} : { totalBytes }) };
      io.progress({ ...progress });
    },
    watch: (stream, stored) => countedStream(stream, stored, hasRead),
    hasRead,
    endures() {
      isAbortable = false;
    },
    async pause() {
      throwIfAborted();
      const full = io.full?.();
      if (full !== undefined) await full;
      const now = performance.now();
      if (now - turned < TURN_MS) return;
      await setImmediate();
      turned = performance.now();
      throwIfAborted();
      progress.records = countRecords();
      io.progress({ ...progress });
    },
  };
}

function workUntilAborted(signal: AbortSignal): Pick<Run, 'untilAborted' | 'idle'> {
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  aborted.catch(() => {}); // who races with it hears of it
  const works: Promise<unknown>[] = [];
  return {
    untilAborted(work) {
      works.push(work);
      return Promise.race([work, aborted]);
    },
    async idle() {
      await Promise.allSettled(works);
    },
  };
}

/** Tells what is read through a stream: its bytes, or by how much `stored` rises meanwhile. */
function countedStream(
  stream: ByteStream,
  stored: (() => number) | undefined,
  add: (bytes: number) => void,
): ByteStream {
  let before = stored?.() ?? 0;
  const counted = (count: number): number => {
    const now = stored?.() ?? before + count;
    add(now - before);
    before = now;
    return count;
  };
  return {
    read(bytes, offset, length) {
      // Not an async function: a promise for each block of a plain file would let the event loop decide its pace.
      const count = stream.read(bytes, offset, length);
      return typeof count === 'number' ? counted(count) : count.then(counted);
    },
    close: () => stream.close(),
  };
}
