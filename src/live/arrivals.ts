import type { Clock } from '../core/clock.ts';
import { highWord, type Instant, lowWord, MAX_INSTANT, MIN_INSTANT, type Nanos } from '../core/instant.ts';
import { instantOfRow, type Memory, UNDATED } from '../core/memory.ts';
import { countNotAfter, latestRow, splitByKey } from '../kernel/held.ts';
import type { Plan } from '../plan.ts';
import type { Run } from '../run/run.ts';
import type { Thinning } from '../run/thinning.ts';
import type { Followed } from './followed.ts';
import { HeldRows } from './held-rows.ts';
import { LateRows } from './late.ts';
import type { Written } from './marks.ts';
import { Publishing } from './publishing.ts';
import { Watermark } from './watermark.ts';

/** Records from when they came until they are written: held until the watermark has passed them, or late. */
export class Arrivals {
  readonly held: HeldRows;
  readonly watermark: Watermark<Followed>;
  readonly late: LateRows;
  /** When slots are published, where there are any. */
  readonly publishing: Publishing | undefined;
  /** Sources by their number in the plan. */
  readonly sources: (Followed | undefined)[] = [];
  /** Whether more records are wanted. */
  isWanted = true;
  /** How often all that had come was written. */
  rounds = 0;
  /** Whether something is being written: should that fail, nobody knows how far it came. */
  isWriting = false;
  /** Whether something was written of which no state tells. */
  isUnsaved = false;
  readonly #memory: Memory;
  readonly #thinning: Thinning;
  readonly #range: Plan['range'];
  readonly #delay: Nanos;
  /** The latest instant that was written, by this run. */
  #written: Instant = MIN_INSTANT;

  constructor(run: Run, plan: Plan, memory: Memory, thinning: Thinning, clock: Clock) {
    const { tempDir, memory: room } = plan;
    const pause = async () => run.io.full?.();
    this.#memory = memory;
    this.#thinning = thinning;
    this.#range = plan.range;
    this.#delay = plan.follow?.delay ?? 0n;
    this.held = new HeldRows(memory, { ...room.held, stagingBytes: room.staging, tempDir, pause });
    this.held.expect(plan.sources.length);
    this.watermark = new Watermark(this.#delay);
    if (plan.follow !== undefined) this.watermark.raise(plan.follow.written);
    const { slots } = thinning.channels;
    this.publishing = slots && new Publishing(slots, { run, plan, arrivals: this, clock });
    this.late = new LateRows(run, plan, memory, thinning, this.publishing?.publication);
  }

  /** Rows were framed: how far their source has come, whatever becomes of them. */
  readonly saw = (source: number, firstRow: number, count: number): void => {
    const followed = this.sources[source];
    const row = latestRow(this.#memory, firstRow, count, UNDATED);
    if (followed !== undefined && row >= 0) this.watermark.saw(followed, instantOfRow(this.#memory, row));
  };

  /** Takes rows as they came from one source. */
  readonly take = async (firstRow: number, count: number): Promise<void> => {
    const { instant } = this.watermark;
    const high = highWord(instant);
    const low = lowWord(instant);
    if (countNotAfter(this.#memory, firstRow, count, high, low) === 0) {
      await this.held.add(this.#memory.order, firstRow, firstRow + count);
      return;
    }
    const { after, notAfter } = splitByKey(this.#memory, firstRow, count, high, low);
    const late = this.late.judge(notAfter, instant);
    this.isWriting = true;
    this.isWanted &&= this.late.take(late);
    await this.held.add(after, 0, after.length);
    this.isWriting = false;
  };

  /** How far all is written. */
  get reached(): Written {
    return { instant: this.watermark.instant, rounds: this.rounds };
  }

  /**
   * Whether no record is expected any more that lies before --until: all sources have come further, or nobody writes and it
   * is later. Of a pipe nobody knows what will come through it.
   */
  isPast(all: readonly Followed[], now: Instant): boolean {
    const { until } = this.#range;
    if (until === undefined) return false;
    if (this.watermark.instant >= until) return true;
    return this.watermark.isFree && now - this.#delay >= until && all.every(({ isPipe, isOver }) => !isPipe || isOver);
  }

  /** The latest instant that was written. */
  get latest(): Instant | undefined {
    if (this.#written > MIN_INSTANT) return this.#written;
    return this.watermark.instant === MIN_INSTANT ? undefined : this.watermark.instant;
  }

  /** Takes rows in their order, behind which nothing at or before `settled` will come. */
  async takeInOrder(rows: Int32Array, count: number, promised: Instant): Promise<boolean> {
    const settled = promised > this.watermark.instant ? promised : this.watermark.instant;
    if (this.held.count === 0 && instantOfRow(this.#memory, rows[count - 1]) <= settled) {
      this.isWanted = await this.#write(rows, count);
    } else {
      await this.held.add(rows, 0, count);
      await this.#give(settled);
    }
    if (settled < MAX_INSTANT) this.watermark.raise(settled);
    return this.isWanted;
  }

  /** Writes what no source is waited for any more. */
  async release(): Promise<void> {
    if (this.watermark.isFree) await this.releaseAll();
    else if (this.watermark.advance()) await this.#give(this.watermark.instant);
  }

  async releaseAll(): Promise<void> {
    await this.#give(MAX_INSTANT);
    this.rounds++;
    // What comes next at the very instant of the last record is not late.
    if (this.#written > MIN_INSTANT) this.watermark.raise(this.#written - 1n);
  }

  async #give(until: Instant): Promise<void> {
    if (!this.isWanted) return;
    this.isWriting = true;
    this.isWanted = await this.held.release(until, this.#write);
    this.isWriting = false;
  }

  readonly #write = (rows: Int32Array, count: number): boolean | Promise<boolean> => {
    if (count > 0) {
      this.#written = instantOfRow(this.#memory, rows[count - 1]);
      this.isUnsaved = true;
    }
    return this.#thinning.take(rows, count);
  };
}
