import type { Memory } from '../core/memory.ts';
import type { QuickLines } from '../core/stages.ts';
import {
  CONTINUATION_BYTES,
  DATE_DIGITS,
  DATE_PART,
  DATE_VALUE,
  MAX_ANCHOR,
  PART_DATE,
  PART_TEXT,
  PLACE_ASK,
  PLACE_INSIDE,
  PLACE_START,
  QUICK_ANCHOR,
  QUICK_ANCHOR_LENGTH,
  QUICK_BYTES,
  QUICK_DATED,
  QUICK_FIRST,
  QUICK_INDENTED,
  QUICK_LAST,
  QUICK_PLACE,
  QUICK_SHAPE,
  QUICK_SHAPES,
  QUICK_WITHIN,
  SHAPE_AFTER,
  SHAPE_BYTES,
  SHAPE_CONTINUATION,
  SHAPE_DATE,
  SHAPE_DIGITS,
  SHAPE_EPOCH_DIGITS,
  SHAPE_FRACTION_AT,
  SHAPE_GUARDED,
  SHAPE_HALF,
  SHAPE_HIGH,
  SHAPE_HOUR_AT,
  SHAPE_HOUR_DIGITS,
  SHAPE_KEPT,
  SHAPE_KEY,
  SHAPE_LEAD,
  SHAPE_LENGTH,
  SHAPE_LOW,
  SHAPE_MASK,
  SHAPE_MIDNIGHT,
  SHAPE_MINUTE_AT,
  SHAPE_NANOS,
  SHAPE_SCALE,
  SHAPE_SECOND_AT,
  SHAPE_SECONDS,
  SHAPE_TEXT,
  SHAPES,
  STATE_CONTINUATIONS,
} from './layout.ts';
import type { StampTemplate } from './stamp-template.ts';

/** A stamp that was just read: those that differ from it in the digits of their clock, or also of their date, can be read in its stead. */
export interface KnownStamp {
  template: StampTemplate;
  /** Where its line begins, or the stamp itself, if what stands before it does not matter. */
  from: number;
  at: number;
  /** Its instant. */
  high: number;
  low: number;
  /** Whether those of another date can. */
  anyDate: boolean;
  /** Seconds since 1970 as it tells them, from which to before which they can be read: its offset holds there. */
  earliest: number;
  before: number;
}

/** Hears what the kernel dated: how many stamps, and the shape and the seconds of the last one, as it tells them. */
export type Settled = (count: number, shape: number, seconds: number) => void;

/** Which tables of continuations lie in a memory. */
const loadedTables = new WeakMap<Memory, (Uint8Array | undefined)[]>();

/** The shapes of stamps that the kernel reads by itself: a few, each of one layout. */
export class QuickStamps implements QuickLines {
  private readonly words = new Int32Array(QUICK_BYTES >> 2);
  private readonly bytes = new Uint8Array(this.words.buffer);
  private readonly floats = new Float64Array(this.words.buffer);
  private readonly tables: readonly (Uint8Array | undefined)[];
  private readonly settled: Settled;
  private memory: Memory | undefined;
  private address = 0;
  private changed = false;
  private next = 0;

  /** @param tables of the continuations that templates have: two at most */
  constructor(tables: readonly (Uint8Array | undefined)[], settled: Settled) {
    this.tables = tables;
    this.settled = settled;
    this.words[QUICK_PLACE >> 2] = PLACE_ASK;
  }

  /** Whether the kernel frames the source. */
  get isUsed(): boolean {
    return this.memory !== undefined;
  }

  /** Stamps stand at the start of lines that begin with one of the bytes marked in `first`. */
  standAtStart(first: Uint8Array): void {
    this.words[QUICK_PLACE >> 2] = PLACE_START;
    this.bytes.set(first, QUICK_FIRST);
  }

  /** Stamps begin with a byte marked in `first`, behind an anchor that begins among the first `within` bytes. */
  standInside(anchor: Uint8Array, within: number, indented: boolean, first: Uint8Array): void {
    if (anchor.length === 0 || anchor.length > MAX_ANCHOR) return;
    const { words } = this;
    words[QUICK_PLACE >> 2] = PLACE_INSIDE;
    words[QUICK_WITHIN >> 2] = within;
    words[QUICK_INDENTED >> 2] = indented ? 1 : 0;
    words[QUICK_ANCHOR_LENGTH >> 2] = anchor.length;
    this.bytes.set(anchor, QUICK_ANCHOR);
    this.bytes.set(first, QUICK_FIRST);
  }

  /** Forgets all shapes. */
  clear(): void {
    if (this.words[QUICK_SHAPES >> 2] === 0) return;
    this.words[QUICK_SHAPES >> 2] = 0;
    this.words[QUICK_LAST >> 2] = 0;
    this.next = 0;
    this.changed = true;
  }

  /** Takes up the shape of a stamp, in place of the oldest one. Returns its index, or -1 where the kernel cannot read it. */
  add(known: KnownStamp): number {
    const { memory, words } = this;
    const { template, from, at } = known;
    const size = at - from + template.length;
    if (memory === undefined || !(template.plain || template.epochDigits > 0) || size > SHAPE_TEXT) return -1;
    const shape = this.next;
    this.next = (shape + 1) % SHAPES;
    this.changed = true;
    words[QUICK_SHAPES >> 2] = Math.max(words[QUICK_SHAPES >> 2], shape + 1);
    words[QUICK_LAST >> 2] = shape;
    const begin = QUICK_SHAPE + shape * SHAPE_BYTES;
    this.describe(begin, known);
    this.describeSeconds(begin, known);
    this.bytes.fill(0, begin + SHAPE_MASK, begin + SHAPE_BYTES);
    this.bytes.set(partsOf(known), begin + SHAPE_MASK);
    this.bytes.set(memory.bytes.subarray(from, from + size), begin + SHAPE_KEPT);
    return shape;
  }

  private describe(begin: number, { template, from, at }: KnownStamp): void {
    const lead = at - from;
    const set = (offset: number, value: number): void => {
      this.words[(begin + offset) >> 2] = value;
    };
    set(SHAPE_LEAD, lead);
    set(SHAPE_LENGTH, template.length);
    set(SHAPE_AFTER, template.after);
    this.bytes[begin + SHAPE_GUARDED] = template.guarded ? 1 : 0;
    this.bytes[begin + SHAPE_HOUR_DIGITS] = template.hourDigits;
    this.bytes[begin + SHAPE_HALF] = template.half;
    set(SHAPE_CONTINUATION, this.tableAddress(template.continuation));
    set(SHAPE_EPOCH_DIGITS, template.epochDigits);
    set(SHAPE_HOUR_AT, lead + template.hourAt);
    set(SHAPE_MINUTE_AT, lead + template.minuteAt);
    set(SHAPE_SECOND_AT, template.secondAt < 0 ? -1 : lead + template.secondAt);
    set(SHAPE_FRACTION_AT, lead + template.fractionAt);
    set(SHAPE_DIGITS, template.digits);
    set(SHAPE_SCALE, template.scale);
    for (const [part, { at, digits, value }] of template.date.entries()) {
      set(SHAPE_DATE + part * DATE_PART, lead + at);
      set(SHAPE_DATE + part * DATE_PART + DATE_DIGITS, digits);
      set(SHAPE_DATE + part * DATE_PART + DATE_VALUE, value);
    }
  }

  private describeSeconds(begin: number, { template, high, low, earliest, before }: KnownStamp): void {
    const { words, floats } = this;
    words[(begin + SHAPE_NANOS) >> 2] = template.nanos;
    words[(begin + SHAPE_KEY) >> 2] = low;
    words[(begin + SHAPE_KEY + 4) >> 2] = high;
    floats[(begin + SHAPE_SECONDS) >> 3] = template.seconds;
    floats[(begin + SHAPE_MIDNIGHT) >> 3] = template.epochDigits > 0 ? 0 : template.daySeconds;
    floats[(begin + SHAPE_LOW) >> 3] = earliest;
    floats[(begin + SHAPE_HIGH) >> 3] = before;
  }

  private tableAddress(table: Uint8Array | undefined): number {
    if (table === undefined || this.memory === undefined) return 0;
    return this.memory.state + STATE_CONTINUATIONS + this.tables.indexOf(table) * CONTINUATION_BYTES;
  }

  enter(memory: Memory, address: number): void {
    this.memory = memory;
    this.address = address;
    const loaded = loadedTables.get(memory) ?? [];
    loadedTables.set(memory, loaded);
    for (const [i, table] of this.tables.entries()) {
      if (table === undefined || loaded[i] === table) continue;
      new Uint8Array(memory.wasm.buffer, memory.state + STATE_CONTINUATIONS + i * CONTINUATION_BYTES).set(table);
      loaded[i] = table;
    }
    this.changed = true;
    this.refresh();
  }

  refresh(): void {
    if (!this.changed || this.memory === undefined) return;
    new Int32Array(this.memory.wasm.buffer, this.address, this.words.length).set(this.words);
    this.changed = false;
  }

  settle(): void {
    const { memory, words } = this;
    if (memory === undefined) return;
    const state = new Int32Array(memory.wasm.buffer, this.address, QUICK_ANCHOR >> 2);
    const count = state[QUICK_DATED >> 2];
    if (count === 0) return;
    state[QUICK_DATED >> 2] = 0;
    const shape = state[QUICK_LAST >> 2];
    words[QUICK_LAST >> 2] = shape;
    const seconds = this.address + QUICK_SHAPE + shape * SHAPE_BYTES + SHAPE_SECONDS;
    this.settled(count, shape, new Float64Array(memory.wasm.buffer, seconds, 1)[0]);
  }
}

/** Of each byte, from the beginning of the line or stamp, what it is part of. */
function partsOf({ template, from, at, anyDate }: KnownStamp): Uint8Array {
  const lead = at - from;
  const parts = new Uint8Array(lead + template.length).fill(PART_TEXT, 0, lead);
  parts.set(template.parts.subarray(0, template.length), lead);
  return anyDate ? parts : parts.map((part) => (part === PART_DATE ? PART_TEXT : part));
}
