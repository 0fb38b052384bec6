import { formatCount } from '../core/count-text.ts';
import { FINGERPRINT_BYTES } from '../core/fingerprint.ts';
import type { Problem } from '../core/problem.ts';
import { FileTail } from '../source/index.ts';
import { copyEntryOf, entryOf, type Followed, marksOf, type Part } from './followed.ts';
import type { Ledger } from './ledger.ts';

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
  if (unread === 0) return { code: 'note', where, what: `was truncated behind byte ${formatCount(offset)}`, hint };
  const what = `was truncated while it was read: ${formatCount(unread)} bytes behind byte ${formatCount(offset)} are not in the output`;
  return { code: 'truncated', where, what, hint };
}
