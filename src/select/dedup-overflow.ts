import type { Memory } from '../core/memory.ts';
import type { ContentTable } from './content-table.ts';
import { type DedupSettings, isFirst } from './copies.ts';

/** Room on disk for rows, in the order of their keys. Given by the pipeline out of sort/. */
export interface RunStore<Run> {
  /** Begins a run. Two may be written at a time, one in each slot. */
  write(slot: 0 | 1): { add(row: number): void; finish(): Run };
  /** Gives up a run unread. */
  discard(run: Run): void;
  /** Calls `take` with every row of the runs, by key. They are gone then. */
  read(runs: readonly Run[], take: (rows: Int32Array, count: number) => boolean): Promise<void>;
}

/**
 * The records of one instant that came after the table was full. Each gets its ordinal in place of its key and goes to
 * one of two runs: kept, or still undecided because it is not in the table. Then the undecided go through a fresh table,
 * until none is left, and what was kept is written by ordinal. Every pass decides at least a tableful.
 */
export class OverflowGroup<Run> {
  readonly #memory: Memory;
  readonly #table: ContentTable;
  readonly #store: RunStore<Run>;
  readonly #settings: DedupSettings;
  readonly #kept: Run[] = [];
  #keptRun: { add(row: number): void; finish(): Run };
  #undecidedRun: { add(row: number): void; finish(): Run };
  #undecided = 0;
  #ordinal = 0;
  #high = 0;
  #low = 0;

  constructor(memory: Memory, table: ContentTable, store: RunStore<Run>, settings: DedupSettings) {
    this.#memory = memory;
    this.#table = table;
    this.#store = store;
    this.#settings = settings;
    this.#keptRun = store.write(0);
    this.#undecidedRun = store.write(1);
  }

  /** Takes a row of this instant. `exempt`: it is kept whatever the table says. */
  take(row: number, exempt: boolean): void {
    const { keys } = this.#memory;
    this.#low = keys[2 * row];
    this.#high = keys[2 * row + 1];
    const ordinal = this.#ordinal++;
    keys[2 * row] = ordinal % 2 ** 32;
    keys[2 * row + 1] = Math.floor(ordinal / 2 ** 32);
    if (exempt) this.#keptRun.add(row);
    else this.#decide(row);
  }

  /** Decides the rest and emits all that is kept. Returns false when no more rows are wanted. */
  async finish(): Promise<boolean> {
    while (this.#undecided > 0) {
      const undecided = this.#undecidedRun.finish();
      this.#kept.push(this.#keptRun.finish());
      this.#keptRun = this.#store.write(0);
      this.#undecidedRun = this.#store.write(1);
      this.#undecided = 0;
      this.#table.clear();
      await this.#store.read([undecided], (rows, count) => {
        for (let i = 0; i < count; i++) this.#decide(rows[i]);
        return true;
      });
    }
    this.#store.discard(this.#undecidedRun.finish());
    this.#kept.push(this.#keptRun.finish());
    this.#table.clear();
    let wanted = true;
    await this.#store.read(this.#kept, (rows, count) => {
      for (let i = 0; i < count; i++) this.#restore(rows[i]);
      wanted = this.#settings.emit(rows, count);
      return wanted;
    });
    return wanted;
  }

  #decide(row: number): void {
    if (!this.#table.count(row)) {
      this.#undecided++;
      this.#undecidedRun.add(row);
    } else if (isFirst(this.#settings.rule, this.#table)) {
      this.#keptRun.add(row);
    } else {
      this.#restore(row);
      this.#settings.removed(row);
    }
  }

  #restore(row: number): void {
    this.#memory.keys[2 * row] = this.#low;
    this.#memory.keys[2 * row + 1] = this.#high;
  }
}
