import { BROKEN, type Memory, UNDATED } from '../core/memory.ts';
import type { Warn } from '../core/problem.ts';
import type { Framer, Stamper } from '../core/stages.ts';

export const LF = 10;
export const CR = 13;
export const SPACE = 32;
export const HASH = 35;

/** The longest span of a stamp that the column can hold. */
const MAX_STAMP = 255;

/** What a framer needs besides its plan. */
export interface FramerContext {
  memory: Memory;
  /** Dates a line or a field. */
  stamper: Stamper;
  /** Index of the source in the plan. */
  source: number;
  /** Name of the source in messages. */
  label: string;
  warn: Warn;
  /**
   * Key of undated records that stand before the first dated one. Without it they carry the lowest key and so come
   * first of all.
   */
  lastKey: { high: number; low: number } | undefined;
  /** Whether the bytes go on where an earlier run stopped: text lines at their beginning belong to a record that it took. */
  continues?: boolean;
  /** Physical lines before those bytes. */
  line?: number;
}

/** A framer that also counts what it could not read, so far. */
export interface CountingFramer extends Framer {
  /** Records that are not what the format promises. */
  broken: number;
  /** Records without an instant of their own, broken ones included. */
  undated: number;
  /** What stood in the text so far that decides how the rest is cut; plain data, undefined where nothing does. */
  remember(): unknown;
}

/** Fills the columns of rows and remembers what the next one needs: the last key, and whether we have warned. */
export class RowWriter {
  broken = 0;
  undated = 0;
  readonly #context: FramerContext;
  /** Key of the last dated record; the kernel, which also fills rows, needs and changes it. */
  high: number;
  low: number;
  #warned = false;

  constructor(context: FramerContext) {
    this.#context = context;
    this.high = context.lastKey?.high ?? -(2 ** 31);
    this.low = context.lastKey?.low ?? 0;
  }

  /** Takes over the instant that the stamper read last; rows carry it until the next. */
  date(): void {
    this.high = this.#context.stamper.high;
    this.low = this.#context.stamper.low;
  }

  /**
   * Writes the row of the record [start, end), with the key of the last `date`.
   * @param stampAt offset of its stamp in the memory; with a length of 0, none.
   */
  write(row: number, start: number, end: number, line: number, flags: number, stampAt: number, length: number): void {
    const { memory, source } = this.#context;
    const kept = length <= MAX_STAMP ? length : 0;
    memory.keys[2 * row] = this.low;
    memory.keys[2 * row + 1] = this.high;
    memory.start[row] = start;
    memory.end[row] = end;
    memory.source[row] = source;
    memory.line[row] = line;
    memory.stampAt[row] = kept === 0 ? 0 : stampAt - start;
    memory.stampLength[row] = kept;
    memory.flags[row] = flags;
    if ((flags & UNDATED) !== 0) this.undated++;
    if ((flags & BROKEN) !== 0) this.broken++;
  }

  /** Says the first trouble of the source; the counters tell of the others. */
  warn(line: number, what: string, done: string): void {
    if (this.#warned) return;
    this.#warned = true;
    const { warn, label } = this.#context;
    warn({
      code: 'undated',
      where: `${label}:${line}`,
      what,
      hint: `${done} (--undated reject sets such records aside)`,
    });
  }
}

/** Whether [start, end) holds only spaces and carriage returns. */
export function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  let p = start;
  while (p < end && (bytes[p] === SPACE || bytes[p] === CR)) p++;
  return p >= end;
}
