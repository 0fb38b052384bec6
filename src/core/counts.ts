/**
 * What became of the records of one source: plain counters that the stages raise and the run report proves. Every
 * record that was read is counted once more in exactly one of written, duplicates, rejected, outside, unmatched and
 * overLimit; `undated`, `broken` and `late` count some of them again, by what they were.
 */
export interface SourceCounts {
  /** Physical lines passed, and those of them that belong to no record (a CSV header, blank lines between rows). */
  lines: number;
  framingLines: number;
  /** Lines that the records hold: one each, and one more for every newline inside. */
  recordLines: number;
  records: number;
  written: number;
  duplicates: number;
  /** Set aside by --undated reject. */
  rejected: number;
  /** Before --since, or at and after --until. */
  outside: number;
  /** Not matched by --match. */
  unmatched: number;
  /** Behind the last record that --limit lets through. */
  overLimit: number;
  undated: number;
  broken: number;
  /** Older than what the output ended with. */
  late: number;
}

/** Counters at zero. */
export function zeroCounts(): SourceCounts {
  return {
    lines: 0,
    framingLines: 0,
    recordLines: 0,
    records: 0,
    written: 0,
    duplicates: 0,
    rejected: 0,
    outside: 0,
    unmatched: 0,
    overLimit: 0,
    undated: 0,
    broken: 0,
    late: 0,
  };
}

/** The counters of all sources together. */
export function totalCounts(counts: readonly SourceCounts[]): SourceCounts {
  const total = zeroCounts();
  for (const one of counts) {
    for (const name of Object.keys(total) as (keyof SourceCounts)[]) total[name] += one[name];
  }
  return total;
}
