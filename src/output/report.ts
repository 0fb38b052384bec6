import { type SourceCounts, totalCounts } from '../core/counts.ts';
import type { Problem } from '../core/problem.ts';

/** What the run knows of itself when it is over. */
export interface RunFacts {
  sources: readonly SourceFacts[];
  warnings: readonly Problem[];
  output: OutputFacts;
  /** Printable plain data: what --explain shows. */
  plan: unknown;
}

export interface SourceFacts {
  label: string;
  path: string;
  counts: SourceCounts;
  /** What dating met: local times moved out of a gap, repeated hours, stamps that were refused … */
  stamps?: Readonly<Record<string, number>> | undefined;
  /** Bytes that were not read, since a binary search found that their records lie outside the range. */
  skippedBytes?: number | undefined;
}

export interface OutputFacts {
  /** Path, or `stdout`. */
  path: string;
  format: string;
  /** CSV header lines that raw output left out. */
  headersLeftOut: number;
  /** With --split-by. */
  slots?: SlotsDone | undefined;
}

/** What a run has made of a slot. */
export interface SlotChange {
  slot: string;
  change: 'new' | 'changed' | 'same';
  records: number;
  /** Records before. */
  before?: number | undefined;
}

export interface SlotsDone {
  changes: readonly SlotChange[];
  /** Slots of the manifest into which no record fell. */
  untouched: readonly string[];
}

/** Why a report may be trusted: what was read and what became of it, added up apart from one another. */
export interface Proof {
  /** records = written + duplicates + rejected + outside + unmatched + overLimit */
  recordsAccountedFor: boolean;
  /** lines = recordLines + framingLines */
  linesAccountedFor: boolean;
}

/** The run report as `--report` writes it: plain data for JSON. */
export interface RunReport {
  /** Version of this layout; it rises when a field goes or changes its meaning. */
  report: 1;
  proof: Proof;
  totals: SourceCounts;
  sources: (SourceFacts & { proof: Proof })[];
  warnings: Problem[];
  output: OutputFacts;
  plan: unknown;
}

/** Puts the report together; its proof holds where that of every source holds. */
export function buildReport({ sources, warnings, output, plan }: RunFacts): RunReport {
  const proven = sources.map(({ label, path, counts, stamps, skippedBytes }) => ({
    label,
    path,
    counts: { ...counts },
    ...(stamps === undefined ? {} : { stamps }),
    ...(skippedBytes === undefined ? {} : { skippedBytes }),
    proof: prove(counts),
  }));
  return {
    report: 1,
    proof: {
      recordsAccountedFor: proven.every(({ proof }) => proof.recordsAccountedFor),
      linesAccountedFor: proven.every(({ proof }) => proof.linesAccountedFor),
    },
    totals: totalCounts(sources.map(({ counts }) => counts)),
    sources: proven,
    warnings: [...warnings],
    output,
    plan,
  };
}

/** Whether the counters of one source add up. */
export function prove(counts: SourceCounts): Proof {
  const { written, duplicates, rejected, outside, unmatched, overLimit } = counts;
  return {
    recordsAccountedFor: counts.records === written + duplicates + rejected + outside + unmatched + overLimit,
    linesAccountedFor: counts.lines === counts.recordLines + counts.framingLines,
  };
}
