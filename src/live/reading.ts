import { statSync } from '../core/disk.ts';
import { type FileIdentity, fileIdentity, isSameFile } from '../core/file-identity.ts';
import { isProblem, TsalignError } from '../core/problem.ts';
import type { OpenPath } from '../plan/beside.ts';
import { findCopy, findShortCopy } from '../plan/copies.ts';
import { fileOf } from '../plan/file-found.ts';
import type { SourcePlan } from '../plan.ts';
import { FileTail, type OpenSource, StreamTail } from '../source/index.ts';
import { continues, type SourceState } from '../state/index.ts';
import { enterPlan, planPart } from './entering.ts';
import { type Around, type Came, Feed } from './feed.ts';
import { type Followed, type Mark, marksOf, newPart, type Part, partsBefore, readEntryOf } from './followed.ts';
import { LeftOutFiles, type Until } from './left-out.ts';
import type { Neighbours } from './neighbours.ts';
import { noteCut, noteEnd, truncated } from './rotation.ts';
import { Successors } from './successors.ts';

/** So long what a log was may still be written to after another file has taken its name. */
const GRACE_MS = 10_000;

/** Reads sources that are followed: through the files that have their name one after the other. */
export class Reading {
  readonly #around: Around;
  readonly #neighbours: Neighbours;
  readonly #successors: Successors;
  readonly #leftOut = new LeftOutFiles();

  constructor(around: Around, neighbours: Neighbours) {
    this.#around = around;
    this.#neighbours = neighbours;
    this.#successors = new Successors(neighbours, around.warn);
  }

  /** Reads what has come, as far as a window holds it. */
  async read(followed: Followed): Promise<Came> {
    for (const part of followed.parts) {
      const came = await this.#readPart(followed, part);
      if (came !== 'nothing') {
        part.quietMs = 0;
        return came;
      }
      // It was left out.
      if (!followed.parts.includes(part)) return 'some';
      const { tail } = part;
      noteCut(part);
      if (tail instanceof FileTail && tail.isCut) {
        await this.#goOnElsewhere(followed, part);
        return 'some';
      }
      if (tail.isOver) {
        await this.#end(followed, part);
        followed.isOver = followed.isPipe;
        return 'some';
      }
    }
    return 'nothing';
  }

  /** Ends the parts that were at their end for long, but for the newest, unless nobody waits for that. */
  async endOld(followed: Followed): Promise<void> {
    const old = followed.isPast ? [...followed.parts] : followed.parts.slice(0, -1);
    for (const part of old) if (part.quietMs >= GRACE_MS) await this.#end(followed, part);
    followed.isOver ||= followed.isPast && followed.parts.length === 0;
  }

  /** Ends the open records of a source that is silent. */
  async settle(followed: Followed): Promise<void> {
    for (const part of [...followed.parts]) await this.#close(followed, part, 'rest');
  }

  /** Ends all records of a source: nothing will be read of it. */
  async finish(followed: Followed): Promise<void> {
    for (const part of [...followed.parts]) await this.#close(followed, part, 'finish');
  }

  /** Ends records of a part, which is left out where one is too long. Returns whether it is still there. */
  async #close(followed: Followed, part: Part, how: 'rest' | 'finish'): Promise<boolean> {
    try {
      await part.feed?.[how]();
      return true;
    } catch (error) {
      if (!isProblem(error, 'too-large')) throw error;
      this.#leaveOut(followed, part, error, 'it is shorter');
      return false;
    }
  }

  /** Looks whether another file has the name of a source now. What a source was before goes on under no name. */
  async look(followed: Followed): Promise<void> {
    const { path, parts, isPast } = followed;
    if (isPast) return;
    const stat = statSync(path.file, { throwIfNoEntry: false });
    const newest = parts.at(-1);
    if (newest !== undefined && !(newest.tail instanceof FileTail)) return;
    if (stat === undefined || !stat.isFile()) {
      if (newest !== undefined && newest.quietMs >= GRACE_MS) await this.#end(followed, newest);
      return;
    }
    const identity = fileIdentity(stat);
    if (newest !== undefined && isSameFile(identity, (newest.tail as FileTail).identity)) return;
    if (this.#neighbours.isRead(identity) || this.#leftOut.has(identity, stat.size)) return;
    if (newest !== undefined && (await this.#isRewritten(followed, newest))) return;
    await this.#successors.takeSince(newest, followed);
  }

  async #readPart(followed: Followed, part: Part): Promise<Came> {
    const { tail, cutAfter } = part;
    // What stands in a compressed copy is read to its end before what came after it.
    if (part.copy !== undefined) await (tail as StreamTail).ready();
    if (cutAfter !== undefined && (await this.#takeCopies(followed, part, cutAfter))) return 'some';
    if (part.feed === undefined && !(await this.#recognise(followed, part))) return 'nothing';
    const before = partsBefore(followed, part);
    if (before.length > 0 && hasMore(tail)) {
      for (const each of before) await this.#close(followed, each, 'rest');
    }
    const feed = part.feed as Feed;
    return await feed.read().catch((error) => this.#readWithRoom(followed, part, error));
  }

  /**
   * Takes the copies of what a file held before, of which nothing was read: when it was written to, before its first bytes
   * are read, which are those that were seen then, and once behind them, since what was cut may have begun as they do.
   */
  async #takeCopies(followed: Followed, part: Part, cutAfter: Mark): Promise<boolean> {
    const tail = part.tail as FileTail;
    const hasBegun = tail.offset > 0;
    if (!hasBegun && !tail.look()) return false;
    if (hasBegun) part.cutAfter = undefined;
    return await this.#successors.takeCopies(followed, part, cutAfter);
  }

  /** Reads again where more of the memory is free. A record for which there is too little even then ends its source, not the run. */
  async #readWithRoom(followed: Followed, part: Part, error: unknown): Promise<Came> {
    if (!isProblem(error, 'too-large')) throw error;
    await this.#neighbours.settleAll();
    if (!followed.parts.includes(part)) return 'some';
    const feed = part.feed as Feed;
    let reason = error;
    try {
      const came = await feed.read();
      if (came !== 'nothing' || !feed.isTooLong) return came;
    } catch (again) {
      if (!isProblem(again, 'too-large')) throw again;
      reason = again;
    }
    this.#leaveOut(followed, part, reason, 'it is shorter');
    return 'some';
  }

  /** A file is read no further. @param until when it is looked at again */
  #leaveOut(followed: Followed, part: Part, { problem }: TsalignError, until: Until): void {
    const { tail, feed = tail } = part;
    this.#around.warn({ ...problem, hint: 'left out' });
    this.#around.run.setAside();
    if (tail instanceof FileTail) this.#leftOut.add(tail, until);
    if (part.feed !== undefined || part.known !== undefined) noteEnd(this.#neighbours.ledger, followed, part);
    feed.close();
    followed.parts.splice(followed.parts.indexOf(part), 1);
    followed.isOver = followed.isPipe;
    if (followed.parts.length === 0) this.#neighbours.leftOut(followed);
  }

  /** The file no longer holds what was read. What was written behind that may stand in a copy; then the file is a new one. */
  async #goOnElsewhere(followed: Followed, part: Part): Promise<void> {
    const tail = part.tail as FileTail;
    const { joining, ledger } = this.#neighbours;
    const entry = readEntryOf(part, followed);
    if (entry.offset > 0) ledger.add(entry, marksOf(part));
    // What was written to it since may have another name by now, in front of a file that came after it.
    const again = newPart(tail.again(), part.file, ledger.nextId());
    followed.parts.splice(followed.parts.indexOf(part) + 1, 0, again);
    // Of what nothing was read, its first bytes may be known all the same.
    const sought = entry.offset > 0 ? entry : { ...entry, offset: entry.head.length };
    const openPath: OpenPath = (path, first) => joining.open(path, first);
    const find = entry.head.length === 0 ? undefined : findCopy(sought, openPath);
    const copy = await find?.catch((error) => this.#successors.later(error));
    if (copy === undefined) {
      again.cutAfter = await this.#endWithoutCopy(followed, part, entry, openPath);
    } else {
      again.cutAfter = { ...(copy.identity as FileIdentity), modified: String(copy.modified) };
      this.#goOnIn(part, copy, tail.offset);
    }
    if (again.cutAfter !== undefined) await this.#successors.takeCopies(followed, again, again.cutAfter);
  }

  /**
   * What was read and is in no copy is not lost, unless this run ends before it is written. Returns the copy that has the
   * rest of it, if there is one.
   */
  async #endWithoutCopy(
    followed: Followed,
    part: Part,
    entry: SourceState,
    openPath: OpenPath,
  ): Promise<Mark | undefined> {
    const tail = part.tail as FileTail;
    const find = tail.unread > 0 ? undefined : findShortCopy(entry, openPath);
    const short = await find?.catch((error) => this.#successors.later(error));
    if (short !== undefined) this.#neighbours.ledger.add(short, marksOf(part));
    else this.#around.run.io.warn(truncated(followed.label, tail));
    await this.#end(followed, part);
    return short;
  }

  /** The same text in another file, from the place that was reached. */
  #goOnIn(part: Part, open: OpenSource, offset: number): void {
    part.tail.close();
    part.cutAfter = undefined;
    part.file = open.path.file;
    const { run } = this.#around;
    const growing = open.text?.follow?.(offset);
    part.tail = growing ?? new StreamTail(open.open(run.io.warn, offset), () => {});
    part.copy = growing === undefined ? open : undefined;
    if (part.feed !== undefined) part.feed.tail = part.tail;
  }

  /** Whether the file that has the name now is the same log, as an editor leaves it. */
  async #isRewritten(followed: Followed, newest: Part): Promise<boolean> {
    if (newest.feed === undefined) return false;
    const open = await this.#neighbours.joining.open(followed.path).catch((error) => this.#successors.later(error));
    if (open === undefined) return false;
    const entry = readEntryOf(newest, followed);
    // It may be cut while it is looked at.
    const goesOn =
      open.text !== undefined && continues(fileOf(open), entry).catch((error) => this.#successors.later(error));
    if (await goesOn) {
      this.#goOnIn(newest, open, entry.offset);
      return true;
    }
    open.close();
    return false;
  }

  async #end(followed: Followed, part: Part): Promise<void> {
    if (!(await this.#close(followed, part, 'finish'))) return;
    noteEnd(this.#neighbours.ledger, followed, part);
    followed.before = part.feed?.place ?? followed.before;
    part.feed?.close();
    part.tail.close();
    part.copy?.close();
    followed.parts.splice(followed.parts.indexOf(part), 1);
  }

  /** Finds out what a part is when something has come. */
  async #recognise(followed: Followed, part: Part): Promise<boolean> {
    const source = await this.#plan(followed, part);
    if (source === undefined) return false;
    const { taking, isNew } = await enterPlan(this.#around, followed, part, source);
    if (isNew) this.#neighbours.joined(followed);
    part.feed = new Feed(this.#around, followed.index as number, part.tail, taking, part.marks);
    return true;
  }

  async #plan(followed: Followed, part: Part): Promise<SourcePlan | undefined> {
    try {
      const found = await planPart(this.#neighbours.joining, followed, part);
      if (found !== undefined) this.#around.thinning.channels.admit(found);
      return found;
    } catch (error) {
      if (!(error instanceof TsalignError) || error.problem.code === 'usage') throw error;
      this.#leaveOut(followed, part, error, 'it is another size');
      return undefined;
    }
  }
}

const hasMore = (tail: Part['tail']): boolean => (tail instanceof FileTail ? tail.size > tail.offset : tail.hasNews);
