import type { Memory } from '../core/memory.ts';

/**
 * The heads of the sorted inputs of a merge: cursor c stands at memory.order[at[c]] and has rows up to end[c]. Cursors
 * are numbered so that, for records of one source, a lower cursor holds what was read earlier.
 */
export interface Cursors {
  readonly at: Int32Array;
  readonly end: Int32Array;
  /** Row of each head, and its key rounded to a double: unequal doubles tell the order, equal ones leave it to the key. */
  readonly row: Int32Array;
  readonly rough: Float64Array;
  /** Cursors that are not at their end, as a binary heap: the least head first. */
  readonly heap: Int32Array;
  size: number;
}

export function createCursors(count: number): Cursors {
  return {
    at: new Int32Array(count),
    end: new Int32Array(count),
    row: new Int32Array(count),
    rough: new Float64Array(count),
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
    if (!before(cursors, memory, c, above)) break;
    cursors.heap[child] = above;
    child = parent;
  }
  cursors.heap[child] = c;
}

/** Gives the top cursor, which came to its end, the next range of rows. */
export function refillTop(cursors: Cursors, memory: Memory, at: number, end: number): void {
  const c = cursors.heap[0] as number;
  place(cursors, memory, c, at, end);
  sink(cursors, memory, c);
}

/** Takes the top cursor, which came to its end, out of the heap. */
export function removeTop(cursors: Cursors, memory: Memory): void {
  cursors.size--;
  if (cursors.size > 0) sink(cursors, memory, cursors.heap[cursors.size] as number);
}

const TWO_32 = 4294967296;

function place(cursors: Cursors, memory: Memory, c: number, at: number, end: number): void {
  const row = memory.order[at] as number;
  cursors.at[c] = at;
  cursors.end[c] = end;
  cursors.row[c] = row;
  cursors.rough[c] = roughKey(memory.keys, row);
}

/** The key of a row as a double: off by at most 512 ns, and never in the wrong order with another. */
function roughKey(keys: Int32Array, row: number): number {
  return (keys[2 * row + 1] as number) * TWO_32 + ((keys[2 * row] as number) >>> 0);
}

/** Whether the head of cursor a comes before that of b. */
function before(cursors: Cursors, memory: Memory, a: number, b: number): boolean {
  const difference = (cursors.rough[a] as number) - (cursors.rough[b] as number);
  if (difference !== 0) return difference < 0;
  return isBefore(memory, cursors.row[a] as number, a, cursors.row[b] as number, b);
}

/** Whether row a of cursor aCursor comes before row b of cursor bCursor: by instant, then source, then what was read earlier. */
function isBefore(memory: Memory, a: number, aCursor: number, b: number, bCursor: number): boolean {
  const { keys, source } = memory;
  const byHigh = (keys[2 * a + 1] as number) - (keys[2 * b + 1] as number);
  if (byHigh !== 0) return byHigh < 0;
  const byLow = ((keys[2 * a] as number) >>> 0) - ((keys[2 * b] as number) >>> 0);
  if (byLow !== 0) return byLow < 0;
  const bySource = (source[a] as number) - (source[b] as number);
  return bySource !== 0 ? bySource < 0 : aCursor < bCursor;
}

/** Lets cursor c sink from the top of the heap to its place. */
function sink(cursors: Cursors, memory: Memory, c: number): void {
  const { heap, size } = cursors;
  let parent = 0;
  for (;;) {
    let child = 2 * parent + 1;
    if (child >= size) break;
    if (child + 1 < size && before(cursors, memory, heap[child + 1] as number, heap[child] as number)) child++;
    const below = heap[child] as number;
    if (!before(cursors, memory, below, c)) break;
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
  const { heap, at, end, rough, row } = cursors;
  const { keys, order } = memory;
  let count = 0;
  while (cursors.size > 0 && count < picks.length) {
    const c = heap[0] as number;
    const rival = runnerUp(cursors, memory);
    const rivalRough = rival < 0 ? Number.POSITIVE_INFINITY : (rough[rival] as number);
    const last = Math.min(end[c] as number, (at[c] as number) + picks.length - count);
    let position = at[c] as number;
    let next = row[c] as number;
    // The head is the least of all; what follows it is taken while it stays before the runner-up.
    for (;;) {
      picks[count++] = next;
      if (++position === last) break;
      next = order[position] as number;
      const key = roughKey(keys, next);
      if (key < rivalRough) continue;
      if (key > rivalRough || !isBefore(memory, next, c, row[rival] as number, rival)) break;
    }
    at[c] = position;
    if (position === (end[c] as number)) return count;
    place(cursors, memory, c, position, end[c] as number);
    sink(cursors, memory, c);
  }
  return count;
}

/** The second least cursor: the lesser child of the heap's top, or -1. */
function runnerUp(cursors: Cursors, memory: Memory): number {
  const { heap, size } = cursors;
  if (size < 2) return -1;
  const left = heap[1] as number;
  if (size < 3) return left;
  const right = heap[2] as number;
  return before(cursors, memory, right, left) ? right : left;
}
