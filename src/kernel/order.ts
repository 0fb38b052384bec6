import type { Memory } from '../core/memory.ts';

/**
 * The first i in [from, to) whose row memory.order[i] lies before the row that precedes it (for i = from: before the key
 * given), or -1 where the range is in order.
 */
export function firstDescent(memory: Memory, from: number, to: number, high: number, low: number): number {
  const { keys, order } = memory;
  let lastHigh = high;
  let lastLow = low >>> 0;
  for (let i = from; i < to; i++) {
    const row = order[i] as number;
    const nextHigh = keys[2 * row + 1] as number;
    const nextLow = (keys[2 * row] as number) >>> 0;
    if (nextHigh < lastHigh || (nextHigh === lastHigh && nextLow < lastLow)) return i;
    lastHigh = nextHigh;
    lastLow = nextLow;
  }
  return -1;
}
