import { statSync } from '../core/disk.ts';
import { type Instant, instantOf, MIN_INSTANT, NANOS_PER_MILLI } from '../core/instant.ts';
import { silentMs } from '../plan/following.ts';
import { hasMoved } from '../plan/taking.ts';
import type { FollowPlan, SourcePlan, Taking } from '../plan.ts';
import { entryOf } from '../run/commit.ts';
import type { SourcePass } from '../run/passes.ts';
import type { OpenSource } from '../source/index.ts';
import type { Arrivals } from './arrivals.ts';
import { type Around, Feed } from './feed.ts';
import { type Followed, newFollowed, newPart } from './followed.ts';
import { mergeHistory } from './history.ts';
import type { Ledger } from './ledger.ts';
import { latestIn, Marks, markAt, placeIn } from './marks.ts';
import { sayStill } from './saying.ts';
import type { Sources } from './sources.ts';
import { StandingFile } from './standing.ts';

/** What stands in the sources when they are followed, and where they go on behind it. */
export class Beginning {
  readonly #around: Around;
  readonly #arrivals: Arrivals;
  readonly #sources: Sources;
  readonly #ledger: Ledger;
  readonly #follow: FollowPlan;
  /** With a state: how far the sources were read, by their number in the plan. */
  readonly #marks: Marks[] = [];
  /** The files that are followed, and the passes that read what stands in them, by the same number. */
  readonly #standing: StandingFile[] = [];
  readonly #passes: SourcePass[] = [];
  readonly #cut: Followed[] = [];

  constructor(around: Around, arrivals: Arrivals, sources: Sources, ledger: Ledger) {
    this.#around = around;
    this.#arrivals = arrivals;
    this.#sources = sources;
    this.#ledger = ledger;
    this.#follow = around.plan.follow as FollowPlan;
  }

  /** Merges everything that is there, in order, but for what the sources may still bring something before. */
  async merge(): Promise<void> {
    const { run, plan, memory, thinning } = this.#around;
    const arrivals = this.#arrivals;
    for (const [index, source] of plan.sources.entries()) this.#follows(source, index);
    arrivals.isWanted = await mergeHistory({
      run,
      plan,
      memory,
      thinning,
      isActive: (source) => arrivals.sources[source]?.isIdle === false,
      isBlocked: () => (this.#follow.isResumed && this.#follow.empty.length > 0) || this.#cut.some(this.#isUnseen),
      saw: (source, firstRow, count, pass) => this.#saw(source, firstRow, count, pass),
      opened: (source, pass) => {
        this.#passes[source] = pass;
      },
      highestOf: (source) => arrivals.watermark.highestOf(arrivals.sources[source] as Followed),
      take: (rows, count, settled) => arrivals.takeInOrder(rows, count, settled),
    });
    // What was framed is written, or held from here on.
    if (arrivals.held.count === 0) arrivals.rounds++;
    for (const index of plan.sources.keys()) await this.#takeUp(arrivals.sources[index], index);
  }

  #saw(source: number, firstRow: number, count: number, pass: SourcePass): void {
    const plan = this.#around.plan.sources[source];
    const marks = this.#marks[source];
    this.#around.saw(source, firstRow, count);
    if (marks === undefined) return;
    const latest = latestIn(this.#around.memory, firstRow, count);
    // What does not grow is read again as a whole.
    const place = this.#arrivals.sources[source] === undefined ? marks.end : markAt(placeIn(pass, plan.taking, plan));
    marks.reached(place, latest, this.#around.written());
  }

  /** A source that stands there already: it is waited for if it was written to a moment ago. */
  #follows(source: SourcePlan, index: number): void {
    const { open, label, taking } = source;
    if (this.#around.plan.kept !== undefined) this.#marks[index] = new Marks(markAt(taking));
    if (open.text?.follow === undefined) {
      sayStill(this.#around.run.io.warn, label, open);
      return;
    }
    const followed = newFollowed(open.path, label, index);
    if (taking.entry !== undefined) {
      followed.first = taking.entry.path;
      followed.isPast = hasMoved(taking.entry);
    }
    followed.isIdle = followed.isPast || this.#isSilent(open);
    this.#arrivals.sources[index] = followed;
    this.#arrivals.watermark.join(followed);
    const seen = this.#follow.isResumed ? this.#seenBefore(taking) : undefined;
    if (seen !== undefined) this.#arrivals.watermark.saw(followed, seen);
    if (followed.isIdle) this.#arrivals.watermark.leaveOut(followed);
    const standing = new StandingFile(open, taking.from, () => this.#wasCut(followed, index));
    this.#standing[index] = standing;
    source.open = standing.untilCut;
  }

  /**
   * How far a source had come when the run before it ended. What is read again brings records from where that had written
   * to; where the file is cut before they are read, they come from a copy, behind those of other sources.
   */
  #seenBefore({ entry, replay }: Taking): Instant | undefined {
    const highest = entry?.highest ?? entry?.last;
    const seen = highest && instantOf(...highest);
    if (seen === undefined || replay === undefined) return seen;
    const unwritten = instantOf(...replay.until) + this.#follow.delay + 1n;
    return unwritten < seen ? unwritten : seen;
  }

  /** Whether nothing was written for long, neither to a file nor to one that has its name by now. */
  #isSilent(open: OpenSource): boolean {
    const now = this.#around.run.io.now();
    const named = statSync(open.path.file, { bigint: true, throwIfNoEntry: false })?.mtimeNs ?? MIN_INSTANT;
    const silent = Math.min(silentMs(open, now), Number((now - named) / NANOS_PER_MILLI));
    return silent >= this.#follow.idleMs;
  }

  /** What was not read yet is read later, from a copy where there is one: the others wait for it. */
  #wasCut(followed: Followed, index: number): void {
    this.#passes[index]?.framer.leaveEnd();
    this.#cut.push(followed);
    followed.isIdle = false;
    this.#arrivals.watermark.join(followed);
  }

  readonly #isUnseen = (followed: Followed): boolean => this.#arrivals.watermark.highestOf(followed) === undefined;

  /** Goes on where the history of a source ended, if it grows. */
  async #takeUp(followed: Followed | undefined, index: number): Promise<void> {
    const source = this.#around.plan.sources[index];
    const { taking } = source;
    const { place } = this.#around.thinning.reached[index];
    const marks = this.#marks[index];
    if (followed === undefined) {
      if (marks !== undefined) this.#ledger.add(await entryOf(source, place), marks);
      return;
    }
    const from = taking.from + place.count - place.held;
    const standing = this.#standing[index];
    source.open = standing.open;
    const tail = standing.tailAt(from, place);
    const { lines, last = taking.last, dating, framing } = place;
    const replay = taking.replay !== undefined && from < taking.replay.offset ? taking.replay : undefined;
    const taken = { ...taking, from, lines, last, dating: dating as typeof taking.dating, framing, replay };
    this.#around.thinning.closed(index);
    const part = newPart(tail, standing.open.path.file, taking.entry?.id ?? -1);
    part.feed = new Feed(this.#around, index, tail, taken, marks);
    followed.parts.push(part);
    this.#sources.enter(followed);
  }
}
