import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';

/**
 * Where, in a line of an output, the record's stamp stands and where that begins which every program writes alike, so
 * that outputs can be compared that say the same in different words.
 */
export interface LineParts {
  stampAt: number;
  /** Offset of the common rest of the line [start, end); below zero: a line that begins no record, compared whole. */
  rest(bytes: Buffer, start: number, end: number): number;
  /** Lines in front that are not compared. */
  headerLines: number;
}

export interface Digest {
  /** Of the stamp and the rest of every line. */
  hash: string;
  /** Of the rests, in whatever order they come. */
  unordered: number;
  records: number;
  /** Whether no record is earlier than the one before it. */
  ascending: boolean;
}

const REGION = 1 << 20;
/** Length of `2024-03-10T07:00:00.000Z`. */
const STAMP = 24;
const COMMA = 44;
const BAR = 124;
/** The first digit of every generated year. */
const TWO = 50;

/** Behind the count-th of these bytes. */
const behind = (byte: number, count: number) => (bytes: Buffer, start: number, end: number) => {
  let at = start - 1;
  for (let i = 0; i < count; i++) at = bytes.indexOf(byte, at + 1);
  return at < 0 || at >= end ? -1 : at + 1;
};

const csvRow = (cells: number) => (bytes: Buffer, start: number, end: number) =>
  bytes[start] === TWO ? behind(COMMA, cells)(bytes, start, end) : -1;

/** The outputs that are compared. */
export const LINE_PARTS = {
  /** A generated ISO line. */
  line: { stampAt: 0, rest: (_, start) => start, headerLines: 0 },
  /** `STAMP label | line` */
  prefix: { stampAt: 0, rest: (bytes, start, end) => behind(BAR, 1)(bytes, start, end) + 1, headerLines: 0 },
  /** `{"ts":"STAMP",…` */
  ndjson: { stampAt: 7, rest: behind(COMMA, 1), headerLines: 0 },
  /** `{"time":"STAMP","source":"label",…` */
  ndjsonOutput: { stampAt: 9, rest: behind(COMMA, 2), headerLines: 0 },
  /** `STAMP,…` */
  csv: { stampAt: 0, rest: csvRow(1), headerLines: 1 },
  /** `STAMP,label,…` */
  csvOutput: { stampAt: 0, rest: csvRow(2), headerLines: 1 },
} satisfies Record<string, LineParts>;

/** Reads an output and tells what can be compared of it. */
export function digestOf(path: string, parts: LineParts): Digest {
  const descriptor = openSync(path, 'r');
  const buffer = Buffer.allocUnsafe(2 * REGION);
  const digest = new LineDigest(parts);
  try {
    for (let held = 0; ; ) {
      const read = readSync(descriptor, buffer, held, REGION, null);
      held += read;
      const used = digest.take(buffer, held);
      if (read === 0) return digest.result(held - used);
      buffer.copyWithin(0, used, held);
      held -= used;
    }
  } finally {
    closeSync(descriptor);
  }
}

/** FNV-1a. */
function lineHash(bytes: Buffer, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ bytes[at], 0x01000193);
  return hash >>> 0;
}

class LineDigest {
  readonly #parts: LineParts;
  readonly #hash = createHash('sha1');
  /** Stamps and rests that wait to be hashed together, because hashing line by line takes ten times as long. */
  readonly #kept = Buffer.allocUnsafe(4 * REGION);
  readonly #last = Buffer.alloc(STAMP);
  #lines = 0;
  #records = 0;
  #unordered = 0;
  #ascending = true;

  constructor(parts: LineParts) {
    this.#parts = parts;
  }

  /** Takes the whole lines of bytes [0, held); returns where the rest begins. */
  take(bytes: Buffer, held: number): number {
    let kept = 0;
    let start = 0;
    for (;;) {
      const end = bytes.indexOf(10, start);
      if (end < 0 || end >= held) break;
      if (this.#lines++ >= this.#parts.headerLines) kept = this.#keep(bytes, start, end + 1, kept);
      start = end + 1;
    }
    this.#hash.update(this.#kept.subarray(0, kept));
    return start;
  }

  #keep(bytes: Buffer, start: number, end: number, kept: number): number {
    const rest = this.#parts.rest(bytes, start, end);
    if (rest < 0) return kept + bytes.copy(this.#kept, kept, start, end);
    const stamp = start + this.#parts.stampAt;
    if (this.#last.compare(bytes, stamp, stamp + STAMP) > 0) this.#ascending = false;
    bytes.copy(this.#last, 0, stamp, stamp + STAMP);
    this.#records++;
    this.#unordered = (this.#unordered + lineHash(bytes, rest, end)) % 2 ** 48;
    kept += bytes.copy(this.#kept, kept, stamp, stamp + STAMP);
    return kept + bytes.copy(this.#kept, kept, rest, end);
  }

  /** @param unfinished bytes behind the last newline; they make the hash another one */
  result(unfinished: number): Digest {
    if (unfinished > 0) this.#hash.update('unfinished line');
    return {
      hash: this.#hash.digest('hex'),
      unordered: this.#unordered,
      records: this.#records,
      ascending: this.#ascending,
    };
  }
}
