import type { SourcePass } from './passes.ts';

/** How far a pass has come, and what it remembers there. */
export interface Place {
  /** Bytes that came through its stream, the last of them, and how many at the end wait for a later run. */
  count: number;
  tail: Uint8Array;
  held: number;
  lines: number;
  last: readonly [high: number, low: number] | undefined;
  dating: unknown;
  framing: unknown;
}

/** Tells the place of a pass, also when the pass itself, which holds on to its memory, is over. */
export class Reached {
  #pass: SourcePass | undefined;
  #place: Place | undefined;

  constructor(pass: SourcePass) {
    this.#pass = pass;
  }

  /** Keeps the place and lets go of the pass. */
  settle(): void {
    this.#place ??= this.place;
    this.#pass = undefined;
  }

  get place(): Place {
    return this.#place ?? placeOf(this.#pass as SourcePass);
  }
}

const placeOf = ({ framer, stamper, seen }: SourcePass): Place => ({
  count: seen.count,
  tail: seen.tail,
  held: framer.held,
  lines: framer.line,
  last: framer.last,
  dating: stamper.remember(),
  framing: framer.remember(),
});
