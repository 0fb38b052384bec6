import type { Dialect } from './csv-scan.ts';

/** How a field is written, and so what must be done to have its value. */
export const PLAIN = 0; // the span is the value
export const QUOTED = 1; // the span lies between quotes and is the value
export const DOUBLED = 2; // like QUOTED, with quotes inside that stand twice
export const ESCAPED = 3; // like QUOTED, with backslashes inside, and perhaps quotes that stand twice

/**
 * Finds the fields of one record of delimited text (RFC 4180) by their spans in the bytes. A field with text behind its
 * closing quote, or with a quote inside that it does not open with, is taken as it is written, quotes included.
 */
export class FieldScanner {
  /** Fields found by the last scan. */
  count = 0;
  start = new Int32Array(64);
  end = new Int32Array(64);
  kind = new Uint8Array(64);
  /** Whether the record holds a quote anywhere. */
  quotes = false;
  readonly #bytes: Uint8Array;
  readonly #dialect: Dialect;

  constructor(bytes: Uint8Array, dialect: Dialect) {
    this.#bytes = bytes;
    this.#dialect = dialect;
  }

  /** Scans the record in bytes [from, to); one CR at its end belongs to its line end. */
  scan(from: number, to: number): void {
    const bytes = this.#bytes;
    const { delimiter, quote, repeats } = this.#dialect;
    const end = to > from && bytes[to - 1] === 13 ? to - 1 : to;
    const stop = repeats ? this.#withoutLast(from, end) : end;
    this.count = 0;
    this.quotes = false;
    let at = repeats ? this.#behindDelimiters(from, stop) : from;
    for (;;) {
      const next = at < stop && bytes[at] === quote ? this.#quoted(at, stop, delimiter) : -1;
      at = next >= 0 ? next : this.#plain(at, stop, delimiter);
      if (at >= stop) return;
      at = repeats ? this.#behindDelimiters(at, stop) : at + 1;
    }
  }

  #behindDelimiters(from: number, stop: number): number {
    let at = from;
    while (at < stop && this.#bytes[at] === this.#dialect.delimiter) at++;
    return at;
  }

  #withoutLast(from: number, end: number): number {
    let at = end;
    while (at > from && this.#bytes[at - 1] === this.#dialect.delimiter) at--;
    return at;
  }

  /** Reads a field up to its delimiter or `stop`, whose offset it returns. */
  #plain(from: number, stop: number, delimiter: number): number {
    const bytes = this.#bytes;
    let at = from;
    while (at < stop && bytes[at] !== delimiter) {
      if (bytes[at] === 34) this.quotes = true;
      at++;
    }
    this.#add(from, at, PLAIN);
    return at;
  }

  /** Like #plain, for a field that opens with a quote; −1 where no closing quote ends it. */
  #quoted(from: number, stop: number, delimiter: number): number {
    const bytes = this.#bytes;
    const { takesIn } = this.#dialect;
    this.quotes = true;
    let kind = QUOTED;
    let at = from + 1;
    for (; at < stop; at++) {
      const byte = bytes[at];
      if (byte === takesIn) kind = ESCAPED;
      else if (byte !== 34) continue;
      else if (at + 1 >= stop || bytes[at + 1] !== 34) break;
      else kind = Math.max(kind, DOUBLED);
      at++;
    }
    if (at >= stop) return -1;
    if (at + 1 < stop && bytes[at + 1] !== delimiter) return this.#relaxed(from, at, stop, delimiter);
    this.#add(from + 1, at, kind);
    return at + 1;
  }

  /** Text behind the closing quote at `closing`: the field goes on to the next delimiter and keeps its quotes. */
  #relaxed(from: number, closing: number, stop: number, delimiter: number): number {
    let at = closing;
    while (at < stop && this.#bytes[at] !== delimiter) at++;
    this.#add(from, at, PLAIN);
    return at;
  }

  #add(start: number, end: number, kind: number): void {
    const i = this.count++;
    if (i === this.start.length) this.#grow();
    this.start[i] = start;
    this.end[i] = end;
    this.kind[i] = kind;
  }

  #grow(): void {
    const { start, end, kind } = this;
    this.start = new Int32Array(start.length * 2);
    this.end = new Int32Array(start.length * 2);
    this.kind = new Uint8Array(start.length * 2);
    this.start.set(start);
    this.end.set(end);
    this.kind.set(kind);
  }
}

/** The value of a field that is written so. */
export function fieldValue(text: string, kind: number): string {
  if (kind === ESCAPED) return unescaped(text);
  return kind === DOUBLED ? text.replaceAll('""', '"') : text;
}

/** The value of an ESCAPED field: a backslash means itself but before a quote or another one, and quotes may stand twice. */
export const unescaped = (text: string): string => text.replace(/\\(["\\])|""/g, (found, byte) => byte ?? found[0]);
