import { CONTINUED, MULTILINE, UNDATED } from '../core/memory.ts';
import type { TextPlan } from '../core/stages.ts';
import type { InputFormat } from './format.ts';
import { type CountingFramer, type FramerContext, LF, RowWriter } from './framer.ts';
import { sampleLines, spread } from './sample.ts';

/** Bytes that a record of several lines may have; what exceeds them continues as further rows. A line is never cut. */
export const RECORD_CUT = 1024 * 1024;

/** Finds and reads the instant of a line, which the stamper of the context then holds; where its stamp stands. */
export interface LineStamps {
  read(start: number, end: number): boolean;
  at: number;
  length: number;
}

/**
 * Text lines: one that the stamper dates opens a record, the others join the record before them, and those before the
 * first dated line join the first record.
 *
 * A record ends only where the next one begins, so the last of a call stays open: its stamp and how far it was scanned
 * are kept here, the stamper sees every line once, and no byte is searched twice.
 */
export class TextFramer implements CountingFramer {
  rows = 0;
  consumed = 0;
  line = 0;
  framingLines = 0;
  readonly #buffer: Buffer;
  readonly #stamps: LineStamps;
  readonly #writer: RowWriter;
  /** From the start of the open record: the first line not read yet, and where to look for its end. */
  #scanned = 0;
  #searched = 0;
  /** Physical lines of the open record so far. */
  #lines = 0;
  #flags = 0;
  /** From the start of the open record. */
  #stampAt = 0;
  #stampLength = 0;

  /** @param stamps dates lines, if not the stamper of the context does. */
  constructor(context: FramerContext, stamps: LineStamps = context.stamper) {
    this.#buffer = context.memory.buffer;
    this.#stamps = stamps;
    this.#writer = new RowWriter(context);
  }

  get broken(): number {
    return this.#writer.broken;
  }

  get undated(): number {
    return this.#writer.undated;
  }

  frame(from: number, to: number, last: boolean, firstRow: number, rowLimit: number): void {
    const view = this.#buffer.subarray(from, to);
    const stamps = this.#stamps;
    let start = from; // of the open record
    let p = from + this.#scanned;
    let searched = this.#searched;
    this.rows = 0;
    while (this.rows < rowLimit && p < to) {
      const found = view.indexOf(LF, start - from + searched);
      if (found < 0 && !last) {
        searched = to - start;
        break;
      }
      const end = found < 0 ? to : from + found;
      const dated = stamps.read(p, end) && !(found < 0 && p > start && this.#mayBeCut(end));
      const ends = p > start && this.#endsBefore(dated, end - start);
      if (ends) {
        this.#emit(firstRow + this.rows, start, p - 1);
        start = p;
      }
      if (dated) this.#date(start);
      else if (ends) this.#flags = CONTINUED | (this.#flags & UNDATED);
      else if (p === start) this.#flags = UNDATED;
      this.#lines++;
      p = end + 1;
      searched = p - start;
    }
    if (last && p >= to && start < to && this.rows < rowLimit) {
      this.#emit(firstRow + this.rows, start, p - 1);
      start = to;
      p = to;
      searched = 0;
    }
    this.#scanned = p - start;
    this.#searched = searched;
    this.consumed = start;
  }

  /**
   * Whether the stamp just read is the last of a file that ends without a newline: a log cut there, or still being
   * written, may show `07:00:5` of `07:00:51`. No instant is better than a wrong one.
   */
  #mayBeCut(end: number): boolean {
    return this.#stamps.at + this.#stamps.length === end;
  }

  /** Whether the open record ends before the next line, with which it would be `length` bytes long. */
  #endsBefore(dated: boolean, length: number): boolean {
    if (length > RECORD_CUT) return true;
    return dated && this.#flags !== UNDATED;
  }

  /** Gives the open record the instant just read; it may stand behind leading lines. */
  #date(start: number): void {
    this.#writer.date();
    this.#stampAt = this.#stamps.at - start;
    this.#stampLength = this.#stamps.length;
    this.#flags = 0;
  }

  #emit(row: number, start: number, end: number): void {
    const flags = this.#lines > 1 ? this.#flags | MULTILINE : this.#flags;
    this.#writer.write(row, start, end, this.line + 1, flags, start + this.#stampAt, this.#stampLength);
    this.line += this.#lines;
    this.rows++;
    this.#lines = 0;
    this.#stampAt = 0;
    this.#stampLength = 0;
  }
}

/** Text is what nothing else claims; its time texts are its lines. */
export const TEXT: InputFormat<TextPlan> = {
  name: 'text',
  extensions: [],
  createFramer: (_plan, context) => new TextFramer(context),
  recognise: () => ({ format: 'text' }),
  timeTexts: (sample, _plan, most) =>
    sample.cutLine === undefined ? spread(sampleLines(sample), most) : [sample.cutLine],
};
