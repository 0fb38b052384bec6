import { relative } from 'node:path';
import { type Instant, instantOf, MAX_INSTANT, MIN_INSTANT, NANOS_PER_SECOND, secondsOf } from '../core/instant.ts';
import { instantOfRow, type Memory } from '../core/memory.ts';
import { OUTPUT_ROOM, type RecordWriter } from '../core/stages.ts';
import { firstPlace, lastPlace, rowsInPlace, type SlotPlace } from '../kernel/slot-block.ts';
import { type Codec, codecNamed } from '../output/index.ts';
import type { Plan, SlotsPlan } from '../plan.ts';
import type { PartState } from '../state/index.ts';
import type { Channel } from './channel.ts';
import { type KeptPart, keptParts, partState } from './kept-parts.ts';
import { LateBuffer } from './late-buffer.ts';
import type { Run } from './run.ts';
import type { BlockTools, SlotBlocks } from './slot-blocks.ts';
import { firstSecond, SlotClock } from './slot-clock.ts';
import { copyAll, PartWriter, type SlotPart } from './slot-parts.ts';
import { SlotStore } from './slot-store.ts';
import type { LockedFolder } from './slots.ts';

/** A slot of which something is not in its place yet. */
export interface LiveSlot {
  path: string;
  /** Where the next one begins. */
  end: Instant;
  /** What is written in order, while more of that may come, and the place of its last record. */
  main: SlotBlocks | undefined;
  place: SlotPlace;
  /** What else there is, the oldest first. */
  parts: SlotPart[];
  /** Whether `main`, or the first part, holds what is in the slot's place, too. */
  covers: boolean;
  /** Whether another run has put it into its place; undefined until somebody asked. */
  isForeign?: boolean | undefined;
}

/** A part that has less than so many times the records of the next one is merged with it, so that there are few, and none is merged often. */
const MOST_TIMES = 2;

/**
 * Receives the records of a run that follows its sources, for the files of time slots. What comes in order is appended to
 * the slot that is open; what comes late is collected, and merged with its slot before that is published.
 */
export class LiveSlots implements Channel {
  readonly store: SlotStore;
  readonly codec: Codec | undefined;
  /** Slots that end at it or before are final, as earlier runs have left them. */
  readonly final: Instant;
  readonly clock: SlotClock;
  /** By path. */
  readonly slots = new Map<string, LiveSlot>();
  /** Merges parts. */
  readonly parts: PartWriter;
  readonly #plan: Plan;
  readonly #memory: Memory;
  readonly #makeWriter: () => RecordWriter;
  readonly #locked: LockedFolder;
  /** Writes what comes in order. */
  readonly #appends: PartWriter;
  readonly #late: LateBuffer<LiveSlot>;
  readonly #one = new Int32Array(1);
  #around: Pick<BlockTools, 'writer' | 'ranks'>;
  #giveBack: () => void;
  #open: LiveSlot | undefined;
  /** Slots that end at it or before take records as late ones only. */
  #passed: Instant = MIN_INSTANT;
  /** The slot of the record before, and an instant from which on it lies. */
  #recent: { slot: LiveSlot; from: Instant } | undefined;
  /** Files that nobody needs any more once no state speaks of them. */
  #obsolete: string[] = [];
  /** Whether a state may speak of what is not in its place yet. */
  #isKept: boolean;
  #isOver = false;

  constructor(run: Run, plan: Plan, memory: Memory, makeWriter: () => RecordWriter, locked: LockedFolder) {
    const { pattern, length } = plan.output.slots as SlotsPlan;
    const { compression, zone } = plan.output;
    this.#plan = plan;
    this.#memory = memory;
    this.#makeWriter = makeWriter;
    this.#locked = locked;
    this.clock = new SlotClock(pattern, length, zone);
    this.codec = compression === undefined ? undefined : codecNamed(compression, pattern);
    this.store = new SlotStore(run, plan, locked.folder);
    run.slots = this.store;
    const { made: writer, giveBack } = memory.regions.lend(makeWriter);
    this.#giveBack = giveBack;
    this.#around = { writer, ranks: this.store.ranks };
    this.#appends = new PartWriter(this.store, memory, plan.memory.output, this.#around);
    this.parts = new PartWriter(this.store, memory, OUTPUT_ROOM, this.#around);
    this.#late = new LateBuffer(memory);
    const state = plan.kept?.document.slots;
    this.#isKept = state !== undefined;
    this.final = state === undefined ? MIN_INSTANT : instantOf(...state.final);
    if (state !== undefined) this.#passed = instantOf(...state.until) + 1n;
    for (const kept of keptParts(this.store, state, this.codec)) this.#takeUp(kept);
  }

  begin(): void {}

  write(rows: Int32Array, count: number): void {
    for (let from = 0; from < count; ) {
      const slot = this.slotAt(instantOfRow(this.#memory, rows[from]));
      const until = this.#append(slot, rows, from, count);
      if (until === from) this.#addLate(slot, rows, from++);
      else from = until;
    }
  }

  writeRow(row: number): void {
    this.#one[0] = row;
    this.write(this.#one, 1);
  }

  flush(): void {}

  renew(): void {
    this.#giveBack();
    const { made: writer, giveBack } = this.#memory.regions.lend(this.#makeWriter);
    this.#giveBack = giveBack;
    this.#around = { writer, ranks: this.store.ranks };
    this.#appends.renew(this.#around);
    this.parts.renew(this.#around);
  }

  /** The slot in which an instant lies. */
  slotAt(instant: Instant): LiveSlot {
    const recent = this.#recent;
    if (recent !== undefined && instant >= recent.from && instant < recent.slot.end) return recent.slot;
    const { path: full, end: seconds } = this.clock.at(secondsOf(instant).seconds);
    const path = relative((this.#plan.output.slots as SlotsPlan).folder, full);
    const nanos = BigInt(seconds) * NANOS_PER_SECOND;
    const end = nanos > MAX_INSTANT ? MAX_INSTANT : nanos;
    const slot = this.slots.get(path) ?? {
      path,
      end,
      main: undefined,
      place: firstPlace(),
      parts: [],
      covers: false,
    };
    this.slots.set(path, slot);
    this.#recent = { slot, from: instant };
    return slot;
  }

  /** Ends the slot that is open, if it ends at an instant or before. */
  endUpTo(reach: Instant): void {
    const slot = this.#open;
    if (slot === undefined || slot.end > reach) return;
    const main = slot.main as SlotBlocks;
    this.#open = undefined;
    this.#passed = slot.end;
    slot.main = undefined;
    // Late records came behind those that it began with.
    slot.parts.unshift(this.#appends.end(slot.path, main));
  }

  /** Makes parts of what came late. */
  collect(): void {
    if (this.#late.isEmpty) return;
    this.#late.take((slot, entries) => {
      slot.parts.push(this.parts.write(slot.path, entries));
      this.#join(slot);
    });
  }

  /** Whether something has come late that is in no part yet. */
  get hasLate(): boolean {
    return !this.#late.isEmpty;
  }

  /** Makes durable what is not in its place. Returns what a state is to know of it. */
  held(): PartState[] {
    this.#isKept = true;
    this.collect();
    return [...this.slots.values()].flatMap(({ path, main, parts, covers }) => {
      const now = main && this.#appends.settle(path, main);
      return (now === undefined ? parts : [now, ...parts]).map((part) => partState(part, covers));
    });
  }

  /** A slot is in its place. */
  done(slot: LiveSlot): void {
    slot.parts = [];
    slot.covers = false;
    this.forget(slot);
  }

  /** Nothing is known of a slot that would not be in its place. */
  forget(slot: LiveSlot): void {
    this.slots.delete(slot.path);
    if (this.#recent?.slot === slot) this.#recent = undefined;
  }

  /** The files of a part are not needed any more. */
  drop({ file, index }: SlotPart): void {
    this.#obsolete.push(file, index);
  }

  /** Removes files that were dropped. */
  removeDropped(): void {
    for (const file of this.#obsolete.splice(0)) this.store.folder.remove(file);
  }

  commit(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const isLeft = [...this.slots.values()].some(({ parts }) => parts.length > 0);
    if (isLeft) this.#locked.release();
    else this.#locked.leave();
  }

  abort(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    try {
      this.#open?.main?.close();
    } finally {
      if (this.#isKept) this.#locked.release();
      else this.#locked.leave();
    }
  }

  #takeUp({ part, covers }: KeptPart): void {
    const slot = this.slotAt(BigInt(firstSecond(part.slot)) * NANOS_PER_SECOND);
    slot.parts.push(part);
    slot.covers = covers;
  }

  /** Appends what follows in order from rows[from] on. Returns the first that does not. */
  #append(slot: LiveSlot, rows: Int32Array, from: number, count: number): number {
    if (slot.main === undefined) {
      if (slot.end <= (this.#open?.end ?? this.#passed)) return from;
      this.endUpTo(MAX_INSTANT);
      this.#begin(slot);
    }
    const until = rowsInPlace(this.#memory, rows, from, count, this.#around.ranks, slot.place, slot.end);
    if (until > from) slot.main?.writeRows(rows, from, until);
    return until;
  }

  /** Opens a slot, with what it holds already. */
  #begin(slot: LiveSlot): void {
    const existing = slot.covers ? undefined : this.store.begin(slot.path, slot.end);
    const base = slot.covers ? (slot.parts.shift() as SlotPart) : existing && { ...existing, codec: this.codec };
    slot.main = this.#appends.begin(slot.path);
    this.#open = slot;
    if (base !== undefined) {
      const reader = this.#appends.read(base);
      try {
        copyAll(reader, slot.main);
      } finally {
        reader.close();
      }
      slot.place = lastPlace(reader.columns);
      if (slot.covers) this.drop(base);
    }
    slot.covers = true;
  }

  #addLate(slot: LiveSlot, rows: Int32Array, i: number): void {
    this.#late.add(rows, i, slot, this.#around);
    if (this.#late.isFull) this.collect();
  }

  /** Merges the last parts of a slot where there are many. */
  #join(slot: LiveSlot): void {
    const { parts } = slot;
    while (parts.length > 1) {
      const [older, newer] = parts.slice(-2) as [SlotPart, SlotPart];
      if (older.slot.records > MOST_TIMES * newer.slot.records) return;
      parts.splice(-2, 2, this.parts.merge(slot.path, older, newer));
      this.drop(older);
      this.drop(newer);
    }
  }
}
