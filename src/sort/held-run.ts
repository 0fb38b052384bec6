import type { Memory } from '../core/memory.ts';
import type { MergeInput } from './merge.ts';
import { RunReader, type SortedRun } from './run.ts';

/** A sorted run that is read as far as an instant, and later further. */
export class HeldRun implements MergeInput {
  firstRow = 0;
  readonly #memory: Memory;
  readonly #reader: RunReader;
  /** Rows of the block at hand that were not given yet. */
  #at = 0;
  #end = 0;
  #isOver = false;
  #high = 0;
  #low = 0;

  constructor(memory: Memory, run: SortedRun) {
    this.#memory = memory;
    this.#reader = new RunReader(memory, run);
    this.#load();
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** The earliest row that was not given yet. */
  get head(): number {
    return this.#at;
  }

  /** Lets it be read up to the instant with this key. */
  allow(high: number, low: number): void {
    this.#high = high;
    this.#low = low;
  }

  next(): number {
    if (this.#at === this.#end) this.#load();
    this.firstRow = this.#at;
    this.#at = this.#firstAfter();
    return this.#at - this.firstRow;
  }

  /** One merge is over, the run perhaps not. */
  close(): void {
    if (this.#at === this.#end) this.#load();
  }

  release(): void {
    this.#reader.close();
  }

  #load(): void {
    if (this.#isOver) return;
    const count = this.#reader.next();
    this.#isOver = count === 0;
    this.#at = this.#reader.firstRow;
    this.#end = this.#at + count;
  }

  /** The first row of the block that lies after the instant allowed. */
  #firstAfter(): number {
    const { keys } = this.#memory;
    let from = this.#at;
    let to = this.#end;
    while (from < to) {
      const middle = (from + to) >> 1;
      const high = keys[2 * middle + 1];
      const isAfter = high > this.#high || (high === this.#high && keys[2 * middle] >>> 0 > this.#low >>> 0);
      if (isAfter) to = middle;
      else from = middle + 1;
    }
    return from;
  }
}
