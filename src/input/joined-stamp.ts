import type { Memory } from '../core/memory.ts';
import type { Stamper } from '../core/stages.ts';
import { SPACE } from './framer.ts';

/** The longest text that is taken for a stamp in parts. */
const MAX_JOINED = 255;

/**
 * Reads a stamp whose parts stand in several fields of a record: date, time, zone. The stamper reads only the memory, so
 * parts that do not lie side by side stand at the record's beginning for a moment, with blanks between them, in place of
 * its bytes (and of those behind it, if it is shorter).
 */
export class JoinedStamp {
  /** Where the stamp stands, if it is one part; else length is 0. */
  at = 0;
  length = 0;
  readonly #memory: Memory;
  readonly #stamper: Stamper;
  readonly #joined = new Uint8Array(MAX_JOINED);
  readonly #kept = new Uint8Array(MAX_JOINED);
  #parts = 0;
  #first = 0;
  #firstEnd = 0;
  /** Bytes in #joined; more than it holds, if the parts do not fit. */
  #size = 0;

  constructor(memory: Memory, stamper: Stamper) {
    this.#memory = memory;
    this.#stamper = stamper;
  }

  /** Forgets the parts. */
  clear(): void {
    this.#parts = 0;
    this.#size = 0;
    this.#firstEnd = -1;
  }

  /** Adds a part that stands elsewhere. */
  addText(text: Uint8Array): void {
    if (this.#parts++ === 1 && this.#size === 0) this.#copy(this.#first, this.#firstEnd);
    if (this.#size > 0) this.#separate();
    if (this.#size + text.length <= MAX_JOINED) this.#joined.set(text, this.#size);
    this.#size += text.length;
  }

  /** Adds the bytes [start, end) of the memory, which lie in the record. */
  add(start: number, end: number): void {
    if (this.#parts++ === 0) {
      this.#first = start;
      this.#firstEnd = end;
      return;
    }
    if (this.#parts === 2 && start === this.#firstEnd + 1 && this.#memory.bytes[this.#firstEnd] === SPACE) {
      this.#parts = 1;
      this.#firstEnd = end;
      return;
    }
    if (this.#parts === 2 && this.#size === 0) this.#copy(this.#first, this.#firstEnd);
    this.#separate();
    this.#copy(start, end);
  }

  #separate(): void {
    if (this.#size < MAX_JOINED) this.#joined[this.#size] = SPACE;
    this.#size++;
  }

  #copy(start: number, end: number): void {
    const at = this.#size;
    this.#size += end - start;
    if (this.#size > MAX_JOINED) return;
    for (let i = start; i < end; i++) this.#joined[at + i - start] = this.#memory.bytes[i];
  }

  /** Reads the parts that were added, of the record that begins at `record`. */
  read(record: number): boolean {
    this.at = record;
    this.length = 0;
    if (this.#size > 0) return this.#size <= MAX_JOINED && this.#readJoined(record);
    if (this.#parts === 0 || !this.#stamper.read(this.#first, this.#firstEnd)) return false;
    this.at = this.#stamper.at;
    this.length = this.#stamper.length;
    return true;
  }

  #readJoined(record: number): boolean {
    const { bytes } = this.#memory;
    const size = this.#size;
    if (record + size > bytes.length) return false;
    for (let i = 0; i < size; i++) this.#kept[i] = bytes[record + i];
    for (let i = 0; i < size; i++) bytes[record + i] = this.#joined[i];
    const dated = this.#stamper.read(record, record + size);
    for (let i = 0; i < size; i++) bytes[record + i] = this.#kept[i];
    return dated;
  }
}
