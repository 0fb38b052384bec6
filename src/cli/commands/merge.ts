import { dirname, resolve } from 'node:path';
import { accessSync, constants, statSync, truncateSync, writeFileSync } from '../../core/disk.ts';
import type { LiveStatus } from '../../core/live-status.ts';
import { TsalignError } from '../../core/problem.ts';
import { parseSize } from '../../core/sizes.ts';
import { systemReason } from '../../core/system-reason.ts';
import type {
  DedupRequest,
  DstRule,
  LateRule,
  LockRule,
  MergeRequest,
  MergeResult,
  OutputCompression,
  OutputFormatName,
  Precision,
  StampPlace,
  UndatedRule,
} from '../../request.ts';
import { DEFAULT_MEMORY, MINIMUM_MEMORY } from '../../request.ts';
import { type ColorChoice, decideColor } from '../color.ts';
import { EXIT } from '../exit-codes.ts';
import { allOf, countOf, type Given, isGiven, lastOf, listOf, splitList, usage } from '../given.ts';
import type { CliIo } from '../io.ts';
import { liveReport } from '../live-report.ts';
import type { Messages } from '../messages.ts';
import { BLANK, wrapIndented } from '../wrap.ts';
import type { Invocation } from './index.ts';

/** `tsalign merge`. */
export async function merge(invocation: Invocation): Promise<number | undefined> {
  const { operands, given, io, messages, progress, library } = invocation;
  if (namesNothing(invocation)) return undefined;
  const request = requestOf(operands, given, io);
  const { runMerge } = await library();
  const writeReport = reportWriter(request, io);
  const interim = writeReport && interimReport(request, messages, writeReport);
  const told = withoutUndefined({ status: progress.status, interim });
  let result: MergeResult;
  try {
    result = await runMerge(request, { ...io, warn: messages.warn, progress: progress.update, ...told });
  } catch (error) {
    if (request.lock === 'skip' && error instanceof TsalignError && error.problem.code === 'locked') return EXIT.done;
    if (!isLeftToTheNext(request, error, io)) {
      if (io.signal.aborted && error === io.signal.reason) sayInterrupted(request, io, messages);
      throw error;
    }
    messages.warn(LEFT_TO_THE_NEXT);
    return EXIT.done;
  }
  progress.erase();
  if (request.explain || request.dryRun) {
    io.writeOut(io.stdoutIsTerminal ? wrapIndented(result.plan, io.columns(), BLANK) : result.plan);
    return EXIT.done;
  }
  if (!result.closedPipe) progress.finish(result.summary);
  return isReported(result.report, writeReport, messages) ? exitOf(result) : EXIT.failed;
}

/**
 * Whether a run that follows its sources was told to stop before what stands in them was merged: with a state nothing has
 * changed then, and stopping it is not different from stopping it later. Without one, what was asked for is not there.
 */
const isLeftToTheNext = ({ follow, state }: MergeRequest, error: unknown, { signal }: CliIo): boolean =>
  follow && state !== undefined && signal.aborted && error === signal.reason;

const LEFT_TO_THE_NEXT = {
  code: 'note',
  what: 'stopped before what stands in the sources was merged: the state has not changed',
  hint: 'the next run does it',
} as const;

/** To a person who stopped a run: a file that was to come at its end has not. */
function sayInterrupted(
  { output, splitBy, dryRun }: MergeRequest,
  { signal, stderrIsTerminal, cwd }: CliIo,
  { warn }: Messages,
): void {
  if (output === undefined || splitBy !== undefined || dryRun || !stderrIsTerminal) return;
  // A pipe or a device has what was written so far.
  if (statSync(resolve(cwd, output), { throwIfNoEntry: false })?.isFile() === false) return;
  warn({ code: 'note', where: output, what: `not written: ${signal.reason} ended the run` });
}

/** Writes the report. Said here and not thrown: behind a signal that ended a live run well, what is thrown counts as its end. */
function isReported(report: unknown, write: ((report: unknown) => void) | undefined, messages: Messages): boolean {
  try {
    write?.(report);
    return true;
  } catch (error) {
    if (!(error instanceof TsalignError)) throw error;
    messages.error(error.problem);
    return false;
  }
}

/** Whether no source is named, and none stands on stdin. */
export const namesNothing = ({ operands, given, io }: Invocation): boolean =>
  operands.length === 0 && !isGiven(given, '--files-from') && !io.stdinIsSource;

function exitOf(result: MergeResult): number {
  if (result.closedPipe) return EXIT.done;
  return result.setAside ? EXIT.setAside : EXIT.done;
}

/**
 * What was typed, as a request. Without operands stdin is the source.
 * @throws TsalignError 'usage'
 */
export function requestOf(operands: readonly string[], given: Given, io: CliIo): MergeRequest {
  const output = outputOf(given);
  const request: MergeRequest = {
    sources: operands.length === 0 && !isGiven(given, '--files-from') ? ['-'] : [...operands],
    nullSeparated: isGiven(given, '--null'),
    recursive: isGiven(given, '--recursive'),
    rotated: isGiven(given, '--rotated'),
    keepGoing: isGiven(given, '--keep-going'),
    inputFormat: allOf(given, '--input-format'),
    delimiter: allOf(given, '--delimiter'),
    noHeader: isGiven(given, '--no-header'),
    tz: allOf(given, '--tz'),
    timeField: allOf(given, '--time-field'),
    timeFormat: allOf(given, '--time-format'),
    year: allOf(given, '--year'),
    shift: allOf(given, '--shift'),
    label: allOf(given, '--label'),
    encoding: allOf(given, '--encoding'),
    dayOrder: allOf(given, '--day-order'),
    timeAnchor: allOf(given, '--time-anchor'),
    tzAbbr: allOf(given, '--tz-abbr'),
    memory: memoryOf(given),
    presorted: isGiven(given, '--presorted'),
    noDedup: isGiven(given, '--no-dedup'),
    strict: isGiven(given, '--strict'),
    noSource: isGiven(given, '--no-source'),
    lineNumber: isGiven(given, '--line-number'),
    colorLevel: decideColor(colorChoiceOf(given), io.env, io.stdoutIsTerminal && output === undefined),
    explain: isGiven(given, '--explain'),
    follow: isGiven(given, '--follow'),
    final: isGiven(given, '--final'),
    dryRun: isGiven(given, '--dry-run'),
    replaceSlots: isGiven(given, '--replace-slots'),
  };
  return { ...request, ...withoutUndefined(choicesOf(given)), ...withoutUndefined({ output }) };
}

/** What is undefined where it was not said. */
const choicesOf = (given: Given) => ({
  dst: lastOf(given, '--dst') as DstRule | undefined,
  filesFrom: lastOf(given, '--files-from'),
  formatsFile: lastOf(given, '--formats-file'),
  since: lastOf(given, '--since'),
  until: lastOf(given, '--until'),
  match: lastOf(given, '--match'),
  limit: countOf(given, '--limit'),
  threads: threadsOf(given),
  tempDir: lastOf(given, '--temp-dir'),
  dedup: dedupOf(given),
  dedupWindow: lastOf(given, '--dedup-window'),
  duplicates: lastOf(given, '--duplicates'),
  undated: lastOf(given, '--undated') as UndatedRule | undefined,
  rejects: lastOf(given, '--rejects'),
  outputFormat: lastOf(given, '--output-format') as OutputFormatName | undefined,
  compress: lastOf(given, '--compress') as OutputCompression | undefined,
  stamp: lastOf(given, '--stamp') as StampPlace | undefined,
  columns: listOf(given, '--columns'),
  outputTz: lastOf(given, '--output-tz'),
  precision: lastOf(given, '--precision') as Precision | undefined,
  report: lastOf(given, '--report'),
  reportInterval: lastOf(given, '--report-interval'),
  state: lastOf(given, '--state'),
  lock: lastOf(given, '--lock') as LockRule | undefined,
  splitBy: lastOf(given, '--split-by'),
  from: lastOf(given, '--from'),
  watermarkDelay: lastOf(given, '--watermark-delay'),
  idleTimeout: lastOf(given, '--idle-timeout'),
  allowedLateness: lastOf(given, '--allowed-lateness'),
  checkpointInterval: lastOf(given, '--checkpoint-interval'),
  late: lastOf(given, '--late') as LateRule | undefined,
  lateOutput: lastOf(given, '--late-output'),
});

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function withoutUndefined<T extends object>(values: T): Defined<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>;
}

/** --color. */
export const colorChoiceOf = (given: Given): ColorChoice => (lastOf(given, '--color') ?? 'auto') as ColorChoice;

/** The file of -o; `-o -` is stdout, as for curl. So is /dev/stdout: opened anew, it would be written from its beginning. */
function outputOf(given: Given): string | undefined {
  const output = lastOf(given, '--output');
  return output === '-' || output === '/dev/stdout' ? undefined : output;
}

function memoryOf(given: Given): number {
  const text = lastOf(given, '--memory');
  return text === undefined ? DEFAULT_MEMORY : parseSize(text, '--memory', MINIMUM_MEMORY);
}

function threadsOf(given: Given): number | undefined {
  const threads = countOf(given, '--threads');
  if (threads === 0) throw usage('--threads', '0 threads can do nothing', 'give 1 or more');
  return threads;
}

function dedupOf(given: Given): DedupRequest | undefined {
  const kind = lastOf(given, '--dedup');
  if (kind === undefined) return undefined;
  if (kind === 'overlap' || kind === 'exact') return { kind };
  return { kind: 'key', fields: splitList(kind.slice('key='.length), '--dedup key=') };
}

/**
 * Writes the report of a run: the whole file, or where lines are written into it, the next of them.
 * @throws TsalignError 'output' at once where that will not be possible: when the run is over it is too late
 */
function reportWriter({ report: file, reportInterval }: MergeRequest, { cwd }: CliIo) {
  if (file === undefined) return undefined;
  const path = resolve(cwd, file);
  orReportProblem(path, () => checkWritable(path));
  if (reportInterval === undefined)
    return (report: unknown) =>
      orReportProblem(path, () => writeFileSync(path, `${JSON.stringify(report, null, 2)}\n`));
  // What stands there is of another run until something of this one was written.
  let flag: 'w' | 'a' = 'w';
  return (report: unknown): void => {
    orReportProblem(path, () => writeWhole(path, `${JSON.stringify(report)}\n`, flag));
    flag = 'a';
  };
}

/** Takes back what came of a line that fails, as on a full disk: the file holds whole lines, and the next begins one. */
function writeWhole(path: string, line: string, flag: 'w' | 'a'): void {
  const length = flag === 'a' ? (statSync(path, { throwIfNoEntry: false })?.size ?? 0) : 0;
  try {
    writeFileSync(path, line, { flag });
  } catch (error) {
    if (statSync(path, { throwIfNoEntry: false })?.isFile()) truncateSync(path, length);
    throw error;
  }
}

/** Writes a line into the report whenever it is told how the run stands. Where that fails it is said once, and the run goes on. */
function interimReport({ reportInterval }: MergeRequest, { warn }: Messages, write: (report: unknown) => void) {
  if (reportInterval === undefined) return undefined;
  let hasFailed = false;
  return (status: LiveStatus): void => {
    try {
      write(liveReport(status));
      hasFailed = false;
    } catch (error) {
      if (!(error instanceof TsalignError)) throw error;
      if (!hasFailed) warn({ ...error.problem, code: 'note', hint: 'tried again' });
      hasFailed = true;
    }
  };
}

/** @throws a system error where a file cannot be written there, and a folder's own */
function checkWritable(path: string): void {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isDirectory()) throw Object.assign(new Error('it is a folder'), { code: 'EISDIR' });
  accessSync(stats === undefined ? dirname(path) : path, constants.W_OK);
}

/** @throws TsalignError 'output', 'disk-full' */
function orReportProblem(path: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const where = '--report';
    if (code === 'ENOENT') {
      throw new TsalignError({
        code: 'output',
        where,
        what: `the folder of ${path} does not exist`,
        hint: 'make it first',
      });
    }
    const what = `${path} cannot be written (${systemReason(error)})`;
    throw new TsalignError({ code: code === 'ENOSPC' ? 'disk-full' : 'output', where, what });
  }
}
