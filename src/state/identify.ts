import { type FileIdentity, identityKey } from '../core/file-identity.ts';
import { type Fingerprint, fingerprintOf, hasFingerprint } from '../core/fingerprint.ts';
import { groupBy } from '../core/group-by.ts';
import type { SourceState } from './document.ts';

/** Below this length, equal beginnings are no sign that one file is a copy of another. */
const COPY_BYTES = 256;

/** A file that is there now. */
export interface FileFound extends FileIdentity {
  file: string;
  size: number;
  modified: string;
  /** Whether the stored bytes are the text. */
  plain: boolean;
  /** Reads text, after decompression: fewer bytes only where it ends before. */
  read(from: number, length: number): Promise<Uint8Array>;
  /** Reads its text from the beginning on. */
  begin(): TextReading;
}

/** A reading of a text, piece by piece: what is compressed would be unpacked from its beginning for each. */
export interface TextReading {
  /** The next bytes: fewer only where the text ends before. */
  next(length: number): Promise<Uint8Array>;
  close(): void | Promise<void>;
}

/** What a file that is there now is: one that was read before, a copy of one (of that file), or a new one. */
export type Identity = { kind: 'known'; source: SourceState } | { kind: 'copy'; of: string } | { kind: 'new' };

/**
 * Knows files again, each at most once: first by device and inode, with bytes that still are what they were (inodes
 * are used again, and files truncated); then, for what was copied, moved to another disk or compressed, by the bytes
 * alone: those at the beginning and those before the offset. Many logs begin alike, so that the beginning is not enough.
 */
export async function identify(found: readonly FileFound[], known: KnownSources): Promise<Identity[]> {
  const identities: Identity[] = found.map(() => ({ kind: 'new' }));
  const claimed = new Set<SourceState>();
  const claim = async (index: number, sources: readonly SourceState[]) => {
    for (const source of sources) {
      if (identities[index]?.kind === 'known' || claimed.has(source)) continue;
      if (!(await continues(found[index], source))) continue;
      identities[index] = { kind: 'known', source };
      claimed.add(source);
    }
  };
  for (const [index, file] of found.entries()) await claim(index, known.withInode(file));
  for (const [index, file] of found.entries()) {
    if (identities[index]?.kind === 'new') await claim(index, await known.withHead(file));
  }
  await findCopies(found, identities);
  return identities;
}

/** Sources that were read before, by what files are known by: of thousands of files each is held against few of them. */
export interface KnownSources {
  withInode(file: FileIdentity): readonly SourceState[];
  /** Those of which something was taken and that begin as the file does. */
  withHead(file: FileFound): Promise<readonly SourceState[]>;
}

export function indexSources(sources: readonly SourceState[]): KnownSources {
  const byInode = groupBy(sources, identityKey);
  return { withInode: (file) => byInode.get(identityKey(file)) ?? [], withHead: headsOf(sources) };
}

/** The heads of sources are mostly of one length: a file is hashed once for each of them. */
function headsOf(known: readonly SourceState[]): (file: FileFound) => Promise<SourceState[]> {
  const taken = known.filter(({ offset }) => offset > 0);
  const byLength = new Map(
    [...groupBy(taken, ({ head }) => head.length)].map(([length, sources]) => [
      length,
      groupBy(sources, ({ head }) => head.hash),
    ]),
  );
  return async (file) => {
    const fitting: SourceState[] = [];
    for (const [length, byHash] of byLength) {
      const head = await file.read(0, length);
      if (head.length === length) fitting.push(...(byHash.get(fingerprintOf(head).hash) ?? []));
    }
    return fitting;
  };
}

const isSameInode = (file: Stored, source: SourceState): boolean =>
  file.device === source.device && file.inode === source.inode;

/** What the file system tells of a file. */
type Stored = Pick<FileFound, 'device' | 'inode' | 'size' | 'modified'>;

/** Whether the file begins with all that was taken of the source. Where that is nothing, only its place speaks for it: inodes are used again. */
export async function continues(file: FileFound, source: SourceState): Promise<boolean> {
  if (source.offset === 0) return isSameInode(file, source) && file.file === source.file;
  if (isUnchanged(file, source)) return true;
  // What is neither compressed nor encoded shows by its size whether it is long enough.
  if (file.plain && file.size < source.offset) return false;
  const { head, before, offset } = source;
  if (!(await fits(file, 0, head))) return false;
  return fits(file, offset - before.length, before);
}

/** Same inode, size and time: what was compressed need not be unpacked to see that nothing is new in it. */
export const isUnchanged = (file: Stored, source: SourceState): boolean =>
  isSameInode(file, source) && file.size === source.size && file.modified === source.modified;

async function fits(file: FileFound, from: number, print: Fingerprint): Promise<boolean> {
  return hasFingerprint(await file.read(from, print.length), print);
}

/**
 * Finds new files that are copies of others, or the beginnings of copies: what copies and then truncates makes such a
 * file before it truncates, what compresses before it removes the other.
 */
async function findCopies(found: readonly FileFound[], identities: Identity[]): Promise<void> {
  const byFile = new Map(found.map((file) => [file.file, file]));
  const read = [...identities.entries()].flatMap(([index, identity]) =>
    identity.kind === 'known' && identity.source.offset >= COPY_BYTES
      ? [{ file: found[index], length: identity.source.offset }]
      : [],
  );
  for (const [index, file] of found.entries()) {
    if (identities[index]?.kind !== 'new') continue;
    const unpacked = file.plain ? undefined : byFile.get(withoutEnding(file.file));
    const isPacked = unpacked?.plain === true && (await isCopy(file, unpacked, Number.POSITIVE_INFINITY, 0));
    const of = isPacked ? unpacked : await originalAmong(read, file);
    if (of !== undefined) identities[index] = { kind: 'copy', of: of.file };
  }
}

/** What a compressed file is called without the ending of its compression, which is no number. */
export const withoutEnding = (file: string): string => file.replace(/\.(?!\d+$)[A-Za-z0-9]{1,4}$/, '');

/** The known file of which this new one is a copy. */
async function originalAmong(
  read: readonly { file: FileFound; length: number }[],
  file: FileFound,
): Promise<FileFound | undefined> {
  for (const { file: known, length } of read) {
    if (await isCopy(file, known, length, COPY_BYTES)) return known;
  }
  return undefined;
}

const COMPARED_BYTES = 1 << 20;

/** Whether the first `length` bytes of both are equal, or all that the first has of them, if that is `least`. */
export async function isCopy(file: FileFound, known: FileFound, length: number, least: number): Promise<boolean> {
  if (!(await beginAlike(file, known, least))) return false;
  const copy = file.begin();
  const original = known.begin();
  try {
    for (let at = 0; at < length; at += COMPARED_BYTES) {
      const count = Math.min(COMPARED_BYTES, length - at);
      const bytes = await copy.next(count);
      if (Buffer.compare(bytes, await original.next(bytes.length)) !== 0) return false;
      if (bytes.length < count) return true;
    }
    return true;
  } finally {
    await copy.close();
    await original.close();
  }
}

/** What most files that are no copies show at once. */
async function beginAlike(file: FileFound, known: FileFound, least: number): Promise<boolean> {
  const head = await file.read(0, COPY_BYTES);
  return head.length >= least && Buffer.compare(head, await known.read(0, head.length)) === 0;
}
