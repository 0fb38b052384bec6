import type { Clock } from '../core/clock.ts';
import { type Instant, MAX_INSTANT, NANOS_PER_MILLI, NANOS_PER_SECOND, secondsOf } from '../core/instant.ts';
import { silentMs } from '../plan/following.ts';
import type { FollowPlan, Plan } from '../plan.ts';
import type { LiveSlots } from '../run/live-slots.ts';
import type { Run } from '../run/run.ts';
import { SlotPublication } from '../run/slot-publication.ts';
import type { SlotsState } from '../state/index.ts';
import { Pace } from './turns.ts';
import type { Watermark } from './watermark.ts';

/** Slots that have ended are put into their places so soon; others are published again where that costs little time. */
const ENDED_MS = 1000;
const ADDED_MOST_MS = 600_000;

/** How long is waited for a run that writes slots. */
const WAIT_MS = 100;

interface Around {
  run: Run;
  plan: Plan;
  /** What has come and was written. */
  arrivals: { watermark: Watermark<unknown>; latest: Instant | undefined };
  clock: Clock;
}

/** When slots of a run that follows its sources are published: as the watermark passes their ends, and again where something came late. */
export class Publishing {
  readonly publication: SlotPublication;
  readonly #slots: LiveSlots;
  readonly #around: Around;
  readonly #ended = new Pace(ENDED_MS, ENDED_MS);
  readonly #added = new Pace(ENDED_MS, ADDED_MOST_MS);
  /** When something came the last time, by the clock of the run, which nobody sets. */
  #cameMs: number;
  #isWaiting = false;

  constructor(slots: LiveSlots, around: Around) {
    const { run, plan } = around;
    const { allowedLateness } = plan.follow as FollowPlan;
    this.#slots = slots;
    this.#around = around;
    this.publication = new SlotPublication(run, slots, allowedLateness);
    const now = run.io.now();
    const silent = plan.sources.map(({ open }) => silentMs(open, now));
    this.#cameMs = around.clock.elapsed() - (silent.length === 0 ? 0 : Math.max(0, Math.min(...silent)));
  }

  /** Something has come. */
  note(): void {
    this.#cameMs = this.#around.clock.elapsed();
  }

  /** Whether something is to be published. */
  get isDue(): boolean {
    const now = this.#around.clock.elapsed();
    if (!this.#ended.isDue(now)) return false;
    const due = this.publication.due(this.#reach());
    if (due === 'ended' || (due === 'added' && this.#added.isDue(now))) return true;
    this.#ended.did(now, 0); // it is asked in every round
    return false;
  }

  /** Makes ready what is due; false where another run is writing slots. */
  prepare(): boolean {
    return this.#prepare(this.#reach());
  }

  /** Publishes what is due. */
  publish(): void {
    if (!this.isDue || !this.prepare()) return;
    this.put();
    this.#slots.removeDropped();
  }

  /** Publishes all that there is, when nothing more will come. */
  async finish(): Promise<void> {
    while (!this.prepareAll()) await this.#around.clock.sleep(WAIT_MS);
    this.put();
  }

  /** Makes all ready that there is, whether its slot has ended or not. */
  prepareAll(): boolean {
    return this.#prepare('all');
  }

  put(): void {
    this.publication.put();
  }

  /** Lets others write slots. */
  leave(): void {
    this.publication.leave();
  }

  /** What a state is to know of slots that are not in their places. */
  get held(): SlotsState {
    return this.publication.held(this.#around.arrivals.watermark.instant);
  }

  #prepare(reach: Instant | 'all'): boolean {
    const { clock } = this.#around;
    const began = clock.elapsed();
    const isReady = this.publication.prepare(reach);
    const now = clock.elapsed();
    this.#ended.did(now, 0);
    if (isReady) this.#added.did(now, now - began);
    else if (!this.#isWaiting) this.#sayWaiting();
    this.#isWaiting = !isReady;
    return isReady;
  }

  #sayWaiting(): void {
    const { run } = this.#around;
    const { writer } = this.publication;
    const where = this.#slots.store.folder.root;
    run.io.warn({ code: 'note', where, what: `${writer} is writing slots`, hint: 'waiting for it' });
  }

  /** No record before it is expected: up to the watermark all are written; while nobody writes, time passes all the same. */
  #reach(): Instant {
    const { arrivals, clock } = this.#around;
    const { watermark } = arrivals;
    const silent = BigInt(Math.floor(clock.elapsed() - this.#cameMs)) * NANOS_PER_MILLI;
    if (watermark.isFree && arrivals.latest !== undefined && arrivals.latest < MAX_INSTANT - silent) {
      const now = arrivals.latest + silent;
      const { seconds } = secondsOf(now);
      watermark.raise(BigInt(this.#slots.clock.beginOf(seconds)) * NANOS_PER_SECOND - 1n);
    }
    return watermark.instant + 1n;
  }
}
