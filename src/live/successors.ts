import { statSync } from '../core/disk.ts';
import { type FileIdentity, fileIdentity, identityKey } from '../core/file-identity.ts';
import { FINGERPRINT_BYTES, fingerprintOf } from '../core/fingerprint.ts';
import { isProblem, TsalignError, type Warn } from '../core/problem.ts';
import { readText } from '../plan/file-found.ts';
import { NOTHING_TAKEN } from '../plan/taking.ts';
import { FileTail, type OpenSource, StreamTail } from '../source/index.ts';
import { LISTING_TRIES, type RotatedFile, rotatedFiles, type SourceState, withoutEnding } from '../state/index.ts';
import { entryOf, type Followed, type Mark, newPart, type Part, tryTail } from './followed.ts';
import { markAt } from './marks.ts';
import type { Neighbours } from './neighbours.ts';
import { isCopyOf } from './rotation.ts';

/** How files are opened; undefined where one is not there, or cannot be read now. */
interface Opening {
  /** The end of the file that has the name of a source. */
  named(followed: Followed): FileTail | undefined;
  /** A file beside it. */
  beside(file: string, followed: Followed): Promise<OpenSource | undefined>;
}

/** Finds the files that a log was between two looks, also where they were compressed at once, and makes parts of them. */
export class Successors {
  readonly #neighbours: Neighbours;
  readonly #warn: Warn;
  readonly #opening: Opening;

  constructor(neighbours: Neighbours, warn: Warn) {
    this.#neighbours = neighbours;
    this.#warn = warn;
    this.#opening = {
      named: ({ path: { file, path } }) => this.#unlessRefused(() => tryTail(file, path, 0)),
      beside: (file, { path, first }) => this.#openBeside({ ...path, file }, first),
    };
  }

  /** The file that has the name of a source now, and those that had it since its newest part, are parts of it from now on. */
  async takeSince(newest: Part | undefined, followed: Followed): Promise<void> {
    for (const opened of await openSince(newest, followed, this.#opening))
      await this.#begin(followed, opened, undefined);
  }

  /**
   * A log that was copied and cut is cut again before it was read: then what it held stands in a later copy, and is read
   * before what it holds now. Returns whether there is such a copy.
   */
  async takeCopies(followed: Followed, part: Part, cutAfter: Mark): Promise<boolean> {
    let isOne = false;
    for (const copy of await openCopies(cutAfter, part, followed, this.#opening)) {
      const isOfNow = copy.tail instanceof FileTail && isCopyOf(copy.tail, part.tail as FileTail);
      if (isOfNow) closeOpened(copy);
      else if (await this.#begin(followed, copy, part)) isOne = true;
    }
    return isOne;
  }

  /** What cannot be read now is said once, and looked at again: a run that follows many does not end for one. */
  later(error: unknown): undefined {
    if (!(error instanceof TsalignError) || error.problem.code === 'usage') throw error;
    this.#warn({ ...error.problem, code: 'note', hint: 'looked at again' });
    return undefined;
  }

  #unlessRefused<T>(open: () => T): T | undefined {
    try {
      return open();
    } catch (error) {
      return this.later(error);
    }
  }

  async #openBeside(...path: Parameters<Neighbours['joining']['open']>): Promise<OpenSource | undefined> {
    const open = this.#neighbours.joining.open(...path);
    return await open.catch((error) => (isProblem(error, 'no-source') ? undefined : this.later(error)));
  }

  /**
   * A file is part of the source from now on, before the part `next`, or behind all. What is found out about it is that of
   * the file that was opened. Returns whether it is: not where it was read.
   */
  async #begin(followed: Followed, opened: OpenedFile, next: Part | undefined): Promise<boolean> {
    const { isRead, isNew } = this.#neighbours;
    const { identity, open } = opened;
    if (isRead(identity) || !(open === undefined || (await isNew(open)))) {
      closeOpened(opened);
      return false;
    }
    const part = await this.#partOf(followed, opened);
    followed.parts.splice(next === undefined ? followed.parts.length : followed.parts.indexOf(next), 0, part);
    return true;
  }

  async #partOf(followed: Followed, { file, tail, open }: OpenedFile): Promise<Part> {
    const { ledger, cameBack } = this.#neighbours;
    if (tail instanceof StreamTail) {
      const entry = await entryOfStill(open as OpenSource, followed, ledger.nextId());
      ledger.add(entry);
      return { ...newPart(tail, file, entry.id), copy: open };
    }
    const known = open === undefined ? await cameBack({ ...followed.path, file, opened: tail.opened }) : undefined;
    const marks = known && ledger.remove(known);
    const offset = known?.again?.offset ?? known?.offset ?? 0;
    return newPart(tail.again(offset), file, known?.id ?? ledger.nextId(), known, marks);
  }
}

/** A file that does not grow, as a state knows it before it is read. */
async function entryOfStill(open: OpenSource, { label, first: path }: Followed, id: number): Promise<SourceState> {
  const {
    path: { file },
    identity,
    size,
    modified,
  } = open;
  const stored = { ...(identity as FileIdentity), size: size as number, modified: String(modified), plain: false };
  const head = fingerprintOf(await readText(open, 0, FINGERPRINT_BYTES));
  return { id, label, path, file, ...stored, ...markAt(NOTHING_TAKEN), head, before: fingerprintOf(Buffer.alloc(0)) };
}

function closeOpened({ tail, open }: OpenedFile): void {
  tail.close();
  open?.close();
}

/** A file as it was opened, and under which name. */
interface OpenedFile {
  file: string;
  tail: FileTail | StreamTail;
  identity: FileIdentity;
  /** Undefined of the file that has the name of the source now. */
  open: OpenSource | undefined;
}

/**
 * Opens the file that has the name of a source now, and before it those that had it since its newest part, as far as names
 * tell. None where names do not stand still, until the next look.
 */
async function openSince(newest: Part | undefined, followed: Followed, opening: Opening): Promise<OpenedFile[]> {
  const { file } = followed.path;
  for (let tries = 1; tries <= LISTING_TRIES; tries++) {
    const tail = opening.named(followed);
    if (tail === undefined) return [];
    const named: OpenedFile = { file, tail, identity: tail.identity, open: undefined };
    const opened = await openBetween(newest, named, followed, opening);
    if (opened !== undefined) return [...opened, named];
    tail.close();
  }
  return [];
}

/** Opens the files between the newest part of a source and the one that has its name, or had it a moment ago; undefined where names have moved. */
async function openBetween(newest: Part | undefined, named: OpenedFile, followed: Followed, opening: Opening) {
  if (newest === undefined) return [];
  const { earlier, isListed } = filesBetween(markOf(newest), newest, followed, identityKey(named.identity));
  const opened = await openListed(earlier, followed, opening);
  const isThere = isListed || isAt(named.file, identityKey(named.identity));
  if (opened === undefined || isThere) return opened;
  // It was compressed by now, and is among them.
  for (const each of opened) closeOpened(each);
  return undefined;
}

/** Opens the copies of a log that were made, as far as names tell, after another one. */
async function openCopies(
  after: Mark,
  part: Part,
  followed: Followed,
  opening: Opening,
): Promise<readonly OpenedFile[]> {
  for (let tries = 1; tries <= LISTING_TRIES; tries++) {
    // What has its name no longer is older than what followed it.
    const before = identityKey((part.tail as FileTail).identity);
    const opened = await openListed(filesBetween(after, part, followed, before).earlier, followed, opening);
    if (opened !== undefined) return opened;
  }
  return [];
}

function markOf({ tail }: Part): Mark {
  const { identity, stored } = tail as FileTail;
  return { ...identity, modified: stored.modified };
}

/** What compresses a file may set its time to the second only, in nanoseconds. */
const CLOCK_GRAIN = 1_000_000_000n;

/** Where nothing stood in a file when it was opened: what was copied from it since was modified later, to the nanosecond. */
export const sinceEmpty = ({ modified }: Pick<SourceState, 'modified'>): Mark => ({
  device: '',
  inode: '',
  modified: String(BigInt(modified) + CLOCK_GRAIN + 1n),
});

/** Files beside a source that are named as if they were made after one, and before another; whether that is among those that are listed. */
function filesBetween(after: Mark, part: Part, followed: Followed, before?: string) {
  const files = rotatedFiles({ ...entryOf(part, followed), file: followed.path.file });
  const end = files.findIndex(({ identity }) => identity === before);
  const earlier = end < 0 ? files : files.slice(0, end);
  const at = files.findIndex(({ identity }) => identity === identityKey(after));
  // What was compressed is another file since, and what is no longer kept is none.
  const isLater = ({ modified }: RotatedFile): boolean => BigInt(modified) + CLOCK_GRAIN >= BigInt(after.modified);
  const found = at < 0 ? earlier.filter(isLater) : earlier.slice(at + 1);
  // What is being compressed is there as it was, too, until that is done.
  const isBoth = ({ file }: RotatedFile) =>
    files.some((each) => each.file !== file && each.file === withoutEnding(file));
  return { earlier: found.filter((each) => !isBoth(each)), isListed: end >= 0 };
}

/** Undefined where one of them is not what was listed. */
async function openListed(listed: readonly RotatedFile[], followed: Followed, opening: Opening) {
  const opened: OpenedFile[] = [];
  for (const each of listed) {
    const open = await opening.beside(each.file, followed);
    if (open !== undefined) opened.push({ file: each.file, ...reading(open), open });
    if (isStill(each, open)) continue;
    for (const one of opened) closeOpened(one);
    return undefined;
  }
  return opened;
}

function reading(open: OpenSource): Pick<OpenedFile, 'tail' | 'identity'> {
  const identity = open.identity as FileIdentity;
  return { identity, tail: open.text?.follow?.(0) ?? new StreamTail(open.open(), () => {}) };
}

/** Whether a file that was listed is the one that was opened under its name; what may not be read is not opened, but there. */
function isStill({ file, identity }: RotatedFile, open: OpenSource | undefined): boolean {
  if (open !== undefined) return identityKey(open.identity as FileIdentity) === identity;
  return isAt(file, identity);
}

/** Whether a file has a name now. */
function isAt(file: string, identity: string): boolean {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat !== undefined && identityKey(fileIdentity(stat)) === identity;
}
