import type { Clock } from '../core/clock.ts';
import { formatCount } from '../core/count-text.ts';
import type { Problem } from '../core/problem.ts';
import { FileTail } from '../source/index.ts';
import type { Came } from './feed.ts';
import type { Followed } from './followed.ts';

/** So long it may take to read what stands in the sources when a run is told to stop: who stops services waits for ten seconds and more. */
const MOST_MS = 5000;

/** What a program has written into a pipe is here so soon. */
const PIPE_MS = 5;

/** What reading the rest needs of the run. */
interface Ending {
  clock: Clock;
  /** Whether there is room for it. */
  mayRead(followed: Followed): boolean;
  read(followed: Followed): Promise<Came>;
  /** All was read of it: its last record is over, and the others do not wait for more. */
  ended(followed: Followed): Promise<void>;
  /** Writes what nobody is waited for. */
  release(): Promise<void>;
}

/**
 * Reads what stands in the sources when a run is told to stop, to the end of each as it is met: who goes on writing does
 * not keep the run.
 * @returns those for which there was no time
 */
export async function readRest(sources: readonly Followed[], ending: Ending): Promise<Followed[]> {
  const { clock } = ending;
  const until = clock.elapsed() + MOST_MS;
  let left = sources.filter(({ isOver }) => !isOver);
  while (left.length > 0 && clock.elapsed() < until) {
    if (left.some(({ isPipe }) => isPipe)) await clock.sleep(PIPE_MS);
    const more: Followed[] = [];
    for (const followed of left) if (!(await isRead(followed, ending))) more.push(followed);
    await ending.release();
    left = more;
  }
  return left;
}

async function isRead(followed: Followed, { mayRead, read, ended }: Ending): Promise<boolean> {
  if (!mayRead(followed)) return false;
  const came = await read(followed);
  // What brings less than there is room for is at its end; behind an old file comes the new one.
  const isAtEnd = came === 'nothing' || (came === 'all' && followed.parts.length === 1 && !followed.isPipe);
  if (isAtEnd || followed.isOver) await ended(followed);
  return isAtEnd || followed.isOver;
}

/** What of a source there was no time to read; undefined where all was. */
export function unreadOf({ label, parts }: Followed): Problem | undefined {
  const unread = parts.reduce((sum, { tail }) => sum + (tail instanceof FileTail ? tail.size - tail.offset : 0), 0);
  if (unread <= 0) return undefined;
  const what = `its last ${formatCount(unread)} bytes are not in the output: the run was told to stop, and reading them took too long`;
  return { code: 'truncated', where: label, what, hint: 'with --state the next run reads them' };
}
