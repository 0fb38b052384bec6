import { statSync } from '../core/disk.ts';
import { fileIdentity, identityKey } from '../core/file-identity.ts';
import { FINGERPRINT_BYTES } from '../core/fingerprint.ts';
import type { Problem } from '../core/problem.ts';
import { FileTail } from '../source/index.ts';
import { LISTING_TRIES, type RotatedFile, rotatedFiles, type SourceState } from '../state/index.ts';
import { copyEntryOf, entryOf, type Followed, marksOf, type Part } from './followed.ts';
import type { Ledger } from './ledger.ts';

/** A file as it was opened, and under which name. */
export interface NamedTail {
  file: string;
  tail: FileTail;
}

/** Opens the end of a file, which messages call `shown`; undefined where it is not there, or cannot be read now. */
export type OpenFile = (file: string, shown: string) => FileTail | undefined;

/**
 * Opens the file that has the name of a source now, and before it those that had it since its newest part, as far as names
 * tell. None where names do not stand still, until the next look.
 */
export function openSince(newest: Part | undefined, followed: Followed, open: OpenFile): NamedTail[] {
  const entry = newest && entryOf(newest, followed);
  const { file, path } = followed.path;
  for (let tries = 1; tries <= LISTING_TRIES; tries++) {
    const tail = open(file, path);
    if (tail === undefined) return [];
    // It may have another name by now.
    const before = identityKey(tail.identity);
    const opened = openListed(entry ? filesAfter(identityKey(entry), entry, followed, before) : [], path, open);
    if (opened !== undefined) return [...opened, { file, tail }];
    tail.close();
  }
  return [];
}

/** Opens the copies of a log that were made, as far as names tell, after the one of this identity. */
export function openCopies(identity: string, part: Part, followed: Followed, open: OpenFile): NamedTail[] {
  const entry = entryOf(part, followed);
  for (let tries = 1; tries <= LISTING_TRIES; tries++) {
    const opened = openListed(filesAfter(identity, entry, followed), followed.path.path, open);
    if (opened !== undefined) return opened;
  }
  return [];
}

/** Files beside a source that are named as if they were made after the one of this identity, and before another. */
function filesAfter(identity: string, entry: SourceState, followed: Followed, before?: string): RotatedFile[] {
  const files = rotatedFiles({ ...entry, file: followed.path.file });
  const at = files.findIndex((each) => each.identity === identity);
  const end = files.findIndex((each) => each.identity === before);
  return at < 0 ? [] : files.slice(at + 1, end < 0 ? undefined : end);
}

/** Undefined where one of them is not what was listed. */
function openListed(listed: readonly RotatedFile[], shown: string, open: OpenFile): NamedTail[] | undefined {
  const opened = listed.flatMap(({ file }) => {
    const tail = open(file, shown);
    return tail === undefined ? [] : [{ file, tail }];
  });
  if (listed.every((each) => isStill(each, opened))) return opened;
  for (const { tail } of opened) tail.close();
  return undefined;
}

/** Whether a file that was listed is the one that was opened under its name; what may not be read is not opened, but there. */
function isStill({ file, identity }: RotatedFile, opened: readonly NamedTail[]): boolean {
  const tail = opened.find((each) => each.file === file)?.tail;
  if (tail !== undefined) return identityKey(tail.identity) === identity;
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat !== undefined && identityKey(fileIdentity(stat)) === identity;
}

/** Whether a file holds what was read of another one, or what that begins with, as where a copy of it is being made. */
export function isCopyOf(copy: FileTail, log: FileTail): boolean {
  const { size } = copy;
  const { head } = log;
  const length = Math.min(size, head.length);
  if (length > 0 && copy.bytesIn(0, length).equals(head.subarray(0, length))) return true;
  const isSame = (from: number, to: number) => copy.bytesIn(from, to).equals(log.bytesIn(from, to));
  return (
    size <= log.size &&
    isSame(0, Math.min(size, FINGERPRINT_BYTES)) &&
    isSame(Math.max(0, size - FINGERPRINT_BYTES), size)
  );
}

/** Keeps how far a part was read that is over. */
export function noteEnd(ledger: Ledger, followed: Followed, part: Part): void {
  const { tail, copy, id } = part;
  const read = copy === undefined ? undefined : ledger.files.find((file) => file.id === id);
  const marks = marksOf(part);
  if (read !== undefined) ledger.add(copyEntryOf(part, read), marks);
  else if (tail instanceof FileTail && !tail.isCut) ledger.add(entryOf(part, followed), marks);
}

/** What is not read yet is cut, too, where the file is shorter than what is known of it. */
export function noteCut({ tail, feed, known }: Part): void {
  if (tail instanceof FileTail && feed === undefined && tail.size < (known?.offset ?? 0)) tail.isCut = true;
}

/** A file no longer holds what was read of it, and no copy of it is there. */
export function truncated(where: string, { offset, unread }: FileTail): Problem {
  const hint = 'read from its beginning';
  if (unread === 0) return { code: 'note', where, what: `was truncated behind byte ${offset}`, hint };
  const what = `was truncated while it was read: ${unread} bytes behind byte ${offset} are not in the output`;
  return { code: 'truncated', where, what, hint };
}
