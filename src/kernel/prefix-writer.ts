import type { Memory } from '../core/memory.ts';
import { TsalignError } from '../core/problem.ts';
import { OUTPUT_ROOM, type Output } from '../core/stages.ts';
import { SECONDS_LENGTH, STAMP_ROOM, type StampWriter } from './stamp-writer.ts';

/** What stands around the stamp in front of the records of one source. */
export interface PrefixForm {
  before: string;
  after: string;
  /** The whole prefix of a record without an instant. */
  undated: string;
}

/**
 * Writes what stands in front of each record: a template per source inside the memory, which holds the current second
 * already, so that a record costs one copy and its fraction digits. Fraction digits are put into the copy, never into
 * the template: narrow stores followed by a wide load of the same bytes would stall the copy.
 */
export class PrefixWriter {
  readonly #memory: Memory;
  readonly #stamps: StampWriter;
  readonly #undated: Uint8Array[];
  readonly #offsets: Int32Array;
  readonly #lengths: Int32Array;
  readonly #stampAt: Int32Array;
  readonly #versions: Int32Array;

  /** @throws TsalignError 'too-large' where the templates find no room in the memory, 'usage' where one is too long to be a prefix. */
  constructor(memory: Memory, stamps: StampWriter, forms: readonly PrefixForm[]) {
    this.#memory = memory;
    this.#stamps = stamps;
    this.#undated = forms.map((form) => Buffer.from(form.undated));
    this.#offsets = new Int32Array(forms.length);
    this.#lengths = new Int32Array(forms.length);
    this.#stampAt = new Int32Array(forms.length);
    this.#versions = new Int32Array(forms.length);
    const texts = forms.map(({ before, after }) => [Buffer.from(before), Buffer.from(after)] as const);
    const total = texts.reduce((sum, [before, after]) => sum + before.length + stamps.length + after.length, 0);
    if (texts.some(([before, after]) => before.length + after.length > OUTPUT_ROOM - 2 * STAMP_ROOM)) {
      throw new TsalignError({
        code: 'usage',
        where: '--label',
        what: 'a label is too long to stand before every record',
        hint: 'give a shorter one',
      });
    }
    let offset = total === 0 ? 0 : memory.regions.take(total);
    for (const [index, [before, after]] of texts.entries()) {
      memory.bytes.set(before, offset);
      memory.bytes.set(after, offset + before.length + stamps.length);
      this.#offsets[index] = offset;
      this.#lengths[index] = before.length + stamps.length + after.length;
      this.#stampAt[index] = before.length;
      offset += this.#lengths[index];
    }
  }

  /** Appends the prefix of a source with the stamp of the instant that has these key words. */
  put(source: number, high: number, low: number, out: Output): void {
    const stamps = this.#stamps;
    stamps.place(high, low);
    if (this.#versions[source] !== stamps.version) this.#refresh(source);
    const offset = this.#offsets[source];
    const length = this.#lengths[source];
    const stampAt = this.#stampAt[source];
    out.reserve(length + STAMP_ROOM);
    if (stamps.isFiner()) {
      this.#putFiner(offset, stampAt, length, out);
      return;
    }
    const { bytes } = this.#memory;
    const { position } = out;
    bytes.copyWithin(position, offset, offset + length);
    stamps.pokeFraction(bytes, position + stampAt + SECONDS_LENGTH + 1);
    out.position = position + length;
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
    const { keys, start, end, source, flags, bytes } = this.#memory;
    for (let i = from; i < count; i++) {
      const row = rows[i];
      if (flags[row] !== 0) return i;
      this.put(source[row], keys[2 * row + 1], keys[2 * row], out);
      out.copy(start[row], end[row]);
      out.reserve(1);
      bytes[out.position++] = 10;
    }
    return count;
  }

  #refresh(source: number): void {
    const { text, length, version } = this.#stamps;
    const { bytes } = this.#memory;
    const at = this.#offsets[source] + this.#stampAt[source];
    for (let i = 0; i < length; i++) bytes[at + i] = text[i];
    this.#versions[source] = version;
  }

  #putFiner(offset: number, stampAt: number, length: number, out: Output): void {
    const { bytes } = this.#memory;
    const after = offset + stampAt + this.#stamps.length;
    bytes.copyWithin(out.position, offset, offset + stampAt);
    out.position = this.#stamps.write(bytes, out.position + stampAt);
    bytes.copyWithin(out.position, after, offset + length);
    out.position += offset + length - after;
  }
}
