import type { Memory } from '../core/memory.ts';
import type { Output } from '../core/stages.ts';
import { putByte } from './escape.ts';
import { kernelOf, seenRows } from './kernel.ts';
import { SEEN_ROWS, WRITE_FORMS, WRITE_LIMIT, WRITE_POSITION } from './layout.ts';

const LF = 10;

/**
 * Writes the bytes of records and a newline behind each. Records that lie one behind the other in the memory, as those
 * of one source do until another has its turn, go in one copy.
 */
export class LineCopier {
  readonly #memory: Memory;
  readonly #words: Int32Array;

  constructor(memory: Memory) {
    this.#memory = memory;
    this.#words = new Int32Array(memory.wasm.buffer, memory.work.take(WRITE_FORMS), WRITE_FORMS >> 2);
  }

  /** Appends the records rows[0 … count). */
  write(rows: Int32Array, count: number, out: Output): void {
    const words = this.#words;
    const { start, end } = this.#memory;
    const kernel = kernelOf(this.#memory);
    let i = 0;
    while (i < count) {
      const some = Math.min(count - i, SEEN_ROWS);
      words[WRITE_POSITION >> 2] = out.position;
      words[WRITE_LIMIT >> 2] = out.limit;
      const done = kernel.copyLines(words.byteOffset, seenRows(this.#memory, rows, i, some), some);
      out.position = words[WRITE_POSITION >> 2];
      i += done;
      if (done === some) continue;
      // There is no room, perhaps not even in an empty output.
      out.copy(start[rows[i]], end[rows[i]]);
      putByte(LF, out);
      i++;
    }
  }
}
