import type { Memory } from '../core/memory.ts';
import type { NdjsonPlan, Stamper } from '../core/stages.ts';
import { markEnd } from '../kernel/byte-order-mark.ts';
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
import { type CountingFramer, type FramerContext, isBlank } from './framer.ts';
import { DocumentFramer } from './json-documents.ts';
import { JsonRecords } from './json-record.ts';
import { recogniseNdjson, timeValues } from './ndjson-recognition.ts';

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
 * One JSON object a line; blank lines are none.
 */
class NdjsonFramer implements CountingFramer {
  rows = 0;
  consumed = 0;
  line = 0;
  framingLines = 0;
  readonly #memory: Memory;
  readonly #stamper: Stamper;
  readonly #records: JsonRecords;
  readonly #source: number;
  readonly #address: number;
  readonly #state: Int32Array;
  /** The word of the state at TEXT_LINE, which is a double. */
  readonly #passed: Float64Array;
  /** The first of these places, for the kernel. */
  readonly #path: Int32Array;
  /** Bytes of the unfinished line that hold no LF. */
  #searched = 0;

  constructor(plan: NdjsonPlan, context: FramerContext) {
    this.#memory = context.memory;
    this.line = context.line ?? 0;
    this.#stamper = context.stamper;
    this.#records = new JsonRecords(plan, context);
    const { memory, source } = context;
    this.#source = source;
    this.#address = memory.state + STATE_TEXT;
    this.#state = new Int32Array(memory.wasm.buffer, this.#address, OBJECTS_BYTES >> 2);
    this.#passed = new Float64Array(memory.wasm.buffer, this.#address + TEXT_LINE, 1);
    this.#path = pathWords(plan.timeParts !== undefined && plan.timeParts.length > 0 ? [] : (plan.timePaths[0] ?? []));
  }

  get broken(): number {
    return this.#records.broken;
  }

  get undated(): number {
    return this.#records.undated;
  }

  remember(): undefined {}

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
    this.rows = state[word(TEXT_ROWS)];
    this.consumed = state[word(TEXT_START)];
    this.#searched = state[word(TEXT_SEARCHED)] - this.consumed;
  }

  /** Hands what the next row needs to know of those before it to the kernel, and takes it back. */
  #give(): void {
    this.#passed[0] = this.line;
    this.#state[word(TEXT_KEY)] = this.#records.writer.low;
    this.#state[word(TEXT_KEY) + 1] = this.#records.writer.high;
  }

  #take(): void {
    this.line = this.#passed[0];
    this.#records.writer.low = this.#state[word(TEXT_KEY)];
    this.#records.writer.high = this.#state[word(TEXT_KEY) + 1];
  }

  /** Frames the line at which the kernel stopped. */
  #line(firstRow: number, to: number): void {
    const state = this.#state;
    const start = state[word(TEXT_START)];
    const end = state[word(TEXT_LINE_END)];
    this.line++;
    const { bytes } = this.#memory;
    const from = markEnd(bytes, start, end);
    if (isBlank(bytes, from, end)) this.framingLines++;
    else this.#records.take(firstRow + state[word(TEXT_ROWS)]++, from, end, this.line, 0);
    state[word(TEXT_START)] = Math.min(end + 1, to);
    state[word(TEXT_SEARCHED)] = Math.min(end + 1, to);
  }
}

export const NDJSON: InputFormat<NdjsonPlan> = {
  name: 'ndjson',
  extensions: ['.ndjson', '.jsonl', '.json'],
  createFramer: (plan, context) =>
    plan.layout === 'lines' ? new NdjsonFramer(plan, context) : new DocumentFramer(plan, context),
  recognise: recogniseNdjson,
  timeTexts: timeValues,
};
