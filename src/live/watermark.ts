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

  /** @param delay by how much records may come behind the latest of their source */
  constructor(delay: Nanos) {
    this.#delay = delay;
  }

  /** A source is waited for from now on. */
  join(source: Source): void {
    const pace = this.#paces.get(source);
    if (pace === undefined) this.#paces.set(source, { highest: undefined, isLeftOut: false });
    else pace.isLeftOut = false;
  }

  /** A source that is left out holds nobody back, until it joins again. */
  leaveOut(source: Source): void {
    const pace = this.#paces.get(source);
    if (pace !== undefined) pace.isLeftOut = true;
  }

  /** Records up to this instant came from the source. */
  saw(source: Source, instant: Instant): void {
    const pace = this.#paces.get(source);
    if (pace !== undefined && (pace.highest === undefined || instant > pace.highest)) pace.highest = instant;
  }

  /** The highest instant seen in a source. */
  highestOf(source: Source): Instant | undefined {
    return this.#paces.get(source)?.highest;
  }

  /** Whether no source is waited for. */
  get isFree(): boolean {
    return [...this.#paces.values()].every(({ isLeftOut }) => isLeftOut);
  }

  /** The instant that the sources allow now; undefined where one that is waited for has shown no record yet, or none is. */
  get allowed(): Instant | undefined {
    let lowest: Instant | undefined;
    for (const { highest, isLeftOut } of this.#paces.values()) {
      if (isLeftOut) continue;
      if (highest === undefined) return undefined;
      if (lowest === undefined || highest < lowest) lowest = highest;
    }
    return lowest === undefined ? undefined : lowest - this.#delay - 1n;
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
