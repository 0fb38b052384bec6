import type { PlannedStamper } from '../time/index.ts';
import type { SourcePass } from './passes.ts';

/** What passes over a source counted, and what of its dating is told of. */
export interface PassTotals {
  framer: Pick<SourcePass['framer'], 'line' | 'framingLines'>;
  stamper: Pick<PlannedStamper, 'counters'> & {
    clock: Pick<PlannedStamper['clock'], 'unusualZone'>;
    walk: Pick<PlannedStamper['walk'], 'newYears' | 'silences' | 'latest'>;
  };
}

/** The totals of all passes over one source. Those that are over leave nothing but numbers. */
export class SourceTotals {
  #done: PassTotals | undefined;
  /** Those that go on, with the lines before them. */
  readonly #passes = new Map<SourcePass, number>();

  /** A further pass begins, behind so many lines. */
  open(pass: SourcePass, linesBefore: number): void {
    this.#passes.set(pass, linesBefore);
  }

  /** A pass is over, or all are: ten thousand framers take 100 MB. */
  close(over?: SourcePass): void {
    for (const [pass, linesBefore] of this.#passes) {
      if (over !== undefined && over !== pass) continue;
      this.#done = sumOf(this.#done, totalsOf(pass, linesBefore));
      this.#passes.delete(pass);
    }
  }

  /** Of all passes so far; `line` counts the lines that they passed. */
  get now(): PassTotals {
    let total = this.#done;
    for (const [pass, linesBefore] of this.#passes) total = sumOf(total, totalsOf(pass, linesBefore));
    return total as PassTotals;
  }
}

function totalsOf({ framer: { line, framingLines }, stamper }: SourcePass, linesBefore: number): PassTotals {
  const { counters, clock, walk } = stamper;
  return {
    framer: { line: line - linesBefore, framingLines },
    stamper: {
      counters: { ...counters },
      clock: { unusualZone: clock.unusualZone },
      walk: { newYears: walk.newYears, silences: walk.silences, latest: walk.latest },
    },
  };
}

function sumOf(before: PassTotals | undefined, now: PassTotals): PassTotals {
  if (before === undefined) return now;
  const counters = { ...now.stamper.counters };
  for (const name of Object.keys(counters) as (keyof typeof counters)[])
    counters[name] += before.stamper.counters[name];
  const [one, two] = [before.stamper.walk, now.stamper.walk];
  return {
    framer: {
      line: before.framer.line + now.framer.line,
      framingLines: before.framer.framingLines + now.framer.framingLines,
    },
    stamper: {
      counters,
      clock: { unusualZone: now.stamper.clock.unusualZone || before.stamper.clock.unusualZone },
      walk: {
        newYears: one.newYears + two.newYears,
        silences: one.silences + two.silences,
        latest: Math.max(one.latest, two.latest),
      },
    },
  };
}
