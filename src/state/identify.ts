import { type Fingerprint, hasFingerprint } from '../core/fingerprint.ts';
import type { SourceState } from './document.ts';

/** Below this length, equal beginnings are no sign that one file is a copy of another. */
const COPY_BYTES = 256;

/** A file that is there now. */
export interface FileFound {
  file: string;
  device: string;
  inode: string;
  size: number;
  modified: string;
  /** Whether the stored bytes are the text. */
  plain: boolean;
  /** Reads text, after decompression: fewer bytes only where it ends before. */
  read(from: number, length: number): Promise<Uint8Array>;
}

/** What a file that is there now is: one that was read before, a copy of one, or a new one. */
export type Identity = { kind: 'known'; source: SourceState } | { kind: 'copy'; of: SourceState } | { kind: 'new' };

/**
 * Knows files again, each at most once: first by device and inode, with bytes that still are what they were (inodes
 * are used again, and files truncated); then, for what was copied, moved to another disk or compressed, by the bytes
 * alone: those at the beginning and those before the offset. Many logs begin alike, so that the beginning is not enough.
 */
export async function identify(found: readonly FileFound[], known: readonly SourceState[]): Promise<Identity[]> {
  const identities: Identity[] = found.map(() => ({ kind: 'new' }));
  const claimed = new Set<SourceState>();
  const claim = async (index: number, fits: (source: SourceState) => boolean) => {
    for (const source of known) {
      if (identities[index]?.kind === 'known' || claimed.has(source) || !fits(source)) continue;
      if (!(await continues(found[index] as FileFound, source))) continue;
      identities[index] = { kind: 'known', source };
      claimed.add(source);
    }
  };
  for (const [index, file] of found.entries()) await claim(index, (source) => isSameInode(file, source));
  for (const index of found.keys()) await claim(index, (source) => source.offset > 0);
  for (const [index, file] of found.entries()) {
    const of = identities[index]?.kind === 'new' ? await original(file, found, identities) : undefined;
    if (of !== undefined) identities[index] = { kind: 'copy', of };
  }
  return identities;
}

const isSameInode = (file: FileFound, source: SourceState): boolean =>
  file.device === source.device && file.inode === source.inode;

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
export const isUnchanged = (file: FileFound, source: SourceState): boolean =>
  isSameInode(file, source) && file.size === source.size && file.modified === source.modified;

async function fits(file: FileFound, from: number, print: Fingerprint): Promise<boolean> {
  return hasFingerprint(await file.read(from, print.length), print);
}

/**
 * The known source of which this new file is a copy, or the beginning of one: what copies and then truncates makes such
 * a file before it truncates, what compresses before it removes the other.
 */
async function original(
  file: FileFound,
  found: readonly FileFound[],
  identities: readonly Identity[],
): Promise<SourceState | undefined> {
  for (const [index, identity] of identities.entries()) {
    if (identity.kind !== 'known' || identity.source.offset < COPY_BYTES) continue;
    if (await isCopy(file, found[index] as FileFound, identity.source.offset)) return identity.source;
  }
  return undefined;
}

const COMPARED_BYTES = 1 << 20;

/** Whether the first `length` bytes of both are equal, or all that the first has of them. */
async function isCopy(file: FileFound, known: FileFound, length: number): Promise<boolean> {
  for (let at = 0; at < length; at += COMPARED_BYTES) {
    const count = Math.min(COMPARED_BYTES, length - at);
    const bytes = await file.read(at, count);
    if (bytes.length < COPY_BYTES && at === 0) return false;
    const others = await known.read(at, bytes.length);
    if (Buffer.compare(bytes, others) !== 0) return false;
    if (bytes.length < count) return true;
  }
  return true;
}
