import {
  CURSOR_AT,
  CURSOR_BYTES,
  CURSOR_END,
  CURSOR_KEY,
  CURSOR_ROW,
  CURSOR_SOURCE,
  MERGE_CURSORS,
  MERGE_HEAP,
  MERGE_SIZE,
} from '../layout';
import { keyOf, orderAt, sourceOf } from './memory';

/** Puts cursor c on order[at, end), which must not be empty, and into the heap. */
export function addCursor(merge: usize, c: u32, at: u32, end: u32): void {
  const cursor = merge + MERGE_CURSORS + <usize>c * CURSOR_BYTES;
  const heap = <usize>load<u32>(merge, MERGE_HEAP);
  place(cursor, at, end);
  let child = load<u32>(merge, MERGE_SIZE);
  store<u32>(merge, child + 1, MERGE_SIZE);
  while (child > 0) {
    const parent = (child - 1) >> 1;
    const above = heapAt(heap, parent);
    if (!isBefore(cursor, above)) break;
    store<u32>(heap + ((<usize>child) << 2), above);
    child = parent;
  }
  store<u32>(heap + ((<usize>child) << 2), cursor);
}

/** Gives the top cursor, which came to its end, the next range of rows. */
export function refillTop(merge: usize, at: u32, end: u32): void {
  const top = heapAt(load<u32>(merge, MERGE_HEAP), 0);
  place(top, at, end);
  sink(merge, top);
}

/** Takes the top cursor, which came to its end, out of the heap. */
export function removeTop(merge: usize): void {
  const size = load<u32>(merge, MERGE_SIZE) - 1;
  store<u32>(merge, size, MERGE_SIZE);
  if (size > 0) sink(merge, heapAt(load<u32>(merge, MERGE_HEAP), size));
}

/** Number of the top cursor if it came to its end, or -1. */
export function endedTop(merge: usize): i32 {
  const top = heapAt(load<u32>(merge, MERGE_HEAP), 0);
  if (load<u32>(merge, MERGE_SIZE) === 0 || load<u32>(top, CURSOR_AT) !== load<u32>(top, CURSOR_END)) return -1;
  return <i32>((top - merge - MERGE_CURSORS) / CURSOR_BYTES);
}

/**
 * Takes rows in order to `picks`, until it has `limit` of them or the top cursor came to its end: then that must be
 * refilled or removed, after the picks were used, since they lie in its rows. Runs of one input are taken by comparing
 * with the runner-up only.
 */
export function mergeRows(merge: usize, picks: usize, limit: u32): u32 {
  const heap = <usize>load<u32>(merge, MERGE_HEAP);
  let count: u32 = 0;
  while (load<u32>(merge, MERGE_SIZE) > 0 && count < limit) {
    const cursor = heapAt(heap, 0);
    const rival = runnerUp(merge, heap);
    const rivalKey = rival === 0 ? i64.MAX_VALUE : load<i64>(rival, CURSOR_KEY);
    const end = load<u32>(cursor, CURSOR_END);
    let position = load<u32>(cursor, CURSOR_AT);
    const room = limit - count;
    const last = end - position < room ? end : position + room;
    let row = load<u32>(cursor, CURSOR_ROW);
    // The head is the least of all; what follows it is taken while it stays before the runner-up.
    for (;;) {
      store<u32>(picks + ((<usize>count) << 2), row);
      count++;
      if (++position === last) break;
      row = orderAt(position);
      const key = keyOf(row);
      if (key < rivalKey || rival === 0) continue;
      if (key > rivalKey || !winsTie(sourceOf(row), cursor, rival)) break;
    }
    store<u32>(cursor, position, CURSOR_AT);
    if (position === end) return count;
    place(cursor, position, end);
    sink(merge, cursor);
  }
  return count;
}

function heapAt(heap: usize, index: u32): usize {
  return load<u32>(heap + ((<usize>index) << 2));
}

function place(cursor: usize, at: u32, end: u32): void {
  const row = orderAt(at);
  store<u32>(cursor, at, CURSOR_AT);
  store<u32>(cursor, end, CURSOR_END);
  store<u32>(cursor, row, CURSOR_ROW);
  store<u32>(cursor, sourceOf(row), CURSOR_SOURCE);
  store<i64>(cursor, keyOf(row), CURSOR_KEY);
}

/** Whether the head of cursor a comes before that of b: by instant, then source, then what was read earlier. */
function isBefore(a: usize, b: usize): bool {
  const keyA = load<i64>(a, CURSOR_KEY);
  const keyB = load<i64>(b, CURSOR_KEY);
  return keyA === keyB ? winsTie(load<u32>(a, CURSOR_SOURCE), a, b) : keyA < keyB;
}

/** Whether a row of this source and of cursor a comes before the head of cursor b, of the same instant. */
function winsTie(source: u32, a: usize, b: usize): bool {
  const other = load<u32>(b, CURSOR_SOURCE);
  return source === other ? a < b : source < other;
}

/** Lets a cursor sink from the top of the heap to its place. */
function sink(merge: usize, cursor: usize): void {
  const heap = <usize>load<u32>(merge, MERGE_HEAP);
  const size = load<u32>(merge, MERGE_SIZE);
  let parent: u32 = 0;
  for (;;) {
    let child: u32 = 2 * parent + 1;
    if (child >= size) break;
    let below = heapAt(heap, child);
    if (child + 1 < size) {
      const right = heapAt(heap, child + 1);
      if (isBefore(right, below)) {
        below = right;
        child++;
      }
    }
    if (!isBefore(below, cursor)) break;
    store<u32>(heap + ((<usize>parent) << 2), below);
    parent = child;
  }
  store<u32>(heap + ((<usize>parent) << 2), cursor);
}

/** The second least cursor: the lesser child of the heap's top, or 0. */
function runnerUp(merge: usize, heap: usize): usize {
  const size = load<u32>(merge, MERGE_SIZE);
  if (size < 2) return 0;
  const left = heapAt(heap, 1);
  if (size < 3) return left;
  const right = heapAt(heap, 2);
  return isBefore(right, left) ? right : left;
}
