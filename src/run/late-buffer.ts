import { groupBy } from '../core/group-by.ts';
import type { Memory } from '../core/memory.ts';
import { OUTPUT_ROOM, type Output, type Sink } from '../core/stages.ts';
import { BlockColumns, compareEntries, writeMeasured } from '../kernel/slot-block.ts';
import { createOutput } from '../output/index.ts';
import type { BlockTools, Entries } from './slot-blocks.ts';

/** Records that came out of order, as they are written, until they are put in order with others of their slots. */
export class LateBuffer<Slot> {
  readonly #out: Output;
  readonly #columns = new BlockColumns();
  /** The slot of each of them. */
  #slots: Slot[] = [];
  #text = new CapturedText();

  constructor(memory: Memory) {
    this.#out = createOutput(
      memory,
      { write: (text) => this.#text.write(text), ...NO_END },
      memory.regions.take(OUTPUT_ROOM),
      OUTPUT_ROOM,
    );
  }

  get isFull(): boolean {
    return this.#columns.isFull;
  }

  get isEmpty(): boolean {
    return this.#slots.length === 0;
  }

  /** Takes the record rows[i], which belongs to a slot. */
  add(rows: Int32Array, i: number, slot: Slot, { writer, ranks }: Pick<BlockTools, 'writer' | 'ranks'>): void {
    writeMeasured(rows, i, i + 1, ranks, writer, this.#out, this.#text, this.#columns);
    this.#slots.push(slot);
  }

  /** Gives out all records by their slots, in order, and is empty then. */
  take(give: (slot: Slot, entries: Entries) => void): void {
    this.#out.flush();
    const columns = this.#columns;
    const text = this.#text.whole();
    const starts = startsOf(columns);
    for (const [slot, list] of groupBy(this.#slots.keys(), (i) => this.#slots[i])) {
      list.sort((a, b) => compareEntries(columns, a, columns, b) || a - b);
      give(slot, listed(columns, text, starts, list));
    }
    columns.clear();
    this.#slots = [];
    this.#text = new CapturedText();
  }
}

const NO_END: Pick<Sink, 'commit' | 'abort'> = { commit() {}, abort() {} };

/** Text that has left an output. */
class CapturedText {
  /** Bytes of it. */
  text = 0;
  readonly #pieces: Uint8Array[] = [];

  write(text: Uint8Array): void {
    this.#pieces.push(Uint8Array.from(text)); // the region that it lies in is written over
    this.text += text.length;
  }

  whole(): Uint8Array {
    return Buffer.concat(this.#pieces);
  }
}

function startsOf({ length, count }: BlockColumns): Float64Array {
  const starts = new Float64Array(count + 1);
  for (let i = 0; i < count; i++) starts[i + 1] = starts[i] + length[i];
  return starts;
}

/** Some entries of a block as a block of their own. */
function listed(columns: BlockColumns, text: Uint8Array, starts: Float64Array, list: readonly number[]): Entries {
  const own = new BlockColumns();
  for (const i of list) own.pushEntry(columns, i);
  const pieces = list.map((i) => text.subarray(starts[i], starts[i + 1]));
  let isLeft = true;
  return {
    columns: own,
    text: Buffer.concat(pieces),
    next() {
      const { length } = list;
      const was = isLeft && length > 0;
      isLeft = false;
      return was;
    },
    close() {},
  };
}
