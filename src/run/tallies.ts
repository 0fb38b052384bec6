import type { SourceCounts } from '../core/counts.ts';
import type { Memory } from '../core/memory.ts';
import { tallySources } from '../kernel/tally.ts';
import type { Plan } from '../plan.ts';
import type { SourcePass } from './passes.ts';
import { Reached } from './reached.ts';
import type { Run } from './run.ts';
import { type PassTotals, SourceTotals } from './totals.ts';

/** What is counted of each source, by its index: what its passes met, how far they came, and what of it was written. */
export class Tallies {
  /** How far each source was read, where a later run or what follows goes on from there. */
  readonly reached: Reached[] = [];
  readonly #goesOn: boolean;
  readonly #run: Run;
  readonly #plan: Plan;
  readonly #memory: Memory;
  readonly #totals: SourceTotals[] = [];
  #written: Float64Array;

  constructor(run: Run, plan: Plan, memory: Memory) {
    this.#run = run;
    this.#plan = plan;
    this.#memory = memory;
    this.#goesOn = plan.kept !== undefined || plan.follow !== undefined;
    this.#written = new Float64Array(plan.sources.length);
  }

  opened(source: number, pass: SourcePass, linesBefore = this.#plan.sources[source].taking.lines): void {
    this.#totals[source] ??= new SourceTotals();
    this.#totals[source].open(pass, linesBefore);
    if (this.#goesOn) this.reached[source] = new Reached(pass);
  }

  closed(source: number, pass?: SourcePass): void {
    this.#totals[source]?.close(pass);
    this.reached[source]?.settle();
  }

  /** Makes room for the sources that have joined the plan. */
  renew(): void {
    const longer = new Float64Array(this.#plan.sources.length);
    longer.set(this.#written);
    this.#written = longer;
  }

  wrote(rows: Int32Array, count: number): void {
    tallySources(this.#memory, rows, count, this.#written);
  }

  /** Of all passes over each source so far. */
  get now(): PassTotals[] {
    return this.#totals.map(({ now }) => now);
  }

  /** Brings the counters of the run up to date; with `endedEarly` what was read and not wanted any more is over the limit. */
  settle(endedEarly: boolean): void {
    for (const [source, now] of this.now.entries()) {
      settleCounts(this.#run.countsOf(source), now, this.#written[source], endedEarly);
      this.#run.stamps[source] = { ...now.stamper.counters };
    }
  }
}

function settleCounts(counts: SourceCounts, { framer }: PassTotals, written: number, endedEarly: boolean): void {
  counts.written = written;
  counts.lines = framer.line;
  counts.framingLines = framer.framingLines;
  const { records, duplicates, rejected, outside, unmatched } = counts;
  counts.overLimit = endedEarly ? records - written - duplicates - rejected - outside - unmatched : 0;
}
