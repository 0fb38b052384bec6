import type { Memory } from '../core/memory.ts';
import type { CountingFramer } from '../input/index.ts';

/**
 * Frames a source up to the first record that is longer than memory allows, and passes over the rest (--keep-going). Where
 * more bytes are at hand than one record may have, it frames row by row, so that nothing behind that record is counted.
 */
export class UpToTooLong implements CountingFramer {
  rows = 0;
  consumed = 0;
  private readonly inner: CountingFramer;
  private readonly memory: Memory;
  /** The longest record that is accepted, bytes. */
  private readonly limit: number;
  /** Hears, once, on which line the record stands, and how many bytes of the text stand before that line. */
  private readonly onEnd: (line: number, offset: number) => void;
  /** Bytes before those that are framed next. */
  private passed = 0;
  /** What was counted before that record, once it is met. */
  private ended: Pick<CountingFramer, 'line' | 'broken' | 'undated'> | undefined;

  constructor(inner: CountingFramer, memory: Memory, limit: number, onEnd: UpToTooLong['onEnd']) {
    this.inner = inner;
    this.memory = memory;
    this.limit = limit;
    this.onEnd = onEnd;
  }

  get line(): number {
    return (this.ended ?? this.inner).line;
  }

  get framingLines(): number {
    return this.inner.framingLines;
  }

  get broken(): number {
    return (this.ended ?? this.inner).broken;
  }

  get undated(): number {
    return (this.ended ?? this.inner).undated;
  }

  remember(): unknown {
    return this.inner.remember();
  }

  frame(from: number, to: number, last: boolean, firstRow: number, rowLimit: number): void {
    this.rows = 0;
    this.consumed = to;
    if (this.ended !== undefined) return;
    if (to - from > this.limit) this.frameSingly(from, to, last, firstRow, rowLimit);
    else this.frameAll(from, to, last, firstRow, rowLimit);
    this.passed += this.consumed - from;
  }

  private frameAll(from: number, to: number, last: boolean, firstRow: number, rowLimit: number): void {
    this.inner.frame(from, to, last, firstRow, rowLimit);
    this.rows = this.inner.rows;
    this.consumed = this.inner.consumed;
  }

  private frameSingly(from: number, to: number, last: boolean, firstRow: number, rowLimit: number): void {
    const { inner, memory } = this;
    let at = from;
    for (; this.rows < rowLimit; this.rows++) {
      const { broken, undated } = inner;
      inner.frame(at, to, last, firstRow + this.rows, 1);
      at = inner.consumed;
      if (inner.rows === 0) break;
      const row = firstRow + this.rows;
      if (memory.end[row] - memory.start[row] <= this.limit) continue;
      this.end({ line: memory.line[row] - 1, broken, undated }, memory.line[row], memory.start[row] - from);
      this.consumed = to;
      return;
    }
    this.consumed = at;
    if (last || this.rows === rowLimit || to - at <= this.limit) return;
    this.end(countsOf(inner), inner.line + 1, at - from);
    this.consumed = to;
  }

  /** @param framed bytes of this call before the line */
  private end(counted: Pick<CountingFramer, 'line' | 'broken' | 'undated'>, line: number, framed: number): void {
    this.ended = counted;
    this.onEnd(line, this.passed + framed);
  }
}

const countsOf = ({ line, broken, undated }: CountingFramer) => ({ line, broken, undated });
