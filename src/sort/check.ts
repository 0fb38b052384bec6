import { type Instant, instantOf } from '../core/instant.ts';
import type { Memory } from '../core/memory.ts';
import { firstDescent } from '../kernel/order.ts';
import type { BlockReader } from './block-reader.ts';

/** What reading a source once told about its order. */
export interface OrderFacts {
  records: number;
  /** Line of the first record that lies before its predecessor; undefined: the source is sorted. */
  unsortedAt: number | undefined;
  first: Instant | undefined;
  last: Instant | undefined;
}

/** Follows the blocks of a source and tells whether they are in order. */
export class OrderCheck {
  readonly #memory: Memory;
  #high = -0x80000000;
  #low = 0;
  readonly facts: OrderFacts = { records: 0, unsortedAt: undefined, first: undefined, last: undefined };

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  /** Takes in memory.order[from, to), the next rows of the source. Returns the line of the first one out of order. */
  take(from: number, to: number): number | undefined {
    const { keys, order, line } = this.#memory;
    if (from >= to) return undefined;
    const descent = firstDescent(this.#memory, from, to, this.#high, this.#low);
    const lastRow = order[to - 1] as number;
    this.#high = keys[2 * lastRow + 1] as number;
    this.#low = keys[2 * lastRow] as number;
    this.facts.records += to - from;
    const firstRow = order[from] as number;
    this.facts.first ??= instantOf(keys[2 * firstRow + 1] as number, keys[2 * firstRow] as number);
    this.facts.last = instantOf(this.#high, this.#low);
    if (descent < 0) return undefined;
    const at = line[order[descent] as number] as number;
    this.facts.unsortedAt ??= at;
    return at;
  }
}

/** Reads a source, without keeping anything, until it is known not to be sorted, or to its end. */
export async function checkOrder(memory: Memory, reader: BlockReader, pause: () => Promise<void>): Promise<OrderFacts> {
  const check = new OrderCheck(memory);
  for (let count = await reader.next(); count > 0; count = await reader.next()) {
    if (check.take(reader.firstRow, reader.firstRow + count) !== undefined) break;
    await pause();
  }
  return check.facts;
}
