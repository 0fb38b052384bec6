const LF: u8 = 10;

// Bits of the flags column, as in core/memory.ts.
export const UNDATED = 1;
export const CONTINUED = 2;
export const MULTILINE = 8;

// Addresses of the columns (see Memory), each of them given once.
export let keys: usize = 0;
export let starts: usize = 0;
export let ends: usize = 0;
export let sources: usize = 0;
export let lines: usize = 0;
export let stampAts: usize = 0;
export let stampLengths: usize = 0;
export let flagBytes: usize = 0;
export let order: usize = 0;
export let spare: usize = 0;
export let counts: usize = 0;

/** Takes the addresses of the columns, in the order of Memory, and of the radix sort's counters. */
export function setup(
  keysAt: usize,
  startAt: usize,
  endAt: usize,
  sourceAt: usize,
  lineAt: usize,
  stampAtAt: usize,
  stampLengthAt: usize,
  flagsAt: usize,
  orderAt: usize,
  spareAt: usize,
  countsAt: usize,
): void {
  keys = keysAt;
  starts = startAt;
  ends = endAt;
  sources = sourceAt;
  lines = lineAt;
  stampAts = stampAtAt;
  stampLengths = stampLengthAt;
  flagBytes = flagsAt;
  order = orderAt;
  spare = spareAt;
  counts = countsAt;
}

export function keyOf(row: u32): i64 {
  return load<i64>(keys + ((<usize>row) << 3));
}

export function startOf(row: u32): usize {
  return load<u32>(starts + ((<usize>row) << 2));
}

export function endOf(row: u32): usize {
  return load<u32>(ends + ((<usize>row) << 2));
}

export function sourceOf(row: u32): u32 {
  return load<u32>(sources + ((<usize>row) << 2));
}

export function orderAt(index: u32): u32 {
  return load<u32>(order + ((<usize>index) << 2));
}

/** From here on memory.copy beats the loop. */
const LONG: usize = 768;

/**
 * Copies [from, from + length) to `to`, which must not overlap it from behind, 16 bytes at a time: up to 15 bytes more
 * are read and written.
 */
export function copyLoosely(to: usize, from: usize, length: usize): void {
  if (length > LONG) {
    memory.copy(to, from, length);
    return;
  }
  const stop = to + length;
  do {
    v128.store(to, v128.load(from));
    to += 16;
    from += 16;
  } while (to < stop);
}

/** Offset of the first `byte` in [from, to), or `to`. Looks at up to 63 bytes behind it. */
export function findByte(byte: u8, from: usize, to: usize): usize {
  const wanted = i8x16.splat(byte);
  let at = from;
  while (at < to) {
    const a = i8x16.eq(v128.load(at), wanted);
    const b = i8x16.eq(v128.load(at, 16), wanted);
    const c = i8x16.eq(v128.load(at, 32), wanted);
    const d = i8x16.eq(v128.load(at, 48), wanted);
    if (v128.any_true(v128.or(v128.or(a, b), v128.or(c, d)))) {
      const low: u64 = <u64>i8x16.bitmask(a) | ((<u64>i8x16.bitmask(b)) << 16);
      const high: u64 = <u64>i8x16.bitmask(c) | ((<u64>i8x16.bitmask(d)) << 16);
      const found = at + <usize>ctz<u64>(low | (high << 32));
      return found < to ? found : to;
    }
    at += 64;
  }
  return to;
}

/** A bit for each of the 64 bytes from `at` on that is this one. */
export function bitsOf(at: usize, byte: u8): u64 {
  const wanted = i8x16.splat(byte);
  const low =
    <u64>i8x16.bitmask(i8x16.eq(v128.load(at), wanted)) |
    ((<u64>i8x16.bitmask(i8x16.eq(v128.load(at, 16), wanted))) << 16);
  const high =
    <u64>i8x16.bitmask(i8x16.eq(v128.load(at, 32), wanted)) |
    ((<u64>i8x16.bitmask(i8x16.eq(v128.load(at, 48), wanted))) << 16);
  return low | (high << 32);
}

/** How many newlines the record of a row holds. Looks at up to 63 bytes behind it. */
export function countNewlines(row: u32): u32 {
  const end = endOf(row);
  let count: u32 = 0;
  for (let at = startOf(row); at < end; at += 64) {
    const bits = bitsOf(at, LF);
    count += <u32>popcnt<u64>(end - at < 64 ? bits & (((<u64>1) << (<u64>(end - at))) - 1) : bits);
  }
  return count;
}

/** Whether so many bytes are the same at both places. Looks at up to 16 behind them. */
export function isSame(one: usize, other: usize, length: usize): bool {
  let at: usize = 0;
  for (; at + 16 <= length; at += 16) if (differing(one + at, other + at) !== 0) return false;
  return (differing(one + at, other + at) & ((1 << (<i32>(length - at))) - 1)) === 0;
}

/** A bit for each of 16 bytes that differs. */
export function differing(one: usize, other: usize): i32 {
  return i8x16.bitmask(i8x16.ne(v128.load(one), v128.load(other)));
}

/** A bit for each byte up to which, it included, an odd number of bits is set. */
export function turned(bits: u64): u64 {
  let sum = bits;
  sum ^= sum << 1;
  sum ^= sum << 2;
  sum ^= sum << 4;
  sum ^= sum << 8;
  sum ^= sum << 16;
  return sum ^ (sum << 32);
}
