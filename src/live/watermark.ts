import { type Instant, MIN_INSTANT, type Nanos } from '../core/instant.ts';

/** How far one source has come, as far as the others wait for it. */
interface Pace {
  /** The highest instant seen in it; undefined before its first record. */
  highest: Instant | undefined;
  /** Nobody waits for it: it is idle, or over. */
  isLeftOut: boolean;
}

/**
 * Up to where records may be written: no source that is waited for is expected to bring an earlier one. Of a source that
 * is its highest instant less the delay and a nanosecond, so that a record exactly that late is in time; of all of them
 * together the lowest. It never goes back.
 */
export class Watermark<Source> {
  /** Records at or before it are written. */
  instant: Instant = MIN_INSTANT;
  readonly #delay: Nanos;
  readonly #paces = new Map<Source, Pace>();
  /** How many are waited for. */
  #waited = 0;
  /** Of them the one that is furthest behind, as long as that is known. */
  #slowest: Pace | undefined;

  /** @param delay by how much records may come behind the latest of their source */
  constructor(delay: Nanos) {
    this.#delay = delay;
  }

  /** A source is waited for from now on. */
  join(source: Source): void {
    const pace = this.#paces.get(source) ?? { highest: undefined, isLeftOut: true };
    this.#paces.set(source, pace);
    if (!pace.isLeftOut) return;
    pace.isLeftOut = false;
    this.#waited++;
    this.#slowest = undefined;
  }

  /** A source that is left out holds nobody back, until it joins again. */
  leaveOut(source: Source): void {
    const pace = this.#paces.get(source);
    if (pace === undefined || pace.isLeftOut) return;
    pace.isLeftOut = true;
    this.#waited--;
    this.#slowest = undefined;
  }

  /** Records up to this instant came from the source. */
  saw(source: Source, instant: Instant): void {
    const pace = this.#paces.get(source);
    if (pace === undefined || (pace.highest !== undefined && instant <= pace.highest)) return;
    pace.highest = instant;
    if (pace === this.#slowest) this.#slowest = undefined;
  }

  /** The highest instant seen in a source. */
  highestOf(source: Source): Instant | undefined {
    return this.#paces.get(source)?.highest;
  }

  /** Whether no source is waited for. */
  get isFree(): boolean {
    return this.#waited === 0;
  }

  /** The instant that the sources allow now; undefined where one that is waited for has shown no record yet, or none is. */
  get allowed(): Instant | undefined {
    this.#slowest ??= this.#findSlowest();
    const { highest } = this.#slowest ?? {};
    return highest === undefined ? undefined : highest - this.#delay - 1n;
  }

  #findSlowest(): Pace | undefined {
    let slowest: Pace | undefined;
    for (const pace of this.#paces.values()) {
      if (pace.isLeftOut) continue;
      if (pace.highest === undefined) return pace;
      if (slowest?.highest === undefined || pace.highest < slowest.highest) slowest = pace;
    }
    return slowest;
  }

  /** Follows the sources. Returns whether it went on. */
  advance(): boolean {
    return this.raise(this.allowed ?? MIN_INSTANT);
  }

  /** Goes to an instant, unless it is there already. */
  raise(instant: Instant): boolean {
    if (instant <= this.instant) return false;
    this.instant = instant;
    return true;
  }
}
