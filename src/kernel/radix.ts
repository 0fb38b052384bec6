import type { Memory } from '../core/memory.ts';

const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;
const counts = new Int32Array(DIGITS);

/**
 * Sorts `memory.order[from, to)`, row numbers, by the rows' keys. Stable: rows of one instant keep their order. A radix
 * sort from the lowest digit, 11 bits a pass, over the bits in which the keys differ at all: a day of nanoseconds takes
 * five passes. `memory.spare[from, to)` is overwritten.
 */
export function sortRows(memory: Memory, from: number, to: number): void {
  const { keys } = memory;
  const differing = differingBits(memory, from, to);
  let input = memory.order;
  let output = memory.spare;
  for (let shift = 0; shift < 64; shift += DIGIT_BITS) {
    const mask = digitOf(differing.low, differing.high, shift);
    if (mask === 0) continue;
    scatter(keys, input, output, from, to, shift);
    [input, output] = [output, input];
  }
  if (input !== memory.order) memory.order.set(input.subarray(from, to), from);
}

/** The bits in which at least two of the keys differ. The sign bit is turned when it is read, see `digitOf`. */
function differingBits(memory: Memory, from: number, to: number): { low: number; high: number } {
  const { keys, order } = memory;
  if (from >= to) return { low: 0, high: 0 };
  const first = order[from] as number;
  const firstLow = keys[2 * first] as number;
  const firstHigh = keys[2 * first + 1] as number;
  let low = 0;
  let high = 0;
  for (let i = from + 1; i < to; i++) {
    const row = order[i] as number;
    low |= (keys[2 * row] as number) ^ firstLow;
    high |= (keys[2 * row + 1] as number) ^ firstHigh;
  }
  return { low, high };
}

/** Bits [shift, shift + 11) of a 64-bit value in two words. */
function digitOf(low: number, high: number, shift: number): number {
  if (shift >= 32) return (high >>> (shift - 32)) & (DIGITS - 1);
  const digit = low >>> shift;
  return (shift + DIGIT_BITS > 32 ? digit | (high << (32 - shift)) : digit) & (DIGITS - 1);
}

/** One pass: moves input[from, to) to output by the digit at `shift`. The sign bit counts inverted, so that negative keys come first. */
function scatter(
  keys: Int32Array,
  input: Int32Array,
  output: Int32Array,
  from: number,
  to: number,
  shift: number,
): void {
  const sign = shift + DIGIT_BITS >= 64 ? 1 << (63 - shift) : 0;
  counts.fill(0);
  for (let i = from; i < to; i++) {
    const row = input[i] as number;
    const digit = digitOf(keys[2 * row] as number, keys[2 * row + 1] as number, shift) ^ sign;
    counts[digit] = (counts[digit] as number) + 1;
  }
  let next = from;
  for (let digit = 0; digit < DIGITS; digit++) {
    const count = counts[digit] as number;
    counts[digit] = next;
    next += count;
  }
  for (let i = from; i < to; i++) {
    const row = input[i] as number;
    const digit = digitOf(keys[2 * row] as number, keys[2 * row + 1] as number, shift) ^ sign;
    const place = counts[digit] as number;
    counts[digit] = place + 1;
    output[place] = row;
  }
}
