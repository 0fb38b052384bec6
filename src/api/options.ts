import type { Problem } from '../core/problem.ts';
import { TsalignError } from '../core/problem.ts';
import { type MergeRequest, NOTHING_ASKED, type RunIo } from '../request.ts';
import { checkedOptions, type Spellings } from './checks.ts';
import { nameSources, type Source } from './sources.ts';

/** Options that say how sources are found, opened, cut and dated. */
export const READ_OPTIONS = [
  'recursive',
  'rotated',
  'inputFormat',
  'encoding',
  'delimiter',
  'noHeader',
  'label',
  'tz',
  'tzAbbr',
  'dst',
  'timeField',
  'timeFormat',
  'dayOrder',
  'year',
  'timeAnchor',
  'formatsFile',
  'shift',
  'since',
  'until',
  'outputTz',
  'memory',
  'tempDir',
  'strict',
] as const satisfies readonly (keyof MergeRequest)[];

/** Options of a request under names, of which settings per source may be one text or several. */
export type Said<Name extends keyof MergeRequest> = { [K in Name]?: Spelling<K> | undefined };

type Spelling<K extends keyof MergeRequest> = K extends keyof Spellings
  ? Spellings[K]
  : string[] extends MergeRequest[K]
    ? string | readonly string[]
    : MergeRequest[K];

/** Options of the command of the same names, as text where that is what is typed: `tz: 'UTC'`, `tz: ['UTC', 'b.log=Asia/Tokyo']`. */
export interface ReadOptions extends Said<(typeof READ_OPTIONS)[number]> {
  /** What paths are relative to; the working folder of the process if left out. */
  cwd?: string;
  /** Receives what does not end the run. */
  onWarning?(problem: Problem): void;
  /** Ends it: what was asked for rejects with the signal's reason, after all work has ended. */
  signal?: AbortSignal;
}

/**
 * The request and the world of a call of the library.
 * @param allowed the options that the called function has, beside those of every function
 * @throws TsalignError 'usage' for others, for values that they cannot have, and for what is no source
 */
export function callOf(
  sources: readonly Source[],
  options: ReadOptions,
  allowed: readonly string[],
  signal: AbortSignal,
) {
  const { cwd = process.cwd(), onWarning = () => {}, signal: _signal, ...asked } = options;
  const checked = checkedOptions(asked, allowed);
  const warn = (problem: Problem): void => {
    if (checked.strict === true && problem.code !== 'note') throw new TsalignError(problem);
    onWarning(problem);
  };
  const { names, streams } = nameSources(sources, warn);
  const request: MergeRequest = { ...NOTHING_ASKED, ...checked, sources: names };
  const io: RunIo = {
    cwd,
    env: { TMPDIR: process.env.TMPDIR, TZ: process.env.TZ },
    stdin: 0,
    stdout: 1,
    stdoutIsTerminal: false,
    stderrIsTerminal: false,
    now: () => BigInt(Date.now()) * 1_000_000n,
    warn,
    progress: () => {},
    signal,
    streams,
  };
  /** Ends the streams that are still read; each at once, whatever it waits for. */
  const close = async (): Promise<void> => {
    for (const stream of streams.values()) await stream.close();
  };
  return { request, io, close };
}
