import { type Memory, UNDATED } from '../core/memory.ts';
import type { FieldLayout, Output } from '../core/stages.ts';
import { dialectOf } from '../kernel/csv-scan.ts';
import { needsQuotes, putByte, quoteCell } from '../kernel/escape.ts';
import { ESCAPED, FieldScanner, PLAIN, unescaped } from '../kernel/fields.ts';
import { MemberFinder } from '../kernel/member-finder.ts';
import { hasBackslash } from '../kernel/members.ts';
import type { Columns } from './columns.ts';

const QUOTE = 34;
const CR = 13;

/** Writes the cells of a record, a delimiter before each; false where it has no cells (then nothing was written). */
export interface CellWriter {
  write(row: number, out: Output): boolean;
}

/** Cells from the fields of a delimited record: `fields` says which field each column holds. */
export function createFieldCells(
  columns: Columns,
  fields: Int32Array,
  layout: FieldLayout,
  delimiter: number,
  memory: Memory,
): CellWriter {
  return new FieldCells(columns, fields, layout, delimiter, memory);
}

class FieldCells implements CellWriter {
  readonly #columns: Columns;
  readonly #fields: Int32Array;
  readonly #layout: FieldLayout;
  readonly #delimiter: number;
  readonly #memory: Memory;
  readonly #scanner: FieldScanner;

  constructor(columns: Columns, fields: Int32Array, layout: FieldLayout, delimiter: number, memory: Memory) {
    this.#columns = columns;
    this.#fields = fields;
    this.#layout = layout;
    this.#delimiter = delimiter;
    this.#memory = memory;
    this.#scanner = new FieldScanner(memory.bytes, dialectOf(layout));
  }

  write(row: number, out: Output): boolean {
    const { start, end } = this.#memory;
    const scanner = this.#scanner;
    scanner.scan(start[row], end[row]);
    if (scanner.count !== this.#layout.columns.length) return false;
    const whole = this.#losesTime(row) ? this.#columns.message : -1;
    for (let i = 0; i < this.#columns.count; i++) {
      putByte(this.#delimiter, out);
      if (i === whole) writeWhole(row, this.#delimiter, out);
      else if (this.#fields[i] >= 0) this.#cell(this.#fields[i], out);
    }
    return true;
  }

  /** Whether the record's time could not be read and its text has no column: then `message` holds the record whole. */
  #losesTime(row: number): boolean {
    if ((this.#memory.flags[row] & UNDATED) === 0) return false;
    const { start, end } = this.#scanner;
    for (const column of this.#layout.timeColumns) {
      if (start[column] !== end[column] && !this.#fields.includes(column)) return true;
    }
    return false;
  }

  /** A field that was in quotes stays in quotes if it needs them; what stands between them is right as it is. */
  #cell(field: number, out: Output): void {
    const { start, end, kind } = this.#scanner;
    if (kind[field] === ESCAPED) {
      const text = unescaped(this.#memory.buffer.toString('latin1', start[field], end[field]));
      out.append(Buffer.from(cellText(text, String.fromCharCode(this.#delimiter)), 'latin1'));
    } else if (kind[field] === PLAIN || !needsQuotes(this.#memory.bytes, start[field], end[field], this.#delimiter)) {
      quoteCell(start[field], end[field], this.#delimiter, out);
    } else {
      out.copy(start[field] - 1, end[field] + 1);
    }
  }
}

/** Cells from the members of a JSON record: `paths` says which member each column holds. */
export function createMemberCells(
  columns: Columns,
  paths: readonly (readonly string[])[],
  delimiter: number,
  memory: Memory,
): CellWriter {
  return new MemberCells(columns, paths, delimiter, memory);
}

class MemberCells implements CellWriter {
  readonly #count: number;
  readonly #message: number;
  readonly #delimiter: number;
  readonly #memory: Memory;
  readonly #members: MemberFinder;

  constructor(columns: Columns, paths: readonly (readonly string[])[], delimiter: number, memory: Memory) {
    this.#count = columns.count;
    this.#message = columns.message;
    this.#delimiter = delimiter;
    this.#memory = memory;
    this.#members = new MemberFinder(memory.bytes, paths);
  }

  write(row: number, out: Output): boolean {
    const { start, end, flags } = this.#memory;
    const members = this.#members;
    if (!members.scan(start[row], end[row])) return false;
    const whole = (flags[row] & UNDATED) === 0 ? -1 : this.#message;
    for (let i = 0; i < this.#count; i++) {
      putByte(this.#delimiter, out);
      if (i === whole) writeWhole(row, this.#delimiter, out);
      else if (members.find(i)) this.#cell(members.start, members.end, out);
    }
    return true;
  }

  /** Strings without their quotes, null as nothing, all else as it is written: numbers above 2^53 keep their digits. */
  #cell(from: number, to: number, out: Output): void {
    const { bytes, buffer } = this.#memory;
    const first = bytes[from];
    if (first === 110) return;
    if (first !== QUOTE) {
      quoteCell(from, to, this.#delimiter, out);
    } else if (!hasBackslash(bytes, from, to)) {
      quoteCell(from + 1, to - 1, this.#delimiter, out);
    } else {
      const text = JSON.parse(buffer.toString('utf8', from, to)) as string;
      out.append(cellText(text, String.fromCharCode(this.#delimiter)));
    }
  }
}

/** Appends a record whole as one cell, without the CR of its line end. */
export function writeWhole(row: number, delimiter: number, out: Output): void {
  const { start, end, bytes } = out.memory;
  const hasCr = end[row] > start[row] && bytes[end[row] - 1] === CR;
  quoteCell(start[row], hasCr ? end[row] - 1 : end[row], delimiter, out);
}

/** A text as a cell. */
export function cellText(text: string, delimiter: string): string {
  return text.includes(delimiter) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
