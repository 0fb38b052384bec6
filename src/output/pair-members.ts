import { CONTINUED, type Memory, UNDATED } from '../core/memory.ts';
import type { LogfmtPlan, Output } from '../core/stages.ts';
import { escapeJson, escapeLines, putByte } from '../kernel/escape.ts';
import { lineEnd } from '../kernel/line-end.ts';
import { PairWalker } from '../kernel/pairs.ts';
import { type Placed, placeTexts, putPlaced } from '../kernel/placed.ts';
import type { Body } from './field-members.ts';
import { freeNames } from './names.ts';

const TAB = 9;
const LF = 10;
const CR = 13;
const SPACE = 32;
const QUOTE = 34;
const COMMA = 44;
const BACKSLASH = 92;

/** Pairs of a record whose keys are held against one another; one with more is a message. */
const MOST_PAIRS = 512;

const MESSAGE = 'message';

/**
 * The pairs of a logfmt record as strings; those of the time only where it could not be read, so that nothing is lost. What
 * is no pair (words between them, a priority, the lines of a stack trace) is `message`. Keys that stand twice, or are called
 * like ours, get a new name.
 */
export function pairsBody(own: readonly string[], plan: LogfmtPlan, memory: Memory): Body {
  const body = new PairsBody(own, plan, memory);
  return (row, out) => body.write(row, out);
}

class PairsBody {
  readonly #memory: Memory;
  readonly #own: readonly string[];
  readonly #reserved: readonly Uint8Array[];
  readonly #times: readonly (readonly Uint8Array[])[];
  readonly #walker: PairWalker;
  readonly #beforeName: Placed;
  readonly #beforeValue: Placed;
  /** The pairs of the record at hand. */
  #count = 0;
  readonly #keyStart = new Int32Array(MOST_PAIRS);
  readonly #keyEnd = new Int32Array(MOST_PAIRS);
  readonly #valueStart = new Int32Array(MOST_PAIRS);
  readonly #valueEnd = new Int32Array(MOST_PAIRS);
  readonly #isTime = new Uint8Array(MOST_PAIRS);
  /** What stands between them. */
  #words = 0;
  readonly #wordStart = new Int32Array(MOST_PAIRS + 1);
  readonly #wordEnd = new Int32Array(MOST_PAIRS + 1);

  constructor(own: readonly string[], plan: LogfmtPlan, memory: Memory) {
    this.#memory = memory;
    this.#own = own;
    this.#reserved = [...own, MESSAGE].map(bytesOf);
    this.#times = plan.times.map(({ keys }) => keys.map(bytesOf));
    this.#walker = new PairWalker(memory.bytes);
    [this.#beforeName, this.#beforeValue] = placeTexts(memory, [',"', '":"']) as [Placed, Placed];
  }

  write(row: number, out: Output): boolean {
    const { start, end, flags } = this.#memory;
    if ((flags[row] & CONTINUED) !== 0 || !this.#scan(start[row], end[row], this.#linesBefore(row))) return false;
    this.#isTime.fill(0, 0, this.#count);
    if ((flags[row] & UNDATED) === 0) this.#findTime(row);
    const names = this.#clashes() ? this.#freeNames() : undefined;
    for (let i = 0; i < this.#count; i++) {
      if (this.#isTime[i] === 1) continue;
      this.#name(i, names, out);
      this.#value(i, out);
      putByte(QUOTE, out);
    }
    if (this.#words > 0) this.#message(names?.at(-1) ?? MESSAGE, out);
    return true;
  }

  /** Where the line begins in which its time stands: those before the first record of a file belong to it. */
  #linesBefore(row: number): number {
    const { bytes, start, end, stampAt, stampLength } = this.#memory;
    const from = start[row];
    const at = from + stampAt[row];
    if (stampLength[row] === 0 || lineEnd(bytes, from, end[row]) > at) return from;
    return bytes.lastIndexOf(LF, at) + 1;
  }

  /**
   * Finds the pairs; false where there are none or too many, or where a quote is not closed. Lines behind the first, and
   * before `line`, are text.
   */
  #scan(from: number, to: number, line: number): boolean {
    const { bytes } = this.#memory;
    const walker = this.#walker;
    let behind = line;
    let stop = lineEnd(bytes, line, to);
    this.#count = 0;
    this.#words = 0;
    if (line > from) this.#between(from, line - 1);
    walker.begin(line, to);
    while (walker.next() && walker.keyStart < stop) {
      if (this.#count === MOST_PAIRS || (walker.quoted && walker.valueEnd === to)) return false;
      this.#between(behind, walker.keyStart);
      this.#hold();
      behind = walker.quoted ? walker.valueEnd + 1 : walker.valueEnd;
      if (behind > stop) stop = lineEnd(bytes, behind, to);
    }
    if (this.#count === 0) return false;
    this.#between(behind, to);
    return true;
  }

  #hold(): void {
    const walker = this.#walker;
    const i = this.#count++;
    this.#keyStart[i] = walker.keyStart;
    this.#keyEnd[i] = walker.keyEnd;
    this.#valueStart[i] = walker.valueStart;
    this.#valueEnd[i] = walker.valueEnd;
  }

  /** Holds what stands here without the separators around it. */
  #between(from: number, to: number): void {
    const { bytes } = this.#memory;
    let start = from;
    let end = to;
    while (start < end && isSeparator(bytes[start])) start++;
    while (end > start && isSeparator(bytes[end - 1])) end--;
    if (start < end && bytes[start] === LF && this.#words === 0) start++;
    if (start === end) return;
    this.#wordStart[this.#words] = start;
    this.#wordEnd[this.#words++] = end;
  }

  /** Finds the pairs that gave the instant. Where several times in parts could have, all stay. */
  #findTime(row: number): void {
    const { start, stampAt, stampLength } = this.#memory;
    if (stampLength[row] > 0) {
      const at = start[row] + stampAt[row];
      for (let i = 0; i < this.#count; i++) {
        if (at >= this.#valueStart[i] && at < this.#valueEnd[i]) this.#isTime[i] = 1;
      }
      return;
    }
    const whole = this.#times.filter((keys) => keys.every((key) => this.#find(key) >= 0));
    for (const key of whole.length === 1 ? whole[0] : []) this.#isTime[this.#find(key)] = 1;
  }

  /** The first pair with this key, if it has a value, or −1. */
  #find(key: Uint8Array): number {
    for (let i = 0; i < this.#count; i++) {
      if (this.#isKey(i, key, 0, key.length)) return this.#valueEnd[i] > this.#valueStart[i] ? i : -1;
    }
    return -1;
  }

  #isKey(i: number, bytes: Uint8Array, from: number, to: number): boolean {
    const start = this.#keyStart[i];
    if (this.#keyEnd[i] - start !== to - from) return false;
    for (let k = from; k < to; k++) if (this.#memory.bytes[start + k - from] !== bytes[k]) return false;
    return true;
  }

  /** Whether a key stands twice, or is one of our names. */
  #clashes(): boolean {
    const { bytes } = this.#memory;
    for (let i = 0; i < this.#count; i++) {
      if (this.#isTime[i] === 1) continue;
      for (const name of this.#reserved) if (this.#isKey(i, name, 0, name.length)) return true;
      for (let k = 0; k < i; k++) {
        if (this.#isTime[k] === 0 && this.#isKey(k, bytes, this.#keyStart[i], this.#keyEnd[i])) return true;
      }
    }
    return false;
  }

  /** Rare: a name for each pair, and one for what is no pair. */
  #freeNames(): string[] {
    const indexes = Array.from({ length: this.#count }, (_, i) => i);
    const written = indexes.filter((i) => this.#isTime[i] === 0);
    const keys = written.map((i) => this.#memory.buffer.toString('latin1', this.#keyStart[i], this.#keyEnd[i]));
    const free = freeNames([...keys, MESSAGE], this.#own);
    const names = indexes.map((i) => free[written.indexOf(i)] ?? '');
    return [...names, free.at(-1) as string];
  }

  /** Keys hold nothing that JSON escapes. */
  #name(i: number, names: readonly string[] | undefined, out: Output): void {
    putPlaced(this.#beforeName, out);
    if (names === undefined) out.copy(this.#keyStart[i], this.#keyEnd[i]);
    else out.append(names[i]);
    putPlaced(this.#beforeValue, out);
  }

  /** In quotes, `\"` and `\\` are written as JSON writes them. */
  #value(i: number, out: Output): void {
    const { bytes } = this.#memory;
    let from = this.#valueStart[i];
    const to = this.#valueEnd[i];
    const isQuoted = bytes[from - 1] === QUOTE;
    for (let at = isQuoted ? from : to; at < to - 1; at++) {
      if (bytes[at] !== BACKSLASH || (bytes[at + 1] !== QUOTE && bytes[at + 1] !== BACKSLASH)) continue;
      escapeJson(from, at, out);
      out.copy(at, at + 2);
      from = ++at + 1;
    }
    escapeJson(from, to, out);
  }

  #message(name: string, out: Output): void {
    out.append(`,"${name}":"`);
    for (let i = 0; i < this.#words; i++) {
      if (i > 0 && this.#memory.bytes[this.#wordStart[i]] !== LF) putByte(SPACE, out);
      escapeLines(this.#wordStart[i], this.#wordEnd[i], out);
    }
    putByte(QUOTE, out);
  }
}

const bytesOf = (name: string): Uint8Array => new Uint8Array(Buffer.from(name));

const isSeparator = (byte: number): boolean => byte === SPACE || byte === TAB || byte === CR || byte === COMMA;
