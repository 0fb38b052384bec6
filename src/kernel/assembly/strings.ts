const QUOTE: u8 = 34;
const BACKSLASH: u8 = 92;

/** Whether the string read last holds an escape. */
export let sawEscape = false;

/** A bit for each of the 64 bytes from `base` on that ends or interrupts a string: quotes, backslashes, control bytes. */
let base: usize = 0;
let mask: u64 = 0;

/** Forgets what was seen: bytes may have changed since. */
export function seekStrings(at: usize): void {
  base = at - 64;
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

/** The first stop at or behind `from`; where there is none before `end`, something at or behind that. */
function nextStop(from: usize, end: usize): usize {
  const seen = from - base;
  let p = from;
  if (seen < 64) {
    const rest = mask >> <u64>seen;
    if (rest !== 0) return p + <usize>ctz<u64>(rest);
    p = base + 64;
  }
  for (; p < end; p += 64) {
    base = p;
    mask = stopsOf(p) | (stopsOf(p + 16) << 16) | (stopsOf(p + 32) << 32) | (stopsOf(p + 48) << 48);
    if (mask !== 0) return p + <usize>ctz<u64>(mask);
  }
  return p;
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
