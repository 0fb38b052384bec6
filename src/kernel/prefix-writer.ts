import type { Memory } from '../core/memory.ts';
import { TsalignError } from '../core/problem.ts';
import { OUTPUT_ROOM, type Output } from '../core/stages.ts';
import { putByte } from './escape.ts';
import { kernelOf, seenRows } from './kernel.ts';
import {
  BODY_LINE,
  FORM_BYTES,
  SEEN_ROWS,
  STAMP_SPACE,
  WHY_DONE,
  WHY_KEY,
  WHY_LEFT,
  WRITE_DAY,
  WRITE_DIGITS,
  WRITE_FORMS,
  WRITE_HIGH,
  WRITE_LENGTH,
  WRITE_LIMIT,
  WRITE_LOW,
  WRITE_POSITION,
  WRITE_SECOND,
  WRITE_TEXT,
  WRITE_UNIT,
  WRITE_WHY,
} from './layout.ts';
import type { RecordBody } from './record-bodies.ts';
import { STAMP_ROOM, type StampWriter } from './stamp-writer.ts';

/** What stands around the stamp in front of the records of one source. */
export interface PrefixForm {
  before: string;
  after: string;
  /** The whole prefix of a record without an instant. */
  undated: string;
  /** What stands behind it, where the kernel can write that. */
  body?: RecordBody | undefined;
}

/** What a prefix may take beside its form: the stamp, and what is written too far. */
const ROOM = 2 * STAMP_SPACE;
const LF = 10;

/**
 * Writes what stands in front of each record. The kernel does so for the instants of one day, by the text of their second
 * that lies in the memory; the stamp writer does the rest, and tells it the next day.
 */
export class PrefixWriter {
  readonly #memory: Memory;
  readonly #stamps: StampWriter;
  readonly #forms: readonly PrefixForm[];
  readonly #undated: Uint8Array[];
  /** Bytes of the longest form. */
  readonly #longest: number;
  /** What the kernel knows of this writer. */
  readonly #words: Int32Array;
  readonly #view: DataView;

  /** @throws TsalignError 'too-large' where the forms find no room in the memory, 'usage' where one is too long to be a prefix. */
  constructor(memory: Memory, stamps: StampWriter, forms: readonly PrefixForm[]) {
    this.#memory = memory;
    this.#stamps = stamps;
    this.#forms = forms;
    this.#undated = forms.map((form) => Buffer.from(form.undated));
    const lengths = forms.map(({ before, after }) => Buffer.byteLength(before) + Buffer.byteLength(after));
    this.#longest = Math.max(0, ...lengths);
    if (this.#longest > OUTPUT_ROOM - ROOM) {
      throw new TsalignError({
        code: 'usage',
        where: '--label',
        what: 'a label is too long to stand before every record',
        hint: 'give a shorter one',
      });
    }
    const table = WRITE_FORMS + forms.length * FORM_BYTES;
    const size = table + lengths.reduce((sum, length) => sum + length, 0) + STAMP_SPACE;
    const at = (memory.regions.take(size + 8) + 7) & ~7;
    this.#words = new Int32Array(memory.wasm.buffer, at, table >> 2);
    this.#view = new DataView(memory.wasm.buffer, at, table);
    this.#words[WRITE_DIGITS >> 2] = stamps.digits;
    this.#words[WRITE_UNIT >> 2] = stamps.finest;
    this.#words[WRITE_LENGTH >> 2] = stamps.length;
    this.#placeForms(at + table);
    this.#tellDay();
  }

  /** Appends the prefix of a record. */
  put(row: number, out: Output): void {
    const words = this.#words;
    out.reserve(this.#longest + ROOM);
    words[WRITE_POSITION >> 2] = out.position;
    words[WRITE_LIMIT >> 2] = out.limit;
    const why = kernelOf(this.#memory).writePrefix(words.byteOffset, row);
    if (why === WHY_DONE) out.position = words[WRITE_POSITION >> 2];
    else this.#putSlowly(row, out);
    if (why === WHY_KEY) this.#tellDay();
  }

  /** Appends the prefix of a record without an instant. */
  putUndated(source: number, out: Output): void {
    out.append(this.#undated[source]);
  }

  /**
   * Appends, for each row from rows[from] up to rows[count − 1] or the first that carries a flag, its prefix, its bytes
   * and a newline. Returns the index of the row it stopped at, which the caller writes by its own means.
   */
  writeLines(rows: Int32Array, from: number, count: number, out: Output): number {
    for (let i = from; ; this.#writeLine(rows[i++], out)) {
      i = this.writeRows(BODY_LINE, rows, i, count, out);
      if (i === count || this.#words[WRITE_WHY >> 2] === WHY_LEFT) return i;
    }
  }

  /**
   * Appends, for each row from rows[from] up to rows[count − 1] or the first for which the kernel cannot, its prefix and
   * `what`: BODY_LINE or BODY_PARTS. Returns the index of the row it stopped at.
   */
  writeRows(what: number, rows: Int32Array, from: number, count: number, out: Output): number {
    const words = this.#words;
    const kernel = kernelOf(this.#memory);
    let i = from;
    while (i < count) {
      const some = Math.min(count - i, SEEN_ROWS);
      words[WRITE_POSITION >> 2] = out.position;
      words[WRITE_LIMIT >> 2] = out.limit;
      i += kernel.writeRows(words.byteOffset, seenRows(this.#memory, rows, i, some), some, what);
      out.position = words[WRITE_POSITION >> 2];
      if (words[WRITE_WHY >> 2] !== WHY_DONE) return i;
    }
    return count;
  }

  /** Any record, of any length, of any instant. */
  #writeLine(row: number, out: Output): void {
    const { start, end } = this.#memory;
    this.put(row, out);
    out.copy(start[row], end[row]);
    putByte(LF, out);
  }

  #putSlowly(row: number, out: Output): void {
    const { keys, source, bytes } = this.#memory;
    const stamps = this.#stamps;
    const { before, after } = this.#forms[source[row]];
    stamps.place(keys[2 * row + 1], keys[2 * row]);
    out.append(before);
    out.reserve(STAMP_ROOM);
    out.position = stamps.write(bytes, out.position);
    out.append(after);
  }

  /** Tells the kernel the second that the stamp writer stands at, and how long its day lasts. */
  #tellDay(): void {
    const span = this.#stamps.span();
    if (span === undefined) return;
    const { second, day, low, high } = span;
    const view = this.#view;
    view.setBigInt64(WRITE_SECOND, second, true);
    view.setBigInt64(WRITE_DAY, day, true);
    view.setBigInt64(WRITE_LOW, low, true);
    view.setBigInt64(WRITE_HIGH, high, true);
    this.#memory.bytes.set(this.#stamps.text, view.byteOffset + WRITE_TEXT);
  }

  #placeForms(from: number): void {
    let at = from;
    const place = (text: string): [number, number] => {
      const written = this.#memory.buffer.write(text, at);
      at += written;
      return [at - written, written];
    };
    for (const [i, { before, after, body }] of this.#forms.entries()) {
      const form = [...place(before), ...place(after), body?.address ?? 0, body?.room ?? 1];
      this.#words.set(form, (WRITE_FORMS + i * FORM_BYTES) >> 2);
    }
  }
}
