import type { FieldLayout } from '../core/stages.ts';

/**
 * Finds where a row of delimited text ends (RFC 4180: quotes doubled, line ends inside quotes), how many columns it has
 * and where some of them stand. Hot: it runs over every byte of a CSV source and makes nothing. As csv-parse with
 * `relax_quotes` does, a quote counts only at the beginning of a field, and text behind a closing quote stays in it,
 * but not where a line end stands between the two: then the quote that opened the field is a stray one, and what seems
 * to close it opens a field of some later row.
 */

/** What `scan` returns in place of the row's end. */
export const UNFINISHED = -1; // the bytes end before the row is known to end
export const UNCLOSED = -2; // the quote at `quoteAt` closes nothing: open for more than the limit, or a stray one

/** How delimited text is written, in bytes. */
export interface Dialect {
  delimiter: number;
  /** NO_BYTE where quotes mean nothing. */
  quote: number;
  /** What takes the next byte in inside quotes, besides a quote that stands twice; or NO_BYTE. */
  takesIn: number;
  /** Whether several delimiters in a row are one (of FieldScanner alone). */
  repeats: boolean;
}

export const dialectOf = ({
  delimiter,
  quotes,
  repeats = false,
}: Pick<FieldLayout, 'delimiter' | 'quotes' | 'repeats'>): Dialect => ({
  delimiter: delimiter.charCodeAt(0),
  quote: quotes === 'none' ? NO_BYTE : QUOTE,
  takesIn: quotes === 'backslash' ? BACKSLASH : NO_BYTE,
  repeats,
});

const QUOTE = 34;
const LF = 10;
const CR = 13;
const SPACE = 32;
const BACKSLASH = 92;
/** No byte is this one. */
const NO_BYTE = -1;

const FIELD_START = 0;
const BARE = 1;
const QUOTED = 2;
const AFTER_QUOTE = 3; // one quote seen inside quotes: the next byte tells whether it closed
const CLOSED = 4; // it closed, with blanks behind it at most

/** Scans row after row, each of them in as many steps as its bytes arrive. All offsets are counted from the row's start. */
export class RowScanner {
  /** Fields begun so far. */
  columns = 0;
  /** The watched fields with their quotes, in the order in which they were asked for; an end is −1 until it is known. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** Newlines inside the row, and how many of them stand before the quote that was opened last, at `quoteAt`. */
  newlines = 0;
  newlinesBeforeQuote = 0;
  quoteAt = 0;
  /** The first quote whose field holds a newline, or −1, and the newlines before it. */
  spanAt = -1;
  newlinesBeforeSpan = 0;
  /** Closing quotes of the row with text behind them. */
  torn = 0;

  readonly #delimiter: number;
  /** For each column up to the last watched one, its index among the watched, or −1. */
  readonly #slots: Int32Array;
  readonly #limit: number;
  readonly #quote: number;
  readonly #takesIn: number;
  #state = FIELD_START;
  #scanned = 0;
  #fieldAt = 0;

  /**
   * @param watched indexes of the columns whose spans are wanted
   * @param limit bytes that a row may have reached when a quote in it still stands open
   */
  constructor({ delimiter, quote, takesIn }: Dialect, watched: readonly number[], limit: number) {
    this.#delimiter = delimiter;
    this.#quote = quote;
    this.#takesIn = takesIn;
    this.#slots = new Int32Array(watched.reduce((most, column) => Math.max(most, column), -1) + 1).fill(-1);
    for (const [slot, column] of watched.entries()) this.#slots[column] = slot;
    this.starts = new Int32Array(watched.length);
    this.ends = new Int32Array(watched.length).fill(-1);
    this.#limit = limit;
  }

  /** Forgets the row so far: the next scan begins one. */
  reset(): void {
    this.columns = 0;
    for (let i = 0; i < this.ends.length; i++) this.ends[i] = -1;
    this.newlines = 0;
    this.spanAt = -1;
    this.torn = 0;
    this.#state = FIELD_START;
    this.#scanned = 0;
  }

  /**
   * Goes on with the row that begins at `start`, with the bytes up to `to`.
   * @returns the offset in `bytes` of the LF that ends the row, UNFINISHED (call again with more bytes) or UNCLOSED.
   */
  scan(bytes: Uint8Array, start: number, to: number): number {
    const delimiter = this.#delimiter;
    const quote = this.#quote;
    const stop = start + this.#limit;
    let state = this.#state;
    let p = start + this.#scanned;
    while (p < to) {
      if (state === FIELD_START) {
        this.columns++;
        this.#fieldAt = p - start;
        state = BARE;
        if (bytes[p] === quote) {
          this.quoteAt = p - start;
          this.newlinesBeforeQuote = this.newlines;
          state = QUOTED;
          p++;
        }
      }
      if (state === QUOTED) {
        p = this.#quotedEnd(bytes, p, Math.min(to, stop));
        if (p >= stop) return UNCLOSED;
        if (p >= to) break;
        if (bytes[p] !== quote) {
          if (p + 1 === stop) return UNCLOSED;
          break;
        }
        state = AFTER_QUOTE;
        p++;
      } else if (state === AFTER_QUOTE) {
        state = CLOSED;
        if (bytes[p] === quote) {
          state = QUOTED;
          p++;
        }
      } else if (state === CLOSED) {
        const byte = bytes[p];
        if (byte !== delimiter && (byte === SPACE || byte === CR)) p++;
        else if (this.#isTorn(byte)) return UNCLOSED;
        else state = BARE;
      } else {
        p = fieldEnd(bytes, p, to, delimiter);
        if (p >= to) break;
        this.#endField(p - start);
        if (bytes[p] === LF) return p;
        state = FIELD_START;
        p++;
      }
    }
    this.#state = state;
    this.#scanned = p - start;
    return UNFINISHED;
  }

  /** Ends the row where the bytes end: `to`, or UNCLOSED where a quote is still open. */
  finish(start: number, to: number): number {
    if (this.#state === QUOTED) return UNCLOSED;
    if (this.#state >= AFTER_QUOTE) this.#isTorn(LF);
    if (this.#state === FIELD_START) {
      this.columns++;
      this.#fieldAt = to - start;
    }
    this.#endField(to - start);
    return to;
  }

  /** Takes the byte behind a closing quote and blanks. Whether the quote can have closed nothing. */
  #isTorn(byte: number): boolean {
    const spans = this.newlines > this.newlinesBeforeQuote;
    if (spans && this.spanAt < 0) {
      this.spanAt = this.quoteAt;
      this.newlinesBeforeSpan = this.newlinesBeforeQuote;
    }
    if (byte === this.#delimiter || byte === LF) return false;
    this.torn++;
    return spans;
  }

  #endField(at: number): void {
    if (this.columns > this.#slots.length) return;
    const slot = this.#slots[this.columns - 1];
    if (slot < 0) return;
    this.starts[slot] = this.#fieldAt;
    this.ends[slot] = at;
  }

  /** The next quote at or behind p, or `to`, or a backslash there whose byte is not at hand; counts the newlines before it. */
  #quotedEnd(bytes: Uint8Array, from: number, to: number): number {
    const takesIn = this.#takesIn;
    let p = from;
    let newlines = 0;
    while (p < to) {
      const byte = bytes[p];
      if (byte === QUOTE) break; // only where quotes mean something does anything stand inside some
      if (byte === LF) newlines++;
      if (byte === takesIn) {
        if (p + 1 >= to) break;
        p++;
        if (bytes[p] === LF) newlines++;
      }
      p++;
    }
    this.newlines += newlines;
    return p;
  }
}

/** The next delimiter or LF at or behind p, or `to`. */
function fieldEnd(bytes: Uint8Array, from: number, to: number, delimiter: number): number {
  let p = from;
  while (p < to) {
    const byte = bytes[p];
    if (byte === delimiter || byte === LF) break;
    p++;
  }
  return p;
}
