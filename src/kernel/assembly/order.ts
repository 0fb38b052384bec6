import { counts, keyOf, order, orderAt, spare } from './memory';

const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;
const SIGN: u64 = 1 << 63;

/** The first i in [from, to) whose row order[i] lies before the one that precedes it (at first: before `key`), or -1. */
export function firstDescent(from: u32, to: u32, key: i64): i32 {
  let last = key;
  for (let i = from; i < to; i++) {
    const next = keyOf(orderAt(i));
    if (next < last) return i;
    last = next;
  }
  return -1;
}

/**
 * Sorts order[from, to), row numbers, by the rows' keys. Stable: rows of one instant keep their order. A radix sort from
 * the lowest digit, 11 bits a pass, over the bits in which the keys differ at all: a day of nanoseconds takes five
 * passes. spare[from, to) is overwritten.
 */
export function sortRows(from: u32, to: u32): void {
  const differing = differingBits(from, to);
  let input = order;
  let output = spare;
  for (let shift: u32 = 0; shift < 64; shift += DIGIT_BITS) {
    if (((differing >> shift) & (DIGITS - 1)) === 0) continue;
    scatter(input, output, from, to, shift);
    const swapped = input;
    input = output;
    output = swapped;
  }
  if (input !== order)
    memory.copy(order + ((<usize>from) << 2), spare + ((<usize>from) << 2), (<usize>(to - from)) << 2);
}

/** The bits in which at least two of the keys differ. */
function differingBits(from: u32, to: u32): u64 {
  if (from >= to) return 0;
  const first = keyOf(orderAt(from));
  let differing: i64 = 0;
  for (let i = from + 1; i < to; i++) differing |= keyOf(orderAt(i)) ^ first;
  return <u64>differing;
}

/** One pass: moves input[from, to) to output by the digit at `shift`. The sign bit counts inverted: negative keys come first. */
function scatter(input: usize, output: usize, from: u32, to: u32, shift: u32): void {
  memory.fill(counts, 0, DIGITS << 2);
  for (let i = from; i < to; i++) {
    const counter = counterOf(load<u32>(input + ((<usize>i) << 2)), shift);
    store<u32>(counter, load<u32>(counter) + 1);
  }
  let next = from;
  for (let digit: usize = 0; digit < <usize>DIGITS; digit++) {
    const count = load<u32>(counts + (digit << 2));
    store<u32>(counts + (digit << 2), next);
    next += count;
  }
  for (let i = from; i < to; i++) {
    const row = load<u32>(input + ((<usize>i) << 2));
    const counter = counterOf(row, shift);
    const place = load<u32>(counter);
    store<u32>(counter, place + 1);
    store<u32>(output + ((<usize>place) << 2), row);
  }
}

/** Address of the counter of a row's digit. */
function counterOf(row: u32, shift: u32): usize {
  const digit = ((<u64>keyOf(row) ^ SIGN) >> shift) & (DIGITS - 1);
  return counts + ((<usize>digit) << 2);
}
