import path from 'node:path';
import { knownColumns, namesItsFields } from './core/input-plan.ts';
import type { Digits } from './core/instant.ts';
import { atOption, TsalignError, type Warn } from './core/problem.ts';
import { suggestion } from './core/registry.ts';
import type { SourceInfo } from './core/stages.ts';
import { compressionByName, defaultFormat, isTabular } from './output/index.ts';
import { checkApplicable } from './plan/applicable.ts';
import { assumesOrder } from './plan/assumption.ts';
import { checkCombinations } from './plan/combinations.ts';
import { sayDoubts, sayMisspelt, sayWhole } from './plan/doubts.ts';
import { DIGITS, FORMAT, fixedSettings } from './plan/fixed.ts';
import { type FollowPlan, followPlan, partPipes, timingOf } from './plan/following.ts';
import { memoryOf } from './plan/memory.ts';
import { checkWritten, namedSources } from './plan/named-sources.ts';
import { notAFile } from './plan/open-files.ts';
import { openSources } from './plan/open-sources.ts';
import { type Range, rangeOf } from './plan/range.ts';
import { slotsOf } from './plan/slots.ts';
import { takeUpSources } from './plan/take-up-again.ts';
import type { Taking } from './plan/taking.ts';
import { tempFolder } from './plan/temp-folder.ts';
import { sayUnneeded } from './plan/unneeded.ts';
import type { MergeRequest, OutputFormatName, RunIo } from './request.ts';
import { compileMatch } from './select/index.ts';
import type { OpenSource } from './source/index.ts';
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
  const { cwd } = io;
  const { zone, range, slots } = checkedWords(request, io);
  const { paths, absent } = await namedSources(request, io, slots, missing, document);
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
  sayOfSources(request, sources, format, io.warn, fixed);
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

/** What the options say by themselves, before any source is looked at. */
function checkedWords(request: MergeRequest, io: RunIo): { zone: Zone; range: Range; slots: SlotsPlan | undefined } {
  checkCombinations(request);
  const { outputTz, match } = request;
  const zone = outputTz === undefined ? UTC : atOption('--output-tz', () => parseZone(outputTz));
  if (match !== undefined) compileMatch(match);
  return { zone, range: rangeOf(request, io.now(), zone), slots: slotsOf(request, io.cwd) };
}

/** What was assumed of the sources, and what of the request does nothing for them. */
function sayOfSources(
  request: MergeRequest,
  sources: readonly SourcePlan[],
  format: OutputFormatName,
  warn: Warn,
  fixed: Settings | undefined,
): void {
  sayDoubts(sources, format, warn);
  if (request.columns !== undefined) sayMisspelt(request.columns, sources, warn);
  // Later runs with a state do what the first one said, and to what is followed others may come.
  if (fixed === undefined && !request.follow) sayUnneeded(request, sources, warn);
  if (isTabular(format) && request.columns === undefined && fixed === undefined) sayWhole(sources, warn);
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
