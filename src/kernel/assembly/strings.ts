import { STATE_STOPS, STOPS_AHEAD } from '../layout';
import { counts } from './memory';

const QUOTE: u8 = 34;
const BACKSLASH: u8 = 92;

/** Whether the string read last holds an escape. */
export let sawEscape = false;

/**
 * A bit for each byte of [base, covered): whether it ends or interrupts a string: quotes, backslashes, control bytes. They
 * are looked for in thousands of bytes ahead: no processor guesses in which 64 bytes a string ends.
 */
let base: usize = 0;
let covered: usize = 0;
/** How many bytes are looked at next: few at first, for it may be that all of them are gone after a record. */
let ahead: usize = 0;
const FIRST_AHEAD: usize = 256;

/** Forgets what was seen: bytes may have changed since. */
export function seekStrings(at: usize): void {
  base = at;
  covered = at;
  ahead = FIRST_AHEAD;
}

/** Address of the quote that closes the string whose text begins at `from`, or 0. Looks at up to 63 bytes behind `end`. */
export function stringEnd(from: usize, end: usize): usize {
  sawEscape = false;
  let p = nextStop(from, end);
  while (p < end) {
    const byte = load<u8>(p);
    if (byte === QUOTE) return p;
    const after = byte === BACKSLASH ? escapeEnd(p, end) : 0;
    if (after === 0) return 0;
    sawEscape = true;
    p = nextStop(after, end);
  }
  return 0;
}

/** The same, for many strings that are no longer than some dozens of bytes and hold no escape: a third of the time. */
export function shortStringEnd(from: usize, end: usize): usize {
  if (from - base >= covered - base) cover(from, end);
  const seen = from - base;
  const rest = load<u64>(counts + (seen >> 3), STATE_STOPS) >> <u64>(seen & 7);
  if (rest === 0) return stringEnd(from, end);
  const p = from + <usize>ctz<u64>(rest);
  if (load<u8>(p) !== QUOTE) return stringEnd(from, end);
  sawEscape = false;
  return p;
}

/** The first stop at or behind `from`; where there is none before `end`, something at or behind that. */
function nextStop(from: usize, end: usize): usize {
  let p = from;
  while (p < end) {
    if (p - base >= covered - base) cover(p, end);
    const seen = p - base;
    // At least 57 bits, wherever they begin.
    const rest = load<u64>(counts + (seen >> 3), STATE_STOPS) >> <u64>(seen & 7);
    if (rest !== 0) return p + <usize>ctz<u64>(rest);
    p += 64 - (seen & 7);
    if (p > covered) p = covered;
  }
  return p;
}

/** Looks for the stops of [from, end), or as many of them as are kept. */
function cover(from: usize, end: usize): void {
  const most = from + ahead;
  const stop = end < most ? end : most;
  let at = from;
  let place = counts + STATE_STOPS;
  for (; at < stop; at += 64) {
    store<u64>(place, stopsOf(at) | (stopsOf(at + 16) << 16) | (stopsOf(at + 32) << 32) | (stopsOf(at + 48) << 48));
    place += 8;
  }
  store<u64>(place, 0);
  base = from;
  covered = at;
  if (ahead < <usize>(STOPS_AHEAD << 3)) ahead <<= 1;
}

function stopsOf(at: usize): u64 {
  const text = v128.load(at);
  const special = v128.or(i8x16.eq(text, i8x16.splat(QUOTE)), i8x16.eq(text, i8x16.splat(BACKSLASH)));
  const controls = i8x16.eq(i8x16.min_u(text, i8x16.splat(31)), text);
  return <u64>(<u32>i8x16.bitmask(v128.or(special, controls)));
}

/** Address behind the escape at p, or 0 where it means nothing. */
function escapeEnd(p: usize, end: usize): usize {
  if (p + 1 >= end) return 0;
  const letter = load<u8>(p, 1);
  if (letter === 117) {
    if (p + 5 >= end) return 0;
    return isHex(load<u8>(p, 2)) && isHex(load<u8>(p, 3)) && isHex(load<u8>(p, 4)) && isHex(load<u8>(p, 5)) ? p + 6 : 0;
  }
  const known =
    letter === QUOTE ||
    letter === BACKSLASH ||
    letter === 47 ||
    letter === 98 ||
    letter === 102 ||
    letter === 110 ||
    letter === 114 ||
    letter === 116;
  return known ? p + 2 : 0;
}

function isHex(byte: u8): bool {
  return byte - 48 < 10 || (byte | 32) - 97 < 6;
}
