import type { Clock } from '../core/clock.ts';
import { highWord, lowWord } from '../core/instant.ts';
import { TsalignError } from '../core/problem.ts';
import type { FollowPlan, KeptPlan, Plan } from '../plan.ts';
import { documentWith } from '../run/commit.ts';
import type { Session } from '../run/session.ts';
import type { Thinning } from '../run/thinning.ts';
import { FileTail } from '../source/index.ts';
import type { SourceState } from '../state/index.ts';
import type { Arrivals } from './arrivals.ts';
import { entryOf, type Followed, marksOf, type Part } from './followed.ts';
import { entryAt, type Ledger } from './ledger.ts';
import type { Sources } from './sources.ts';

/** What a checkpoint speaks of. */
interface Around {
  plan: Plan;
  thinning: Thinning;
  arrivals: Arrivals;
  ledger: Ledger;
  sources: Sources;
  clock: Clock;
}

/**
 * Makes certain, now and then, what a run has done that follows its sources: its outputs are made durable, then the state
 * is replaced, which is the moment at which it has happened. What is held is not in the outputs: the state says from where
 * it is to be read again.
 */
export class Checkpoints {
  readonly #session: Session;
  readonly #around: Around;
  readonly #everyMs: number;
  #lastMs: number;
  #isDue = false;
  /** Whether there is one of this run, which then goes on from it. */
  #isBegun = false;

  constructor(session: Session, around: Around) {
    this.#session = session;
    this.#around = around;
    this.#everyMs = (around.plan.follow as FollowPlan).checkpointMs;
    this.#lastMs = around.clock.elapsed();
  }

  /** Something has changed that the state does not know. */
  note(): void {
    this.#isDue = true;
  }

  /** What stood in the sources is merged. */
  begin(): void {
    this.#isBegun = true;
    this.#isDue = true;
    this.#lastMs = Number.NEGATIVE_INFINITY;
    this.take();
  }

  /** Makes a checkpoint if it is time for one. */
  take(): void {
    const { arrivals, clock } = this.#around;
    // What was held may be written when nothing has come for a while.
    const { publishing } = arrivals;
    if (clock.elapsed() - this.#lastMs < this.#everyMs || !this.isPossible) return;
    const publishes = publishing?.isDue === true;
    if (!this.#isDue && !arrivals.isUnsaved && !publishes) return;
    this.#saveWith(publishes ? publishing.prepare() : false);
  }

  /** Makes the last checkpoint, and publishes the slots that there are. Where others write slots, the next run does. */
  end(): void {
    const { publishing } = this.#around.arrivals;
    this.#saveWith(publishing?.prepareAll() ?? false);
    // So that the state does not speak of what is in its place.
    if (publishing !== undefined) this.save();
  }

  /** @param isReady whether slots are ready to be put into their places */
  #saveWith(isReady: boolean): void {
    const { publishing } = this.#around.arrivals;
    try {
      this.save();
      if (isReady) publishing?.put();
    } finally {
      publishing?.leave();
    }
  }

  save(): void {
    const { plan, thinning, arrivals, clock } = this.#around;
    const kept = plan.kept as KeptPlan;
    const { channels } = thinning;
    const sources = this.#entries();
    this.#session.keep();
    const outputs = channels.settle();
    const { '--output': output } = outputs;
    if (output !== undefined) output.last = thinning.last();
    const slots = arrivals.publishing?.held;
    this.#session.save({ ...documentWith(plan, kept, sources), outputs, slots, header: channels.header });
    channels.slots?.removeDropped();
    this.#isDue = false;
    arrivals.isUnsaved = false;
    this.#lastMs = clock.elapsed();
  }

  /**
   * Saves what was done before something went wrong with a source. Where it went wrong while records were written, nobody
   * knows how far that came: then the checkpoint before holds.
   */
  rescue(error: unknown): void {
    const { arrivals, thinning } = this.#around;
    const isKnown = error instanceof TsalignError && !['output', 'disk-full'].includes(error.problem.code);
    const isHalf = arrivals.isWriting || thinning.channels.rejects !== undefined;
    if (!this.#isBegun || !isKnown || isHalf) return;
    try {
      if (this.isPossible) this.save();
    } catch {
      // What went wrong first is what is to be told.
    }
  }

  /** Not while a log is read on in a compressed copy of it, or was cut a moment ago: there nobody could go on. */
  get isPossible(): boolean {
    return this.#around.sources.all.every(({ isPipe, parts }) => isPipe || parts.every(isSettled));
  }

  #entries(): SourceState[] {
    const { ledger, sources, arrivals } = this.#around;
    const now = sources.all.flatMap((followed) => followed.parts.map((part) => this.#entryOf(followed, part)));
    // A file that was truncated stands in both while its copy is read.
    const ids = new Set(now.map(({ id }) => id));
    return [...ledger.entries(arrivals.reached).filter(({ id }) => !ids.has(id)), ...now];
  }

  #entryOf(followed: Followed, part: Part): SourceState {
    const { arrivals } = this.#around;
    const highest = arrivals.watermark.highestOf(followed);
    const entry = entryAt(entryOf(part, followed), marksOf(part), arrivals.reached);
    const isMoved = followed.isPast || part !== followed.parts.at(-1);
    return {
      ...entry,
      ...(isMoved && { moved: true }),
      ...(highest !== undefined && { highest: [highWord(highest), lowWord(highest)] as const }),
    };
  }
}

const isSettled = ({ tail }: Part): boolean => tail instanceof FileTail && tail.size >= tail.offset;
