import { formatInstantShort, instantOf } from '../core/instant.ts';
import { LATE, type Memory } from '../core/memory.ts';
import { type Problem, TsalignError } from '../core/problem.ts';
import { firstNotBefore } from '../kernel/order.ts';
import type { Plan } from '../plan.ts';
import type { LateRule } from '../request.ts';
import type { EmitRows } from '../select/index.ts';
import type { Channels } from './channels.ts';
import type { Run } from './run.ts';

/** Passes records on to an output that earlier runs have written to, which ends with `last`. */
export interface LateStage {
  take: EmitRows;
  /** Key words of the latest record, of this run or an earlier one. */
  last: readonly [high: number, low: number] | undefined;
  /** Says how many were late, unless that was said when they came. */
  say(): void;
}

/**
 * Records older than what the output ended with cannot be put in their place any more. They come first of all, since
 * the merge is in order: they are written at once, set aside, or end the run.
 */
export function lateStage(run: Run, plan: Plan, memory: Memory, channels: Channels, emit: EmitRows): LateStage {
  const { late: asked, follow } = run.request;
  const rule = asked ?? 'keep';
  const isRight = asked === 'keep';
  const end = channels.last;
  let waiting = end !== undefined;
  let late = 0;
  let first: string | undefined;
  const setAside = (row: number): void => {
    run.countsOf(memory.source[row]).rejected++;
    run.setAside();
    channels.late?.writeRow(row);
  };
  const meetFirst = (row: number, ended: readonly [number, number]): string => {
    const where = `${plan.sources[memory.source[row]]?.label}:${memory.line[row]}`;
    if (rule === 'fail') throw new TsalignError(tooLate(where, ended, rule));
    // A run that follows may go on for months.
    if (follow && !isRight) run.io.warn(tooLate(where, ended, rule));
    return where;
  };
  const stage: LateStage = {
    last: end,
    take(rows, count) {
      const from = waiting && end !== undefined ? firstNotBefore(memory, rows, count, end[0], end[1]) : 0;
      if (from > 0) {
        first ??= meetFirst(rows[0], end as readonly [number, number]);
        late += from;
        for (let i = 0; i < from; i++) {
          const each = rows[i];
          run.countsOf(memory.source[each]).late++;
          memory.flags[each] |= LATE;
        }
        if (rule === 'reject') for (let i = 0; i < from; i++) setAside(rows[i]);
        else emit(rows, from);
      }
      if (from === count) return true;
      waiting = false;
      const row = rows[count - 1];
      stage.last = [memory.keys[2 * row + 1], memory.keys[2 * row]];
      return emit(from === 0 ? rows : rows.subarray(from), count - from);
    },
    say() {
      if (late === 0 || follow || isRight) return;
      const what = `${late} ${late === 1 ? 'record is' : 'records are'} older than what the output ended with`;
      const done =
        rule === 'keep' ? 'written all the same (--late keep says that this is right)' : 'set aside (--late reject)';
      run.io.warn({ code: 'late', where: first ?? '', what, hint: done });
    },
  };
  return stage;
}

const HINTS = {
  keep: 'written at once, out of order, like others that are (--late keep says that this is right)',
  reject: 'set aside, like others that are (--late reject)',
  fail: '--late keep writes it all the same, reject sets it aside',
} as const;

function tooLate(where: string, [high, low]: readonly [number, number], rule: LateRule): Problem {
  const ended = formatInstantShort(instantOf(high, low));
  const why = rule === 'fail' ? ' (--late fail)' : '';
  const what = `this record is older than ${ended}, with which the output ended${why}`;
  return { code: 'late', where, what, hint: HINTS[rule] };
}
