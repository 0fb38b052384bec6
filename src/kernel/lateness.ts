import { MIN_INSTANT } from '../core/instant.ts';
import type { Memory } from '../core/memory.ts';
import { kernelOf } from './kernel.ts';
import { LATE_HIGHEST, LATE_LONGEST, LATE_MOST_BYTES, LATE_MOST_ROWS, LATE_RING, LATE_STRUCT } from './layout.ts';

/** How far behind its place a record comes: so many bytes (line ends included) and rows were read since it was due. */
export interface Late {
  bytes: number;
  rows: number;
}

/** Follows the rows of a source and tells how late they are. */
export class Lateness {
  private readonly memory: Memory;
  private readonly at: number;
  private readonly view: DataView;

  constructor(memory: Memory) {
    this.memory = memory;
    this.at = memory.work.take(LATE_STRUCT);
    new Uint8Array(memory.wasm.buffer, this.at, LATE_RING).fill(0);
    this.view = new DataView(memory.wasm.buffer, this.at, LATE_RING);
    this.view.setBigInt64(LATE_HIGHEST, MIN_INSTANT, true);
  }

  /** Takes in memory.order[from, to), the next rows of the source. False where one is too late to tell by how much. */
  take(from: number, to: number): boolean {
    return kernelOf(this.memory).followRows(this.at, from, to, 1) === 0;
  }

  /** The same where it is known how late they may be. */
  pass(from: number, to: number): void {
    kernelOf(this.memory).followRows(this.at, from, to, 0);
  }

  /** The greatest so far, upper limits; zeros where all is in order. */
  get most(): Late {
    return {
      bytes: this.view.getFloat64(LATE_MOST_BYTES, true),
      rows: this.view.getFloat64(LATE_MOST_ROWS, true),
    };
  }

  /** Bytes of the longest record, as far as all rows were taken in. */
  get longest(): number {
    return this.view.getUint32(LATE_LONGEST, true);
  }

  /**
   * How many of memory.order[from, to), sorted rows, can no longer be preceded by what is still to come, if that is late by
   * `late` at most.
   */
  settled(from: number, to: number, late: Late): number {
    return kernelOf(this.memory).countSettled(this.at, from, to, late.bytes, late.rows);
  }

  close(): void {
    this.memory.work.give(this.at, LATE_STRUCT);
  }
}
