import { CONTINUED, MULTILINE, UNDATED } from '../../src/core/memory.ts';
import { type CountingFramer, type FramerContext, RowWriter } from '../../src/input/framer.ts';
import { RECORD_CUT } from '../../src/kernel/layout.ts';

/** Of the open record: its stamp names no instant. */
const REFUSED = 16;

/** What the kernel's frameText does, line by line, every line dated by the stamper: slow and plain. */
export class ReferenceFramer implements CountingFramer {
  rows = 0;
  consumed = 0;
  line = 0;
  framingLines = 0;
  readonly #context: FramerContext;
  readonly #writer: RowWriter;
  /** From the start of the open record: the first line not read yet. */
  #scanned = 0;
  #lines = 0;
  #flags = 0;
  #leading: number;
  #stampAt = 0;
  #stampLength = 0;

  constructor(context: FramerContext) {
    this.#context = context;
    this.#writer = new RowWriter(context);
    this.#leading = context.continues ? CONTINUED : UNDATED;
    this.line = context.line ?? 0;
  }

  remember(): undefined {}

  get broken(): number {
    return this.#writer.broken;
  }

  get undated(): number {
    return this.#writer.undated;
  }

  frame(from: number, to: number, last: boolean, firstRow: number, rowLimit: number): void {
    const { memory, stamper } = this.#context;
    let start = from;
    let at = from + this.#scanned;
    this.rows = 0;
    while (this.rows < rowLimit && at < to) {
      const found = memory.bytes.subarray(0, to).indexOf(10, at);
      if (found < 0 && !last) break;
      const end = found < 0 ? to : found;
      const isBare = () => found < 0 && at > start && stamper.at + stamper.length === end;
      const [before, one] = [start, at].map((from, i) =>
        memory.buffer.toString('latin1', from, i === 0 ? at - 1 : end).replace(/\d/g, '0'),
      );
      const cut = () => isBare() && before !== one;
      const read = stamper.read(at, end);
      const refused = !read && stamper.refused;
      const dated = read && !cut();
      const closes = at > start && (end - start > RECORD_CUT || ((dated || refused) && this.#flags !== UNDATED));
      if (closes) {
        this.#emit(firstRow + this.rows, start, at - 1);
        start = at;
      }
      if (dated) this.#date(start);
      else if (refused) this.#flags = UNDATED | REFUSED;
      else if (closes) this.#flags = CONTINUED | (this.#flags & UNDATED);
      else if (at === start) this.#flags = this.#leading;
      this.#lines++;
      at = end + 1;
    }
    if (last && at >= to && start < to && this.rows < rowLimit) {
      this.#emit(firstRow + this.rows, start, at - 1);
      start = to;
      at = to;
    }
    this.#scanned = at - start;
    this.consumed = start;
  }

  #date(start: number): void {
    const { stamper } = this.#context;
    this.#writer.date();
    this.#stampAt = stamper.at - start;
    this.#stampLength = stamper.length;
    this.#flags = 0;
  }

  #emit(row: number, start: number, end: number): void {
    const kept = this.#flags & ~REFUSED;
    const flags = this.#lines > 1 ? kept | MULTILINE : kept;
    this.#writer.write(row, start, end, this.line + 1, flags, start + this.#stampAt, this.#stampLength);
    this.line += this.#lines;
    this.rows++;
    this.#lines = 0;
    this.#leading = UNDATED;
    this.#stampAt = 0;
    this.#stampLength = 0;
  }
}
