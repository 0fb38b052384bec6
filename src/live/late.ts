import { formatInstantShort, type Instant } from '../core/instant.ts';
import { instantOfRow, LATE, type Memory } from '../core/memory.ts';
import { TsalignError } from '../core/problem.ts';
import type { Plan } from '../plan.ts';
import type { Run } from '../run/run.ts';
import type { SlotPublication } from '../run/slot-publication.ts';
import type { Thinning } from '../run/thinning.ts';

/** Late records: those that are written, and those that are set aside. */
export interface Judged {
  kept: Int32Array;
  aside: Int32Array;
}

/** Why a record is late: later ones were written, its slot is final, or another run has written that. */
type Reason = 'late' | 'final' | 'foreign';

/**
 * What becomes of records that come when later ones were written: they are written at once, set aside, or end the run.
 * With time slots each goes to its slot, wherever it belongs; late is what comes when that is final.
 */
export class LateRows {
  readonly #run: Run;
  readonly #plan: Plan;
  readonly #memory: Memory;
  readonly #thinning: Thinning;
  readonly #publication: SlotPublication | undefined;
  readonly #said = new Set<Reason>();

  constructor(run: Run, plan: Plan, memory: Memory, thinning: Thinning, publication: SlotPublication | undefined) {
    this.#run = run;
    this.#plan = plan;
    this.#memory = memory;
    this.#thinning = thinning;
    this.#publication = publication;
  }

  /**
   * Says that there are such records, once.
   * @param watermark records up to it were written
   * @throws TsalignError 'late' where the run is to end
   */
  judge(rows: Int32Array, watermark: Instant): Judged {
    const { late: rule = 'keep' } = this.#run.request;
    const keeps = new Uint8Array(rows.length);
    for (const [i, row] of rows.entries()) {
      const reason = this.#reasonFor(row);
      if (reason !== undefined && !this.#said.has(reason)) this.#say(row, reason, watermark);
      keeps[i] = Number(reason === undefined || (rule === 'keep' && reason !== 'foreign'));
    }
    return { kept: rows.filter((_, i) => keeps[i] === 1), aside: rows.filter((_, i) => keeps[i] === 0) };
  }

  /** @returns whether more are wanted */
  take({ kept, aside }: Judged): boolean {
    for (const rows of [kept, aside]) {
      for (const row of rows) {
        this.#run.countsOf(this.#memory.source[row]).late++;
        this.#memory.flags[row] |= LATE;
      }
    }
    for (const row of aside) this.#setAside(row);
    return kept.length === 0 || this.#thinning.write(kept, kept.length);
  }

  /** Undefined for what finds its place in a slot. */
  #reasonFor(row: number): Reason | undefined {
    if (this.#publication === undefined) return 'late';
    const instant = instantOfRow(this.#memory, row);
    if (this.#publication.isForeign(instant)) return 'foreign';
    return this.#publication.isFinal(instant) ? 'final' : undefined;
  }

  #setAside(row: number): void {
    this.#run.countsOf(this.#memory.source[row]).rejected++;
    this.#run.setAside();
    this.#thinning.channels.late?.writeRow(row);
  }

  #say(row: number, reason: Reason, watermark: Instant): void {
    const { late } = this.#run.request;
    const rule = late ?? 'keep';
    this.#said.add(reason);
    if (late === 'keep' && reason !== 'foreign') return;
    const { source, line } = this.#memory;
    const { label } = this.#plan.sources[source[row]];
    const instant = formatInstantShort(instantOfRow(this.#memory, row));
    const problem = {
      code: 'late',
      where: `${label}:${line[row]}`,
      what: `this record, of ${instant}, came when ${WHEN[reason](watermark)}`,
      hint: HINTS[reason][rule],
    } as const;
    if (rule === 'fail') throw new TsalignError(problem);
    this.#run.io.warn(problem);
  }
}

const WHEN: Readonly<Record<Reason, (watermark: Instant) => string>> = {
  late: (watermark) => `records ${upTo(watermark)} were written`,
  final: () => 'its slot was final',
  foreign: () => 'another run had written its slot',
};

const NOT_IN_IT =
  'set aside, like others that will come for such slots, which may hold them; --replace-slots writes them anew';

const HINTS = {
  late: {
    keep: 'written at once, out of order, like others that will be late; a longer --watermark-delay waits for them',
    reject: 'set aside, like others that will be late (--late reject)',
    fail: '--late keep writes it all the same, a longer --watermark-delay waits for it',
  },
  final: {
    keep: 'the slot is published again, as for others that will be late; --late keep says that this is right',
    reject: 'set aside, like others that will be late (--late reject)',
    fail: '--late keep publishes the slot again, a longer --allowed-lateness waits for it',
  },
  foreign: { keep: NOT_IN_IT, reject: NOT_IN_IT, fail: '--replace-slots writes that slot anew from the sources' },
} as const;

/** In the fewest digits: a watermark is often the last nanosecond before a round instant. */
function upTo(watermark: Instant): string {
  const [last, next] = [formatInstantShort(watermark), formatInstantShort(watermark + 1n)];
  return next.length < last.length ? `before ${next}` : `up to ${last}`;
}
