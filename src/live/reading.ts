import { statSync } from '../core/disk.ts';
import { isProblem, TsalignError } from '../core/problem.ts';
import { fileOf, findCopy } from '../plan/found.ts';
import { NOTHING_TAKEN, placeOf } from '../plan/taking.ts';
import type { SourcePlan, Taking } from '../plan.ts';
import { completeYearOf } from '../run/years.ts';
import { FileTail, type OpenSource, StreamTail } from '../source/index.ts';
import { continues, type SourceState } from '../state/index.ts';
import { type Around, type Came, Feed } from './feed.ts';
import {
  type Followed,
  isReadAlike,
  marksOf,
  newPart,
  type Part,
  partsBefore,
  readEntryOf,
  tryTail,
} from './followed.ts';
import { isSame, LeftOutFiles, type Until } from './left-out.ts';
import type { Neighbours } from './neighbours.ts';
import { filesBetween, noteCut, noteEnd, truncated } from './rotation.ts';

/** So long what a log was may still be written to after another file has taken its name. */
const GRACE_MS = 10_000;

/** Reads sources that are followed: through the files that have their name one after the other. */
export class Reading {
  readonly #around: Around;
  readonly #neighbours: Neighbours;
  readonly #leftOut = new LeftOutFiles();

  constructor(around: Around, neighbours: Neighbours) {
    this.#around = around;
    this.#neighbours = neighbours;
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

  /** Looks whether another file has the name of a source now. */
  async look(followed: Followed): Promise<void> {
    const { path, parts } = followed;
    const stat = statSync(path.file, { throwIfNoEntry: false });
    const newest = parts.at(-1);
    if (newest !== undefined && !(newest.tail instanceof FileTail)) return;
    if (stat === undefined || !stat.isFile()) {
      if (newest !== undefined && newest.quietMs >= GRACE_MS) await this.#end(followed, newest);
      return;
    }
    const identity = { device: String(stat.dev), inode: String(stat.ino) };
    if (newest !== undefined && isSame(identity, (newest.tail as FileTail).identity)) return;
    if (this.#neighbours.isRead(identity) || this.#leftOut.has(identity, stat.size)) return;
    if (newest !== undefined && (await this.#isRewritten(followed, newest))) return;
    for (const file of newest === undefined ? [] : await filesBetween(newest, followed, this.#neighbours)) {
      this.#begin(followed, file, undefined);
    }
    this.#begin(followed, path.file, await this.#neighbours.cameBack(path));
  }

  /** A file is part of the source from now on, behind those before it. @param known what was read of it */
  #begin(followed: Followed, file: string, known: SourceState | undefined): void {
    const offset = known?.again?.offset ?? known?.offset ?? 0;
    let tail: FileTail | undefined;
    try {
      tail = tryTail(file, followed.path.path, offset);
    } catch (error) {
      this.#later(error);
    }
    if (tail === undefined) return;
    const { isRead, ledger } = this.#neighbours;
    if (isRead(tail.identity)) {
      tail.close();
      return;
    }
    const marks = known && ledger.remove(known);
    followed.parts.push(newPart(tail, file, known?.id ?? ledger.nextId(), known, marks));
  }

  /** What cannot be read now is said once, and looked at again: a run that follows many does not end for one. */
  #later(error: unknown): undefined {
    if (!(error instanceof TsalignError) || error.problem.code === 'usage') throw error;
    this.#around.warn({ ...error.problem, code: 'note', hint: 'looked at again' });
    return undefined;
  }

  async #readPart(followed: Followed, part: Part): Promise<Came> {
    if (part.feed === undefined && !(await this.#recognise(followed, part))) return 'nothing';
    const { tail } = part;
    const before = partsBefore(followed, part);
    if (before.length > 0 && tail instanceof FileTail && tail.size > tail.offset) {
      for (const each of before) await this.#close(followed, each, 'rest');
    }
    const feed = part.feed as Feed;
    return await feed.read().catch((error) => this.#readWithRoom(followed, part, error));
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
    const find = () => findCopy(sought, (path, first) => joining.open(path, first));
    const copy = entry.head.length === 0 ? undefined : await find().catch((error) => this.#later(error));
    if (copy === undefined) {
      this.#around.run.io.warn(truncated(followed.label, tail));
      await this.#end(followed, part);
      return;
    }
    this.#goOnIn(part, copy, tail.offset);
  }

  /** The same text in another file, from the place that was reached. */
  #goOnIn(part: Part, open: OpenSource, offset: number): void {
    part.tail.close();
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
    const open = await this.#neighbours.joining.open(followed.path).catch((error) => this.#later(error));
    if (open === undefined) return false;
    const entry = readEntryOf(newest, followed);
    if (open.text !== undefined && (await continues(fileOf(open), entry))) {
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
    followed.parts.splice(followed.parts.indexOf(part), 1);
  }

  /** Finds out what a part is when something has come. */
  async #recognise(followed: Followed, part: Part): Promise<boolean> {
    const source = await this.#plan(followed, part);
    if (source === undefined) return false;
    const taking = await this.#join(followed, part, source);
    part.feed = new Feed(this.#around, followed.index as number, part.tail, taking, part.marks);
    return true;
  }

  async #plan(followed: Followed, part: Part): Promise<SourcePlan | undefined> {
    const { tail } = part;
    try {
      const found = await (tail instanceof FileTail
        ? this.#planFile(followed, part, tail)
        : this.#planPipe(followed, tail));
      if (found !== undefined) this.#around.thinning.channels.admit(found);
      return found;
    } catch (error) {
      if (!(error instanceof TsalignError) || error.problem.code === 'usage') throw error;
      this.#leaveOut(followed, part, error, 'it is another size');
      return undefined;
    }
  }

  async #planPipe(followed: Followed, tail: StreamTail): Promise<SourcePlan | undefined> {
    const bytes = tail.peek();
    if (tail.isOver || bytes.length === 0) return undefined;
    return this.#neighbours.joining.planPipe(followed.path, followed.label, bytes, tail.isPeeked);
  }

  async #planFile(followed: Followed, part: Part, tail: FileTail): Promise<SourcePlan | undefined> {
    if (tail.size <= 0) return undefined;
    const { joining } = this.#neighbours;
    const { path } = followed;
    const open = await joining.open({ ...path, file: part.file, opened: tail.opened });
    const found = await joining.planFile(open, followed.label, followed.first);
    const behindMark = open.text?.follow?.(part.tail instanceof FileTail ? part.tail.offset : 0);
    if (found === undefined || behindMark === undefined) return undefined;
    part.tail = behindMark;
    return found;
  }

  /** Gives a source its place in the plan, or lets a file take the place of the one before. Returns what goes before it. */
  async #join(followed: Followed, part: Part, found: SourcePlan): Promise<Taking> {
    const { run, plan, memory } = this.#around;
    const taking: Taking = { ...placeOf(part.known), end: 'whole', entry: undefined };
    const known = followed.index === undefined ? undefined : plan.sources[followed.index];
    if (known !== undefined && isReadAlike(known, found)) {
      if (part.known !== undefined) return taking;
      const before =
        partsBefore(followed, part).findLast(({ feed }) => feed !== undefined)?.feed?.place ?? followed.before;
      const { last, dating } = before ?? NOTHING_TAKEN;
      return { ...NOTHING_TAKEN, last, dating };
    }
    followed.index = plan.sources.length;
    plan.sources.push({ ...found, series: known?.series ?? plan.sources.length });
    if (found.open.kind === 'file') await completeYearOf(run, plan, memory, followed.index);
    this.#neighbours.joined(followed);
    return taking;
  }
}
