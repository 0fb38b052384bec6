/** The closed list of what can go wrong. `--errors json` prints these words. */
export const PROBLEM_CODES = [
  'usage', // an option, value or combination that has no meaning
  'no-source', // nothing to read: missing file, folder without -r, glob without a match
  'unreadable', // a source cannot be opened or read
  'binary', // a source is not text
  'no-timestamp', // a source in which no instant was found
  'undated', // a record that is broken or cannot be dated
  'out-of-order', // --presorted was promised and does not hold
  'too-large', // one record, or the records of one instant, exceed what memory allows
  'truncated', // a source ended early or shrank while it was read
  'corrupt', // a compressed source is damaged
  'ambiguous', // the text does not decide: zone, year, day/month order
  'output', // the output cannot be written
  'disk-full', // no space for the output or for temporary runs
  'state', // the state of earlier runs does not fit this one, or cannot be read
  'locked', // another run has the lock
  'late', // records older than what the output ended with
  'note', // something done that the user may want to know; never changes the exit code, not even under --strict
] as const;

export type ProblemCode = (typeof PROBLEM_CODES)[number];

/** What happened, where, and the way out. Printed as `tsalign: where: what; hint`. */
export interface Problem {
  code: ProblemCode;
  /** What happened, a clause without a final dot. */
  what: string;
  /** A source label, `label:line`, an option or a path. */
  where?: string;
  /** What we did, or what to type. */
  hint?: string;
}

/** The sentence of a problem, without the program's name. */
export function sentence(problem: Problem): string {
  const { where, what, hint } = problem;
  return `${where === undefined ? '' : `${where}: `}${what}${hint === undefined ? '' : `; ${hint}`}`;
}

/** Names for one sentence: of many the first three, and how many more there are. */
export function namesFor(names: readonly string[]): string {
  return (names.length > 3 ? [...names.slice(0, 3), `and ${names.length - 3} more`] : names).join(', ');
}

/** The user's mistake or the world's: ends the run with exit 2 and one sentence. Our own mistakes crash with their stack. */
export class TsalignError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(sentence(problem));
    this.name = 'TsalignError';
    this.problem = problem;
  }
}

/** Whether that is what an error says. */
export const isProblem = (error: unknown, code: ProblemCode): error is TsalignError =>
  error instanceof TsalignError && error.problem.code === code;

/** Receives what does not end the run. The receiver counts, prints, and under --strict throws. */
export type Warn = (problem: Problem) => void;

/** Runs `decide`; an error in it is said to be that of the option. */
export function atOption<T>(option: string, decide: () => T): T {
  try {
    return decide();
  } catch (error) {
    if (error instanceof TsalignError)
      throw new TsalignError({ ...error.problem, where: error.problem.where ?? option });
    throw error;
  }
}
