import type { Reading } from './accuracy-read.ts';

/** `unread`: the file is not text, or packed in a way that is not read. */
const VERDICTS = ['right', 'wrong', 'absent', 'unread'] as const;
export type Verdict = (typeof VERDICTS)[number];

export type Tally = Record<Verdict | 'silent', number>;

/** How many of the rows were right and so on; `silent` counts again those that were wrong without a warning. */
export const emptyTally = (): Tally => ({ right: 0, wrong: 0, absent: 0, unread: 0, silent: 0 });

export function count(tally: Tally, verdict: Verdict, warned: boolean): void {
  tally[verdict]++;
  if (verdict === 'wrong' && !warned) tally.silent++;
}

export function addTally(to: Tally, from: Tally): void {
  for (const name of Object.keys(to) as (keyof Tally)[]) to[name] += from[name];
}

export const rowsOf = (tally: Tally): number => VERDICTS.reduce((sum, name) => sum + tally[name], 0);

/** Rows right, of those whose file is read at all; 1 where there are none. */
export function shareRight(tally: Tally): number {
  const read = rowsOf(tally) - tally.unread;
  return read === 0 ? 1 : tally.right / read;
}

const INSTANT = /^(-?\d+-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d+))?(?:Z|\+00:00)?$/;

/** Seconds, and the fraction's digits without zeros at their end. */
function parts(instant: string): [seconds: string, fraction: string] | undefined {
  const match = INSTANT.exec(instant.trim());
  if (match === null) return undefined;
  return [`${match[1]}T${match[2]}`, (match[3] ?? '').replace(/0+$/, '')];
}

/** Whether two instants in RFC 3339, UTC, are the same at the coarser precision, but to the millisecond at least. */
export function isSameInstant(expected: string, actual: string): boolean {
  const [seconds, fraction] = parts(expected) ?? ['', ''];
  const [otherSeconds, otherFraction] = parts(actual) ?? ['?', ''];
  if (seconds !== otherSeconds) return false;
  if (fraction === otherFraction) return true;
  const digits = Math.max(3, otherFraction.length);
  return fraction.length > 3 && otherFraction === fraction.slice(0, digits).replace(/0+$/, '');
}

/**
 * The instant that a reading gives to the stamp on a line. Lines before the first stamp are in the first record, so its
 * instant is that of the first line of truth in it.
 */
export function instantAt(reading: Reading, line: number, isFirst: boolean): string | null {
  const own = reading.instants.get(line);
  if (own !== undefined) return own;
  return isFirst && line <= reading.firstLines ? (reading.instants.get(1) ?? null) : null;
}

export function verdictOf(expected: string, actual: string | null): Verdict {
  if (actual === null) return 'absent';
  return isSameInstant(expected, actual) ? 'right' : 'wrong';
}

/** The class of assumption of a row: its names without their values. */
export const classOf = (assume: string): string => assume.replace(/=[^;]*/g, '') || 'self-contained';
