/** What is read again of what was written, where the format tells it. */
export interface ReadBack {
  /** Takes the next bytes of text. */
  take(text: Uint8Array): void;
  /** Records so far; undefined where the format does not tell where one ends. */
  readonly records: number | undefined;
  /** The first line whose stamp lies before that of the line above it. */
  readonly disorder: number | undefined;
}

interface Shape {
  /** Lines that stand above the records. */
  header: number;
  /** Whether a line, or a row of several, is a record. */
  isRecord: boolean;
  /** Whether a line end inside quotes does not end the row. */
  quotes: boolean;
  stamp: RegExp;
}

const STAMP = '\\d{4}-\\d\\d-\\d\\dT[^ "\\t,]+';
const ROWS: Shape = { header: 1, isRecord: true, quotes: true, stamp: new RegExp(`^(${STAMP})(?:[,\\t]|$)`) };

/** Of raw output nothing is known; in text, a line that goes on with a record may begin one, for a run that took only it. */
const SHAPES: Readonly<Record<string, Shape>> = {
  ndjson: { header: 0, isRecord: true, quotes: false, stamp: new RegExp(`^\\{"time":"(${STAMP})"`) },
  csv: ROWS,
  tsv: ROWS,
  text: { header: 0, isRecord: false, quotes: false, stamp: new RegExp(`^(${STAMP}) `) },
};

/** More of a line is not needed to see its stamp. */
const STAMP_BYTES = 64;
const LF = 10;
const QUOTE = 34;

export function readBack(format: string): ReadBack {
  const shape = SHAPES[format];
  return shape === undefined ? { take() {}, records: undefined, disorder: undefined } : new LineReader(shape);
}

class LineReader implements ReadBack {
  disorder: number | undefined;
  readonly #shape: Shape;
  #lines = 0;
  #rows = 0;
  /** Quotes in the row so far, and the beginning of it. */
  #quotes = 0;
  #head = '';
  #last: StampKey | undefined;

  constructor(shape: Shape) {
    this.#shape = shape;
  }

  get records(): number | undefined {
    return this.#shape.isRecord ? this.#rows - this.#shape.header : undefined;
  }

  take(text: Uint8Array): void {
    for (let from = 0; from < text.length; ) {
      const end = text.indexOf(LF, from);
      const to = end < 0 ? text.length : end;
      if (this.#shape.quotes) this.#quotes += count(text, QUOTE, from, to);
      if (this.#head.length < STAMP_BYTES) {
        const room = STAMP_BYTES - this.#head.length;
        this.#head += Buffer.from(text.buffer, text.byteOffset + from, Math.min(to - from, room)).toString('latin1');
      }
      if (end >= 0) this.#endLine();
      from = to + 1;
    }
  }

  #endLine(): void {
    this.#lines++;
    if (this.#quotes % 2 === 1) return;
    this.#rows++;
    const [, stamp] = this.#shape.stamp.exec(this.#head) ?? [];
    this.#head = '';
    this.#quotes = 0;
    if (stamp === undefined) return;
    const key = stampKey(stamp);
    if (this.#last !== undefined && compareStamps(key, this.#last) < 0) this.disorder ??= this.#lines;
    this.#last = key;
  }
}

function count(bytes: Uint8Array, byte: number, from: number, to: number): number {
  let found = 0;
  for (let at = bytes.indexOf(byte, from); at >= 0 && at < to; at = bytes.indexOf(byte, at + 1)) found++;
  return found;
}

/** Milliseconds since 1970, and the digits below them. */
interface StampKey {
  millis: number;
  rest: string;
}

/** What stands in a stamp that we wrote (RFC 3339). */
export function stampKey(stamp: string): StampKey {
  const [, rest = ''] = /\.\d{3}(\d+)/.exec(stamp) ?? [];
  return { millis: Date.parse(stamp), rest: rest.padEnd(6, '0') };
}

export function compareStamps(a: StampKey, b: StampKey): number {
  return a.millis - b.millis || (a.rest < b.rest ? -1 : a.rest > b.rest ? 1 : 0);
}
