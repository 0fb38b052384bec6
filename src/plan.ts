import path from 'node:path';
import { knownColumns, namesItsFields } from './core/input-plan.ts';
import type { Digits } from './core/instant.ts';
import { atOption, TsalignError, type Warn } from './core/problem.ts';
import { suggestion } from './core/registry.ts';
import { compressionByName, defaultFormat, isTabular } from './output/index.ts';
import { checkApplicable } from './plan/applicable.ts';
import { assumesOrder } from './plan/assumption.ts';
import { checkCombinations } from './plan/combinations.ts';
import type { DedupPlan, KeptPlan, OutputPlan, Plan, SlotsPlan, SourcePlan } from './plan/data.ts';
import { sayDoubts, sayMisspelt, sayWhole } from './plan/doubts.ts';
import { DIGITS, FORMAT, fixedSettings } from './plan/fixed.ts';
import { followPlan, partPipes, timingOf } from './plan/following.ts';
import { memoryOf } from './plan/memory.ts';
import { checkWritten, namedSources } from './plan/named-sources.ts';
import { notAFile } from './plan/open-files.ts';
import { openSources } from './plan/open-sources.ts';
import { type Range, rangeOf, sayZoneOfRange } from './plan/range.ts';
import { slotsOf } from './plan/slots.ts';
import { takeUpSources } from './plan/take-up-again.ts';
import { tempFolder } from './plan/temp-folder.ts';
import { sayNoCopies, sayUnneeded } from './plan/unneeded.ts';
import type { MergeRequest, OutputFormatName, RunIo } from './request.ts';
import { compileMatch } from './select/index.ts';
import type { Settings, SourceState, StateDocument } from './state/index.ts';
import { parseDuration, parseZone, UTC, type Zone } from './time/index.ts';

export type {
  DedupPlan,
  EmptyFile,
  FollowPlan,
  KeptPlan,
  MemoryPlan,
  OutputPlan,
  Plan,
  Replay,
  SlotsPlan,
  SourcePlan,
  Taking,
} from './plan/data.ts';

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
  const dedup = dedupOf(request, sources);
  if (dedup.kind === 'none') sayNoCopies(request, io);
  sayZoneOfRange(request, io);
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
    dedup,
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
