import { join, relative } from 'node:path';
import { groupBy } from '../core/group-by.ts';
import { highWord, type Instant, lowWord, MAX_INSTANT, NANOS_PER_SECOND, secondsOf } from '../core/instant.ts';
import { instantOfRow, type Memory } from '../core/memory.ts';
import { once } from '../core/once.ts';
import { OUTPUT_ROOM, type Output, type RecordWriter, type Sink } from '../core/stages.ts';
import { firstNotBefore } from '../kernel/order.ts';
import { BlockColumns } from '../kernel/slot-block.ts';
import {
  type Codec,
  codecNamed,
  createOutput,
  SlotFile,
  SlotFolder,
  SlotIndexWriter,
  SlotReader,
} from '../output/index.ts';
import type { Plan, SlotsPlan } from '../plan.ts';
import { type Lock, lockOwner, type Rename, type SlotsState } from '../state/index.ts';
import type { Channel } from './channel.ts';
import { keptParts } from './kept-parts.ts';
import { BlockSlot, type OpenSlot, PlainSlot, type SlotTools } from './open-slot.ts';
import type { Run } from './run.ts';
import { type Session, takeLock } from './session.ts';
import { SlotBlocks } from './slot-blocks.ts';
import { SlotClock } from './slot-clock.ts';
import { PartWriter, sayForeign } from './slot-parts.ts';
import { type Existing, SlotStore } from './slot-store.ts';

/** The folder of slots, which nobody else writes to meanwhile. */
export interface LockedFolder {
  folder: SlotFolder;
  /** The process that follows its sources and writes slots there, if another one does. */
  follower: string | undefined;
  /** Lets others write there. */
  release(): void;
  /** The same where nothing that lies ready is needed any more. */
  leave(): void;
}

/**
 * Locks the folder of slots, and completes what an earlier run may not have.
 * @throws TsalignError 'locked' where another run writes slots there; 'output'
 */
export async function lockSlots(
  { request, io }: Run,
  plan: Plan,
  session: Session | undefined,
): Promise<LockedFolder | undefined> {
  if (plan.output.slots === undefined) return undefined;
  // What lies ready is known by the state to which it belongs, which the next run must find.
  session?.begin(session.document.outputs, plan);
  const folder = new SlotFolder(
    plan.output.slots.folder,
    plan.kept?.document.id ?? (request.follow ? 'follow' : undefined),
  );
  folder.prepare();
  const rule = request.lock ?? 'fail';
  // A run that follows leaves the slots to others while it does not write them.
  const following = request.follow ? await takeLock(folder.followLock, rule, io.signal) : undefined;
  let writing: Lock | undefined;
  try {
    writing = await takeLock(folder.lockFile, rule, io.signal);
    folder.complete();
    folder.sweep(session?.document.slots?.parts.flatMap(({ file, index }) => [file, index]));
    if (following === undefined) return lockedFolder(folder, writing, lockOwner(folder.followLock));
    writing.release();
    return lockedFolder(folder, following, undefined);
  } catch (error) {
    writing?.release();
    following?.release();
    throw error;
  }
}

function lockedFolder(folder: SlotFolder, lock: Lock, follower: string | undefined): LockedFolder {
  const release = once(() => lock.release());
  const leave = once(() => {
    folder.tidy(); // while nobody else begins there
    release();
    folder.leaveIfEmpty();
  });
  return { folder, follower, release, leave };
}

interface Span {
  path: string;
  file: SlotFile;
  /** Undefined while what stands above the records is written. */
  slot: OpenSlot | undefined;
  /** The last instant that was written to it, and where the next slot begins; undefined beyond all keys. */
  last: Instant;
  end: Instant | undefined;
}

/**
 * Writes records to files of time slots. They come in order, so that one slot is open at a time; what has ended is put
 * into its place by whoever calls `seal`. A slot that comes again, then or in another run with the same state, is added
 * to; without a state it is written once.
 */
export class SlotWriter implements Channel {
  readonly #run: Run;
  readonly #plan: SlotsPlan;
  readonly #memory: Memory;
  readonly #store: SlotStore;
  readonly #locked: LockedFolder;
  readonly #clock: SlotClock;
  readonly #tools: SlotTools;
  readonly #codec: Codec | undefined;
  readonly #indexed: boolean;
  readonly #one = new Int32Array(1);
  #open: Span | undefined;
  #isSealed = false;
  #isOver = false;

  constructor(run: Run, plan: Plan, memory: Memory, writer: RecordWriter, locked: LockedFolder) {
    this.#run = run;
    this.#plan = plan.output.slots as SlotsPlan;
    this.#memory = memory;
    this.#locked = locked;
    this.#clock = new SlotClock(this.#plan.pattern, this.#plan.length, plan.output.zone);
    const { compression } = plan.output;
    this.#codec = compression === undefined ? undefined : codecNamed(compression, this.#plan.pattern);
    this.#indexed = plan.kept !== undefined;
    this.#store = new SlotStore(run, plan, locked.folder, locked.follower);
    run.slots = this.#store;
    this.#tools = {
      memory,
      writer,
      out: this.#createOutput(plan.memory.output),
      ranks: this.#store.ranks,
      block: new BlockColumns(),
      there: new BlockColumns(),
    };
    this.#takeUp(plan.kept?.document.slots);
  }

  begin(): void {}

  write(rows: Int32Array, count: number): void {
    for (let from = 0; from < count; ) {
      const span = this.#spanOf(instantOfRow(this.#memory, rows[from]));
      const { end } = span;
      const until =
        end === undefined ? count : firstNotBefore(this.#memory, rows, count, highWord(end), lowWord(end), from);
      span.slot?.write(rows, from, until);
      span.last = instantOfRow(this.#memory, rows[until - 1]);
      from = until;
    }
  }

  writeRow(row: number): void {
    this.#one[0] = row;
    this.write(this.#one, 1);
  }

  flush(): void {}

  /** Ends the open slot and makes all that ended durable. Returns what is to be renamed for it to be in its place. */
  seal(): Rename[] {
    this.#endOpen();
    this.#store.sayDifference();
    const renames = this.#store.hasEnded ? this.#store.seal() : [];
    this.#isSealed = true;
    return renames;
  }

  /** Puts slots into their places where no state has done it. */
  commit(): void {
    const { folder } = this.#store;
    if (!this.#isSealed) {
      const renames = this.seal();
      if (renames.length > 0) folder.commit(renames);
    }
    this.#isSealed = false;
    this.#close();
  }

  abort(): void {
    if (this.#isOver) return;
    const open = this.#open;
    this.#open = undefined;
    try {
      (open?.slot ?? open?.file)?.abort();
    } finally {
      this.#close();
    }
  }

  /** What a run that followed has written, and not put into its place, is a part of its slots. */
  #takeUp(state: SlotsState | undefined): void {
    const kept = keptParts(this.#store, state, this.#codec);
    if (kept.length === 0) return;
    const writer = new PartWriter(this.#store, this.#memory, OUTPUT_ROOM, this.#tools);
    for (const [path, parts] of groupBy(kept, ({ part }) => part.slot.slot)) {
      const there = parts[0]?.covers ? undefined : this.#store.published(path);
      const all = parts.map(({ part }) => part);
      if (there === 'foreign') {
        sayForeign(this.#run, path, all);
        continue;
      }
      const whole = writer.whole(path, all, there && { ...there, codec: this.#codec }, this.#codec, () => {});
      this.#store.end(whole.slot, whole);
    }
  }

  /** What lies ready stays where a state, or the journal, may already speak of it; else the next run removes it. */
  #close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (this.#isSealed) this.#locked.release();
    else this.#locked.leave();
  }

  #createOutput(bytes: number): Output {
    const sink: Sink = {
      write: (text) => (this.#open as Span).file.write(text),
      commit() {},
      abort() {},
    };
    return createOutput(this.#memory, sink, this.#memory.regions.take(bytes), bytes);
  }

  /** The slot of an instant, which is then open. */
  #spanOf(instant: Instant): Span {
    const open = this.#open;
    if (open !== undefined && instant >= open.last && (open.end === undefined || instant < open.end)) return open;
    this.#endOpen();
    const { path, end } = this.#clock.at(secondsOf(instant).seconds);
    const endNanos = BigInt(end) * NANOS_PER_SECOND;
    return this.#begin(relative(this.#plan.folder, path), instant, endNanos > MAX_INSTANT ? undefined : endNanos);
  }

  #begin(path: string, last: Instant, end: Instant | undefined): Span {
    const { folder } = this.#store;
    const existing = this.#store.begin(path, end);
    const where = join(folder.root, path);
    const file = new SlotFile(folder.nextPath(), where, this.#codec);
    // The writer begins with what stands above the records, which goes to the slot that is open.
    const span: Span = { path, file, last, end, slot: undefined };
    this.#open = span;
    if (this.#codec === undefined && !this.#indexed) span.slot = new PlainSlot(this.#tools, file);
    else span.slot = this.#beginBlocks(file, where, existing);
    return span;
  }

  #beginBlocks(file: SlotFile, where: string, existing: Existing | undefined): OpenSlot {
    const old =
      existing &&
      new SlotReader(
        { slot: existing.file, index: existing.index, place: where, limits: existing.limits },
        existing.slot,
        this.#codec,
        this.#tools.there,
      );
    const index = this.#indexed ? new SlotIndexWriter(this.#store.folder.nextPath(), where) : undefined;
    return new BlockSlot(this.#tools, new SlotBlocks(this.#tools, file, index), old);
  }

  #endOpen(): void {
    if (this.#open === undefined) return;
    const { path, file, slot } = this.#open;
    if (slot === undefined) throw new Error('a slot ended before it began');
    const written = slot.end();
    this.#open = undefined;
    this.#store.end(this.#store.describe(path, written), { file: file.path, index: slot.index?.path });
  }
}
