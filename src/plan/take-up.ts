import { resolve } from 'node:path';
import type { FileIdentity } from '../core/file-identity.ts';
import { isDocuments } from '../core/input-plan.ts';
import { TsalignError, type Warn } from '../core/problem.ts';
import type { InputPlan, Sample } from '../core/stages.ts';
import type { MergeRequest, RunIo } from '../request.ts';
import { gatherSeries, labelSources, type OpenSource, openSource, Shrunk, type SourcePath } from '../source/index.ts';
import { isUnchanged, type SourceState, type StateDocument } from '../state/index.ts';
import type { DatingMemory } from '../time/index.ts';
import type { FollowPlan, SourcePlan, TakenUp, Taking } from './data.ts';
import { saySeveralLogs } from './doubts.ts';
import { isPlain } from './file-found.ts';
import { type FoundSource, findSources } from './found.ts';
import { openFiles } from './open-files.ts';
import { recogniseSource } from './recognition.ts';
import { type SourceSettings, sourceSettings } from './settings.ts';
import { isOwedOfMoved, takingOf, withoutUnfinished } from './taking.ts';

/**
 * Opens the sources of a run with a state and finds out which of them go on where earlier runs stopped. What has nothing
 * new is closed again. The order is that in which labels and files came, in this run or an earlier one.
 * @throws TsalignError as opening and recognising them do; under --keep-going `missing` says it
 */
export async function takeUpOnce(
  paths: readonly SourcePath[],
  request: MergeRequest,
  io: RunIo,
  missing: Warn,
  document: StateDocument,
  timing?: Pick<FollowPlan, 'from' | 'idleMs'>,
): Promise<TakenUp> {
  const named = await sourceSettings(request, paths, io);
  const encodings = new Map(paths.map(({ path }, i) => [path, named[i]?.encoding]));
  const encodingOf = async (path: SourcePath, first: string): Promise<string | undefined> => {
    if (encodings.has(first) || request.encoding.length === 0) return encodings.get(first);
    const [settings] = await sourceSettings(
      request,
      [{ ...path, path: first, file: resolve(io.cwd, first) }, ...paths],
      io,
    );
    return settings?.encoding;
  };
  const opened: OpenSource[] = [];
  const openPath = async (path: SourcePath, first: string): Promise<OpenSource> => {
    const encoding = await encodingOf(path, first);
    const open = await openSource(path, { label: path.path, encoding, stdin: io.stdin });
    opened.push(open);
    return open;
  };
  const series = gatherSeries(paths.map((path, i) => ({ path, label: named[i]?.label })));
  const inOrder = series.map(({ path }) => path);
  try {
    const files = await openFiles(inOrder, (path) => openPath(path, path.path), io, missing);
    const followed = request.follow ? request.sources : [];
    const found = await findSources(files, document, { openPath, warn: io.warn, followed });
    const settings = await settingsOf(found, paths, request, io);
    const labels = labelsOf(found, settings, document);
    let nextId = document.nextId;
    const taken: TakenUp = { sources: [], seen: [], empty: [] };
    for (const [i, each] of found.entries()) {
      const label = labels[i];
      const entry = entryOf(each, label, nextId);
      if (each.known === undefined) nextId++;
      await takeUp(each, entry, settings[i], { request, io, missing, taken, timing });
    }
    sortSources(taken.sources, document);
    return taken;
  } catch (error) {
    for (const open of opened) open.close();
    throw error;
  }
}

/** Settings go by the path under which a file first came, wherever it has got to; the paths of now are there to be named, too. */
async function settingsOf(
  found: readonly FoundSource[],
  paths: readonly SourcePath[],
  request: MergeRequest,
  io: RunIo,
): Promise<SourceSettings[]> {
  const first = found.map(({ open, path }): SourcePath => ({ ...open.path, path, file: resolve(io.cwd, path) }));
  return (await sourceSettings(request, [...first, ...paths], io)).slice(0, found.length);
}

function labelsOf(
  found: readonly FoundSource[],
  settings: readonly SourceSettings[],
  document: StateDocument,
): string[] {
  const given = settings.map(({ label }) => label);
  const labels = labelSources(
    found.map(({ open }) => open.path),
    given,
  );
  // The last that came under its path, or stood in its place.
  const byPath = new Map(document.sources.map((source) => [source.path, source]));
  const byFile = new Map(document.sources.map((source) => [source.file, source]));
  return found.map(({ known, open, path }, i) => {
    const before = known ?? latest(byPath.get(path), byFile.get(open.path.file));
    return before?.label ?? labels[i];
  });
}

const latest = (a: SourceState | undefined, b: SourceState | undefined): SourceState | undefined =>
  (a?.id ?? -1) > (b?.id ?? -1) ? a : b;

/** The source as the state will know it; a copy, since the run may fail. */
function entryOf({ known, open, path }: FoundSource, label: string, nextId: number): SourceState {
  const nothing = { length: 0, hash: '' };
  const now = {
    file: open.path.file,
    ...(open.identity as FileIdentity),
    size: open.size as number,
    modified: String(open.modified),
    plain: isPlain(open),
  };
  if (known !== undefined) return { ...known, ...now };
  return {
    id: nextId,
    label,
    path,
    ...now,
    offset: 0,
    lines: 0,
    head: nothing,
    before: nothing,
    last: undefined,
    dating: undefined,
    framing: undefined,
  };
}

interface Around {
  request: MergeRequest;
  io: RunIo;
  missing: Warn;
  taken: TakenUp;
  /** Where they are followed. */
  timing: Pick<FollowPlan, 'from' | 'idleMs'> | undefined;
}

async function takeUp(each: FoundSource, entry: SourceState, settings: SourceSettings, around: Around): Promise<void> {
  const { request, io, missing, taken } = around;
  const { open } = each;
  const taking = takingOf(each, entry, around);
  const skip = (): void => {
    if (request.follow && entry.offset === 0 && entry.plain) taken.empty.push({ entry, open });
    else open.close();
    taken.seen.push({ ...entry, moved: isOwedOfMoved(entry, taking.end) ? true : undefined });
  };
  if (hasNothingNew(each, request) && !(request.follow && mayGrow(each, taking))) return skip();
  open.label = entry.label;
  try {
    const sample = await sampleOf(open, taking.end);
    if (isCut(sample) && sample.pieces[0]?.length === 0) throw cutTooEarly(entry.label);
    const recognised = await recogniseSource(open, sample, settings, io.now());
    refuseDocuments(recognised.input, taking, open.path.path);
    saySeveralLogs(entry.label, sample, recognised.input, settings, io.warn);
    const stamp = recognised.stamp && goOnWithYears(recognised.stamp, taking.dating);
    taken.sources.push({
      path: open.path.path,
      label: entry.label,
      series: 0,
      mayStream: true,
      searched: false,
      open,
      ...recognised,
      stamp,
      taking,
    });
  } catch (error) {
    if (!(error instanceof TsalignError) || error.problem.code === 'usage' || error instanceof Shrunk) {
      open.close();
      throw error;
    }
    const { code } = error.problem;
    // A log that was begun anew may hold no more than a greeting yet.
    if (code === 'no-timestamp' && each.begunAnew && !request.final) return skip();
    if (code === 'truncated') {
      io.warn(error.problem);
      entry.waits = true;
      return skip();
    }
    open.close();
    missing(error.problem);
  }
}

const isCut = ({ damage }: Sample): boolean => damage?.code === 'truncated';

async function sampleOf(open: OpenSource, end: Taking['end']): Promise<Sample> {
  const sample = await open.sample();
  const isFinished = end === 'whole' || (end === 'unpacked' && !isCut(sample));
  return isFinished ? sample : withoutUnfinished(sample);
}

function cutTooEarly(where: string): TsalignError {
  const what = 'ends early, before its first record is whole';
  return new TsalignError({ code: 'truncated', where, what, hint: 'the next run that finds more takes it' });
}

/** Where arrays and objects of several lines were left, only reading them from the beginning tells. */
function refuseDocuments(input: InputPlan, { from, end }: Taking, where: string): void {
  const isWhole = end === 'whole' || end === 'unpacked';
  if (!isDocuments(input) || (isWhole && from === 0)) return;
  const what = 'JSON that is not one object a line cannot be taken up in its middle';
  const hint = 'leave out --state, or make lines of it with jq -c';
  throw new TsalignError({ code: 'usage', where, what, hint });
}

/** Of what grows the end is followed, also where nothing stands behind what was taken. */
const mayGrow = ({ open }: FoundSource, { from, end }: Taking): boolean => from > 0 && end !== 'whole' && isPlain(open);

function hasNothingNew({ known, open }: FoundSource, { final }: MergeRequest): boolean {
  if (known === undefined) return open.size === 0;
  if (known.again !== undefined) return false;
  if (isPlain(open)) return open.size === known.offset;
  if (final && known.waits) return false;
  const file = { ...known, ...open.identity, size: open.size as number, modified: String(open.modified) };
  return isUnchanged(file, known);
}

/** Years, and days, that were found once are not looked for again. */
function goOnWithYears(stamp: NonNullable<SourcePlan['stamp']>, dating: DatingMemory | undefined) {
  if (dating === undefined) return stamp;
  const years = dating.years.records > 0 ? { year: dating.years.year } : {};
  const days = dating.days.records > 0 ? { day: dating.days.day, year: stamp.year ?? 0 } : {};
  return { ...stamp, ...days, ...years };
}

/** By label, in the order in which labels came, then by the age of the file. */
function sortSources(sources: SourcePlan[], document: StateDocument): void {
  const labels = new Set([...document.labels, ...sources.map(({ label }) => label)]);
  const order = new Map([...labels].map((label, i) => [label, i]));
  const rank = ({ label, taking }: SourcePlan) => [order.get(label) as number, taking.entry?.id ?? 0] as const;
  sources.sort((a, b) => rank(a)[0] - rank(b)[0] || rank(a)[1] - rank(b)[1]);
}
