import { compareKeys, highWord, type Instant, lowWord } from '../core/instant.ts';
import { BROKEN, CONTINUED, type Memory, SLACK, UNDATED } from '../core/memory.ts';
import type { Plan } from '../plan.ts';
import { BYTES_PER_STREAM_ROW } from '../sort/index.ts';
import { partOf, type SourcePart } from './part.ts';
import { openPass } from './passes.ts';
import type { Run } from './run.ts';

/**
 * Bytes that are framed at a place to find a record there; where there is none, so many. What is then still unknown is
 * read: a part may be too wide, never too narrow.
 */
const PROBES = [65_536, 1_048_576] as const;

/** The record found at a place: the byte on which its first line begins, and its instant. */
interface Found {
  at: number;
  high: number;
  low: number;
}

/** The parts of these sources, named by index, in which the range lies, where the plan says that they are searched. */
export async function findParts(
  run: Run,
  plan: Plan,
  memory: Memory,
  indexes: readonly number[],
): Promise<ReadonlyMap<number, SourcePart>> {
  const parts = new Map<number, SourcePart>();
  for (const index of indexes) {
    const part = plan.sources[index]?.searched ? await findPart(run, plan, memory, index) : undefined;
    if (part !== undefined) parts.set(index, part);
  }
  return parts;
}

async function findPart(run: Run, plan: Plan, memory: Memory, index: number): Promise<SourcePart | undefined> {
  const { since, until } = plan.range;
  const source = plan.sources[index];
  const length = source.open.text?.length ?? 0;
  const look = (at: number) => recordBehind(run, plan, memory, index, at);
  const from = since === undefined ? 0 : await lastBefore(since, { from: 0, to: length }, look);
  const to =
    until === undefined || from === undefined ? length : await firstNotBefore(until, { from, to: length }, look);
  if (from === undefined || to === undefined) return undefined;
  run.skippedBytes[index] = from + length - to;
  return partOf(source, from, to);
}

/** Tells a record behind a place; undefined where none shows, 'unsure' where the file must be read in its order. */
type Look = (at: number) => Promise<Found | undefined | 'unsure'>;

interface Bounds {
  from: number;
  to: number;
}

/** The start of a record before the instant, close to the first that is not; the beginning where there is none. */
async function lastBefore(instant: Instant, bounds: Bounds, look: Look): Promise<number | undefined> {
  let known = bounds.from;
  for (let { from, to } = bounds; to - from > PROBES[0]; ) {
    const middle = Math.floor((from + to) / 2);
    const found = await look(middle);
    if (found === 'unsure') return undefined;
    if (found !== undefined && found.at < to && isBefore(found, instant)) {
      known = found.at;
      from = middle;
    } else {
      to = middle;
    }
  }
  return known;
}

/** The start of a record not before the instant, close to the first; the end where there is none. */
async function firstNotBefore(instant: Instant, bounds: Bounds, look: Look): Promise<number | undefined> {
  let known = bounds.to;
  for (let { from, to } = bounds; to - from > PROBES[0]; ) {
    const middle = Math.floor((from + to) / 2);
    const found = await look(middle);
    if (found === 'unsure') return undefined;
    if (found !== undefined && !isBefore(found, instant)) {
      known = Math.min(known, found.at);
      to = middle;
    } else {
      from = middle;
    }
  }
  return known;
}

const isBefore = ({ high, low }: Found, instant: Instant): boolean =>
  compareKeys(high, low, highWord(instant), lowWord(instant)) < 0;

async function recordBehind(
  run: Run,
  plan: Plan,
  memory: Memory,
  index: number,
  at: number,
): Promise<Found | undefined | 'unsure'> {
  const source = plan.sources[index];
  const length = source.open.text?.length ?? 0;
  for (const bytes of PROBES) {
    const found = await recordIn(run, plan, memory, index, partOf(source, at, Math.min(at + bytes, length)));
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * The first whole record in a part. Its first row may be the end of a record that begins before it, and its last may be
 * cut, so neither counts.
 */
async function recordIn(run: Run, plan: Plan, memory: Memory, index: number, part: SourcePart) {
  const { stream, framer, stamper } = openPass(run, plan, memory, index, 'look', { part });
  const length = part.to - part.from;
  const rowLimit = Math.ceil(length / BYTES_PER_STREAM_ROW) + 2;
  const offset = memory.regions.take(length + SLACK);
  const firstRow = memory.rows.take(rowLimit);
  try {
    const read = await stream.read(memory.bytes, offset, length);
    framer.frame(offset, offset + read, true, firstRow, rowLimit);
    // A zone named in the text had this hour twice: which of the two it is, only what stands before can tell.
    if (stamper.counters.repeated > 0) return 'unsure';
    for (let row = firstRow + 1; row < firstRow + framer.rows - 1; row++) {
      if ((memory.flags[row] & (UNDATED | BROKEN | CONTINUED)) !== 0) continue;
      const at = part.from + memory.start[row] - offset;
      return { at, high: memory.keys[2 * row + 1], low: memory.keys[2 * row] };
    }
    return undefined;
  } finally {
    memory.regions.give(offset, length + SLACK);
    memory.rows.give(firstRow, rowLimit);
    await stream.close();
  }
}
