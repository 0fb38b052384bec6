import type { Memory } from '../core/memory.ts';
import { type Kernel, kernelOf } from './kernel.ts';
import { CURSOR_BYTES, MERGE_CURSORS, MERGE_SIZE } from './layout.ts';

/** Of the tournament, for each leaf: a node, and room to play it. */
const TREE_BYTES = 8;

/**
 * The heads of the sorted inputs of a merge: cursor c stands in a range of memory.order. Cursors are numbered so that,
 * for records of one source, a lower cursor holds what was read earlier.
 */
export class Merge {
  /** The rows taken last, in order. They lie in the memory. */
  readonly picks: Int32Array;
  private readonly memory: Memory;
  private readonly kernel: Kernel;
  private readonly at: number;
  private readonly length: number;
  private readonly words: Int32Array;

  /**
   * @param count of cursors
   * @param batch how many rows are taken at once, at most
   * @throws TsalignError 'too-large' for many ten thousands of cursors
   */
  constructor(memory: Memory, count: number, batch: number) {
    const leaves = 2 ** Math.ceil(Math.log2(Math.max(1, count)));
    const tree = MERGE_CURSORS + leaves * CURSOR_BYTES;
    const picks = tree + leaves * TREE_BYTES;
    this.memory = memory;
    this.kernel = kernelOf(memory);
    this.length = (picks + batch * 4 + 7) & ~7;
    this.at = memory.work.take(this.length);
    this.words = new Int32Array(memory.wasm.buffer, this.at, MERGE_CURSORS >> 2);
    this.picks = new Int32Array(memory.wasm.buffer, this.at + picks, batch);
    this.kernel.openMerge(this.at, leaves, this.at + tree);
  }

  /** Cursors that are not at their end for good. */
  get size(): number {
    return this.words[MERGE_SIZE >> 2];
  }

  /** Puts cursor c on memory.order[at, end), which must not be empty. */
  add(c: number, at: number, end: number): void {
    this.kernel.addCursor(this.at, c, at, end);
  }

  /**
   * Takes rows in order into `picks`, until it is full or a cursor came to its end: then that must be refilled or
   * removed, after the picks were used, since they lie in its rows.
   * @returns how many rows were taken
   */
  take(): number {
    return this.kernel.mergeRows(this.at, this.picks.byteOffset, this.picks.length);
  }

  /** The cursor that came to its end, or -1. */
  ended(): number {
    return this.kernel.endedCursor(this.at);
  }

  /** Gives the cursor that came to its end the next range of rows. */
  refill(at: number, end: number): void {
    this.kernel.refillCursor(this.at, at, end);
  }

  /** Leaves out the cursor that came to its end. */
  remove(): void {
    this.kernel.removeCursor(this.at);
  }

  close(): void {
    this.memory.work.give(this.at, this.length);
  }
}
