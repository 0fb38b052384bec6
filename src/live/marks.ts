import type { Instant } from '../core/instant.ts';
import { instantOfRow, type Memory } from '../core/memory.ts';
import { latestRow } from '../kernel/held.ts';
import type { SourcePlan, Taking } from '../plan.ts';
import type { SourcePass } from '../run/passes.ts';
import type { StatePlace } from '../state/index.ts';

/** How far a run has written: all up to an instant, and all that was read before everything was, so often. */
export interface Written {
  instant: Instant;
  rounds: number;
}

/** A part of a file of which some records may still be held. */
interface Piece {
  start: StatePlace;
  /** The latest instant in it. */
  latest: Instant;
  /** How often everything had been written when its records came. */
  rounds: number;
}

/** More pieces than this become half as many: then somewhat more is read again. */
const MOST_PIECES = 64;

/** Places in one file at which reading it can be taken up, should what is held be lost. */
export class Marks {
  /** Behind all records that were handed on. */
  end: StatePlace;
  #pieces: Piece[] = [];

  constructor(start: StatePlace) {
    this.end = start;
  }

  /**
   * Records up to a place were handed on.
   * @param latest the latest instant among them; undefined where there were none
   */
  reached(place: StatePlace, latest: Instant | undefined, { instant, rounds }: Written): void {
    if (latest !== undefined) {
      this.#drop({ instant, rounds });
      this.#pieces.push({ start: this.end, latest, rounds });
      if (this.#pieces.length > MOST_PIECES) this.#join();
    }
    this.end = place;
  }

  /** The place behind which something may be held; undefined where all is written. */
  takeUp(written: Written): StatePlace | undefined {
    this.#drop(written);
    return this.#pieces[0]?.start;
  }

  #drop({ instant, rounds }: Written): void {
    const first = this.#pieces.findIndex((piece) => piece.rounds === rounds && piece.latest > instant);
    this.#pieces.splice(0, first < 0 ? this.#pieces.length : first);
  }

  #join(): void {
    const joined: Piece[] = [];
    for (let i = 0; i < this.#pieces.length; i += 2) {
      const [one, two = one] = this.#pieces.slice(i, i + 2) as [Piece, Piece?];
      joined.push({ ...one, latest: one.latest > two.latest ? one.latest : two.latest });
    }
    this.#pieces = joined;
  }
}

export const markAt = ({ from, lines, last, dating, framing }: Taking): StatePlace => ({
  offset: from,
  lines,
  last,
  dating,
  framing,
});

/** How far a pass has come that has begun as `taking` says, and what has to be known to go on there. */
export function placeIn({ framer, stamper }: SourcePass, taking: Taking, { input }: SourcePlan): Taking {
  const from = taking.from + framer.taken;
  const { replay } = taking;
  return {
    ...taking,
    from,
    lines: framer.line,
    last: framer.last ?? taking.last,
    dating: stamper.remember(),
    framing: input.format === 'w3c' ? framer.remember() : undefined,
    replay: replay !== undefined && from < replay.offset ? replay : undefined,
  };
}

/** The latest instant of some rows, also of those that have none of their own. */
export function latestIn(memory: Memory, firstRow: number, count: number): Instant | undefined {
  const row = latestRow(memory, firstRow, count, 0);
  return row < 0 ? undefined : instantOfRow(memory, row);
}
