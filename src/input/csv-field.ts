import { dialectOf, RowScanner, UNCLOSED, UNFINISHED } from '../kernel/csv-scan.ts';
import type { Written } from './csv-header.ts';
import { CR, isBlank, LF, SPACE } from './framer.ts';

/** Bytes within which a quoted field must close; a stray quote costs no more than reading these twice. */
export const QUOTED_LIMIT = 1024 * 1024;

const QUOTE = 34;

/** The value inside a field's span: without blanks and CR around it, and without its quotes (doubled ones stay). */
export class FieldValue {
  start = 0;
  end = 0;

  clear(): void {
    this.start = 0;
    this.end = 0;
  }

  set(bytes: Uint8Array, start: number, end: number): void {
    this.start = start;
    this.end = end;
    this.#trim(bytes);
    if (this.end - this.start < 2 || bytes[this.start] !== QUOTE || bytes[this.end - 1] !== QUOTE) return;
    this.start++;
    this.end--;
    this.#trim(bytes);
  }

  #trim(bytes: Uint8Array): void {
    while (this.start < this.end && isPadding(bytes[this.start])) this.start++;
    while (this.end > this.start && isPadding(bytes[this.end - 1])) this.end--;
  }
}

function isPadding(byte: number): boolean {
  return byte === SPACE || byte === CR;
}

/** A row of a sample. */
export interface SampleRow {
  bytes: Uint8Array;
  columns: number;
}

/** What was met besides rows: closing quotes with text behind them, and quotes that closed nothing. */
export interface QuotesMet {
  torn: number;
  stray: number;
}

/** The rows of a piece of a sample. One that the piece cuts is left out, and so is the line of a stray quote. */
export function sampleRows(piece: Uint8Array, written: Written, met: QuotesMet = { torn: 0, stray: 0 }): SampleRow[] {
  const scanner = new RowScanner(dialectOf(written), [], QUOTED_LIMIT);
  const rows: SampleRow[] = [];
  for (let at = 0; at < piece.length; scanner.reset()) {
    let end = scanner.scan(piece, at, piece.length);
    if (end === UNFINISHED) end = scanner.finish(at, piece.length);
    const row = { bytes: piece.subarray(at, end), columns: scanner.columns };
    met.torn += scanner.torn;
    if (end === UNCLOSED) {
      const lineEnd = piece.indexOf(LF, at + scanner.quoteAt);
      if (scanner.torn > 0) met.stray++; // else it may be the piece that cuts the field
      if (lineEnd < 0) break;
      at = lineEnd + 1;
      continue;
    }
    if (!isBlank(piece, at, end)) rows.push(row);
    at = end + 1;
  }
  return rows;
}

/** The values of one column, empty ones left out. */
export function columnValues(rows: readonly SampleRow[], written: Written, column: number): Uint8Array[] {
  return fieldValues(rows, written, [column]).flatMap(([value]) => (value === undefined ? [] : [value]));
}

/** For each row, the values of these columns; undefined for those that are empty or not there. */
export function fieldValues(
  rows: readonly SampleRow[],
  written: Written,
  columns: readonly number[],
): (Uint8Array | undefined)[][] {
  const scanner = new RowScanner(dialectOf(written), columns, QUOTED_LIMIT);
  const field = new FieldValue();
  return rows.map(({ bytes }) => {
    scanner.reset();
    if (scanner.scan(bytes, 0, bytes.length) === UNFINISHED) scanner.finish(0, bytes.length);
    return columns.map((_, i) => {
      const end = scanner.ends[i];
      if (end < 0) return undefined;
      field.set(bytes, scanner.starts[i], end);
      return field.end > field.start ? bytes.subarray(field.start, field.end) : undefined;
    });
  });
}
