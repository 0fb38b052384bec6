import type { Memory } from '../core/memory.ts';
import type { QuickLines } from '../core/stages.ts';
import {
  CONTINUATION_BYTES,
  MAX_ANCHOR,
  PLACE_ASK,
  PLACE_INSIDE,
  PLACE_START,
  QUICK_ANCHOR,
  QUICK_ANCHOR_LENGTH,
  QUICK_BYTES,
  QUICK_CLOCK,
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
  SHAPE_CLOCK,
  SHAPE_CLOCK_HIGH,
  SHAPE_CLOCK_LOW,
  SHAPE_CONTINUATION,
  SHAPE_DIGITS,
  SHAPE_EPOCH_DIGITS,
  SHAPE_FRACTION_AT,
  SHAPE_GUARDED,
  SHAPE_HALF,
  SHAPE_HOUR_AT,
  SHAPE_HOUR_DIGITS,
  SHAPE_KEPT,
  SHAPE_KEY,
  SHAPE_LEAD,
  SHAPE_LENGTH,
  SHAPE_MASK,
  SHAPE_MINUTE_AT,
  SHAPE_NANOS,
  SHAPE_SCALE,
  SHAPE_SECOND,
  SHAPE_SECOND_AT,
  SHAPE_TEXT,
  SHAPES,
  STATE_CONTINUATIONS,
} from './layout.ts';
import type { StampTemplate } from './stamp-template.ts';

/** A stamp that was just read: those that differ from it in their clock alone can be read in its stead. */
export interface KnownStamp {
  template: StampTemplate;
  /** Where its line begins, or the stamp itself, if what stands before it does not matter. */
  from: number;
  at: number;
  /** Its instant. */
  high: number;
  low: number;
  /** Seconds of the day from which to before which its zone's offset holds; seconds since 1970 where it has these. */
  clockLow: number;
  clockHigh: number;
}

/** Hears what the kernel dated: how many stamps, and the shape and the second of the day of the last one. */
export type Settled = (count: number, shape: number, clock: number) => void;

/** Which tables of continuations lie in a memory. */
const loadedTables = new WeakMap<Memory, (Uint8Array | undefined)[]>();

/** The shapes of stamps that the kernel reads by itself: a few, each of one layout and one date. */
export class QuickStamps implements QuickLines {
  private readonly words = new Int32Array(QUICK_BYTES >> 2);
  private readonly bytes = new Uint8Array(this.words.buffer);
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
    this.describe((begin >> 2) | 0, known);
    this.bytes.fill(0, begin + SHAPE_MASK, begin + SHAPE_BYTES);
    for (const mask of [SHAPE_MASK, SHAPE_SECOND]) this.bytes.fill(255, begin + mask, begin + mask + size);
    const fractionMask = begin + SHAPE_SECOND + at - from + template.fractionAt;
    this.bytes.fill(0, fractionMask, fractionMask + template.digits);
    const stampMask = begin + SHAPE_MASK + at - from;
    for (let i = 0; i < template.length; i++) if (template.counting[i] !== 0) this.bytes[stampMask + i] = 0;
    this.bytes.set(memory.bytes.subarray(from, from + size), begin + SHAPE_KEPT);
    return shape;
  }

  private describe(word: number, { template, from, at, high, low, clockLow, clockHigh }: KnownStamp): void {
    const { words } = this;
    const lead = at - from;
    const set = (offset: number, value: number): void => {
      words[word + (offset >> 2)] = value;
    };
    set(SHAPE_LEAD, lead);
    set(SHAPE_LENGTH, template.length);
    set(SHAPE_AFTER, template.after);
    this.bytes[4 * word + SHAPE_GUARDED] = template.guarded ? 1 : 0;
    this.bytes[4 * word + SHAPE_HOUR_DIGITS] = template.hourDigits;
    this.bytes[4 * word + SHAPE_HALF] = template.half;
    set(SHAPE_CONTINUATION, this.tableAddress(template.continuation));
    const isEpoch = template.epochDigits > 0;
    set(SHAPE_EPOCH_DIGITS, template.epochDigits);
    set(SHAPE_HOUR_AT, lead + template.hourAt);
    set(SHAPE_MINUTE_AT, lead + template.minuteAt);
    set(SHAPE_SECOND_AT, template.secondAt < 0 ? -1 : lead + template.secondAt);
    set(SHAPE_FRACTION_AT, lead + template.fractionAt);
    set(SHAPE_DIGITS, template.digits);
    set(SHAPE_SCALE, template.scale);
    set(SHAPE_CLOCK_LOW, clockLow);
    set(SHAPE_CLOCK_HIGH, Math.max(0, clockHigh));
    set(SHAPE_CLOCK, template.seconds - (isEpoch ? 0 : template.daySeconds));
    set(SHAPE_NANOS, template.nanos);
    set(SHAPE_KEY, low);
    set(SHAPE_KEY + 4, high);
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
    this.settled(count, shape, state[QUICK_CLOCK >> 2]);
  }
}
