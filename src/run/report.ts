import { totalCounts } from '../core/counts.ts';
import { buildReport, headersLeftOut, type RunReport } from '../output/index.ts';
import { explainPlan } from '../plan/explain.ts';
import type { Plan } from '../plan.ts';
import type { MergeSummary } from '../request.ts';
import type { Run } from './run.ts';

/** The counts of all sources, as the summary line shows them. */
export function summaryOf(run: Run, plan: Plan): MergeSummary {
  const { records, written, duplicates, rejected, outside, unmatched, overLimit } = totalCounts(
    plan.sources.map((_, index) => run.countsOf(index)),
  );
  return { sources: plan.sources.length, records, written, duplicates, rejected, outside, unmatched, overLimit };
}

/** The run report. */
export function reportOf(run: Run, plan: Plan): RunReport {
  const { path, format } = plan.output;
  return buildReport({
    sources: plan.sources.map(({ label, path: source }, index) => ({
      label,
      path: source,
      counts: run.countsOf(index),
      stamps: run.stamps[index],
      skippedBytes: run.skippedBytes[index],
    })),
    warnings: run.warnings,
    output: {
      path: path ?? 'stdout',
      format,
      headersLeftOut: format === 'raw' ? headersLeftOut(plan.sources) : 0,
      ...(run.slots && { slots: { changes: run.slots.changes, untouched: run.slots.untouched } }),
    },
    plan: explainPlan(plan, run.request).trimEnd().split('\n'),
  });
}
