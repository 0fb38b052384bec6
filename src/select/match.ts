import type { Memory } from '../core/memory.ts';
import { TsalignError } from '../core/problem.ts';
import type { RowFilter } from '../core/stages.ts';
import { keepRows } from './keep.ts';

/** Keeps the rows whose text, any line of it, matches; `unmatched` is told of each of the others. */
export function matching(memory: Memory, pattern: string | RegExp, unmatched: (row: number) => void): RowFilter {
  const expression = compileMatch(pattern);
  const { buffer, start, end } = memory;
  return keepRows(memory, (row) => {
    if (expression.test(buffer.toString('utf8', start[row], end[row]))) return true;
    unmatched(row);
    return false;
  });
}

/**
 * The expression of --match; `^` and `$` stand for the ends of each line, as in grep. `(?i)` before it: upper and lower case are the same, as in PCRE and rg.
 * @throws TsalignError 'usage'
 */
export function compileMatch(pattern: string | RegExp): RegExp {
  if (typeof pattern !== 'string') return pattern;
  const [, ignoreCase, rest] = /^(\(\?i\))?(.*)$/su.exec(pattern) as unknown as [string, string | undefined, string];
  try {
    return new RegExp(rest, ignoreCase === undefined ? 'mu' : 'imu');
  } catch (error) {
    const what = (error as Error).message.replace(/^Invalid regular expression: /, '');
    throw new TsalignError({ code: 'usage', where: '--match', what: `not a regular expression: ${what}` });
  }
}
