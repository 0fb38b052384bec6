import { statSync } from '../core/disk.ts';
import { type FileIdentity, fileIdentity, identityKey } from '../core/file-identity.ts';
import type { Problem } from '../core/problem.ts';
import { FileTail } from '../source/index.ts';
import { type RotatedFile, rotatedFiles } from '../state/index.ts';
import { copyEntryOf, entryOf, type Followed, marksOf, type Part } from './followed.ts';
import type { Ledger } from './ledger.ts';

/**
 * Files that had the name of a source after its newest part and before the one that has it now, as far as names tell.
 * @param now that file, which may have another name by now
 */
export function filesBetween(newest: Part, followed: Followed, now: FileIdentity): RotatedFile[] {
  const entry = entryOf(newest, followed);
  const files = rotatedFiles({ ...entry, file: followed.path.file });
  const at = files.findIndex(({ identity }) => identity === identityKey(entry));
  const end = files.findIndex(({ identity }) => identity === identityKey(now));
  return at < 0 ? [] : files.slice(at + 1, end < 0 ? undefined : end);
}

/** A file as it was opened, and under which name. */
export interface NamedTail {
  file: string;
  tail: FileTail;
}

/** Whether a file that was listed is the one that was opened under its name; what may not be read is not opened, but there. */
export function isStill({ file, identity }: RotatedFile, opened: readonly NamedTail[]): boolean {
  const tail = opened.find((each) => each.file === file)?.tail;
  if (tail !== undefined) return identityKey(tail.identity) === identity;
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat !== undefined && identityKey(fileIdentity(stat)) === identity;
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
