import { basename, dirname, join } from 'node:path';
import { statSync } from '../core/disk.ts';
import { FINGERPRINT_BYTES } from '../core/fingerprint.ts';
import { TsalignError, type Warn } from '../core/problem.ts';
import type { ByteStream } from '../core/stages.ts';
import { type OpenSource, readFully, type SourcePath } from '../source/index.ts';
import {
  continues,
  type FileFound,
  type Folders,
  type Identity,
  identify,
  indexSources,
  isOfSameLog,
  isRotationOf,
  type KnownSources,
  rotatedFiles,
  type SourceState,
  type StateDocument,
  type TextReading,
  withoutEnding,
} from '../state/index.ts';

/** A source that is there, and what the state knows of it. */
export interface FoundSource {
  open: OpenSource;
  /** The path under which it first came. */
  path: string;
  known: SourceState | undefined;
  /** Whether it stands where another file stood before. */
  begunAnew: boolean;
}

/** Opens a file as settings say of the path under which it first came. */
type OpenPath = (path: SourcePath, first: string) => Promise<OpenSource>;

/** Whether its bytes are its text: then its size tells how long that is. */
export const isPlain = ({ compression, encoding }: OpenSource): boolean =>
  compression.length === 0 && encoding === undefined;

/** What finding sources needs. */
export interface Finding {
  openPath: OpenPath;
  /** Receives what of a source is not to be found any more, once. */
  warn: Warn;
  /** Whether a source is looked for also while no file has its name: who follows it would pass over its rest later. */
  looksForAll: boolean;
}

/**
 * Finds what earlier runs read in the sources of this one, and beside them what rotation has made of a source of which
 * another file has taken the place: its rest, and files that came and went between two runs.
 */
export async function findSources(
  opened: readonly OpenSource[],
  document: StateDocument,
  { openPath, warn, looksForAll }: Finding,
): Promise<FoundSource[]> {
  const search: Search = {
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
    const identity = identities[i] as Identity;
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
    begunAnew.has(source.file) || isOwed(source) || (looksForAll && isAway(source, document));
  for (const source of [...document.sources]) {
    if (known.has(source) || source.lost || !isLookedFor(source)) continue;
    const rest = await findRest(source, search);
    earlier.push(...rest);
    if (rest.length > 0 || !(begunAnew.has(source.file) || source.again)) continue;
    if (isElsewhere(source, [...found, ...earlier])) forget(source, document);
    // All was read of what had moved away: it may have been removed.
    else if (!source.moved || source.again) sayLost(source, warn);
  }
  return [...earlier, ...found];
}

/** Whether records of it are still to be written, or more may have been written to it, wherever it is. */
const isOwed = ({ again, moved }: SourceState): boolean => again !== undefined || moved === true;

/** Whether no file has the name of a source, which was the last to have it. */
const isAway = ({ id, path, file }: SourceState, { sources }: StateDocument): boolean =>
  sources.findLast((each) => each.path === path)?.id === id && statSync(file, { throwIfNoEntry: false }) === undefined;

/** A source that tells nothing by which a file could be known. */
function forget(source: SourceState, document: StateDocument): void {
  document.sources = document.sources.filter((each) => each !== source);
}

/** What findSources has found so far. */
interface Search {
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
  const taken = new Set(earlier.map(({ open }) => open.path.file));
  // Rotation names what has moved after what it was.
  const log = { ...source, file: join(dirname(source.file), basename(source.path)) };
  // What is among the sources of this run was known again there, if it is this one.
  const files = rotatedFiles(log, search.folders).filter((file) => !named.has(file) && !taken.has(file));
  if (files.length === 0) return [];
  const candidates: OpenSource[] = [];
  for (const file of files) {
    const open = await tryOpen({ path: file, file, origin: 'named' }, source.path, search.openPath);
    if (open !== undefined) candidates.push(open);
  }
  // What is compressed may be a copy of what was found already.
  const packed = new Set(files.map(withoutEnding));
  const beside = [...found, ...earlier].flatMap(({ open }) => (packed.has(open.path.file) ? [open] : []));
  const identities = await identify([...candidates, ...beside].map(fileOf), search.known);
  const rest: FoundSource[] = [];
  for (const [i, open] of candidates.entries()) {
    const identity = identities[i] as Identity;
    const isRest = rest.length === 0 && goesOn(open, identity, source);
    const isLater = rest.length > 0 && identity.kind === 'new' && isRotationOf(open.path.file, log);
    if (isRest || isLater) rest.push({ open, path: source.path, known: isRest ? source : undefined, begunAnew: true });
    else open.close();
  }
  return rest;
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
    what: `was replaced or truncated, and no file beside it holds what was written behind byte ${source.offset} of it`,
    hint: 'what that was, if anything, is not in the output; let rotation keep one file',
  });
}

/**
 * What copies and then truncates a log leaves such a file beside it: the copy of a source, which begins with all that was
 * taken of it.
 */
export async function findCopy(source: SourceState, openPath: OpenPath): Promise<OpenSource | undefined> {
  for (const file of rotatedFiles(source).toReversed()) {
    const open = await tryOpen({ path: file, file, origin: 'named' }, source.path, openPath);
    if (open === undefined) continue;
    const found = fileOf(open);
    if (found.inode !== source.inode && (await continues(found, source))) return open;
    open.close();
  }
  return undefined;
}

/** What rotation left may be gone again, or no text. */
async function tryOpen(path: SourcePath, first: string, openPath: OpenPath): Promise<OpenSource | undefined> {
  try {
    return await openPath(path, first);
  } catch (error) {
    if (error instanceof TsalignError && ['no-source', 'binary'].includes(error.problem.code)) return undefined;
    throw error;
  }
}

export function fileOf(open: OpenSource): FileFound {
  let head: Promise<Uint8Array> | undefined;
  const readHead = async (length: number): Promise<Uint8Array> => {
    head ??= readText(open, 0, FINGERPRINT_BYTES);
    return (await head).subarray(0, length);
  };
  return {
    file: open.path.file,
    device: open.identity?.device ?? '',
    inode: open.identity?.inode ?? '',
    size: open.size as number,
    modified: String(open.modified),
    plain: isPlain(open),
    read: (from, length) =>
      from === 0 && length <= FINGERPRINT_BYTES ? readHead(length) : readText(open, from, length),
    begin: () => readingOf(open.open()),
  };
}

/** Reads text of a source: fewer bytes than asked for only where it ends. */
export async function readText(open: OpenSource, from: number, length: number): Promise<Uint8Array> {
  const reading = readingOf(open.open(undefined, from));
  try {
    return await reading.next(length);
  } finally {
    await reading.close();
  }
}

const readingOf = (stream: ByteStream): TextReading => ({
  next: (length) => readFully(stream, length),
  close: () => stream.close(),
});
