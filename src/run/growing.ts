import type { Memory } from '../core/memory.ts';
import type { InputPlan } from '../core/stages.ts';
import type { CountingFramer } from '../input/index.ts';
import type { Taking } from '../plan.ts';

/**
 * What of the end of a file is left for a later run, by format: where the next bytes could change what was made of it.
 * `row`: a row or object whose line end is missing. `record`: the record of several lines to which an unfinished line
 * may belong.
 */
const WAITS: Readonly<Record<InputPlan['format'], 'row' | 'record'>> = {
  text: 'record',
  logfmt: 'record',
  w3c: 'row',
  csv: 'row',
  tsv: 'row',
  ndjson: 'row',
};

function waitsAt(end: Taking['end'], format: InputPlan['format']): 'row' | 'record' | 'line' | 'nothing' {
  if (end === 'whole' || end === 'unpacked') return 'nothing';
  if (end === 'open') return 'row';
  return end === 'lines' && WAITS[format] !== 'row' ? 'line' : WAITS[format];
}

const LF = 10;

/** A place at which a record ends, as an earlier run has found or decided. */
export interface Seam {
  /** Bytes before it. */
  at: number;
  /** What frames the bytes behind it. @param last key words of the last record before it */
  behind(inner: CountingFramer, last: TakingFramer['last']): CountingFramer;
}

/** A framer that also tells how far it came, and may leave the end of a file that grows for a later run. */
export class TakingFramer implements CountingFramer {
  rows = 0;
  consumed = 0;
  /** Bytes at the end that wait. */
  held = 0;
  /** Whether the end was framed. */
  isOver = false;
  /** Bytes so far up to where those begin that are unframed, or wait. */
  taken = 0;
  /** Key words of the last record, once there is one. */
  last: readonly [high: number, low: number] | undefined;
  private inner: CountingFramer;
  private readonly memory: Memory;
  private readonly end: Taking['end'];
  private waits: 'row' | 'record' | 'line' | 'nothing';
  private seam: Seam | undefined;
  /** Of what was framed before the seam. */
  private readonly before = { framingLines: 0, broken: 0, undated: 0 };

  /** @param seam where a record ends, whatever comes behind it */
  constructor(inner: CountingFramer, memory: Memory, format: InputPlan['format'], end: Taking['end'], seam?: Seam) {
    this.inner = inner;
    this.memory = memory;
    this.end = end;
    this.waits = waitsAt(end, format);
    this.seam = seam;
  }

  /** Says that its bytes end too early. Returns whether the rest is waited for. */
  endEarly(): boolean {
    if (this.end === 'unpacked') this.leaveEnd();
    return this.end === 'unpacked';
  }

  /** Says that the bytes end before the text does: what is unfinished there is left. */
  leaveEnd(): void {
    this.waits = 'row';
  }

  get line(): number {
    return this.inner.line;
  }

  get framingLines(): number {
    return this.before.framingLines + this.inner.framingLines;
  }

  get broken(): number {
    return this.before.broken + this.inner.broken;
  }

  get undated(): number {
    return this.before.undated + this.inner.undated;
  }

  remember(): unknown {
    return this.inner.remember();
  }

  frame(from: number, to: number, last: boolean, firstRow: number, rowLimit: number): void {
    this.rows = 0;
    this.consumed = from;
    // A reader that has seen the end asks once more: what waits there still does.
    if (this.isOver) return;
    if (this.seam !== undefined && !this.reachSeam(this.seam, from, to, firstRow, rowLimit) && !last) return;
    if (this.rows < rowLimit) this.frameRest(to, last, firstRow, rowLimit);
  }

  /** Frames up to the seam, and changes the framer there. Returns whether it lies behind. */
  private reachSeam(seam: Seam, from: number, to: number, firstRow: number, rowLimit: number): boolean {
    const at = from + seam.at - this.taken;
    const isReached = at <= to;
    this.inner.frame(from, Math.min(at, to), isReached, firstRow, rowLimit);
    this.note(firstRow);
    if (!isReached || this.rows === rowLimit) return false;
    const { framingLines, broken, undated } = this;
    Object.assign(this.before, { framingLines, broken, undated });
    this.inner = seam.behind(this.inner, this.last);
    this.seam = undefined;
    return true;
  }

  private frameRest(to: number, last: boolean, firstRow: number, rowLimit: number): void {
    const { inner, consumed: from } = this;
    const row = firstRow + this.rows;
    const limit = rowLimit - this.rows;
    if (last && this.waits === 'line') inner.frame(from, this.lastLineEnd(from, to), true, row, limit);
    else inner.frame(from, to, last && this.takesEnd(from, to), row, limit);
    this.note(row);
    if (!last || inner.rows === limit) return;
    this.isOver = true;
    this.held = to - inner.consumed;
    this.consumed = to;
  }

  /** Takes over what the inner framer has done. */
  private note(firstRow: number): void {
    const { rows, consumed } = this.inner;
    this.taken += consumed - this.consumed;
    this.consumed = consumed;
    this.rows += rows;
    if (rows > 0) this.last = this.keyOf(firstRow + rows - 1);
  }

  private takesEnd(from: number, to: number): boolean {
    if (this.waits === 'nothing') return true;
    return this.waits === 'record' && (to === from || this.memory.bytes[to - 1] === LF);
  }

  private lastLineEnd(from: number, to: number): number {
    return from + this.memory.buffer.subarray(from, to).lastIndexOf(LF) + 1;
  }

  private keyOf(row: number): readonly [number, number] {
    const { keys } = this.memory;
    return [keys[2 * row + 1], keys[2 * row]];
  }
}
