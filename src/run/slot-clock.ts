import { DAY_SECONDS } from '../core/instant.ts';
import { checkSlotPattern, type Slot, slotPath, tellsOffset } from '../output/index.ts';
import type { Zone } from '../time/index.ts';

/** A slot: its path, and the UTC second at which the next one begins. */
export interface SlotSpan {
  path: string;
  end: number;
}

/** The UTC second in which the first record of a slot lies. */
export const firstSecond = ({ first }: Slot): number => Math.floor(Date.parse(`${first.slice(0, 19)}Z`) / 1000);

/**
 * Tells the slot of an instant. Slots follow one another without a gap, and no name comes twice: where clocks are set
 * back, the repeated time stays in the slot that was open, unless names tell the offset from UTC (`%z`).
 */
export class SlotClock {
  readonly #pattern: string;
  readonly #length: number;
  readonly #zone: Zone;
  readonly #tellsOffset: boolean;

  /** @param length seconds. @throws TsalignError 'usage' where two slots would have one name */
  constructor(pattern: string, length: number, zone: Zone) {
    checkSlotPattern(pattern, length);
    this.#pattern = pattern;
    this.#length = length;
    this.#zone = zone;
    this.#tellsOffset = tellsOffset(pattern);
  }

  /** The slot in which a UTC second lies. */
  at(seconds: number): SlotSpan {
    const path = this.#pathAt(seconds);
    let at = seconds;
    for (;;) {
      const next = at + this.#beginAt(at) + this.#length - this.#zone.toLocal(at);
      const [change] = this.#zone.changes(at + 1, next + 1);
      if (change === undefined) return { path, end: next };
      at = change.at;
      if (this.#pathAt(at) !== path) return { path, end: at };
    }
  }

  /** Where the slot begins in which a UTC second lies: the first second that has its name. */
  beginOf(seconds: number): number {
    const { end } = this.at(seconds);
    // A slot is a day at most, and as much longer as clocks are set back in it.
    let before = seconds - this.#length - DAY_SECONDS;
    let within = seconds;
    while (within - before > 1) {
      const middle = Math.floor((before + within) / 2);
      if (this.at(middle).end === end) within = middle;
      else before = middle;
    }
    return within;
  }

  #pathAt(seconds: number): string {
    return slotPath(this.#pattern, this.#beginAt(seconds), this.#zone.toLocal(seconds) - seconds);
  }

  /** The local seconds at which the slot began, as its name tells them. */
  #beginAt(seconds: number): number {
    const own = this.#floor(this.#zone.toLocal(seconds));
    if (this.#tellsOffset) return own;
    // A day after clocks were set back, they show no time any more that they have shown before.
    const setBack = this.#zone
      .changes(seconds - DAY_SECONDS, seconds + 1)
      .filter(({ before, after }) => after < before);
    return Math.max(own, ...setBack.map(({ at, before }) => this.#floor(at - 1 + before)));
  }

  #floor(local: number): number {
    return Math.floor(local / this.#length) * this.#length;
  }
}
