import { secondsOf } from './finer.ts';

/** What the times of a member or a column tell by the order in which they stand. */

/** Different times of which chance orders one sample in 20,000, either way. */
const ORDERED = 8;

/** How often a time lies behind the one before it, and how often before it; undefined where one of the texts does not tell. */
function stepsOf(texts: readonly Uint8Array[]): { rises: number; falls: number } | undefined {
  const times = texts.map(secondsOf);
  if (times.some(Number.isNaN)) return undefined;
  const steps = times.slice(1).map((time, i) => time - (times[i] as number));
  return { rises: steps.filter((step) => step > 0).length, falls: steps.filter((step) => step < 0).length };
}

/** Whether times rise from record to record, or fall: enough different ones that chance does not order them. */
function areOrdered(texts: readonly Uint8Array[]): boolean {
  const steps = stepsOf(texts);
  return steps !== undefined && Math.min(steps.rises, steps.falls) === 0 && steps.rises + steps.falls >= ORDERED - 1;
}

/** Whether times rise and fall. */
function areMixed(texts: readonly Uint8Array[]): boolean {
  const steps = stepsOf(texts);
  return steps !== undefined && Math.min(steps.rises, steps.falls) > 0;
}

/**
 * Whether records stand in the order of when their things were changed last, and not in that of when these were made, of
 * each the text beside it: findings and incidents that are written again at each change. Nothing is changed before it is made.
 */
export function areInOrderOfChange(made: readonly Uint8Array[], changed: readonly Uint8Array[]): boolean {
  if (made.length !== changed.length || !areMixed(made) || !areOrdered(changed)) return false;
  return changed.every((text, i) => secondsOf(text) >= secondsOf(made[i] as Uint8Array));
}

/** What is sent on at once is of the same hour; seconds. */
const AT_MOST_SENT_AFTER = 3600;

/** Whether the others, one beside each of `texts`, are never after them, in some records before them, and not long. */
export function areSooner(texts: readonly Uint8Array[], others: readonly Uint8Array[]): boolean {
  if (texts.length === 0 || texts.length !== others.length) return false;
  const ahead = texts.map((text, i) => secondsOf(text) - secondsOf(others[i] as Uint8Array));
  return ahead.every((each) => each >= 0 && each < AT_MOST_SENT_AFTER) && ahead.some((each) => each > 0);
}
