import { BROKEN, type Memory, UNDATED } from '../core/memory.ts';
import type { NdjsonPlan, Stamper } from '../core/stages.ts';
import { resolveEscapes } from '../kernel/json-escapes.ts';
import { ABSENT, ESCAPED, JsonScanner } from '../kernel/json-scan.ts';
import { type FramerContext, RowWriter, SPACE } from './framer.ts';
import { MemberParts } from './member-parts.ts';

const NO_OBJECT = ['not a JSON object', 'kept as text'] as const;

/** The longest value with escapes that is taken for a time. */
const MAX_ESCAPED = 255;

/** Where a record stands in a file on whose lines there may be several. */
export interface Place {
  line: number;
  /** Counted from 1. */
  record: number;
}

/**
 * Makes rows of JSON records. An object without a readable time is an undated record. What is no object is a broken one;
 * if it begins like an object, as one that was cut does, it keeps the instant of the time that it still has.
 */
export class JsonRecords {
  readonly #memory: Memory;
  readonly #stamper: Stamper;
  readonly writer: RowWriter;
  /** One for each place of the time, in the order in which they are tried. */
  readonly #scanners: readonly JsonScanner[];
  /** Times that stand in several members; tried first. */
  readonly #parts: readonly MemberParts[];
  readonly #timeNames: string;
  /** Tells of an object without a time that it is one, where no single member holds it. */
  readonly #empty = new JsonScanner([]);
  readonly #raw = new Uint8Array(MAX_ESCAPED);
  readonly #resolved = new Uint8Array(MAX_ESCAPED);

  constructor(plan: NdjsonPlan, context: FramerContext) {
    this.#memory = context.memory;
    this.#stamper = context.stamper;
    this.writer = new RowWriter(context);
    this.#scanners = plan.timePaths.map((path) => new JsonScanner(path));
    const { timeParts = [] } = plan;
    this.#parts = timeParts.map((paths) => new MemberParts(paths, context.memory, context.stamper));
    this.#timeNames = [...timeParts.flat(), ...plan.timePaths].map((path) => `"${path.join('.')}"`).join(' or ');
  }

  get broken(): number {
    return this.writer.broken;
  }

  get undated(): number {
    return this.writer.undated;
  }

  /**
   * Makes a row of the record [start, end), which begins on this line; `flags` are those that its bytes alone give it.
   * @param place where messages say that it stands, if not on that line
   */
  take(row: number, start: number, end: number, line: number, flags: number, place?: Place): void {
    const { bytes } = this.#memory;
    for (const parts of this.#parts) {
      if (!parts.read(start, end)) continue;
      this.writer.date();
      this.writer.write(row, start, end, line, flags, start, 0);
      return;
    }
    let whole = this.#scanners.length === 0 && this.#empty.scan(bytes, start, end);
    for (const scanner of this.#scanners) {
      whole = scanner.scan(bytes, start, end);
      if (scanner.kind === ABSENT || (!whole && !isComplete(bytes, scanner.valueEnd, end)) || !this.#read(scanner))
        continue;
      if (!whole) this.#warn(line, place, NO_OBJECT);
      this.writer.date();
      const length = scanner.valueEnd - scanner.valueStart;
      this.writer.write(row, start, end, line, flags | (whole ? 0 : BROKEN), scanner.valueStart, length);
      return;
    }
    if (whole) this.#warn(line, place, [`no time in ${this.#timeNames}`, 'kept behind the record before it']);
    else this.#warn(line, place, NO_OBJECT);
    this.writer.write(row, start, end, line, flags | UNDATED | (whole ? 0 : BROKEN), start, 0);
  }

  #warn(line: number, place: Place | undefined, [what, done]: readonly [string, string]): void {
    this.writer.warn(place?.line ?? line, place === undefined ? what : `record ${place.record}: ${what}`, done);
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
    for (let i = 0; i < length; i++) this.#raw[i] = bytes[start + i];
    const resolved = resolveEscapes(bytes, start, end, this.#resolved);
    for (let i = 0; i < resolved; i++) bytes[start + i] = this.#resolved[i];
    const dated = this.#stamper.read(start, start + resolved);
    for (let i = 0; i < length; i++) bytes[start + i] = this.#raw[i];
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
