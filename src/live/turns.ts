import type { Followed } from './followed.ts';

/** What is done over and over takes this share of the time at most, as long as that is not too seldom. */
const SHARE = 0.005;

/** How often something is done again: every `least` milliseconds; where it takes long, more seldom, but every `most`. */
export class Pace {
  readonly #least: number;
  readonly #most: number;
  #period: number;
  #done = Number.NEGATIVE_INFINITY;
  #isHurried = false;

  constructor(least: number, most: number) {
    this.#least = least;
    this.#most = most;
    this.#period = least;
  }

  /** Milliseconds between twice. */
  get period(): number {
    return this.#period;
  }

  isDue(now: number): boolean {
    return now >= this.#done + (this.#isHurried ? this.#least : this.#period);
  }

  /** It is done again as soon as that may be. */
  hurry(): void {
    this.#isHurried = true;
  }

  /** It was done, and took so long. */
  did(now: number, took: number): void {
    this.#period = Math.max(this.#least, Math.min(this.#most, took / SHARE));
    this.#done = now;
    this.#isHurried = false;
  }
}

/**
 * Whose turn it is to be read. All sources are looked at in each round where that costs next to nothing. Where it does (a
 * thousand logs: 5 ms), that is done more seldom, but every second: not every file system tells of changes. Between, those
 * are read that had something the last time, or of which the system told that they have.
 */
export class Turns {
  /** Looking at all of them. */
  readonly all = new Pace(0, 1000);
  readonly #told = new Set<Followed>();

  /** A source has something, as far as is known. */
  tell(followed: Followed): void {
    this.#told.add(followed);
  }

  /** Those that are known to have something; the list begins anew. */
  takeTold(): Followed[] {
    const told = [...this.#told];
    this.#told.clear();
    return told;
  }
}
