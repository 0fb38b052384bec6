import type { Memory } from '../core/memory.ts';
import { type Problem, TsalignError, type Warn } from '../core/problem.ts';
import type { ByteStream } from '../core/stages.ts';
import type { CountingFramer } from '../input/index.ts';
import { tooLarge } from '../sort/index.ts';
import type { Run } from './run.ts';
import { UpToTooLong } from './up-to-too-long.ts';

/** What happens to a file, not what is wrong with the run or the machine. */
const OF_THE_SOURCE: readonly Problem['code'][] = ['truncated', 'unreadable'];

/** What is done with a source that ends before its end. */
const WHAT_STANDS_BEFORE = 'what stands before that was read (--keep-going)';

/** A stream that ends, with a warning, where its source can be read no further (--keep-going). */
export function endingAtTrouble(stream: ByteStream, warn: Warn): ByteStream {
  let ended = false;
  const end = (error: unknown): number => {
    if (!(error instanceof TsalignError) || !OF_THE_SOURCE.includes(error.problem.code)) throw error;
    ended = true;
    warn({ ...error.problem, hint: WHAT_STANDS_BEFORE });
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

/** A framer that ends, with a warning, before a record that is too long. Later passes over the source end there without looking. */
export function endingBeforeTooLong(
  run: Run,
  framer: CountingFramer,
  memory: Memory,
  source: { index: number; label: string; recordLimit: number },
): CountingFramer {
  return new UpToTooLong(framer, memory, source.recordLimit, (line, offset) => {
    run.ends[source.index] = offset;
    run.setAside();
    run.io.warn({ ...tooLarge(source, line).problem, hint: WHAT_STANDS_BEFORE });
  });
}

/**
 * A framer that ends before a record that is too long, so that later passes over what stands in a source do: who follows it
 * reads on there, and says so.
 * @param before bytes of the text before those that it frames
 */
export function notingTooLong(
  run: Run,
  framer: CountingFramer,
  memory: Memory,
  { index, recordLimit, before }: { index: number; recordLimit: number; before: number },
): CountingFramer {
  return new UpToTooLong(framer, memory, recordLimit, (_, offset) => {
    run.ends[index] = before + offset;
  });
}

/** The first bytes of a stream; all of it without an end. */
export function endingAt(stream: ByteStream, end: number | undefined): ByteStream {
  if (end === undefined) return stream;
  let rest = end;
  const took = (count: number): number => {
    rest -= count;
    return count;
  };
  return {
    read(bytes, offset, length) {
      if (rest === 0) return 0;
      const count = stream.read(bytes, offset, Math.min(length, rest));
      return typeof count === 'number' ? took(count) : count.then(took);
    },
    close: () => stream.close(),
  };
}
