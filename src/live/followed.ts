import { FINGERPRINT_BYTES, fingerprintOf } from '../core/fingerprint.ts';
import type { SourcePlan, Taking } from '../plan.ts';
import type { FileTail, SourcePath, StreamTail } from '../source/index.ts';
import type { SourceState } from '../state/index.ts';
import type { Feed } from './feed.ts';

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
}

/** A source as it is followed: by one name, the files that have it one after the other. */
export interface Followed {
  path: SourcePath;
  label: string;
  /** Its number in the plan; undefined until it is known what it is. */
  index: number | undefined;
  /** What its last file that is over left to the next. */
  before: Taking | undefined;
  /** The oldest first: each is read to its end before the next begins. */
  parts: Part[];
  quietMs: number;
  /** It is what comes through a pipe, and over when that is. */
  isPipe: boolean;
  /** Nobody waits for it. */
  isIdle: boolean;
  /** No more will come. */
  isOver: boolean;
}

export const newFollowed = (path: SourcePath, label: string, index?: number): Followed => ({
  path,
  label,
  index,
  before: undefined,
  parts: [],
  quietMs: 0,
  isPipe: false,
  isIdle: false,
  isOver: false,
});

/** A part as a state knows it: up to the last record that was framed. */
export function entryOf(part: Part, label: string, path: string): SourceState {
  const tail = part.tail as FileTail;
  const place = part.feed?.place;
  const taking: Partial<Taking> = place?.taking ?? {};
  const offset = tail.offset - (place?.unframed ?? 0);
  const before = tail.bytesBefore(offset, FINGERPRINT_BYTES);
  return {
    id: part.id,
    label,
    path,
    file: part.file,
    ...tail.identity,
    size: tail.offset,
    modified: '',
    plain: true,
    offset,
    lines: taking.lines ?? 0,
    head: fingerprintOf(tail.head.subarray(0, Math.min(offset, FINGERPRINT_BYTES))),
    before: fingerprintOf(before),
    last: taking.last,
    dating: taking.dating,
    framing: taking.framing,
  };
}

/** What was read of a part, framed or not: by this its rest is known again in another file. */
export function readEntryOf(part: Part, label: string, path: string): SourceState {
  const tail = part.tail as FileTail;
  const entry = entryOf(part, label, path);
  return { ...entry, offset: tail.offset, head: fingerprintOf(tail.head), before: fingerprintOf(tail.last) };
}

/** The source as the plan knows it, for a file that takes the place of another one of the same kind. */
export const isSameKind = (one: SourcePlan, other: SourcePlan): boolean =>
  JSON.stringify(one.input) === JSON.stringify(other.input);
