import type { FileIdentity } from '../core/file-identity.ts';
import { FINGERPRINT_BYTES, fingerprintOf } from '../core/fingerprint.ts';
import { NOTHING_TAKEN } from '../plan/taking.ts';
import type { SourcePlan, Taking } from '../plan.ts';
import { FileTail, type OpenSource, openTail, type SourcePath, type StreamTail } from '../source/index.ts';
import type { SourceState } from '../state/index.ts';
import { canRead } from './can-read.ts';
import type { Feed } from './feed.ts';
import { type Marks, markAt } from './marks.ts';

/** A file by which others are known to be later: by its place among those that are listed, or where it is gone, by its time. */
export interface Mark extends FileIdentity {
  /** Nanoseconds since 1970. */
  modified: string;
}

/** A file that a source was, or is, or the pipe that it is. */
export interface Part {
  tail: FileTail | StreamTail;
  /** Undefined until it is known what it is. */
  feed: Feed | undefined;
  /** Number by which a state knows the file. */
  id: number;
  /** Where it was last seen. */
  file: string;
  /** How long it has been at its end, milliseconds. */
  quietMs: number;
  /** What was read of it before, until it is known what it is. */
  known: SourceState | undefined;
  /** Those of what was read of it before, by this run. */
  marks: Marks | undefined;
  /** The file that it is read from now, where that does not grow. */
  copy: OpenSource | undefined;
  /** The copy that holds what the file held before it was cut, until it is known whether others were made since. */
  cutAfter: Mark | undefined;
}

/** A part from which reading begins. */
export const newPart = (tail: Part['tail'], file: string, id: number, known?: SourceState, marks?: Marks): Part => ({
  tail,
  feed: undefined,
  id,
  file,
  quietMs: 0,
  known,
  marks,
  copy: undefined,
  cutAfter: undefined,
});

/** Where something of a part may be held. */
export const marksOf = ({ feed, marks }: Part): Marks | undefined => feed?.marks ?? marks;

/** A source as it is followed: by one name, the files that have it one after the other. */
export interface Followed {
  path: SourcePath;
  label: string;
  /** The path under which it first came. */
  first: string;
  /** Its number in the plan; undefined until it is known what it is. */
  index: number | undefined;
  /** What its last file that is over left to the next. */
  before: Taking | undefined;
  /** The oldest first: each is read to its end before the next begins. */
  parts: Part[];
  quietMs: number;
  /** It is what comes through a pipe, and over when that is. */
  isPipe: boolean;
  /** It is what another source was before a new file took its name: nobody waits for it. */
  isPast: boolean;
  /** Nobody waits for it. */
  isIdle: boolean;
  /** No more will come. */
  isOver: boolean;
}

export const newFollowed = (path: SourcePath, label: string, index?: number): Followed => ({
  path,
  label,
  first: path.path,
  index,
  before: undefined,
  parts: [],
  quietMs: 0,
  isPipe: false,
  isPast: false,
  isIdle: false,
  isOver: false,
});

type Named = Pick<Followed, 'label' | 'first'>;

/** A part as a state knows it: up to the last record that was framed. */
export function entryOf(part: Part, { label, first: path }: Named): SourceState {
  const tail = part.tail as FileTail;
  const { id, file, feed, known } = part;
  const now = { id, label, path, file, ...tail.identity, ...tail.stored, plain: true };
  if (feed === undefined && known !== undefined) return { ...known, ...now };
  const place = feed?.marks?.end ?? markAt(feed?.place ?? NOTHING_TAKEN);
  const { offset } = place;
  return {
    ...now,
    ...place,
    head: fingerprintOf(tail.head.subarray(0, Math.min(offset, FINGERPRINT_BYTES))),
    before: fingerprintOf(tail.bytesBefore(offset, FINGERPRINT_BYTES)),
  };
}

/** What was read of a part, framed or not: by this its rest is known again in another file. */
export function readEntryOf(part: Part, followed: Named): SourceState {
  const tail = part.tail as FileTail;
  const entry = entryOf(part, followed);
  const { feed, known } = part;
  if (feed === undefined && known !== undefined) return tail.isCut ? { ...entry, ...sizeOf(known) } : entry;
  // Size and time are those of what stands there now, which may be something else.
  const then = { size: tail.offset, modified: '0' };
  return { ...entry, ...then, offset: tail.offset, head: fingerprintOf(tail.head), before: fingerprintOf(tail.last) };
}

const sizeOf = ({ size, modified }: SourceState) => ({ size, modified });

/** A part that was read to the end of a copy which does not grow, as a compressed one. */
export function copyEntryOf({ feed, copy, id }: Part, read: SourceState): SourceState {
  const { path, identity, size, modified } = copy as OpenSource;
  return {
    ...read,
    id,
    file: path.file,
    ...(identity as FileIdentity),
    size: size as number,
    modified: String(modified),
    plain: false,
    ...markAt((feed as Feed).place),
    before: fingerprintOf((feed as Feed).tailBytes),
  };
}

/** Whether a file that takes the place of another one is cut and dated as that was. */
export const isReadAlike = (one: SourcePlan, other: SourcePlan): boolean =>
  JSON.stringify(one.input) === JSON.stringify(other.input) && canRead(one, other);

/** Opens the end of a file; undefined where it is not there. */
export function tryTail(file: string, shown: string, offset: number): FileTail | undefined {
  try {
    return openTail(file, shown, { offset, mark: 0 });
  } catch (error) {
    if ((error as { problem?: { code: string } }).problem?.code === 'no-source') return undefined;
    throw error;
  }
}

export const isCut = ({ tail }: Part): boolean => tail instanceof FileTail && tail.isCut;

/** The parts that are read before one. Some of them may have stayed empty. */
export const partsBefore = ({ parts }: Followed, part: Part): Part[] => parts.slice(0, parts.indexOf(part));
