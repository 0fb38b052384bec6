import { formatCount, plural } from '../core/count-text.ts';
import { NANOS_PER_MILLI } from '../core/instant.ts';
import type { LiveStatus } from '../core/live-status.ts';
import { formatSize } from '../core/sizes.ts';
import type { MergeSummary, ProgressState } from '../request.ts';
import type { CliIo } from './io.ts';
import { statusLine } from './status-line.ts';

/** A run that is over sooner shows no progress. */
const SILENT_MS = 1000;
const REDRAW_MS = 200;
const ERASE_LINE = '\r\x1b[K';

export interface Progress {
  update(state: ProgressState): void;
  /** Draws how a run stands that follows its sources; undefined where nothing is drawn. */
  status: ((status: LiveStatus) => void) | undefined;
  /** Takes the line away, before something else is written; the next update draws it again. */
  erase(): void;
  /** The one line that stays, where one is wanted. */
  finish(summary: MergeSummary): void;
}

export interface ProgressSettings {
  /** Neither line nor summary. */
  quiet: boolean;
  /** Only the summary. */
  withoutLine: boolean;
  /** Whether the records go to a file, so that the terminal is ours. */
  recordsToFile: boolean;
}

/**
 * The progress line and the summary, on stderr where it is a terminal. The line is drawn only where nobody else writes to
 * that terminal: not where the records go there, and not where a program reads them from our stdout, for it may be `less`.
 */
export function createProgress(io: CliIo, settings: ProgressSettings): Progress {
  const begin = io.now();
  const elapsed = () => Number((io.now() - begin) / NANOS_PER_MILLI);
  const sharesTerminal = !settings.recordsToFile && (io.stdoutIsTerminal || io.stdoutIsPipe);
  const mayDraw =
    io.stderrIsTerminal && io.env.TERM !== 'dumb' && !settings.quiet && !settings.withoutLine && !sharesTerminal;
  const maySum = io.stderrIsTerminal && !settings.quiet && (settings.recordsToFile || !io.stdoutIsPipe);
  let drawn = '';
  let doing = '';
  let next = SILENT_MS;

  const erase = () => {
    if (drawn !== '') io.writeError(ERASE_LINE);
    drawn = '';
  };
  const draw = (line: string) => {
    if (line !== drawn) io.writeError(ERASE_LINE + line);
    drawn = line;
  };
  return {
    erase,
    update(state) {
      if (!mayDraw) return;
      const now = elapsed();
      // What is begun may have to wait, as for stdin: the line above would tell of what is done.
      if (now < next && (drawn === '' || state.doing === doing)) return;
      doing = state.doing;
      next = now + REDRAW_MS;
      draw(progressLine(state, now).slice(0, io.columns() - 1));
    },
    status: mayDraw ? (status) => draw(statusLine(status, io.columns())) : undefined,
    finish(summary) {
      erase();
      if (maySum) io.writeError(`tsalign: ${summaryLine(summary, elapsed())}\n`);
    },
  };
}

const formatSeconds = (ms: number): string => `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;

/**
 * What is known of the phase; a count that is still 0 says nothing and is left out.
 * @example 'merging: 1.4 GiB of 2.0 GiB, 70 %, 12,000,000 records, 14 s'
 */
export function progressLine(state: ProgressState, ms: number): string {
  const { doing, bytes, totalBytes = 0, records } = state;
  const parts: string[] = [];
  if (totalBytes > 0) {
    const share = Math.min(100, Math.floor((bytes / totalBytes) * 100));
    parts.push(`${formatSize(bytes)} of ${formatSize(totalBytes)}`, `${share} %`);
  } else if (bytes > 0) parts.push(formatSize(bytes));
  if (records > 0) parts.push(plural(records, 'record'));
  parts.push(formatSeconds(ms));
  return `${doing}: ${parts.join(', ')}`;
}

const ASIDE: readonly (readonly [keyof MergeSummary, string])[] = [
  ['duplicates', 'duplicate'],
  ['rejected', 'rejected'],
  ['outside', 'outside the range'],
  ['unmatched', 'unmatched'],
];

/** @example '1,200 records of 3 sources written in 0.4 s; 12 duplicates, 3 rejected' */
export function summaryLine(summary: MergeSummary, ms: number): string {
  const done = `${plural(summary.written, 'record')} of ${plural(summary.sources, 'source')} written in ${formatSeconds(ms)}`;
  const aside = ASIDE.filter(([name]) => summary[name] > 0).map(([name, text]) =>
    name === 'duplicates' ? plural(summary[name], text) : `${formatCount(summary[name])} ${text}`,
  );
  // How many of them were read before reading stopped says nothing.
  if (summary.overLimit > 0) aside.push('the rest is over the limit');
  return aside.length === 0 ? done : `${done}; ${aside.join(', ')}`;
}
