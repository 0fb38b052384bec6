import type { Memory } from '../core/memory.ts';

/**
 * The heads of the sorted inputs of a merge: cursor c stands at memory.order[at[c]] and has rows up to end[c]. Cursors
 * are numbered so that, for records of one source, a lower cursor holds what was read earlier.
 */
export interface Cursors {
  readonly at: Int32Array;
  readonly end: Int32Array;
  /** Key and source of each head. */
  readonly high: Int32Array;
  readonly low: Uint32Array;
  readonly source: Int32Array;
  /** Cursors that are not at their end, as a binary heap: the least head first. */
  readonly heap: Int32Array;
  size: number;
}

export function createCursors(count: number): Cursors {
  return {
    at: new Int32Array(count),
    end: new Int32Array(count),
    high: new Int32Array(count),
    low: new Uint32Array(count),
    source: new Int32Array(count),
    heap: new Int32Array(count),
    size: 0,
  };
}

/** Puts cursor c on memory.order[at, end), which must not be empty, and into the heap. */
export function addCursor(cursors: Cursors, memory: Memory, c: number, at: number, end: number): void {
  place(cursors, memory, c, at, end);
  let child = cursors.size++;
  while (child > 0) {
    const parent = (child - 1) >> 1;
    const above = cursors.heap[parent] as number;
    if (!before(cursors, c, above)) break;
    cursors.heap[child] = above;
    child = parent;
  }
  cursors.heap[child] = c;
}

/** Gives the top cursor, which came to its end, the next range of rows. */
export function refillTop(cursors: Cursors, memory: Memory, at: number, end: number): void {
  const c = cursors.heap[0] as number;
  place(cursors, memory, c, at, end);
  sink(cursors, c);
}

/** Takes the top cursor, which came to its end, out of the heap. */
export function removeTop(cursors: Cursors): void {
  cursors.size--;
  if (cursors.size > 0) sink(cursors, cursors.heap[cursors.size] as number);
}

function place(cursors: Cursors, memory: Memory, c: number, at: number, end: number): void {
  const row = memory.order[at] as number;
  cursors.at[c] = at;
  cursors.end[c] = end;
  cursors.high[c] = memory.keys[2 * row + 1] as number;
  cursors.low[c] = memory.keys[2 * row] as number;
  cursors.source[c] = memory.source[row] as number;
}

/** Whether the head of cursor a comes before that of b: by instant, then source, then what was read earlier. */
function before(cursors: Cursors, a: number, b: number): boolean {
  const { high, low, source } = cursors;
  const byHigh = (high[a] as number) - (high[b] as number);
  if (byHigh !== 0) return byHigh < 0;
  const byLow = (low[a] as number) - (low[b] as number);
  if (byLow !== 0) return byLow < 0;
  const bySource = (source[a] as number) - (source[b] as number);
  return bySource !== 0 ? bySource < 0 : a < b;
}

/** Lets cursor c sink from the top of the heap to its place. */
function sink(cursors: Cursors, c: number): void {
  const { heap, size } = cursors;
  let parent = 0;
  for (;;) {
    let child = 2 * parent + 1;
    if (child >= size) break;
    if (child + 1 < size && before(cursors, heap[child + 1] as number, heap[child] as number)) child++;
    const below = heap[child] as number;
    if (!before(cursors, below, c)) break;
    heap[parent] = below;
    parent = child;
  }
  heap[parent] = c;
}

/**
 * Takes rows in order into `picks`, until it is full or the top cursor came to its end (`at` = `end`): then that cursor
 * must be refilled or removed, after the picks were used, since they lie in its rows. Runs of one input are taken by
 * comparing with the runner-up only.
 * @returns how many rows were taken.
 */
export function mergeRows(cursors: Cursors, memory: Memory, picks: Int32Array): number {
  const { heap, at, end } = cursors;
  const { keys, order, source } = memory;
  let count = 0;
  while (cursors.size > 0 && count < picks.length) {
    const c = heap[0] as number;
    const rival = runnerUp(cursors);
    const rivalHigh = rival < 0 ? 0x7fffffff : (cursors.high[rival] as number);
    const rivalLow = rival < 0 ? 0xffffffff : (cursors.low[rival] as number);
    const rivalSource = rival < 0 ? 0x7fffffff : (cursors.source[rival] as number);
    const last = Math.min(end[c] as number, (at[c] as number) + picks.length - count);
    let position = at[c] as number;
    let high = 0;
    let low = 0;
    let from = 0;
    // The head is the least of all; what follows it is taken while it stays before the runner-up.
    do {
      picks[count++] = order[position++] as number;
      if (position === last) break;
      const row = order[position] as number;
      high = keys[2 * row + 1] as number;
      low = (keys[2 * row] as number) >>> 0;
      from = source[row] as number;
    } while (
      high < rivalHigh ||
      (high === rivalHigh &&
        (low < rivalLow || (low === rivalLow && (from < rivalSource || (from === rivalSource && c < rival)))))
    );
    at[c] = position;
    if (position === (end[c] as number)) return count;
    place(cursors, memory, c, position, end[c] as number);
    sink(cursors, c);
  }
  return count;
}

/** The second least cursor: the lesser child of the heap's top, or -1. */
function runnerUp(cursors: Cursors): number {
  const { heap, size } = cursors;
  if (size < 2) return -1;
  const left = heap[1] as number;
  if (size < 3) return left;
  const right = heap[2] as number;
  return before(cursors, right, left) ? right : left;
}
