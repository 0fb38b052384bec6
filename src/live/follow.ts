import { type Clock, systemClock } from '../core/clock.ts';
import type { Memory } from '../core/memory.ts';
import { writtenFiles } from '../plan/combinations.ts';
import { Joining } from '../plan/joining.ts';
import { windowOf } from '../plan/memory.ts';
import { outputMatcher } from '../plan/slots.ts';
import type { FollowPlan, Plan } from '../plan.ts';
import type { Run } from '../run/run.ts';
import type { Session } from '../run/session.ts';
import type { Thinning } from '../run/thinning.ts';
import { Arrivals } from './arrivals.ts';
import { Beginning } from './beginning.ts';
import { Checkpoints } from './checkpoints.ts';
import type { Around, Came } from './feed.ts';
import { Finding } from './finding.ts';
import { type Followed, isCut } from './followed.ts';
import { Ledger } from './ledger.ts';
import type { Written } from './marks.ts';
import { Reading } from './reading.ts';
import { readRest, unreadOf } from './rest.ts';
import { AGAIN, sayOnce } from './saying.ts';
import { Sources } from './sources.ts';
import { Status } from './status.ts';
import { Turns } from './turns.ts';

/** How often the sizes of sources are looked at where the system does not tell of changes. */
const POLL_MS = 100;

/**
 * How long until sources are read again, by what they have brought; where the system tells of changes, the next one ends
 * it. What did not fit is read on at once: waiting here halved what goes through, and more on a busy machine.
 */
const REST_MS: Readonly<Record<Came, number>> = { some: 0, all: 5, nothing: POLL_MS };

/** From this on, sources that are ahead of others are not read: the room is for those that are waited for. */
const FULL = 0.5;

/** One run that follows its sources. */
export class Follow {
  readonly #run: Run;
  readonly #plan: Plan;
  readonly #follow: FollowPlan;
  readonly #thinning: Thinning;
  readonly #clock: Clock;
  readonly #arrivals: Arrivals;
  readonly #around: Around;
  readonly #sources: Sources;
  readonly #reading: Reading;
  readonly #status: Status;
  readonly #finding: Finding;
  readonly #turns = new Turns();
  readonly #ledger: Ledger;
  readonly #checkpoints: Checkpoints | undefined;
  /** Until when the silence of sources is counted. */
  #counted = 0;

  constructor(run: Run, plan: Plan, memory: Memory, thinning: Thinning, session: Session | undefined) {
    const { request, io } = run;
    const follow = plan.follow as FollowPlan;
    this.#run = run;
    this.#plan = plan;
    this.#follow = follow;
    this.#thinning = thinning;
    this.#clock = io.clock ?? systemClock();
    const arrivals = new Arrivals(run, plan, memory, thinning, this.#clock);
    this.#arrivals = arrivals;
    const { saw, take } = arrivals;
    const written = (): Written => arrivals.reached;
    this.#around = { run, plan, memory, thinning, warn: sayOnce(io.warn), saw, take, written };
    const joining = new Joining(
      request,
      io,
      plan.sources.map(({ open }) => open.path),
    );
    const isOutput = outputMatcher(writtenFiles(request), plan.output.slots, io.cwd);
    const ledger = new Ledger(follow.document);
    this.#ledger = ledger;
    this.#sources = new Sources(request, io, joining, { ledger, isOutput });
    this.#checkpoints =
      session &&
      new Checkpoints(session, { plan, thinning, arrivals, ledger, sources: this.#sources, clock: this.#clock });
    this.#reading = new Reading(this.#around, {
      joining,
      ledger,
      isRead: (identity) => this.#sources.isRead(identity),
      isNew: (open) => this.#sources.isNew(open),
      cameBack: (path) => this.#sources.cameBack(path),
      joined: (followed) => this.#joined(followed),
      settleAll: async () => {
        for (const followed of this.#sources.all) await this.#reading.settle(followed);
      },
      leftOut: (followed) => this.#waitNoMore(followed),
    });
    this.#finding = new Finding({
      sources: this.#sources,
      reading: this.#reading,
      watermark: arrivals.watermark,
      clock: this.#clock,
      changed: (followed) => this.#wakeFor(followed),
    });
    this.#status = new Status({ run, plan, thinning, arrivals, sources: this.#sources });
  }

  /** Merges what is there, then goes on until the signal, or until nothing more can come. */
  async run(): Promise<void> {
    const { signal, warn } = this.#run.io;
    if (this.#checkpoints !== undefined && this.#plan.output.path === undefined) warn(AGAIN);
    const wake = (): void => this.#clock.wake();
    try {
      await this.#run.untilAborted(this.#merge());
      this.#run.endures();
      signal.addEventListener('abort', wake);
      while (!signal.aborted && !this.#isDone) await this.#round();
      await this.#end();
    } catch (error) {
      this.#checkpoints?.rescue(error);
      throw error;
    } finally {
      signal.removeEventListener('abort', wake);
      this.#finding.close();
      for (const { parts } of this.#sources.all) for (const { tail } of parts) tail.close();
    }
  }

  get #isDone(): boolean {
    const { all, mayGrow } = this.#sources;
    if (!this.#arrivals.isWanted || this.#arrivals.isPast(all, this.#run.io.now())) return true;
    return !mayGrow && all.every(({ isOver }) => isOver);
  }

  /** Everything that is there, in order, but for what the sources may still bring something before. */
  async #merge(): Promise<void> {
    await new Beginning(this.#around, this.#arrivals, this.#sources, this.#ledger).merge();
    // Before the copies of what was cut meanwhile are met as new files.
    for (const followed of this.#sources.all) if (followed.parts.some(isCut)) await this.#reading.read(followed);
    for (const empty of this.#follow.empty) await this.#reading.look(await this.#sources.addEmpty(empty));
    for (const path of this.#follow.pipes) await this.#sources.addPipe(path, (followed) => this.#wakeFor(followed));
    for (const followed of this.#sources.all) this.#arrivals.watermark.join(followed);
    for (const followed of this.#sources.all) if (followed.isIdle) this.#arrivals.watermark.leaveOut(followed);
    await this.#arrivals.release();
    // What was stopped meanwhile is over, and its locks are given back.
    this.#run.io.signal.throwIfAborted();
    this.#thinning.channels.publish();
    if (this.#checkpoints === undefined) this.#arrivals.publishing?.publish();
    this.#checkpoints?.begin();
    this.#counted = this.#clock.elapsed();
  }

  #joined(followed: Followed): void {
    this.#arrivals.sources[followed.index as number] = followed;
    const { sources, memory } = this.#plan;
    this.#arrivals.held.expect(sources.length);
    memory.window = windowOf(memory.total, sources.length);
    this.#thinning.renew();
  }

  async #round(): Promise<void> {
    await this.#run.io.full?.();
    const came = await this.#readWhoseTurnItIs();
    await this.#arrivals.release();
    this.#thinning.channels.flush();
    this.#status.tick(this.#clock.elapsed());
    if (this.#checkpoints === undefined) this.#arrivals.publishing?.publish();
    this.#checkpoints?.take();
    if (this.#isDone) return;
    await this.#sleep(came === 'nothing' ? Math.max(POLL_MS, this.#turns.all.period) : REST_MS[came]);
  }

  async #readWhoseTurnItIs(): Promise<Came> {
    await this.#finding.discover();
    const began = this.#clock.elapsed();
    const told = this.#turns.takeTold();
    const isForAll = this.#turns.all.isDue(began);
    if (await this.#finding.look()) this.#thinning.channels.followNames();
    let came: Came = 'nothing';
    let reading = 0;
    for (const followed of isForAll ? this.#sources.all : told) {
      const before = this.#clock.elapsed();
      const brought = await this.#readFrom(followed);
      if (brought === 'nothing') continue;
      reading += this.#clock.elapsed() - before;
      this.#turns.tell(followed);
      if (came !== 'some') came = brought;
    }
    const now = this.#clock.elapsed();
    if (isForAll) this.#turns.all.did(now, now - began - reading);
    return came;
  }

  #wakeFor(followed: Followed): void {
    this.#turns.tell(followed);
    this.#clock.wake();
  }

  async #readFrom(followed: Followed): Promise<Came> {
    if (followed.isOver || !this.#mayRead(followed)) return 'nothing';
    const came = await this.#reading.read(followed);
    if (came === 'nothing') return came;
    followed.quietMs = 0;
    this.#checkpoints?.note();
    this.#arrivals.publishing?.note();
    // It is over, or left out.
    if (followed.parts.length === 0) {
      this.#waitNoMore(followed);
      return came;
    }
    if (followed.isPast) {
      await this.#reading.settle(followed);
      return came;
    }
    if (followed.isIdle) this.#arrivals.watermark.join(followed);
    followed.isIdle = false;
    return came;
  }

  /** Where there is little room, only what the others wait for is read. */
  #mayRead(followed: Followed): boolean {
    if (this.#arrivals.held.fill < FULL) return true;
    const highest = this.#arrivals.watermark.highestOf(followed);
    const { allowed } = this.#arrivals.watermark;
    return highest === undefined || allowed === undefined || highest - this.#follow.delay - 1n <= allowed;
  }

  /**
   * Sleeps. Sources that have brought nothing are silent for so long; who is not read cannot be, so that of a round in
   * which others are read no more counts than of one in which nothing comes.
   */
  async #sleep(milliseconds: number): Promise<void> {
    const { idleMs } = this.#follow;
    const waits = this.#sources.all.filter(({ isIdle, isOver }) => !isIdle && !isOver);
    const left = Math.min(...waits.map(({ quietMs }) => Math.max(1, idleMs - quietMs)), milliseconds);
    await this.#clock.sleep(left);
    const now = this.#clock.elapsed();
    const slept = Math.min(now - this.#counted, Math.max(left, REST_MS.all));
    this.#counted = now;
    for (const followed of this.#sources.all) {
      if (followed.isOver || !this.#mayRead(followed)) continue;
      followed.quietMs += slept;
      for (const part of followed.parts) part.quietMs += slept;
      if (followed.parts.length > 1 || followed.isPast) await this.#reading.endOld(followed);
      if (!followed.isIdle && followed.quietMs >= idleMs) await this.#leaveOut(followed);
    }
  }

  /** A source is silent: nobody waits for it any more. */
  async #leaveOut(followed: Followed): Promise<void> {
    // It may have come while we slept, in a file that has its name now: names are looked at less often where that takes long.
    await this.#reading.look(followed);
    if ((await this.#readFrom(followed)) !== 'nothing') return;
    await this.#reading.settle(followed);
    this.#waitNoMore(followed);
  }

  #waitNoMore(followed: Followed): void {
    followed.isIdle = true;
    this.#arrivals.watermark.leaveOut(followed);
  }

  async #readCopies(): Promise<void> {
    for (const followed of this.#sources.all) await this.#reading.read(followed);
    await this.#arrivals.release();
    await this.#clock.sleep(REST_MS.all);
  }

  /** What stands in the sources when the signal comes. With a state, the next run reads that for which there is no time. */
  async #readRest(): Promise<void> {
    await this.#finding.findAll();
    const left = await readRest(this.#sources.all, {
      clock: this.#clock,
      mayRead: (followed) => this.#mayRead(followed),
      read: (followed) => this.#readFrom(followed),
      ended: async (followed) => {
        await this.#close(followed);
        this.#waitNoMore(followed);
      },
      release: () => this.#arrivals.release(),
    });
    if (this.#checkpoints !== undefined) return;
    for (const unread of left.map(unreadOf)) if (unread !== undefined) this.#run.io.warn(unread);
  }

  /** Ends the records of a source; with a state, what is unfinished is left to the next run. */
  async #close(followed: Followed): Promise<void> {
    await (this.#checkpoints === undefined ? this.#reading.finish(followed) : this.#reading.settle(followed));
  }

  async #end(): Promise<void> {
    if (this.#run.io.signal.aborted && this.#arrivals.isWanted) await this.#readRest();
    while (this.#checkpoints?.isPossible === false) await this.#readCopies();
    for (const followed of this.#sources.all) await this.#close(followed);
    await this.#arrivals.releaseAll();
    await this.#thinning.finish();
    if (this.#checkpoints === undefined) await this.#arrivals.publishing?.finish();
    this.#checkpoints?.end();
    this.#thinning.channels.commit();
  }
}
