import { BROKEN, type Memory, UNDATED } from '../core/memory.ts';
import type { NdjsonPlan, Stamper } from '../core/stages.ts';
import { ABSENT, ESCAPED, JsonScanner, resolveEscapes } from '../kernel/json-scan.ts';
import { kernelOf } from '../kernel/kernel.ts';
import {
  OBJECTS_BYTES,
  PATH_LEVELS,
  PATH_MOST,
  PATH_NAME,
  PATH_NAMES,
  PATH_TEXT,
  PATH_TEXT_BYTES,
  STATE_TEXT,
  TEXT_KEY,
  TEXT_LINE,
  TEXT_LINE_END,
  TEXT_QUICK,
  TEXT_ROWS,
  TEXT_SEARCHED,
  TEXT_SOURCE,
  TEXT_START,
} from '../kernel/layout.ts';
import type { InputFormat } from './format.ts';
import { type CountingFramer, type FramerContext, isBlank, RowWriter, SPACE } from './framer.ts';
import { MemberParts } from './member-parts.ts';
import { recogniseNdjson, timeValues } from './ndjson-recognition.ts';

/** The longest value with escapes that is taken for a time. */
const MAX_ESCAPED = 255;

/** Index of a word of the kernel's state. */
const word = (offset: number): number => offset >> 2;

/** A path as the kernel takes it; of no levels where it is too long for that, or there is none. */
function pathWords(names: readonly string[]): Int32Array {
  const words = new Int32Array((OBJECTS_BYTES - PATH_LEVELS) >> 2);
  const text = Buffer.from(names.join(''));
  if (names.length > PATH_MOST || text.length > PATH_TEXT_BYTES) return words;
  let at = PATH_TEXT;
  for (const [level, name] of names.entries()) {
    const length = Buffer.byteLength(name);
    words.set([at, length, name === '0' ? 1 : 0], (PATH_NAMES - PATH_LEVELS + level * PATH_NAME) >> 2);
    at += length;
  }
  new Uint8Array(words.buffer).set(text, PATH_TEXT - PATH_LEVELS);
  words[0] = names.length;
  return words;
}

/**
 * The kernel frames the lines that are what they should be; those at which it stops are scanned here.
 *
 * One JSON object a line. An object without a readable time is an undated record. A line that is no object is a broken
 * one; if it begins like an object, as one that was cut does, it keeps the instant of the time that it still has.
 */
class NdjsonFramer implements CountingFramer {
  rows = 0;
  consumed = 0;
  line = 0;
  framingLines = 0;
  readonly #memory: Memory;
  readonly #stamper: Stamper;
  readonly #writer: RowWriter;
  /** One for each place of the time, in the order in which they are tried. */
  readonly #scanners: readonly JsonScanner[];
  /** Times that stand in several members; tried first. */
  readonly #parts: readonly MemberParts[];
  readonly #source: number;
  readonly #address: number;
  readonly #state: Int32Array;
  /** The word of the state at TEXT_LINE, which is a double. */
  readonly #passed: Float64Array;
  /** The first of these places, for the kernel. */
  readonly #path: Int32Array;
  readonly #timeNames: string;
  /** Bytes of the unfinished line that hold no LF. */
  #searched = 0;
  /** Tells of an object without a time that it is one, where no single member holds it. */
  readonly #empty = new JsonScanner([]);
  readonly #raw = new Uint8Array(MAX_ESCAPED);
  readonly #resolved = new Uint8Array(MAX_ESCAPED);

  constructor(plan: NdjsonPlan, context: FramerContext) {
    this.#memory = context.memory;
    this.#stamper = context.stamper;
    this.#writer = new RowWriter(context);
    this.#scanners = plan.timePaths.map((path) => new JsonScanner(path));
    const { timeParts = [] } = plan;
    this.#parts = timeParts.map((paths) => new MemberParts(paths, context.memory, context.stamper));
    this.#timeNames = [...timeParts.flat(), ...plan.timePaths].map((path) => `"${path.join('.')}"`).join(' or ');
    const { memory, source } = context;
    this.#source = source;
    this.#address = memory.state + STATE_TEXT;
    this.#state = new Int32Array(memory.wasm.buffer, this.#address, OBJECTS_BYTES >> 2);
    this.#passed = new Float64Array(memory.wasm.buffer, this.#address + TEXT_LINE, 1);
    this.#path = pathWords(timeParts.length > 0 ? [] : (plan.timePaths[0] ?? []));
  }

  get broken(): number {
    return this.#writer.broken;
  }

  get undated(): number {
    return this.#writer.undated;
  }

  frame(from: number, to: number, last: boolean, firstRow: number, rowLimit: number): void {
    const state = this.#state;
    const { quick } = this.#stamper;
    const kernel = kernelOf(this.#memory);
    state.set(this.#path, word(PATH_LEVELS));
    state[word(TEXT_SOURCE)] = this.#source;
    state[word(TEXT_START)] = from;
    state[word(TEXT_SEARCHED)] = from + this.#searched;
    state[word(TEXT_ROWS)] = 0;
    if (quick === undefined) state[word(PATH_LEVELS)] = 0;
    else quick.enter(this.#memory, this.#address + TEXT_QUICK);
    this.#give();
    while (kernel.frameObjects(this.#address, to, last ? 1 : 0, firstRow, rowLimit) === 1) {
      quick?.settle();
      this.#take();
      this.#line(firstRow, to);
      this.#give();
      quick?.refresh();
    }
    quick?.settle();
    this.#take();
    this.rows = state[word(TEXT_ROWS)] as number;
    this.consumed = state[word(TEXT_START)] as number;
    this.#searched = (state[word(TEXT_SEARCHED)] as number) - this.consumed;
  }

  /** Hands what the next row needs to know of those before it to the kernel, and takes it back. */
  #give(): void {
    this.#passed[0] = this.line;
    this.#state[word(TEXT_KEY)] = this.#writer.low;
    this.#state[word(TEXT_KEY) + 1] = this.#writer.high;
  }

  #take(): void {
    this.line = this.#passed[0] as number;
    this.#writer.low = this.#state[word(TEXT_KEY)] as number;
    this.#writer.high = this.#state[word(TEXT_KEY) + 1] as number;
  }

  /** Frames the line at which the kernel stopped. */
  #line(firstRow: number, to: number): void {
    const state = this.#state;
    const start = state[word(TEXT_START)] as number;
    const end = state[word(TEXT_LINE_END)] as number;
    this.line++;
    if (isBlank(this.#memory.bytes, start, end)) this.framingLines++;
    else this.#record(firstRow + state[word(TEXT_ROWS)]++, start, end);
    state[word(TEXT_START)] = Math.min(end + 1, to);
    state[word(TEXT_SEARCHED)] = Math.min(end + 1, to);
  }

  #record(row: number, start: number, end: number): void {
    const { bytes } = this.#memory;
    for (const parts of this.#parts) {
      if (!parts.read(start, end)) continue;
      this.#writer.date();
      this.#writer.write(row, start, end, this.line, 0, start, 0);
      return;
    }
    let whole = this.#scanners.length === 0 && this.#empty.scan(bytes, start, end);
    for (const scanner of this.#scanners) {
      whole = scanner.scan(bytes, start, end);
      if (scanner.kind === ABSENT || (!whole && !isComplete(bytes, scanner.valueEnd, end)) || !this.#read(scanner))
        continue;
      if (!whole) this.#warnBroken();
      this.#writer.date();
      const length = scanner.valueEnd - scanner.valueStart;
      this.#writer.write(row, start, end, this.line, whole ? 0 : BROKEN, scanner.valueStart, length);
      return;
    }
    if (whole) this.#writer.warn(this.line, `no time in ${this.#timeNames}`, 'kept behind the record before it');
    else this.#warnBroken();
    this.#writer.write(row, start, end, this.line, whole ? UNDATED : BROKEN | UNDATED, start, 0);
  }

  #warnBroken(): void {
    this.#writer.warn(this.line, 'not a JSON object', 'kept as text');
  }

  /** Reads the time that the scanner found. */
  #read({ kind, valueStart, valueEnd }: JsonScanner): boolean {
    if (kind === ESCAPED) return this.#readEscaped(valueStart, valueEnd);
    return this.#stamper.read(valueStart, valueEnd);
  }

  /** The stamper reads only the memory, so the value stands there without its escapes for a moment. It never gets longer. */
  #readEscaped(start: number, end: number): boolean {
    const { bytes } = this.#memory;
    const length = end - start;
    if (length > MAX_ESCAPED) return false;
    for (let i = 0; i < length; i++) this.#raw[i] = bytes[start + i] as number;
    const resolved = resolveEscapes(bytes, start, end, this.#resolved);
    for (let i = 0; i < resolved; i++) bytes[start + i] = this.#resolved[i] as number;
    const dated = this.#stamper.read(start, start + resolved);
    for (let i = 0; i < length; i++) bytes[start + i] = this.#raw[i] as number;
    return dated;
  }
}

const QUOTE = 34;
const COMMA = 44;
const CLOSE_BRACE = 125;

/** Whether what stands behind a value shows its end: a broken line may have been cut within a number. */
function isComplete(bytes: Uint8Array, valueEnd: number, end: number): boolean {
  const next = bytes[valueEnd];
  return valueEnd < end && (next === QUOTE || next === COMMA || next === CLOSE_BRACE || next === SPACE);
}

export const NDJSON: InputFormat<NdjsonPlan> = {
  name: 'ndjson',
  extensions: ['.ndjson', '.jsonl'],
  createFramer: (plan, context) => new NdjsonFramer(plan, context),
  recognise: recogniseNdjson,
  timeTexts: timeValues,
};
