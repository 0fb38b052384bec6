import path from 'node:path';
import { knownColumns, namesItsFields } from './core/input-plan.ts';
import type { Digits } from './core/instant.ts';
import { atOption, type Problem, TsalignError, type Warn } from './core/problem.ts';
import { suggestion } from './core/registry.ts';
import type { SourceInfo } from './core/stages.ts';
import { compressionByName, defaultFormat, isTabular } from './output/index.ts';
import { checkApplicable } from './plan/applicable.ts';
import { assumesOrder } from './plan/assumption.ts';
import { checkCombinations, writtenFiles } from './plan/combinations.ts';
import { sayDoubts, sayMisspelt, sayWhole } from './plan/doubts.ts';
import { DIGITS, FORMAT, fixedSettings } from './plan/fixed.ts';
import { type FollowPlan, followPlan, partPipes, timingOf } from './plan/following.ts';
import { memoryOf } from './plan/memory.ts';
import { notAFile } from './plan/open-files.ts';
import { openSources } from './plan/open-sources.ts';
import { type Range, rangeOf } from './plan/range.ts';
import { outputMatcher, slotsOf } from './plan/slots.ts';
import { takeUpSources } from './plan/take-up.ts';
import type { Taking } from './plan/taking.ts';
import { tempFolder } from './plan/temp-folder.ts';
import { sayUnneeded } from './plan/unneeded.ts';
import type { MergeRequest, OutputFormatName, RunIo } from './request.ts';
import { compileMatch } from './select/index.ts';
import { expandSources, type OpenSource, readPathList, realOutput, type SourcePath } from './source/index.ts';
import type { Settings, SourceState, StateDocument } from './state/index.ts';
import { parseDuration, parseZone, type StampPlan, UTC, type Zone } from './time/index.ts';

export type { Replay, Taking } from './plan/taking.ts';

/** What is to be done: everything that the user did not say is decided here, and nothing below it is optional. */
export interface Plan {
  sources: SourcePlan[];
  range: Range;
  output: OutputPlan;
  dedup: DedupPlan;
  memory: MemoryPlan;
  tempDir: string;
  presorted: boolean;
  /** Whether sources are merged as if they were in order; where one is not, all that was written is taken back. */
  assumesOrder: boolean;
  /** What the state will know, where there is one. */
  kept: KeptPlan | undefined;
  /** How the sources are followed, if they are. */
  follow: FollowPlan | undefined;
}

/** What a run with a state carries on. */
export interface KeptPlan {
  document: StateDocument;
  settings: Settings;
  /** Sources of which nothing is read. */
  seen: SourceState[];
}

/** One source: how it is read, cut into records and dated. */
export interface SourcePlan extends SourceInfo {
  path: string;
  /** Index of the first source with the same label: the files of one series share it. */
  series: number;
  open: OpenSource;
  /** Whether it is read side by side with the others where it is in order, or rather sorted with many small ones. */
  mayStream: boolean;
  /** Undefined for a source without any records. */
  stamp: StampPlan | undefined;
  otherTimes: string[]; // names of other fields that hold times, or places in lines
  utf8: boolean; // whether its sample is valid UTF-8
  fieldNames: string[]; // members or keys that sampled records have, where --columns asks for some
  abbreviations: string[]; // those of --tz-abbr that its sample has
  /** Whether the user said how its stamps are written. */
  timeFormatGiven: boolean;
  /** Whether the part of it in which the range lies is found by binary search, and the rest is not read. */
  searched: boolean;
  /** Which part of it is read. */
  taking: Taking;
  /** The first text of the sample that has an instant: what comes before the first dated record is put there. */
  firstText: Uint8Array | undefined;
}

export interface OutputPlan {
  /** Path, or undefined for stdout; with slots the pattern of their paths. */
  path: string | undefined;
  format: OutputFormatName;
  /** undefined: none. */
  compression: string | undefined;
  zone: Zone;
  digits: Digits;
  finer: 'full' | 'cut';
  slots: SlotsPlan | undefined;
}

/** Files of time slots. */
export interface SlotsPlan {
  /** Absolute path of the folder that holds all of them, and the pattern of their paths. */
  folder: string;
  pattern: string;
  /** The pattern from the folder. */
  names: string;
  splitBy: string;
  /** Seconds. */
  length: number;
  /** Whether slots that are there may be written anew. */
  replace: boolean;
}

/** Which records can be duplicates of one another, and which of them is kept. */
export type DedupPlan =
  | { kind: 'none' }
  | { kind: 'overlap' | 'exact'; within: 'series' | 'all' }
  | { kind: 'key'; fields: readonly string[]; window: bigint };

/** Bytes. */
export interface MemoryPlan {
  total: number;
  /** The longest record. */
  record: number;
  /** What is collected before it is written: to the output, and to a run. */
  output: number;
  staging: number;
  /** What is looked at of a source while it streams. */
  window: number;
  /** What is held back, twice, of sources that are followed. */
  held: { bytes: number; rows: number };
  /** What is decompressed ahead of each compressed source; 0: nothing. */
  ahead: number;
}

/**
 * Opens and recognises all sources and decides everything else. Nothing is written.
 * @param missing receives each source that cannot be used, and throws where that ends the run
 * @throws TsalignError for the first option that cannot be used, and what `missing` throws
 */
export async function makePlan(
  request: MergeRequest,
  io: RunIo,
  missing: Warn,
  document?: StateDocument,
): Promise<Plan> {
  checkCombinations(request);
  const zone =
    request.outputTz === undefined ? UTC : atOption('--output-tz', () => parseZone(request.outputTz as string));
  if (request.match !== undefined) compileMatch(request.match);
  const range = rangeOf(request, io.now(), zone);
  const slots = slotsOf(request, io.cwd);
  const isOutput = outputMatcher(writtenFiles(request), slots, io.cwd);
  const { cwd, warn } = io;
  const { recursive, rotated } = request;
  const listed = await listedPaths(request, io);
  const { stdin, streams } = io;
  const newOutput = Object.keys(document?.outputs ?? {}).length === 0;
  const settings = { recursive, rotated, listed, cwd, stdin, streams, isOutput, newOutput, warn, missing };
  const absent = new Set<string>();
  const noteAbsent = (problem: Problem): void => {
    if (problem.code === 'no-source') absent.add(problem.where ?? '');
    missing(problem);
  };
  const paths = expandSources(request.sources, { ...settings, missing: noteAbsent });
  const tempDir = tempFolder(request, io);
  const { files, pipes } = request.follow ? partPipes(paths, io) : { files: paths, pipes: [] };
  if (request.state !== undefined && pipes.length > 0) throw notAFile(pipes[0]);
  const timing = document && request.follow ? timingOf(request, io, document) : undefined;
  const taken =
    document === undefined
      ? { sources: await openSources(paths, tempDir, request, io, missing), seen: [], empty: [] }
      : await takeUpSources(absent, files, request, io, missing, document, timing);
  const { sources, seen } = taken;
  checkApplicable(request, sources);
  markSeries(sources);
  const fixed = document?.settings;
  const format =
    request.outputFormat ?? (fixed?.[FORMAT] as OutputFormatName | undefined) ?? defaultFormat(request.output, sources);
  checkCombinations(request, format);
  checkWritten(request, format, paths, cwd);
  sayDoubts(sources, format, warn);
  if (request.columns !== undefined) sayMisspelt(request.columns, sources, warn);
  // Later runs with a state do what the first one said, and to what is followed others may come.
  if (fixed === undefined && !request.follow) sayUnneeded(request, sources, warn);
  if (isTabular(format) && request.columns === undefined && fixed === undefined) sayWhole(sources, warn);
  const memory = memoryOf(request, sources);
  const output: OutputPlan = {
    path: request.output === undefined ? undefined : path.resolve(cwd, request.output),
    format,
    compression: compressionOf(request),
    zone,
    ...digitsOf(request, sources, fixed),
    slots,
  };
  return {
    sources,
    range,
    output,
    dedup: dedupOf(request, sources),
    memory,
    tempDir,
    presorted: request.presorted,
    assumesOrder: assumesOrder(request, io, sources),
    kept: request.state === undefined ? undefined : keptPlan(request, output, document, seen, cwd),
    follow: timing && followPlan(timing, pipes, taken, document as StateDocument),
  };
}

/** How the records are compressed: as asked, else as the name of their file says. */
function compressionOf({ compress, output }: MergeRequest): string | undefined {
  if (compress !== undefined) return compress === 'none' ? undefined : compress;
  return output === undefined ? undefined : compressionByName(output);
}

function keptPlan(
  request: MergeRequest,
  output: OutputPlan,
  document: StateDocument | undefined,
  seen: SourceState[],
  cwd: string,
): KeptPlan | undefined {
  return document && { document, seen, settings: fixedSettings(request, output, document, cwd) };
}

/** The paths of --files-from. */
async function listedPaths({ filesFrom, nullSeparated }: MergeRequest, io: RunIo): Promise<string[]> {
  if (filesFrom === undefined) return [];
  const file = filesFrom === '-' ? filesFrom : path.resolve(io.cwd, filesFrom);
  return readPathList(file, { stdin: io.stdin, separator: nullSeparated ? '\0' : '\n' });
}

/** An output may replace its own input where it holds the same bytes in order, as with `sort -o`; what stands beside it may not. */
function checkWritten(request: MergeRequest, format: string, paths: readonly SourcePath[], cwd: string): void {
  const files = new Set(paths.map(({ file }) => realOutput(file)));
  const once = request.state === undefined && !request.follow;
  for (const { option, path: file } of writtenFiles(request)) {
    if (!files.has(realOutput(path.resolve(cwd, file)))) continue;
    const isOutput = option === '--output' && once;
    if (isOutput && format === 'raw') continue;
    const hint = `give another file${isOutput ? ', or -O raw, which puts its records in order where they are' : ''}`;
    throw new TsalignError({ code: 'usage', where: option, what: `${file} is a source`, hint });
  }
}

/** The files of a series know the first of them. */
function markSeries(sources: readonly SourcePlan[]): void {
  const first = new Map<string, number>();
  for (const [index, source] of sources.entries()) {
    if (!first.has(source.label)) first.set(source.label, index);
    source.series = first.get(source.label) as number;
  }
}

const PRECISION_DIGITS = { s: 0, ms: 3, us: 6, ns: 9 } as const;

function digitsOf(
  request: MergeRequest,
  sources: readonly SourcePlan[],
  fixed: Settings | undefined,
): Pick<OutputPlan, 'digits' | 'finer'> {
  const { precision = 'auto' } = request;
  if (precision !== 'auto') return { digits: PRECISION_DIGITS[precision], finer: 'cut' };
  if (fixed !== undefined) return { digits: fixed[DIGITS] as Digits, finer: 'full' };
  const seen = sources.map((source) => source.stamp?.digits ?? 0);
  return { digits: Math.max(3, ...seen) as Digits, finer: 'full' };
}

function dedupOf(request: MergeRequest, sources: readonly SourcePlan[]): DedupPlan {
  const { dedup, noDedup, dedupWindow } = request;
  // With a state every file is read once, and what it has in common with one that was read before nobody can see.
  if (noDedup || request.state !== undefined) return { kind: 'none' };
  if (dedup?.kind === 'key') {
    const window = dedupWindow === undefined ? 0n : atOption('--dedup-window', () => parseDuration(dedupWindow));
    checkKeyFields(dedup.fields, sources);
    return { kind: 'key', fields: dedup.fields, window };
  }
  if (dedup !== undefined) return { kind: dedup.kind, within: 'all' };
  // One file alone cannot overlap with itself.
  const inSeries = sources.some((source, i) => source.series !== i);
  return inSeries ? { kind: 'overlap', within: 'series' } : { kind: 'none' };
}

/** A field that no source can have would make --dedup do nothing, in silence. Members and keys show only in the records. */
function checkKeyFields(fields: readonly string[], sources: readonly SourcePlan[]): void {
  if (sources.some(({ input }) => namesItsFields(input))) return;
  const columns = new Set(sources.flatMap(({ input }) => knownColumns(input)));
  const unknown = fields.find((field) => !columns.has(field));
  if (unknown === undefined) return;
  const hint = columns.size === 0 ? 'text has no fields; use --dedup' : suggestion(unknown, [...columns]);
  throw new TsalignError({ code: 'usage', where: '--dedup', what: `no source has a field "${unknown}"`, hint });
}
