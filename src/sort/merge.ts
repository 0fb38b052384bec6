import type { Memory } from '../core/memory.ts';
import { Merge } from '../kernel/merge.ts';

/** A sorted stream of blocks: the rows memory.order[firstRow, firstRow + next()), valid until the next call; 0 is the end. */
export interface MergeInput {
  readonly firstRow: number;
  next(): number | Promise<number>;
  close(): void | Promise<void>;
}

/** What becomes of merged rows. They are valid until it has answered; false: no more are wanted. */
export type TakeRows = (rows: Int32Array, count: number) => boolean | Promise<boolean>;

/** How many rows go to `take` at once: enough to forget the call, few enough to stay in the cache. */
const BATCH = 4096;

/**
 * Merges sorted inputs: by instant, then source, then the order of the inputs, which for runs of one source must be
 * the order in which they were read. Closes the inputs.
 * @param pause called now and then, so that signals, progress and limits get their turn.
 */
export async function mergeInputs(
  memory: Memory,
  inputs: readonly MergeInput[],
  take: TakeRows,
  pause: () => Promise<void>,
): Promise<void> {
  const merge = new Merge(memory, inputs.length, BATCH);
  try {
    await mergeOpen(merge, inputs, take, pause);
  } finally {
    merge.close();
    for (const input of inputs) await input.close();
  }
}

async function mergeOpen(
  merge: Merge,
  inputs: readonly MergeInput[],
  take: TakeRows,
  pause: () => Promise<void>,
): Promise<void> {
  for (const [c, input] of inputs.entries()) {
    const count = await input.next();
    if (count > 0) merge.add(c, input.firstRow, input.firstRow + count);
  }
  let wanted = true;
  while (merge.size > 0 && wanted) {
    wanted = await take(merge.picks, merge.take());
    const ended = merge.ended();
    if (ended >= 0 && wanted) {
      const input = inputs[ended];
      const more = await input.next();
      if (more > 0) merge.refill(input.firstRow, input.firstRow + more);
      else merge.remove();
    }
    await pause();
  }
}
