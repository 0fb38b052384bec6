import { CONTINUED, UNDATED } from '../core/memory.ts';
import type { QuickLines, TextPlan } from '../core/stages.ts';
import { markEnd } from '../kernel/byte-order-mark.ts';
import { kernelOf } from '../kernel/kernel.ts';
import {
  ANSWER_DATED,
  ANSWER_NONE,
  ANSWER_REFUSED,
  ANSWER_UNDATED,
  PLACE_ASK,
  QUICK_PLACE,
  STATE_TEXT,
  TEXT_BYTES,
  TEXT_FOUND_AT,
  TEXT_FOUND_KEY,
  TEXT_FOUND_LENGTH,
  TEXT_GOES_ON,
  TEXT_KEY,
  TEXT_LEADING,
  TEXT_LINE,
  TEXT_LINE_END,
  TEXT_POSITION,
  TEXT_PREVIOUS,
  TEXT_QUICK,
  TEXT_ROWS,
  TEXT_SEARCHED,
  TEXT_SOURCE,
  TEXT_START,
  TEXT_UNDATED,
} from '../kernel/layout.ts';
import type { InputFormat } from './format.ts';
import type { CountingFramer, FramerContext } from './framer.ts';
import { type SampleView, sampleLines, spread } from './sample.ts';

export { RECORD_CUT } from '../kernel/layout.ts';

/** Finds and reads the instant of a line, which the stamper of the context then holds; where its stamp stands. */
export interface LineStamps {
  read(start: number, end: number): boolean;
  at: number;
  length: number;
  readonly quick?: QuickLines | undefined;
  /** What stood in the lines so far that decides how the next ones are read. */
  remember?(): unknown;
}

/** A byte, with 0 for every digit. */
const shapeOf = (byte: number): number => (byte >= 48 && byte <= 57 ? 48 : byte);

/** Index of a word of the kernel's state. */
const word = (offset: number): number => offset >> 2;

/**
 * Text lines: one that the stamper dates opens a record, the others join the record before them, and those before the
 * first dated line join the first record. One whose stamp names no instant (30 February) opens a record without one.
 *
 * The kernel finds the lines, dates those whose stamps it knows and fills the rows; it stops at a line that it leaves to
 * the stamper. A record ends only where the next one begins, so the last of a call stays open: its stamp and how far it
 * was scanned are kept here, the stamper sees every line once, and no byte is searched twice.
 */
export class TextFramer implements CountingFramer {
  rows = 0;
  consumed = 0;
  line = 0;
  readonly framingLines = 0;
  readonly broken = 0;
  undated = 0;
  readonly #context: FramerContext;
  readonly #stamps: LineStamps;
  readonly #address: number;
  readonly #state: Int32Array;
  /** Physical lines passed: the word of the state at TEXT_LINE, which is a double. */
  readonly #passed: Float64Array;
  /** What of the kernel's state outlives a call; places count from the start of the open record. */
  readonly #kept = new Int32Array(TEXT_QUICK >> 2);

  /**
   * @param stamps dates lines, if not the stamper of the context does
   * @param parts whether a line may go on in the next that has a stamp of its own; see TextPlan
   */
  constructor(context: FramerContext, stamps: LineStamps = context.stamper, parts: TextPlan['parts'] = undefined) {
    const { memory, lastKey, source, continues, line = 0 } = context;
    this.#context = context;
    this.#stamps = stamps;
    this.#address = memory.state + STATE_TEXT;
    this.#state = new Int32Array(memory.wasm.buffer, this.#address, TEXT_BYTES >> 2);
    this.#passed = new Float64Array(memory.wasm.buffer, this.#address + TEXT_LINE, 1);
    this.#kept[word(TEXT_SOURCE)] = source;
    this.#kept[word(TEXT_KEY)] = lastKey?.low ?? 0;
    this.#kept[word(TEXT_KEY) + 1] = lastKey?.high ?? -(2 ** 31);
    this.#kept[word(TEXT_LEADING)] = continues ? CONTINUED : UNDATED;
    this.#kept[word(TEXT_GOES_ON)] = parts === 'cri' ? CRI_PART : 0;
    new Float64Array(this.#kept.buffer)[TEXT_LINE >> 3] = line;
    this.line = line;
  }

  remember(): unknown {
    return this.#stamps.remember?.();
  }

  frame(from: number, to: number, last: boolean, firstRow: number, rowLimit: number): void {
    const { memory } = this.#context;
    const { quick } = this.#stamps;
    const kernel = kernelOf(memory);
    this.#enter(from);
    if (quick === undefined) this.#state[word(TEXT_QUICK + QUICK_PLACE)] = PLACE_ASK;
    else quick.enter(memory, this.#address + TEXT_QUICK);
    let answer = ANSWER_NONE;
    while (kernel.frameText(this.#address, to, last ? 1 : 0, firstRow, rowLimit, answer) === 1) {
      quick?.settle();
      answer = this.#dateLine(to);
      quick?.refresh();
    }
    quick?.settle();
    this.#leave();
  }

  /** Dates the line at which the kernel stopped. */
  #dateLine(to: number): number {
    const state = this.#state;
    const { stamper } = this.#context;
    const start = state[word(TEXT_POSITION)];
    const end = state[word(TEXT_LINE_END)];
    if (!this.#stamps.read(start, end) && !this.#isMarked(start, end))
      return stamper.refused ? ANSWER_REFUSED : ANSWER_UNDATED;
    const { at, length } = this.#stamps;
    // The last line of a file that ends without a newline: a log cut there, or still being written, may show `07:00:5` of
    // `07:00:51`. No instant is better than a wrong one, unless there is no other record, or the one before it looks alike.
    if (end === to && at + length === end && this.#isBehindRecord(start) && !this.#isLikeRecord(start, end))
      return ANSWER_UNDATED;
    state[word(TEXT_FOUND_AT)] = at;
    state[word(TEXT_FOUND_LENGTH)] = length;
    state[word(TEXT_FOUND_KEY)] = stamper.low;
    state[word(TEXT_FOUND_KEY) + 1] = stamper.high;
    return ANSWER_DATED;
  }

  /** Whether a line stands behind a record that it could belong to: the open one, or one that was too long to stay open. */
  #isBehindRecord(start: number): boolean {
    const state = this.#state;
    return start > state[word(TEXT_START)] || (state[word(TEXT_LEADING)] & CONTINUED) !== 0;
  }

  /** Whether the open record is one line of the same shape: letter for letter the same but for its digits. So one cut short is not. */
  #isLikeRecord(start: number, end: number): boolean {
    const { bytes } = this.#context.memory;
    const open = this.#state[word(TEXT_START)];
    const isOneLine = start - open === end - start + 1;
    return isOneLine && bytes.subarray(start, end).every((byte, i) => shapeOf(byte) === shapeOf(bytes[open + i]));
  }

  /** Whether a line is dated behind a byte order mark, as where files with one were put together. */
  #isMarked(start: number, end: number): boolean {
    const from = markEnd(this.#context.memory.bytes, start, end);
    return from > start && this.#stamps.read(from, end);
  }

  #enter(from: number): void {
    const state = this.#state;
    state.set(this.#kept);
    for (const place of PLACES) state[word(place)] += from;
    state[word(TEXT_ROWS)] = 0;
  }

  #leave(): void {
    const state = this.#state;
    const start = state[word(TEXT_START)];
    this.rows = state[word(TEXT_ROWS)];
    this.undated = state[word(TEXT_UNDATED)];
    this.line = this.#passed[0];
    this.consumed = start;
    for (const place of PLACES) state[word(place)] -= start;
    this.#kept.set(state.subarray(0, this.#kept.length));
  }
}

/** `P ` behind ` stdout ` and ` stderr `, as the kernel takes it. */
const CRI_PART = 0x2050;

/** A log of a container as the kubelet wants it (kubelet-cri-logging): the tag P is that of a part of a line, F of its end. */
const CRI_LINE = /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d) std(?:out|err) [FP] /;

const isCri = ({ pieces: [head] }: SampleView): boolean =>
  head !== undefined && CRI_LINE.test(Buffer.from(head.subarray(0, 64)).toString('latin1'));

/** Words of the state that are addresses while the kernel works. */
const PLACES = [TEXT_START, TEXT_POSITION, TEXT_SEARCHED, TEXT_PREVIOUS];

/** Text is what nothing else claims; its time texts are its lines. */
export const TEXT: InputFormat<TextPlan> = {
  name: 'text',
  extensions: [],
  createFramer: ({ parts }, context) => new TextFramer(context, context.stamper, parts),
  recognise: ({ sample }) => (isCri(sample) ? { format: 'text', parts: 'cri' } : { format: 'text' }),
  timeTexts(sample, _plan, most) {
    if (sample.cutLine !== undefined) return [sample.cutLine];
    const lines = sampleLines(sample);
    return lines.length <= most ? lines : spread(lines, most);
  },
};
