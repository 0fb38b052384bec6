import { basename, dirname, join } from 'node:path';
import { formatCount } from '../core/count-text.ts';
import { statSync } from '../core/disk.ts';
import type { Warn } from '../core/problem.ts';
import type { OpenSource } from '../source/index.ts';
import {
  type Folders,
  type Identity,
  identify,
  indexSources,
  isCopy,
  isOfSameLog,
  isRotationOf,
  isUnchanged,
  type KnownSources,
  listBeside,
  type RotatedFile,
  type SourceState,
  type StateDocument,
  withoutEnding,
} from '../state/index.ts';
import { keyOf, type OpenPath, openBeside } from './beside.ts';
import { shortCopyOf } from './copies.ts';
import { fileOf, refuseCut } from './file-found.ts';

/** A source that is there, and what the state knows of it. */
export interface FoundSource {
  open: OpenSource;
  /** The path under which it first came. */
  path: string;
  known: SourceState | undefined;
  /** Whether it stands where another file stood before. */
  begunAnew: boolean;
}

/** What finding sources needs. */
export interface Finding {
  openPath: OpenPath;
  /** Receives what of a source is not to be found any more, once. */
  warn: Warn;
  /**
   * The sources that are followed, as they were written: these are looked for also while no file has their names, since who
   * follows them would pass over their rest later.
   */
  followed: readonly string[];
}

/**
 * Finds what earlier runs read in the sources of this one, and beside them what rotation has made of a source of which
 * another file has taken the place: its rest, and files that came and went between two runs.
 */
export async function findSources(
  opened: readonly OpenSource[],
  document: StateDocument,
  { openPath, warn, followed }: Finding,
): Promise<FoundSource[]> {
  const search: Search = {
    sources: document.sources,
    known: indexSources(document.sources),
    named: new Set(opened.map(({ path }) => path.file)),
    found: [],
    earlier: [],
    folders: new Map(),
    openPath,
  };
  const { found, earlier } = search;
  const identities = await identify(opened.map(fileOf), search.known);
  const known = new Set(identities.flatMap((each) => (each.kind === 'known' ? [each.source] : [])));
  const files = new Set(document.sources.map(({ file }) => file));
  for (const [i, open] of opened.entries()) {
    const identity = identities[i];
    if (identity.kind === 'copy') {
      sayCopy(open, identity.of, warn);
      open.close();
      continue;
    }
    const source = identity.kind === 'known' ? identity.source : undefined;
    const begunAnew = source === undefined && files.has(open.path.file);
    found.push({ open, path: source?.path ?? open.path.path, known: source, begunAnew });
  }
  for (const each of found) {
    if (each.known === undefined || !mayBeEmptied(each.open, each.known)) continue;
    const source = each.known;
    const rest = await findRest(source, search);
    earlier.push(...rest);
    const isMoved = rest.length === 0 && isElsewhere(source, [...found, ...earlier]);
    if (isMoved) forget(source, document);
    if (isMoved || rest.length > 0) Object.assign(each, { known: undefined, begunAnew: true });
    else if ((each.open.size as number) < source.size) sayLost(source, warn);
  }
  const begunAnew = new Set(found.flatMap((each) => (each.begunAnew ? [each.open.path.file] : [])));
  const isLookedFor = (source: SourceState): boolean =>
    begunAnew.has(source.file) || isOwed(source) || (isAway(source, document, search) && isFollowed(source, followed));
  // Who writes a log may write to what was renamed last for a while, not to what was renamed before that.
  const hasMovedSince = ({ id, path }: SourceState): boolean =>
    document.sources.some((each) => each.id > id && each.path === path && (each.moved || begunAnew.has(each.file)));
  for (const source of [...document.sources]) {
    if (known.has(source) || source.lost || !isLookedFor(source)) continue;
    if (isReadUp(source, search) && hasMovedSince(source)) continue;
    const rest = await findRest(source, search);
    earlier.push(...rest);
    if (rest.length > 0) continue;
    if (source.moved && !source.again) {
      // All was read of what had moved away: it may have been removed, and is not looked for again.
      if (source.plain && source.size > source.offset) sayLost(source, warn);
      else source.moved = undefined;
      continue;
    }
    if (!(begunAnew.has(source.file) || source.again)) continue;
    if (isElsewhere(source, [...found, ...earlier])) forget(source, document);
    else sayLost(source, warn);
  }
  return [...earlier, ...found];
}

/** Whether records of it are still to be written, or more may have been written to it, wherever it is. */
const isOwed = ({ again, moved }: SourceState): boolean => again !== undefined || moved === true;

/** Whether what has moved is, under whatever name, as it was when all of it was taken: it need not be opened. */
const isReadUp = (source: SourceState, { folders }: Search): boolean =>
  source.moved === true &&
  source.again === undefined &&
  source.plain &&
  source.size === source.offset &&
  listBeside(source, folders).some((file) => isUnchanged(file, source));

/** Whether no file had the name of a source, which was the last to have it, when that was opened. */
const isAway = ({ id, path, file }: SourceState, { sources }: StateDocument, { named }: Search): boolean =>
  sources.findLast((each) => each.path === path)?.id === id && !named.has(file);

/** What is named may have come since; what a glob or folder gave is followed as long as it is not there. */
const isFollowed = ({ path, file }: SourceState, followed: readonly string[]): boolean =>
  followed.includes(path) || (followed.length > 0 && statSync(file, { throwIfNoEntry: false }) === undefined);

/** A source that tells nothing by which a file could be known. */
function forget(source: SourceState, document: StateDocument): void {
  document.sources = document.sources.filter((each) => each !== source);
}

/** What findSources has found so far. */
interface Search {
  sources: readonly SourceState[];
  known: KnownSources;
  /** The files that are sources of this run. */
  named: ReadonlySet<string>;
  found: FoundSource[];
  /** What was found beside them. */
  earlier: FoundSource[];
  folders: Folders;
  openPath: OpenPath;
}

/**
 * Nothing was taken of it yet, so that no bytes tell whether it is what it was: it may have been written, copied and
 * truncated since.
 */
const mayBeEmptied = (open: OpenSource, { offset, modified }: SourceState): boolean =>
  offset === 0 && String(open.modified) !== modified;

/**
 * Of what nothing was taken no bytes tell which file it is now: one that is new, with its inode or named as of the same
 * log; or where it was compressed and had no whole record yet, what stands in its place.
 */
const isElsewhere = (source: SourceState, found: readonly FoundSource[]): boolean =>
  source.offset === 0 &&
  (!source.plain ||
    found.some(
      ({ known, open: { path, identity } }) =>
        known === undefined && (identity?.inode === source.inode || isOfSameLog(path.file, source)),
    ));

/** The file that the source has become, and those that came after it. */
async function findRest(source: SourceState, search: Search): Promise<FoundSource[]> {
  const { found, earlier, named } = search;
  const opened = new Set([...found, ...earlier].map(({ open }) => keyOf(open)));
  // Rotation names what has moved after what it was.
  const log = { ...source, file: join(dirname(source.file), basename(source.path)) };
  // What is among the sources of this run was known again there, if it is this one, under whatever name it is now.
  const isOther = (file: RotatedFile): boolean =>
    named.has(file.file) || opened.has(file.identity) || isReadOf(file, source, search);
  const candidates = await openBeside(log, search.folders, isOther, search.openPath);
  if (candidates.length === 0) return [];
  // What is compressed may be a copy of what was found already.
  const packed = new Set(candidates.map(({ path }) => withoutEnding(path.file)));
  const beside = [...found, ...earlier].flatMap(({ open }) => (packed.has(open.path.file) ? [open] : []));
  const identities = await identify([...candidates, ...beside].map(fileOf), search.known);
  const rest: FoundSource[] = [];
  for (const [i, open] of candidates.entries()) {
    const identity = identities[i];
    const known = rest.length === 0 ? await goingOn(open, identity, source, search) : undefined;
    const isLater = rest.length > 0 && identity.kind === 'new' && isRotationOf(open.path.file, log);
    const isRest = known !== undefined || (isLater && !(await isShort(open, search.sources)));
    if (isRest && !(await isCopyOf(open, log.file, found)))
      rest.push({ open, path: source.path, known, begunAnew: true });
    else open.close();
  }
  return rest;
}

/**
 * Whether a file is what another source was when a run saw it last: all that was read of it, or where nothing was, what is
 * looked for under its own name. A log may have hundreds of rotated files: to
 * open them for each of its sources took seconds, in which it was rotated again.
 */
function isReadOf(file: RotatedFile, source: SourceState, { known }: Search): boolean {
  const sources = known.withInode(file);
  const isClaimed = (each: SourceState): boolean => each.offset > 0 || (isOwed(each) && !each.lost);
  return !sources.includes(source) && sources.some((each) => isClaimed(each) && isUnchanged(file, each));
}

/**
 * Whether a file is the copy of what was opened under a name a moment ago: what copies it is about to truncate it.
 * @throws Shrunk where it has
 */
async function isCopyOf(open: OpenSource, file: string, found: readonly FoundSource[]): Promise<boolean> {
  for (const { open: named } of found) {
    if (named.path.file !== file || named.identity?.inode === open.identity?.inode) continue;
    refuseCut(named);
    if (await isCopy(fileOf(open), fileOf(named), Number.POSITIVE_INFINITY, 1)) return true;
  }
  return false;
}

/** Whether a file is the beginning of something that was read. */
async function isShort(open: OpenSource, sources: readonly SourceState[]): Promise<boolean> {
  const file = fileOf(open);
  for (const source of sources) if ((await shortCopyOf(source, file)) !== undefined) return true;
  return false;
}

/** The source as it goes on in a file; undefined where it does not. */
async function goingOn(open: OpenSource, identity: Identity, source: SourceState, { sources }: Search) {
  const isOfOther = source.offset === 0 && (await isShort(open, sources));
  if (!isOfOther && goesOn(open, identity, source)) return source;
  return identity.kind === 'new' ? shortCopyOf(source, fileOf(open)) : undefined;
}

/** What compresses a file may set its time to the second only, in nanoseconds. */
const CLOCK_GRAIN = 1_000_000_000n;

/** Where nothing was taken of the source, any file that nobody has read and that was written since may be what it was. */
function goesOn(open: OpenSource, identity: Identity, source: SourceState): boolean {
  if (identity.kind === 'known') return identity.source === source;
  if (identity.kind === 'copy' || source.offset > 0) return false;
  return (open.modified as bigint) + CLOCK_GRAIN >= BigInt(source.modified);
}

function sayCopy(open: OpenSource, of: string, warn: Warn): void {
  const what = `is a copy of ${basename(of)}, from which its records are taken`;
  warn({ code: 'note', where: open.path.path, what, hint: 'not read' });
}

function sayLost(source: SourceState, warn: Warn): void {
  source.lost = true;
  warn({
    code: 'truncated',
    where: source.label,
    what: `was replaced or truncated, and no file beside it holds what was written behind byte ${formatCount(source.offset)} of it`,
    hint: 'what that was, if anything, is not in the output; let rotation keep one file',
  });
}
