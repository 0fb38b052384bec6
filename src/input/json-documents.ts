import { formatCount } from '../core/count-text.ts';
import { type Memory, MULTILINE } from '../core/memory.ts';
import type { NdjsonPlan } from '../core/stages.ts';
import { markEnd } from '../kernel/byte-order-mark.ts';
import { brokenEnd, isBetween, strayEnd, trimmedEnd } from '../kernel/json-borders.ts';
import { CUT, JsonScanner } from '../kernel/json-scan.ts';
import { type CountingFramer, type FramerContext, LF, SPACE } from './framer.ts';
import { Envelope } from './json-envelope.ts';
import { JsonRecords, type Place } from './json-record.ts';

const TAB = 9;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;
const OPEN_BRACE = 123;

/** A record that the bytes cut is looked at again when there are so many times more of them; at every read, a long one would cost its square. */
const MORE_BYTES = 1.06;

/** What was passed is no record. */
const FRAMING = -3;

/**
 * JSON objects that have several lines, or share one: behind one another, in arrays, with RS before each (RFC 7464), or in
 * the array that each document holds at a certain place. What stands between them is framing.
 *
 * A record that is not valid ends before the next line that begins with an object or a bracket and is indented no more
 * than its own: it costs no more than its line where each has one.
 *
 * A line on which several records begin or end counts once for each of them; messages name the line of the file.
 */
export class DocumentFramer implements CountingFramer {
  rows = 0;
  consumed = 0;
  line = 0;
  framingLines = 0;
  readonly #memory: Memory;
  readonly #context: FramerContext;
  readonly #records: JsonRecords;
  readonly #scanner = new JsonScanner([]);
  readonly #envelope: Envelope | undefined;
  /** Whether the line at hand is counted already, since a record began or ended on it. */
  #counted = false;
  /** Blanks at the beginning of the line at hand, and whether nothing else has stood on it. */
  #indent = 0;
  #leading = true;
  /** Whether the array of the envelope began on the line at hand. */
  #openedHere = false;
  /** Newlines passed, by which messages tell the line of the file; and records. */
  #newlines = 0;
  #count = 0;
  /** Brackets between records that are open; those of them that stand around the array of the envelope. */
  #brackets = 0;
  #around = 0;
  /** Newlines so far of the record at hand. */
  #lines = 0;
  /** How many bytes the unfinished record had when it was looked at last. */
  #tried = 0;
  /** Whether the bytes end within a record; whether that, or what else is not closed, was said. */
  #cutShort = false;
  #said = false;

  constructor(plan: NdjsonPlan, context: FramerContext) {
    this.#memory = context.memory;
    this.#context = context;
    this.#records = new JsonRecords(plan, context);
    this.#envelope = plan.recordsAt.length === 0 ? undefined : new Envelope(plan.recordsAt);
  }

  remember(): undefined {}

  get broken(): number {
    return this.#records.broken;
  }

  get undated(): number {
    return this.#records.undated;
  }

  frame(from: number, to: number, last: boolean, firstRow: number, rowLimit: number): void {
    this.rows = 0;
    this.consumed = from;
    while (this.rows < rowLimit) {
      this.#skip(to);
      const start = this.consumed;
      if (start >= to) break;
      if (!last && to - start < this.#tried * MORE_BYTES) return;
      const end = this.#next(start, to, last);
      this.#tried = end === CUT ? to - start : 0;
      if (end === CUT) return;
      if (end !== FRAMING) this.#take(firstRow + this.rows++, start, end);
    }
    if (last && this.consumed >= to) this.#finish();
  }

  /** Passes what stands between records; a bracket may end the array of an envelope. */
  #skip(to: number): void {
    const { bytes } = this.#memory;
    let p = this.consumed;
    while (p < to) {
      const byte = bytes[p];
      const mark = markEnd(bytes, p, to);
      if (!isBetween(byte) && mark === p) break;
      if (byte === OPEN_BRACKET) this.#brackets++;
      else if (byte === CLOSE_BRACKET) this.#close();
      p = Math.max(p + 1, mark);
    }
    this.#pass(p);
  }

  #close(): void {
    if (this.#envelope?.inside && this.#brackets === this.#around) this.#envelope.leave();
    else if (this.#brackets > 0) this.#brackets--;
  }

  /** The end of the record at `start`; FRAMING where there was none, which is passed; or CUT. */
  #next(start: number, to: number, last: boolean): number {
    const envelope = this.#envelope;
    if (envelope === undefined || envelope.inside) return this.#recordEnd(start, to, last);
    const end = envelope.next(this.#memory.bytes, start, to);
    if (end === CUT && !last) return CUT;
    // What cannot stand behind the array may begin the next document.
    if (end < 0) return envelope.reset() ? FRAMING : this.#recordEnd(start, to, last);
    if (envelope.whole) return end;
    this.#pass(end);
    if (envelope.inside) {
      this.#openedHere = true;
      this.#around = this.#brackets;
    }
    return FRAMING;
  }

  #recordEnd(start: number, to: number, last: boolean): number {
    const { bytes } = this.#memory;
    const isObject = bytes[start] === OPEN_BRACE;
    const end = isObject ? this.#scanner.scanFirst(bytes, start, to) : strayEnd(bytes, start, to);
    if (end >= 0) return trimmedEnd(bytes, start + 1, end);
    if (end === CUT && !last) return CUT;
    const broken = isObject ? brokenEnd(bytes, start, to, this.#indent) : CUT;
    if (broken === CUT && !last) return CUT;
    if (broken === CUT && end === CUT && isObject) this.#cutShort = true;
    if (this.#openedHere) this.#envelope?.reset();
    return broken === CUT ? trimmedEnd(bytes, start + 1, to) : broken;
  }

  #take(row: number, start: number, end: number): void {
    const { bytes } = this.#memory;
    const begun = ++this.line;
    for (let p = start; p < end; p++) {
      const byte = bytes[p];
      if (byte === LF) this.#nextLine();
      else this.#stand(byte);
    }
    this.line += this.#lines;
    this.#count++;
    this.#records.take(row, start, end, begun, this.#lines > 0 ? MULTILINE : 0, this.#place());
    this.#newlines += this.#lines;
    this.#lines = 0;
    this.#counted = true;
    this.consumed = end;
  }

  /** Where messages say that the record just passed stands: by its line alone where each has one. */
  #place(): Place | undefined {
    const line = this.#newlines + 1;
    return line === this.line - this.#lines ? undefined : { line, record: this.#count };
  }

  /** Passes bytes that belong to no record. */
  #pass(end: number): void {
    const { bytes } = this.#memory;
    for (let p = this.consumed; p < end; p++) {
      const byte = bytes[p];
      if (byte === LF) this.#endLine();
      else this.#stand(byte);
    }
    this.consumed = end;
  }

  #nextLine(): void {
    this.#lines++;
    this.#beginLine();
  }

  #beginLine(): void {
    this.#indent = 0;
    this.#leading = true;
    this.#openedHere = false;
  }

  #stand(byte: number): void {
    if (!this.#leading) return;
    if (byte === SPACE || byte === TAB) this.#indent++;
    else this.#leading = false;
  }

  #endLine(): void {
    this.#newlines++;
    if (!this.#counted) {
      this.line++;
      this.framingLines++;
    }
    this.#counted = false;
    this.#beginLine();
  }

  /** Counts a last line that has no end, and says what was opened and never closed. */
  #finish(): void {
    if (!this.#counted && (!this.#leading || this.#indent > 0)) this.#endLine();
    this.#counted = true;
    const isOpen = this.#brackets > 0 || this.#envelope?.isOpen === true;
    if (this.#said || !(isOpen || this.#cutShort)) return;
    this.#said = true;
    const { label, warn } = this.#context;
    const where = this.#cutShort
      ? `within record ${formatCount(this.#count)}`
      : `behind record ${formatCount(this.#count)}, in an open array or object`;
    const what = `the JSON ends early, ${where}`;
    warn({ code: 'truncated', where: label, what, hint: 'what stands before that was read' });
  }
}
