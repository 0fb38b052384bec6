import { type Memory, UNDATED } from '../core/memory.ts';
import type { ContentTable } from './content-table.ts';
import { type DedupSettings, isFirst } from './copies.ts';
import { OverflowGroup, type RunStore } from './dedup-overflow.ts';

/**
 * Removes duplicates from rows that come in order: records of the same instant with the same bytes. Only the different
 * records of one instant are remembered; where they outgrow the table, the rest of that instant goes through runs on
 * disk (OverflowGroup), so that any number of records may share an instant.
 */
export class Dedup<Run> {
  readonly #memory: Memory;
  readonly #table: ContentTable;
  readonly #store: RunStore<Run>;
  readonly #settings: DedupSettings;
  #overflow: OverflowGroup<Run> | undefined;
  #high = 0;
  #low = 0;
  #started = false;

  constructor(memory: Memory, table: ContentTable, store: RunStore<Run>, settings: DedupSettings) {
    this.#memory = memory;
    this.#table = table;
    this.#store = store;
    this.#settings = settings;
  }

  /** Takes the next rows, and may reorder `rows`. Returns false when no more are wanted. */
  async take(rows: Int32Array, count: number): Promise<boolean> {
    let kept = 0;
    for (let i = 0; i < count; ) {
      const next = this.#groupEnd(rows, i, count);
      if (!this.#continues(rows[i])) {
        if (this.#overflow !== undefined) {
          if (!(await this.#drain(rows, kept))) return false;
          kept = 0;
        }
        this.#open(rows[i]);
        // An instant that only one record has, as most have, needs no table. The last may go on in the next call.
        if (next === i + 1 && next < count) {
          rows[kept++] = rows[i++];
          continue;
        }
      }
      for (; i < next; i++) {
        if (this.#keeps(rows[i])) rows[kept++] = rows[i];
      }
    }
    return this.#settings.emit(rows, kept);
  }

  /** Writes what the last instant still holds back. */
  async finish(): Promise<boolean> {
    return this.#overflow === undefined || this.#drain(new Int32Array(0), 0);
  }

  /** Whether this row of the open group is written now. */
  #keeps(row: number): boolean {
    if (this.#overflow !== undefined) {
      this.#overflow.take(row, this.#isExempt(row));
      return false;
    }
    if (this.#isExempt(row)) return true;
    if (!this.#table.count(row)) {
      this.#overflow = new OverflowGroup(this.#memory, this.#table, this.#store, this.#settings);
      this.#overflow.take(row, false);
      return false;
    }
    if (isFirst(this.#settings.rule, this.#table)) return true;
    this.#settings.removed(row);
    return false;
  }

  #isExempt(row: number): boolean {
    const { flags, source } = this.#memory;
    return (flags[row] & UNDATED) !== 0 || !this.#settings.takesPart(source[row]);
  }

  async #drain(rows: Int32Array, kept: number): Promise<boolean> {
    const overflow = this.#overflow;
    this.#overflow = undefined;
    if (!this.#settings.emit(rows, kept)) return false;
    return overflow === undefined || overflow.finish();
  }

  #open(row: number): void {
    this.#table.clear();
    this.#started = true;
    this.#high = this.#memory.keys[2 * row + 1];
    this.#low = this.#memory.keys[2 * row];
  }

  /** Whether this row has the instant of the open group. */
  #continues(row: number): boolean {
    const { keys } = this.#memory;
    return this.#started && keys[2 * row] === this.#low && keys[2 * row + 1] === this.#high;
  }

  /** The index behind the rows that have the instant of rows[i]. */
  #groupEnd(rows: Int32Array, i: number, count: number): number {
    const { keys } = this.#memory;
    const low = keys[2 * rows[i]];
    const high = keys[2 * rows[i] + 1];
    let next = i + 1;
    while (next < count && keys[2 * rows[next]] === low && keys[2 * rows[next] + 1] === high) {
      next++;
    }
    return next;
  }
}
