import type { Memory } from '../core/memory.ts';
import { firstDescent } from '../kernel/order.ts';
import { longestRecord } from '../kernel/tally.ts';
import type { BlockReader } from './block-reader.ts';

/** What reading a source once told about it. */
export interface OrderFacts {
  sorted: boolean;
  /** Bytes of the longest record. */
  longest: number;
}

/** Follows the blocks of a source. */
export class OrderCheck {
  readonly #memory: Memory;
  #high = -0x80000000;
  #low = 0;

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  /** Takes in memory.order[from, to), the next rows of the source. Returns the line of the first one out of order, if any. */
  take(from: number, to: number): number | undefined {
    if (from >= to) return undefined;
    const { keys, order, line } = this.#memory;
    const descent = firstDescent(this.#memory, from, to, this.#high, this.#low);
    const lastRow = order[to - 1] as number;
    this.#high = keys[2 * lastRow + 1] as number;
    this.#low = keys[2 * lastRow] as number;
    return descent < 0 ? undefined : line[order[descent] as number];
  }
}

/** Reads a source, without keeping anything, until it is known not to be sorted, or to its end. */
export async function checkOrder(memory: Memory, reader: BlockReader, pause: () => Promise<void>): Promise<OrderFacts> {
  const check = new OrderCheck(memory);
  let longest = 0;
  for (let count = await reader.next(); count > 0; count = await reader.next()) {
    if (check.take(reader.firstRow, reader.firstRow + count) !== undefined) return { sorted: false, longest };
    longest = Math.max(longest, longestRecord(memory, reader.firstRow, count));
    await pause();
  }
  return { sorted: true, longest };
}
