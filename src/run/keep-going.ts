import { type Problem, TsalignError, type Warn } from '../core/problem.ts';
import type { ByteStream } from '../core/stages.ts';

/** What happens to a file, not what is wrong with the run or the machine. */
const OF_THE_SOURCE: readonly Problem['code'][] = ['truncated', 'unreadable'];

/** A stream that ends, with a warning, where its source can be read no further (--keep-going). */
export function endingAtTrouble(stream: ByteStream, warn: Warn): ByteStream {
  let ended = false;
  const end = (error: unknown): number => {
    if (!(error instanceof TsalignError) || !OF_THE_SOURCE.includes(error.problem.code)) throw error;
    ended = true;
    warn({ ...error.problem, hint: 'what stands before that was read (--keep-going)' });
    return 0;
  };
  return {
    read(bytes, offset, length) {
      if (ended) return 0;
      try {
        const count = stream.read(bytes, offset, length);
        return typeof count === 'number' ? count : count.catch(end);
      } catch (error) {
        return end(error);
      }
    },
    close: () => stream.close(),
  };
}
