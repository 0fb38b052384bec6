import { BROKEN, type Memory, UNDATED } from '../core/memory.ts';
import type { NdjsonPlan, Stamper } from '../core/stages.ts';
import { ABSENT, ESCAPED, JsonScanner, resolveEscapes } from '../kernel/json-scan.ts';
import type { InputFormat } from './format.ts';
import { type CountingFramer, type FramerContext, isBlank, LF, RowWriter } from './framer.ts';
import { recogniseNdjson, timeValues } from './ndjson-recognition.ts';

/** The longest value with escapes that is taken for a time. */
const MAX_ESCAPED = 255;

/** One JSON object a line. A line that is none is a broken record, an object without a readable time an undated one. */
class NdjsonFramer implements CountingFramer {
  rows = 0;
  consumed = 0;
  line = 0;
  framingLines = 0;
  readonly #memory: Memory;
  readonly #stamper: Stamper;
  readonly #writer: RowWriter;
  readonly #scanner: JsonScanner;
  readonly #timeName: string;
  /** Bytes of the unfinished line that hold no LF. */
  #searched = 0;
  readonly #raw = new Uint8Array(MAX_ESCAPED);
  readonly #resolved = new Uint8Array(MAX_ESCAPED);

  constructor(plan: NdjsonPlan, context: FramerContext) {
    this.#memory = context.memory;
    this.#stamper = context.stamper;
    this.#writer = new RowWriter(context);
    this.#scanner = new JsonScanner(plan.timePath);
    this.#timeName = plan.timePath.join('.');
  }

  get broken(): number {
    return this.#writer.broken;
  }

  get undated(): number {
    return this.#writer.undated;
  }

  frame(from: number, to: number, last: boolean, firstRow: number, rowLimit: number): void {
    const view = this.#memory.buffer.subarray(from, to);
    let p = from;
    this.rows = 0;
    while (this.rows < rowLimit && p < to) {
      const found = view.indexOf(LF, p - from + this.#searched);
      if (found < 0 && !last) {
        this.#searched = to - p;
        break;
      }
      const end = found < 0 ? to : from + found;
      this.#searched = 0;
      this.line++;
      if (isBlank(this.#memory.bytes, p, end)) this.framingLines++;
      else this.#record(firstRow + this.rows++, p, end);
      p = end + 1;
    }
    this.consumed = Math.min(p, to);
  }

  #record(row: number, start: number, end: number): void {
    const scanner = this.#scanner;
    if (!scanner.scan(this.#memory.bytes, start, end)) {
      this.#writer.warn(this.line, 'not a JSON object', 'kept as text');
      this.#writer.write(row, start, end, this.line, BROKEN | UNDATED, start, 0);
      return;
    }
    if (this.#read()) {
      this.#writer.date();
      const length = scanner.valueEnd - scanner.valueStart;
      this.#writer.write(row, start, end, this.line, 0, scanner.valueStart, length);
      return;
    }
    this.#writer.warn(this.line, `no time in "${this.#timeName}"`, 'kept behind the record before it');
    this.#writer.write(row, start, end, this.line, UNDATED, start, 0);
  }

  /** Reads the time that the scanner found. */
  #read(): boolean {
    const { kind, valueStart, valueEnd } = this.#scanner;
    if (kind === ABSENT) return false;
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

export const NDJSON: InputFormat<NdjsonPlan> = {
  name: 'ndjson',
  extensions: ['.ndjson', '.jsonl'],
  createFramer: (plan, context) => new NdjsonFramer(plan, context),
  recognise: recogniseNdjson,
  timeTexts: timeValues,
};
