import { type Problem, TsalignError } from '../core/problem.ts';
import type { ByteStream } from '../core/stages.ts';
import type { SourcePlan } from '../plan.ts';
import type { MergeInput } from '../sort/index.ts';

/** The bytes [from, to) of a source's text: what is read of a source in which the rest need not be. */
export interface SourcePart {
  from: number;
  to: number;
  open(): ByteStream;
  /** The same problem with the line of the file, where it was told that of the part. */
  located(problem: Problem): Problem;
}

const LF = 10;
const COUNTED_BYTES = 1024 * 1024;

export function partOf({ open: { label, text } }: SourcePlan, from: number, to: number): SourcePart {
  const open = (start: number, end: number): ByteStream => (text as NonNullable<typeof text>).open(start, end);
  let before: number | undefined;
  return {
    from,
    to,
    open: () => open(from, to),
    located(problem) {
      const { where = '' } = problem;
      const line = where.startsWith(`${label}:`) ? Number(where.slice(label.length + 1)) : Number.NaN;
      if (!(line > 0)) return problem;
      // Only here, since it takes reading all that was skipped.
      before ??= linesIn(open(0, from));
      return { ...problem, where: `${label}:${before + line}` };
    },
  };
}

function linesIn(stream: ByteStream): number {
  const bytes = Buffer.alloc(COUNTED_BYTES);
  let lines = 0;
  for (let count = stream.read(bytes, 0, COUNTED_BYTES); count !== 0; count = stream.read(bytes, 0, COUNTED_BYTES)) {
    const read = bytes.subarray(0, count as number);
    for (let at = read.indexOf(LF); at >= 0; at = read.indexOf(LF, at + 1)) lines++;
  }
  return lines;
}

/** An input whose errors name the lines of the file. */
export function locatedInput(input: MergeInput, part: SourcePart): MergeInput {
  return {
    firstRow: input.firstRow,
    async next() {
      try {
        return await input.next();
      } catch (error) {
        throw error instanceof TsalignError ? new TsalignError(part.located(error.problem)) : error;
      }
    },
    close: () => input.close(),
  };
}
