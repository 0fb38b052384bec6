import type { Memory } from '../core/memory.ts';
import { type Kernel, kernelOf } from './kernel.ts';
import { CURSOR_BYTES, MERGE_CURSORS, MERGE_HEAP, MERGE_SIZE } from './layout.ts';

const HEAP_ENTRY = 4;

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
    const cursors = MERGE_CURSORS + count * CURSOR_BYTES;
    const heap = cursors + count * HEAP_ENTRY;
    this.memory = memory;
    this.kernel = kernelOf(memory);
    this.length = (heap + batch * 4 + 7) & ~7;
    this.at = memory.work.take(this.length);
    this.words = new Int32Array(memory.wasm.buffer, this.at, cursors >> 2);
    this.words[MERGE_SIZE >> 2] = 0;
    this.words[MERGE_HEAP >> 2] = this.at + cursors;
    this.picks = new Int32Array(memory.wasm.buffer, this.at + heap, batch);
  }

  /** Cursors that are not at their end for good. */
  get size(): number {
    return this.words[MERGE_SIZE >> 2] as number;
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
    return this.kernel.endedTop(this.at);
  }

  /** Gives the cursor that came to its end the next range of rows. */
  refill(at: number, end: number): void {
    this.kernel.refillTop(this.at, at, end);
  }

  /** Leaves out the cursor that came to its end. */
  remove(): void {
    this.kernel.removeTop(this.at);
  }

  close(): void {
    this.memory.work.give(this.at, this.length);
  }
}
