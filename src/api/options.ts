import type { Problem } from '../core/problem.ts';
import { TsalignError } from '../core/problem.ts';
import { type MergeRequest, NOTHING_ASKED, type RunIo } from '../request.ts';
import type { NamedSources } from './sources.ts';

/** What of a request says how sources are found, opened, cut and dated. */
type Reading = Pick<
  MergeRequest,
  | 'recursive'
  | 'inputFormat'
  | 'tz'
  | 'timeField'
  | 'timeFormat'
  | 'year'
  | 'shift'
  | 'label'
  | 'dayOrder'
  | 'timeAnchor'
  | 'tzAbbr'
  | 'formatsFile'
  | 'dst'
  | 'since'
  | 'until'
  | 'memory'
  | 'tempDir'
  | 'strict'
>;

/** Options of the command of the same names, as text where that is what is typed: `tz: ['UTC', 'b.log=Asia/Tokyo']`. */
export interface ReadOptions extends Partial<Reading> {
  /** What paths are relative to; the working folder of the process if left out. */
  cwd?: string;
  /** Receives what does not end the run. */
  onWarning?(problem: Problem): void;
  /** Ends it: what was asked for rejects with the signal's reason, after all work has ended. */
  signal?: AbortSignal;
}

/** The request and the world of a call of the library. */
export function callOf(
  options: ReadOptions & Partial<MergeRequest>,
  { names, streams }: NamedSources,
  signal: AbortSignal,
) {
  const { cwd = process.cwd(), onWarning = () => {}, signal: _signal, ...asked } = options;
  const request: MergeRequest = { ...NOTHING_ASKED, ...asked, sources: names };
  const warn = (problem: Problem): void => {
    if (request.strict && problem.code !== 'note') throw new TsalignError(problem);
    onWarning(problem);
  };
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
  return { request, io };
}
