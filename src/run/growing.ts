import type { Memory } from '../core/memory.ts';
import type { InputPlan } from '../core/stages.ts';
import type { CountingFramer } from '../input/index.ts';
import type { Taking } from '../plan.ts';

/**
 * What of the end of a file is left for a later run, by format: where the next bytes could change what was made of it.
 * `row`: a row or object whose line end is missing. `record`: the record of several lines to which an unfinished line
 * may belong. `line`: only that line, since the lines before it have changed how the next are read.
 */
const WAITS: Readonly<Record<InputPlan['format'], 'row' | 'record' | 'line'>> = {
  text: 'record',
  logfmt: 'record',
  w3c: 'line',
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

/** A framer that also tells how far it came, and may leave the end of a file that grows for a later run. */
export class TakingFramer implements CountingFramer {
  rows = 0;
  consumed = 0;
  /** Bytes at the end that wait. */
  held = 0;
  /** Whether the end was framed. */
  isOver = false;
  /** Key words of the last record, once there is one. */
  last: readonly [high: number, low: number] | undefined;
  private readonly inner: CountingFramer;
  private readonly memory: Memory;
  private readonly end: Taking['end'];
  private waits: 'row' | 'record' | 'line' | 'nothing';

  constructor(inner: CountingFramer, memory: Memory, format: InputPlan['format'], end: Taking['end']) {
    this.inner = inner;
    this.memory = memory;
    this.end = end;
    this.waits = waitsAt(end, format);
  }

  /** Says that its bytes end too early. Returns whether the rest is waited for. */
  endEarly(): boolean {
    if (this.end === 'unpacked') this.waits = 'row';
    return this.end === 'unpacked';
  }

  get line(): number {
    return this.inner.line;
  }

  get framingLines(): number {
    return this.inner.framingLines;
  }

  get broken(): number {
    return this.inner.broken;
  }

  get undated(): number {
    return this.inner.undated;
  }

  remember(): unknown {
    return this.inner.remember();
  }

  frame(from: number, to: number, last: boolean, firstRow: number, rowLimit: number): void {
    const { inner } = this;
    if (last && this.waits === 'line') inner.frame(from, this.lastLineEnd(from, to), true, firstRow, rowLimit);
    else inner.frame(from, to, last && this.takesEnd(from, to), firstRow, rowLimit);
    this.rows = inner.rows;
    this.consumed = inner.consumed;
    if (inner.rows > 0) this.last = this.keyOf(firstRow + inner.rows - 1);
    if (!last || inner.rows === rowLimit) return;
    this.isOver = true;
    this.held = to - inner.consumed;
    this.consumed = to;
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
    return [keys[2 * row + 1] as number, keys[2 * row] as number];
  }
}
