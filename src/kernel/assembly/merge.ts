import {
  CURSOR_AT,
  CURSOR_BYTES,
  CURSOR_END,
  CURSOR_KEY,
  CURSOR_RANK,
  CURSOR_ROW,
  LAST_RANK,
  MERGE_CURSORS,
  MERGE_ENDED,
  MERGE_LEAVES,
  MERGE_SIZE,
  MERGE_STALE,
  MERGE_TREE,
} from '../layout';
import { keyOf, orderAt, sourceOf } from './memory';

/** Makes all cursors empty. */
export function openMerge(merge: usize, leaves: u32, tree: usize): void {
  store<u32>(merge, 0, MERGE_SIZE);
  store<u32>(merge, leaves, MERGE_LEAVES);
  store<u32>(merge, 0, MERGE_ENDED);
  store<u32>(merge, 1, MERGE_STALE);
  store<u32>(merge, tree, MERGE_TREE);
  for (let c: u32 = 0; c < leaves; c++) empty(cursorAt(merge, c));
}

/** Puts cursor c on order[at, end), which must not be empty. To be called before anything is taken. */
export function addCursor(merge: usize, c: u32, at: u32, end: u32): void {
  place(cursorAt(merge, c), at, end);
  store<u32>(merge, load<u32>(merge, MERGE_SIZE) + 1, MERGE_SIZE);
}

/** Gives the cursor that came to its end the next range of rows. */
export function refillCursor(merge: usize, at: u32, end: u32): void {
  const ended = <usize>load<u32>(merge, MERGE_ENDED);
  place(ended, at, end);
  store<u32>(merge, 0, MERGE_ENDED);
  replay(merge, ended);
}

/** Leaves out the cursor that came to its end. */
export function removeCursor(merge: usize): void {
  const ended = <usize>load<u32>(merge, MERGE_ENDED);
  empty(ended);
  store<u32>(merge, 0, MERGE_ENDED);
  store<u32>(merge, load<u32>(merge, MERGE_SIZE) - 1, MERGE_SIZE);
  replay(merge, ended);
}

/** Number of the cursor that came to its end, or -1. */
export function endedCursor(merge: usize): i32 {
  const ended = <usize>load<u32>(merge, MERGE_ENDED);
  return ended === 0 ? -1 : <i32>((ended - merge - MERGE_CURSORS) / CURSOR_BYTES);
}

/**
 * Takes rows in order to `picks`, until it has `limit` of them or a cursor came to its end: then that must be refilled or
 * removed, after the picks were used, since they lie in its rows.
 */
export function mergeRows(merge: usize, picks: usize, limit: u32): u32 {
  if (load<u32>(merge, MERGE_STALE) !== 0) play(merge);
  if (load<u32>(merge, MERGE_SIZE) === 0) return 0;
  const tree = <usize>load<u32>(merge, MERGE_TREE);
  let count: u32 = 0;
  while (count < limit) {
    const winner = <usize>load<u32>(tree);
    store<u32>(picks + ((<usize>count) << 2), load<u32>(winner, CURSOR_ROW));
    count++;
    const next = load<u32>(winner, CURSOR_AT) + 1;
    const end = load<u32>(winner, CURSOR_END);
    if (next === end) {
      store<u32>(merge, winner, MERGE_ENDED);
      break;
    }
    place(winner, next, end);
    replay(merge, winner);
  }
  return count;
}

function cursorAt(merge: usize, c: u32): usize {
  return merge + MERGE_CURSORS + <usize>c * CURSOR_BYTES;
}

function place(cursor: usize, at: u32, end: u32): void {
  const row = orderAt(at);
  store<u32>(cursor, at, CURSOR_AT);
  store<u32>(cursor, end, CURSOR_END);
  store<u32>(cursor, row, CURSOR_ROW);
  store<u32>(cursor, sourceOf(row), CURSOR_RANK);
  store<i64>(cursor, keyOf(row), CURSOR_KEY);
}

function empty(cursor: usize): void {
  store<u32>(cursor, LAST_RANK, CURSOR_RANK);
  store<i64>(cursor, i64.MAX_VALUE, CURSOR_KEY);
}

/** Whether the head of cursor a comes before that of b: by instant, then source, then what was read earlier. */
function isBefore(a: usize, b: usize): bool {
  const keyA = load<i64>(a, CURSOR_KEY);
  const keyB = load<i64>(b, CURSOR_KEY);
  return keyA === keyB ? winsTie(a, b) : keyA < keyB;
}

function winsTie(a: usize, b: usize): bool {
  const rankA = load<u32>(a, CURSOR_RANK);
  const rankB = load<u32>(b, CURSOR_RANK);
  return rankA === rankB ? a < b : rankA < rankB;
}

/** Plays the whole tournament: each node keeps its loser, the winner goes on. */
function play(merge: usize): void {
  const leaves = load<u32>(merge, MERGE_LEAVES);
  const tree = <usize>load<u32>(merge, MERGE_TREE);
  const winners = tree + ((<usize>leaves) << 2);
  for (let node = leaves - 1; node > 0; node--) {
    const left = winnerOf(merge, winners, 2 * node, leaves);
    const right = winnerOf(merge, winners, 2 * node + 1, leaves);
    const first = isBefore(left, right);
    store<u32>(winners + ((<usize>node) << 2), first ? left : right);
    store<u32>(tree + ((<usize>node) << 2), first ? right : left);
  }
  store<u32>(tree, winnerOf(merge, winners, 1, leaves));
  store<u32>(merge, 0, MERGE_STALE);
}

function winnerOf(merge: usize, winners: usize, node: u32, leaves: u32): usize {
  return node < leaves ? <usize>load<u32>(winners + ((<usize>node) << 2)) : cursorAt(merge, node - leaves);
}

/**
 * Plays the games again that the head of a cursor, the last winner, decides. Without branches, for no processor could
 * guess them: of four random inputs a row takes half the time that it takes with a heap.
 */
function replay(merge: usize, cursor: usize): void {
  const tree = <usize>load<u32>(merge, MERGE_TREE);
  let winner = cursor;
  let key = load<i64>(cursor, CURSOR_KEY);
  let node = (load<u32>(merge, MERGE_LEAVES) + <u32>((cursor - merge - MERGE_CURSORS) / CURSOR_BYTES)) >> 1;
  while (node > 0) {
    const at = tree + ((<usize>node) << 2);
    const rival = <usize>load<u32>(at);
    const rivalKey = load<i64>(rival, CURSOR_KEY);
    const loses = rivalKey === key ? winsTie(rival, winner) : rivalKey < key;
    store<u32>(at, <u32>select<usize>(winner, rival, loses));
    winner = select<usize>(rival, winner, loses);
    key = select<i64>(rivalKey, key, loses);
    node >>= 1;
  }
  store<u32>(tree, winner);
}
