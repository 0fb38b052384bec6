import { formatInstantShort, type Instant } from '../core/instant.ts';
import { instantOfRow, LATE, type Memory } from '../core/memory.ts';
import { TsalignError } from '../core/problem.ts';
import type { Plan, SourcePlan } from '../plan.ts';
import type { Run } from '../run/run.ts';
import type { Thinning } from '../run/thinning.ts';

/** What becomes of records that come when later ones were written: they are written at once, set aside, or end the run. */
export class LateRows {
  readonly #run: Run;
  readonly #plan: Plan;
  readonly #memory: Memory;
  readonly #thinning: Thinning;
  #isSaid = false;

  constructor(run: Run, plan: Plan, memory: Memory, thinning: Thinning) {
    this.#run = run;
    this.#plan = plan;
    this.#memory = memory;
    this.#thinning = thinning;
  }

  /** Says that there are such records, once. @throws TsalignError 'late' where the run is to end */
  note(rows: Int32Array, watermark: Instant): void {
    if (!this.#isSaid) this.#say(rows[0] as number, watermark, this.#run.request.late ?? 'keep');
    this.#isSaid = true;
  }

  /** @returns whether more are wanted */
  take(rows: Int32Array): boolean {
    const { late: rule = 'keep' } = this.#run.request;
    for (const row of rows) {
      this.#run.countsOf(this.#memory.source[row] as number).late++;
      this.#memory.flags[row] |= LATE;
    }
    if (rule === 'keep') return this.#thinning.write(rows, rows.length);
    for (const row of rows) this.#setAside(row);
    return true;
  }

  #setAside(row: number): void {
    this.#run.countsOf(this.#memory.source[row] as number).rejected++;
    this.#run.setAside();
    this.#thinning.channels.late?.writeRow(row);
  }

  #say(row: number, watermark: Instant, rule: 'keep' | 'reject' | 'fail'): void {
    if (rule === 'keep' && this.#run.request.late !== undefined) return;
    const { source, line } = this.#memory;
    const { label } = this.#plan.sources[source[row] as number] as SourcePlan;
    const instant = formatInstantShort(instantOfRow(this.#memory, row));
    const problem = {
      code: 'late',
      where: `${label}:${line[row]}`,
      what: `this record, of ${instant}, came when records up to ${formatInstantShort(watermark)} were written`,
      hint: HINTS[rule],
    } as const;
    if (rule === 'fail') throw new TsalignError(problem);
    this.#run.io.warn(problem);
  }
}

const HINTS = {
  keep: 'written at once, out of order, like others that will be late; a longer --watermark-delay waits for them',
  reject: 'set aside, like others that will be late (--late reject)',
  fail: '--late keep writes it all the same, a longer --watermark-delay waits for it',
} as const;
