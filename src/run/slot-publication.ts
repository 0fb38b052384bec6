import {
  formatInstantShort,
  highWord,
  type Instant,
  lowWord,
  MAX_INSTANT,
  MIN_INSTANT,
  NANOS_PER_SECOND,
  type Nanos,
  secondsOf,
} from '../core/instant.ts';
import type { Slot } from '../output/index.ts';
import { type Lock, lockHolder, type SlotsState, tryLock } from '../state/index.ts';
import type { LiveSlot, LiveSlots } from './live-slots.ts';
import type { Run } from './run.ts';
import { firstSecond } from './slot-clock.ts';
import { sayForeign } from './slot-parts.ts';

/** Up to where records came: slots that end there or before are to be published; `all`: what has begun is, too. */
export type Reach = Instant | 'all';

/** What is to be published: slots that have ended, slots to which something was added, or that some are final. */
export type Due = 'ended' | 'added' | undefined;

/**
 * Puts slots into their places, whole, with their manifest, while no other run does: `prepare` makes them ready, `put`
 * renames them. In between a state can be saved, which then knows of them.
 */
export class SlotPublication {
  readonly #slots: LiveSlots;
  readonly #lateness: Nanos;
  readonly #run: Run;
  #final: Instant;
  #lock: Lock | undefined;
  #prepared: LiveSlot[] = [];

  /** @param lateness for so long after its end a slot may be published again */
  constructor(run: Run, slots: LiveSlots, lateness: Nanos) {
    this.#slots = slots;
    this.#lateness = lateness;
    this.#run = run;
    this.#final = slots.final;
  }

  /** Whether the slot of that instant is final. */
  isFinal(instant: Instant): boolean {
    return this.#slots.slotAt(instant).end <= this.#final;
  }

  /** Whether nothing can be added to the slot of that instant, since another run has put it into its place. */
  isForeign(instant: Instant): boolean {
    const slot = this.#slots.slotAt(instant);
    if (slot.covers) return false;
    // What is final others may have replaced since.
    if (slot.end <= this.#final && this.#slots.store.refreshIfChanged())
      for (const each of this.#slots.slots.values()) each.isForeign = undefined;
    slot.isForeign ??= this.#slots.store.published(slot.path) === 'foreign';
    return slot.isForeign;
  }

  /** What is to be published by now. */
  due(reach: Instant): Due {
    const { slots, hasLate } = this.#slots;
    let due: Due = hasLate || this.#finalAt(reach) > this.#final ? 'added' : undefined;
    for (const slot of slots.values()) {
      if (slot.end > reach || isEmpty(slot)) continue;
      if (slot.covers) return 'ended';
      due = 'added';
    }
    return due;
  }

  /**
   * Makes slots ready that have ended. Returns false where another run is writing slots.
   * @throws TsalignError 'output', 'disk-full'
   */
  prepare(reach: Reach): boolean {
    const { store, slots } = this.#slots;
    this.#lock = tryLock(store.folder.lockFile);
    if (this.#lock === undefined) return false;
    try {
      store.folder.complete();
      store.refresh();
      const until = reach === 'all' ? MAX_INSTANT : reach;
      this.#slots.endUpTo(until);
      this.#slots.collect();
      if (reach !== 'all') this.#raise(reach);
      this.#settle();
      for (const slot of [...slots.values()].sort(byEnd)) if (slot.end <= until) this.#makeReady(slot);
      return true;
    } catch (error) {
      this.#release();
      throw error;
    }
  }

  /** What a state is to know: what was written, durably, and is not in its place. @param until records up to it were written */
  held(until: Instant): SlotsState {
    const folder = this.#slots.store.folder.root;
    return { folder, until: wordsOf(until), final: wordsOf(this.#final), parts: this.#slots.held() };
  }

  /** Puts into their places what is ready. */
  put(): void {
    const { store } = this.#slots;
    try {
      store.folder.commit(store.seal());
      for (const slot of this.#prepared) this.#slots.done(slot);
      this.#prepared = [];
    } finally {
      this.#release();
    }
  }

  /** Who is writing slots. */
  get writer(): string {
    return lockHolder(this.#slots.store.folder.lockFile);
  }

  /** Lets others write slots, where nothing is to be put into its place. */
  leave(): void {
    this.#release();
  }

  #release(): void {
    this.#lock?.release();
    this.#lock = undefined;
  }

  #makeReady(slot: LiveSlot): void {
    const { store, parts, codec } = this.#slots;
    const there = slot.covers || isEmpty(slot) ? undefined : store.published(slot.path);
    if (isEmpty(slot)) this.#slots.forget(slot);
    else if (there === 'foreign') {
      sayForeign(this.#run, slot.path, slot.parts);
      for (const part of slot.parts) this.#slots.drop(part);
      this.#slots.done(slot);
    } else {
      const place = there && { ...there, codec };
      const part = parts.whole(slot.path, slot.parts, place, codec, (each) => this.#slots.drop(each));
      slot.parts = [{ ...part, isReady: true }];
      slot.covers = true;
      store.end({ ...part.slot, status: slot.end <= this.#final ? 'final' : 'open' }, part);
      this.#prepared.push(slot);
    }
  }

  #raise(reach: Instant): void {
    const final = this.#finalAt(reach);
    if (final > this.#final) this.#final = final;
  }

  /** Says which slots are final by now. */
  #settle(): void {
    const { store } = this.#slots;
    const paths = store.open.filter((slot) => this.#endOf(slot) <= this.#final).map(({ slot }) => slot);
    store.settle(paths, this.#final === MIN_INSTANT ? undefined : formatInstantShort(this.#final));
  }

  /** Where the first slot begins that is not final, when records came up to `reach`. */
  #finalAt(reach: Instant): Instant {
    if (reach <= MIN_INSTANT + this.#lateness) return MIN_INSTANT;
    const until = reach - this.#lateness;
    const { seconds } = secondsOf(until);
    return BigInt(this.#slots.clock.beginOf(seconds)) * NANOS_PER_SECOND;
  }

  #endOf(slot: Slot): Instant {
    return BigInt(this.#slots.clock.at(firstSecond(slot)).end) * NANOS_PER_SECOND;
  }
}

const wordsOf = (instant: Instant) => [highWord(instant), lowWord(instant)] as const;

const isEmpty = ({ main, parts }: LiveSlot): boolean => main === undefined && parts.length === 0;

const byEnd = (a: LiveSlot, b: LiveSlot): number => (a.end < b.end ? -1 : Number(a.end > b.end));
