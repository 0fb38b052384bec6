import { CONTINUED, type Memory, UNDATED } from '../core/memory.ts';
import type { Output } from '../core/stages.ts';
import { putByte, quoteCell } from '../kernel/escape.ts';
import { hasBackslash } from '../kernel/members.ts';
import { PairWalker, unescapedPair } from '../kernel/pairs.ts';
import { type CellWriter, cellText, writeWhole } from './cells.ts';
import type { Columns } from './columns.ts';

const QUOTE = 34;

/** Cells from the pairs of a logfmt record: each path is a key, which may hold dots. */
export function createPairCells(
  columns: Columns,
  paths: readonly (readonly string[])[],
  delimiter: number,
  memory: Memory,
): CellWriter {
  return new PairCells(columns, paths, delimiter, memory);
}

class PairCells implements CellWriter {
  readonly #count: number;
  readonly #message: number;
  readonly #keys: readonly Uint8Array[];
  readonly #delimiter: number;
  readonly #memory: Memory;
  readonly #walker: PairWalker;
  /** Of the record at hand, for each column: its value; the end is −1 where it has none. */
  readonly #start: Int32Array;
  readonly #end: Int32Array;

  constructor(columns: Columns, paths: readonly (readonly string[])[], delimiter: number, memory: Memory) {
    this.#count = columns.count;
    this.#message = columns.message;
    this.#keys = paths.map((path) => new Uint8Array(Buffer.from(path.join('.'))));
    this.#delimiter = delimiter;
    this.#memory = memory;
    this.#walker = new PairWalker(memory.bytes);
    this.#start = new Int32Array(paths.length);
    this.#end = new Int32Array(paths.length);
  }

  write(row: number, out: Output): boolean {
    const { start, end, flags } = this.#memory;
    this.#find(start[row], end[row]);
    const whole = (flags[row] & (UNDATED | CONTINUED)) === 0 ? -1 : this.#message;
    for (let i = 0; i < this.#count; i++) {
      putByte(this.#delimiter, out);
      if (i === whole) writeWhole(row, this.#delimiter, out);
      else if (this.#end[i] >= 0) this.#cell(i, out);
    }
    return true;
  }

  #find(from: number, to: number): void {
    this.#end.fill(-1);
    this.#walker.begin(from, to);
    while (this.#walker.next()) {
      for (let k = 0; k < this.#keys.length; k++) {
        if (this.#end[k] >= 0 || !this.#walker.hasKey(this.#keys[k])) continue;
        this.#start[k] = this.#walker.valueStart;
        this.#end[k] = this.#walker.valueEnd;
      }
    }
  }

  #cell(column: number, out: Output): void {
    const { bytes, buffer } = this.#memory;
    const from = this.#start[column];
    const to = this.#end[column];
    // Only what stands in quotes has escapes; where it begins tells.
    if (bytes[from - 1] !== QUOTE || !hasBackslash(bytes, from, to)) {
      quoteCell(from, to, this.#delimiter, out);
      return;
    }
    const text = unescapedPair(buffer.toString('utf8', from, to));
    out.append(cellText(text, String.fromCharCode(this.#delimiter)));
  }
}
