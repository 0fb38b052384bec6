import { fstatSync, statSync } from '../core/disk.ts';
import { type Instant, instantOf, MIN_INSTANT, NANOS_PER_MILLI, type Nanos } from '../core/instant.ts';
import { atOption, TsalignError } from '../core/problem.ts';
import type { MergeRequest, RunIo } from '../request.ts';
import type { OpenSource, SourcePath } from '../source/index.ts';
import type { SourceState, StateDocument } from '../state/index.ts';
import { parseDuration } from '../time/index.ts';
import type { FollowPlan, TakenUp } from './data.ts';

type Timing = Pick<
  FollowPlan,
  'delay' | 'allowedLateness' | 'idleMs' | 'from' | 'reportMs' | 'checkpointMs' | 'isResumed'
>;

const DEFAULT_DELAY = '1s';
const DEFAULT_LATENESS = '1h';
const DEFAULT_IDLE = '1s';
const DEFAULT_CHECKPOINT = '5s';

/** What is asked for more often is not asked for by people who want to read it. */
const LEAST_INTERVAL_MS = 100;

/**
 * With a state, --from says where its first run begins; the others go on where the one before has ended.
 * @throws TsalignError 'usage'
 */
export function timingOf(request: MergeRequest, io: Pick<RunIo, 'now'>, document: StateDocument): Timing {
  const { watermarkDelay = DEFAULT_DELAY, idleTimeout = DEFAULT_IDLE, from, reportInterval } = request;
  const { checkpointInterval = DEFAULT_CHECKPOINT, allowedLateness = DEFAULT_LATENESS } = request;
  const idle = durationOf('--idle-timeout', idleTimeout);
  const since = from === undefined || from === 'now' ? from : io.now() - durationOf('--from', from);
  const isResumed = document.settings !== undefined;
  return {
    delay: durationOf('--watermark-delay', watermarkDelay),
    allowedLateness: durationOf('--allowed-lateness', allowedLateness),
    idleMs: idle === 0n ? Number.POSITIVE_INFINITY : Number(idle / NANOS_PER_MILLI),
    from: isResumed ? undefined : since,
    reportMs: reportInterval === undefined ? undefined : intervalOf('--report-interval', reportInterval),
    checkpointMs: intervalOf('--checkpoint-interval', checkpointInterval),
    isResumed,
  };
}

/** How often something is done, milliseconds. */
function intervalOf(option: string, text: string): number {
  const milliseconds = Number(durationOf(option, text) / NANOS_PER_MILLI);
  if (milliseconds >= LEAST_INTERVAL_MS) return milliseconds;
  throw new TsalignError({ code: 'usage', where: option, what: `${text} is too short`, hint: 'give 100ms or more' });
}

/**
 * How sources are followed that were taken up.
 * @param taken what is read of them now
 */
export function followPlan(
  timing: Timing,
  pipes: SourcePath[],
  { sources, seen, empty }: TakenUp,
  document: StateDocument,
): FollowPlan {
  const entries = sources.map(({ taking }) => taking.entry as SourceState);
  // What is followed from now on is known by what is read of it.
  const followed = new Set([...entries, ...empty.map(({ entry }) => entry)].map(({ id }) => id));
  const known = new Map([...document.sources, ...seen].map((source) => [source.id, source]));
  return {
    ...timing,
    pipes,
    empty,
    document: {
      ...document,
      sources: [...known.values()].filter(({ id }) => !followed.has(id)),
      nextId: Math.max(document.nextId, ...[...entries, ...seen].map(({ id }) => id + 1)),
    },
    written: writtenUpTo(document),
  };
}

/** What stands at the end of the output is not late, should more of that instant come. */
function writtenUpTo({ outputs, sources, slots }: StateDocument): Instant {
  const { last } = outputs['--output'] ?? {};
  const written = sources.flatMap(({ again }) => (again === undefined ? [] : [instantOf(...again.until)]));
  if (last !== undefined) written.push(instantOf(...last) - 1n);
  if (slots !== undefined) written.push(instantOf(...slots.until));
  return written.reduce((latest, instant) => (instant > latest ? instant : latest), MIN_INSTANT);
}

/** For how long nothing was written to a source, milliseconds. By now: since it was opened, others may have taken long. */
export function silentMs({ text, modified }: OpenSource, now: Instant): number {
  const last = text?.follow?.(0).stored.modified ?? (modified as bigint);
  return Number((now - BigInt(last)) / NANOS_PER_MILLI);
}

/** A length of time that is not negative; 0 needs no unit. */
function durationOf(option: string, text: string): Nanos {
  const length = text.trim() === '0' ? 0n : atOption(option, () => parseDuration(text));
  if (length >= 0n) return length;
  throw new TsalignError({ code: 'usage', where: option, what: `${text} is negative`, hint: 'give a length of time' });
}

/**
 * Parts what can be read only once from files.
 * @throws TsalignError 'usage' where stdin is a file: nobody would know by which name to look for what comes after it
 */
export function partPipes(
  paths: readonly SourcePath[],
  { stdin }: Pick<RunIo, 'stdin'>,
): { files: SourcePath[]; pipes: SourcePath[] } {
  if (paths.some(({ origin }) => origin === 'stdin') && fstatSync(stdin).isFile()) {
    const what = 'stdin is a file, of which no name is known to follow';
    throw new TsalignError({ code: 'usage', where: '--follow', what, hint: 'name it among the sources' });
  }
  const files = paths.filter((path) => !isPipe(path));
  return { files, pipes: paths.filter((path) => !files.includes(path)) };
}

function isPipe({ origin, file }: SourcePath): boolean {
  if (origin === 'stdin' || origin === 'stream') return true;
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat !== undefined && !stat.isFile() && !stat.isDirectory();
}
