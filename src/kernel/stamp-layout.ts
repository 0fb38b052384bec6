import { PART_CLOCK, PART_DATE, PART_FRACTION, PART_TEXT } from './layout.ts';

/** Kinds of numbers in a stamp. REST: digits below the nanosecond, which are checked but not used. */
export const YEAR = 0;
export const MONTH = 1;
export const DAY = 2;
export const HOUR = 3;
export const MINUTE = 4;
export const SECOND = 5;
export const FRACTION = 6;
export const EPOCH = 7;
export const REST = 8;
export const KINDS = 9;

/** `offset` of a stamp that does not name its zone. */
export const NO_OFFSET = 1e9;

/** What a stamp does not say, beside its zone: LACKS_START counts from something that it does not tell. */
export const LACKS_NOTHING = 0;
export const LACKS_YEAR = 1;
export const LACKS_DATE = 2;
export const LACKS_START = 3;

/** What a slow reader knows of the stamp that it has just read; kinds are indices of the three arrays. */
export interface StampLayout {
  /** Length of the stamp in bytes. */
  length: number;
  /** Offset of each number from the stamp's start, and its digits; 0 digits where the stamp has no such number. */
  fieldAt: Int32Array;
  fieldLength: Int32Array;
  /** The value of every kind, those that are no digits (a month's name, a missing year) among them. */
  values: Float64Array;
  /** Nanoseconds that one unit of FRACTION's last digit stands for. */
  fractionScale: number;
  /** 0: the hour counts to 24; 1: before noon, 2: after noon, on a clock that counts to 12. */
  half: number;
  /** Seconds between UTC and the stamp's own zone, or NO_OFFSET. */
  offset: number;
  /** Index of the zone that it names otherwise than by an offset; 0 where it does not. What that means is the reader's. */
  zoneIndex: number;
  /** Whether VALUES[YEAR], or the whole date, is only a frame, because the stamp lacks it. */
  lacks: number;
  /** Between which a YEAR, and an EPOCH (in seconds), must lie. */
  yearLow: number;
  yearHigh: number;
  epochLow: number;
  epochHigh: number;
  /**
   * Which three bytes behind the stamp's terminator may mean that a stamp goes on there (a zone after a space): 32768
   * entries by the low five bits of each. A stamp followed by such bytes is left to the slow reader. Undefined: none can.
   */
  continuation: Uint8Array | undefined;
}

/** The kind of the first number at or after `from`, or −1. */
export function nextField(layout: StampLayout, from: number): number {
  let best = -1;
  for (let kind = 0; kind < KINDS; kind++) {
    const at = layout.fieldAt[kind];
    if (layout.fieldLength[kind] > 0 && at >= from && (best < 0 || at < layout.fieldAt[best])) best = kind;
  }
  return best;
}

/** Marks what each byte of the stamp is part of: one of PART_…. */
export function markParts({ fieldAt, fieldLength }: StampLayout, parts: Uint8Array): void {
  const mark = (kind: number, part: number) => parts.fill(part, fieldAt[kind], fieldAt[kind] + fieldLength[kind]);
  parts.fill(PART_TEXT);
  for (const kind of [YEAR, MONTH, DAY]) mark(kind, PART_DATE);
  for (const kind of [HOUR, MINUTE, SECOND, EPOCH]) mark(kind, PART_CLOCK);
  mark(FRACTION, PART_FRACTION);
}

/** A mask of the bytes that stamps of one date have in common. */
export function dayMask(parts: Uint8Array): DataView {
  return new DataView(parts.map((part) => (part === PART_TEXT || part === PART_DATE ? 255 : 0)).buffer);
}

/** Where a part of a date stands, how many digits it has, and its value, which counts where it has none. */
export interface DatePart {
  at: number;
  digits: number;
  value: number;
}

/** Year, month and day. */
export function dateOf({ fieldAt, fieldLength, values }: StampLayout): DatePart[] {
  return [YEAR, MONTH, DAY].map((kind) => ({ at: fieldAt[kind], digits: fieldLength[kind], value: values[kind] }));
}
