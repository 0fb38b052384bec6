/**
 * Finds where a row of delimited text ends (RFC 4180: quotes doubled, line ends inside quotes), how many columns it has
 * and where some of them stand. Hot: it runs over every byte of a CSV source and makes nothing. As csv-parse with
 * `relax_quotes` does, a quote counts only at the beginning of a field, and text behind a closing quote stays in it.
 */

/** What `scan` returns in place of the row's end. */
export const UNFINISHED = -1; // the bytes end before the row is known to end
export const UNCLOSED = -2; // a quote stays open for more than the limit

const QUOTE = 34;
const LF = 10;

const FIELD_START = 0;
const BARE = 1;
const QUOTED = 2;
const AFTER_QUOTE = 3; // one quote seen inside quotes: the next byte tells whether it closed

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

  readonly #delimiter: number;
  /** For each column up to the last watched one, its index among the watched, or −1. */
  readonly #slots: Int32Array;
  readonly #limit: number;
  #state = FIELD_START;
  #scanned = 0;
  #fieldAt = 0;

  /**
   * @param delimiter one byte
   * @param watched indexes of the columns whose spans are wanted
   * @param limit bytes that a row may have reached when a quote in it still stands open
   */
  constructor(delimiter: number, watched: readonly number[], limit: number) {
    this.#delimiter = delimiter;
    this.#slots = Int32Array.from({ length: Math.max(-1, ...watched) + 1 }, (_, column) => watched.indexOf(column));
    this.starts = new Int32Array(watched.length);
    this.ends = new Int32Array(watched.length).fill(-1);
    this.#limit = limit;
  }

  /** Forgets the row so far: the next scan begins one. */
  reset(): void {
    this.columns = 0;
    for (let i = 0; i < this.ends.length; i++) this.ends[i] = -1;
    this.newlines = 0;
    this.#state = FIELD_START;
    this.#scanned = 0;
  }

  /**
   * Goes on with the row that begins at `start`, with the bytes up to `to`.
   * @returns the offset in `bytes` of the LF that ends the row, UNFINISHED (call again with more bytes) or UNCLOSED.
   */
  scan(bytes: Uint8Array, start: number, to: number): number {
    const delimiter = this.#delimiter;
    const quotedTo = Math.min(to, start + this.#limit);
    let state = this.#state;
    let p = start + this.#scanned;
    while (p < to) {
      if (state === FIELD_START) {
        this.columns++;
        this.#fieldAt = p - start;
        state = BARE;
        if (bytes[p] === QUOTE) {
          this.quoteAt = p - start;
          this.newlinesBeforeQuote = this.newlines;
          state = QUOTED;
          p++;
        }
      }
      if (state === QUOTED) {
        p = this.#quotedEnd(bytes, p, quotedTo);
        if (p >= start + this.#limit) return UNCLOSED;
        if (p >= to) break;
        state = AFTER_QUOTE;
        p++;
      } else if (state === AFTER_QUOTE) {
        state = BARE;
        if (bytes[p] === QUOTE) {
          state = QUOTED;
          p++;
        }
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
    if (this.#state === FIELD_START) {
      this.columns++;
      this.#fieldAt = to - start;
    }
    this.#endField(to - start);
    return to;
  }

  #endField(at: number): void {
    if (this.columns > this.#slots.length) return;
    const slot = this.#slots[this.columns - 1] as number;
    if (slot < 0) return;
    this.starts[slot] = this.#fieldAt;
    this.ends[slot] = at;
  }

  /** The next quote at or behind p, or `to`; counts the newlines before it. */
  #quotedEnd(bytes: Uint8Array, from: number, to: number): number {
    let p = from;
    let newlines = 0;
    while (p < to) {
      const byte = bytes[p] as number;
      if (byte === QUOTE) break;
      if (byte === LF) newlines++;
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
    const byte = bytes[p] as number;
    if (byte === delimiter || byte === LF) break;
    p++;
  }
  return p;
}
