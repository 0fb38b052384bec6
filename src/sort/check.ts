import type { Memory } from '../core/memory.ts';
import { type Late, Lateness } from '../kernel/lateness.ts';
import { firstDescent } from '../kernel/order.ts';
import { type BlockReader, BYTES_PER_STREAM_ROW } from './block-reader.ts';

/** What reading a source once told about it. */
export interface OrderFacts {
  /** By how much its records are late: zeros where it is sorted, undefined where it is more than was asked for. */
  late: Late | undefined;
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
    const lastRow = order[to - 1];
    this.#high = keys[2 * lastRow + 1];
    this.#low = keys[2 * lastRow];
    return descent < 0 ? undefined : line[order[descent]];
  }
}

/**
 * Reads a source, without keeping anything, to its end, or until it is known to be out of order by more than a window can
 * mend.
 * @param mostLate bytes that a record may be late
 */
export async function checkOrder(
  memory: Memory,
  reader: BlockReader,
  mostLate: number,
  pause: () => Promise<void>,
): Promise<OrderFacts> {
  const lateness = new Lateness(memory);
  let late: Late | undefined = lateness.most;
  for (let count = await reader.next(); count > 0; count = await reader.next()) {
    const known = lateness.take(reader.firstRow, reader.firstRow + count);
    late = lateness.most;
    if (!known || Math.max(late.bytes, late.rows * BYTES_PER_STREAM_ROW) > mostLate) {
      late = undefined;
      break;
    }
    await pause();
  }
  const { longest } = lateness;
  lateness.close();
  return { late, longest };
}
