import {
  BODY_KIND,
  BODY_LINE,
  FORM_BODY,
  FORM_BYTES,
  FORM_ROOM,
  KIND_CELLS,
  KIND_MEMBERS,
  KIND_NAMED,
  KIND_PICKED,
  STAMP_SPACE,
  WHY_DONE,
  WHY_FINER,
  WHY_FULL,
  WHY_KEY,
  WHY_LEFT,
  WRITE_DAY,
  WRITE_DIGITS,
  WRITE_FORMS,
  WRITE_HIGH,
  WRITE_LENGTH,
  WRITE_LIMIT,
  WRITE_LOW,
  WRITE_POSITION,
  WRITE_SECOND,
  WRITE_TEXT,
  WRITE_UNIT,
  WRITE_WHY,
} from '../layout';
import { putCells } from './cells';
import { putMembers } from './members';
import { copyLoosely, endOf, flagBytes, keyOf, MULTILINE, sourceOf, startOf } from './memory';
import { putMessage } from './message';
import { putNamed } from './named';
import { putPicked } from './picked';
import { NO_ROOM } from './texts';

const LF = 10;
/** The most that a loose copy writes too much. */
const LOOSE = 32;
const SECOND: u64 = 1000000000;
/** Where the clock and the fraction stand in a stamp: `2024-03-10T06:59:58.120`. */
const CLOCK_AT = 11;
const FRACTION_AT = 20;

/** Why the last row was not written. */
let why: u32 = WHY_DONE;

/**
 * Writes, for each row from rows[from] up to rows[count - 1] or the first for which that cannot be done here, what its
 * source has before it with the stamp of its instant, and behind that its bytes or what the body of its source says.
 * @returns the index of the row at which it stopped; WHY tells the reason.
 */
export function writeRows(write: usize, rows: usize, count: u32, what: u32): u32 {
  let position = <usize>load<u32>(write, WRITE_POSITION);
  why = WHY_DONE;
  let i: u32 = 0;
  for (; i < count; i++) {
    const row = load<u32>(rows + ((<usize>i) << 2));
    const flags = load<u8>(flagBytes + <usize>row);
    if ((flags & ~MULTILINE) !== 0 || (what === BODY_LINE && flags !== 0)) {
      why = WHY_LEFT;
      break;
    }
    const start = startOf(row);
    const end = endOf(row);
    const at = putPrefix(write, position, row, end - start);
    if (at === 0) break;
    const behind = what === BODY_LINE ? putLine(at, start, end) : putBody(write, at, row, flags);
    if (behind <= NO_ROOM) {
      why = behind === NO_ROOM ? WHY_FULL : WHY_LEFT;
      break;
    }
    position = behind;
  }
  store<u32>(write, position, WRITE_POSITION);
  store<u32>(write, why, WRITE_WHY);
  return i;
}

function putLine(at: usize, start: usize, end: usize): usize {
  const behind = at + end - start;
  copyLoosely(at, start, end - start);
  store<u8>(behind, LF);
  return behind + 1;
}

/** Writes a record as its source's body says. Address behind it; NO_ROOM; or 0 where that is left to the caller. */
function putBody(write: usize, at: usize, row: u32, flags: u8): usize {
  const body = <usize>load<u32>(formOf(write, row), FORM_BODY);
  if (body === 0) return 0;
  const kind = load<u32>(body, BODY_KIND);
  if (kind === KIND_MEMBERS) return flags === 0 ? putMembers(body, at, row) : 0;
  if (kind === KIND_CELLS) return putCells(body, at, row);
  const limit = <usize>load<u32>(write, WRITE_LIMIT);
  if (kind === KIND_NAMED) return putNamed(body, at, row, limit);
  if (kind === KIND_PICKED) return flags === 0 ? putPicked(body, at, row, limit) : 0;
  return putMessage(body, at, row, limit);
}

/** Writes what stands before a record, with the stamp of its instant. Returns why it did not. */
export function writePrefix(write: usize, row: u32): i32 {
  const at = putPrefix(write, <usize>load<u32>(write, WRITE_POSITION), row, 0);
  if (at === 0) return why;
  store<u32>(write, at, WRITE_POSITION);
  return WHY_DONE;
}

function formOf(write: usize, row: u32): usize {
  return write + WRITE_FORMS + <usize>sourceOf(row) * FORM_BYTES;
}

/** Address behind the prefix of a row, where there is room for it and `more`; else 0, and WHY tells the reason. */
function putPrefix(write: usize, position: usize, row: u32, more: usize): usize {
  const unit = load<u32>(write, WRITE_UNIT);
  const nanos = nanosOf(write, keyOf(row));
  if (nanos < 0) return stopped(WHY_KEY);
  if (unit > 1 && <u32>nanos % unit !== 0) return stopped(WHY_FINER);
  const form = formOf(write, row);
  const before = <usize>load<u32>(form, 4);
  const after = <usize>load<u32>(form, 12);
  const room = before + after + more + <usize>load<u32>(form, FORM_ROOM) + STAMP_SPACE + LOOSE;
  if (position + room > <usize>load<u32>(write, WRITE_LIMIT)) return stopped(WHY_FULL);
  let at = position;
  if (before > 0) copyLoosely(at, <usize>load<u32>(form), before);
  at += before;
  putStamp(write, at, <u32>nanos);
  at += <usize>load<u32>(write, WRITE_LENGTH);
  copyLoosely(at, <usize>load<u32>(form, 8), after);
  return at + after;
}

function stopped(reason: u32): usize {
  why = reason;
  return 0;
}

/**
 * The same without anything before the records. Those that lie one behind the other in the memory, as those of one
 * source do until another has its turn, go in one copy.
 */
export function copyLines(write: usize, rows: usize, count: u32): u32 {
  const limit = <usize>load<u32>(write, WRITE_LIMIT) - LOOSE - 1;
  let position = <usize>load<u32>(write, WRITE_POSITION);
  let i: u32 = 0;
  while (i < count) {
    const first = load<u32>(rows + ((<usize>i) << 2));
    const start = startOf(first);
    let end = endOf(first);
    if (position + end - start > limit) break;
    for (i++; i < count; i++) {
      const next = load<u32>(rows + ((<usize>i) << 2));
      const nextEnd = endOf(next);
      if (startOf(next) !== end + 1 || load<u8>(end) !== LF || position + nextEnd - start > limit) break;
      end = nextEnd;
    }
    copyLoosely(position, start, end - start);
    position += end - start;
    store<u8>(position++, LF);
  }
  store<u32>(write, position, WRITE_POSITION);
  return i;
}

/** Makes the stamp's text that of the key's second. Returns the nanoseconds above it, or -1 for a key of another day. */
function nanosOf(write: usize, key: i64): i32 {
  const above = <u64>(key - load<i64>(write, WRITE_SECOND));
  if (above < SECOND) return <i32>above;
  if (key < load<i64>(write, WRITE_LOW) || key >= load<i64>(write, WRITE_HIGH)) return -1;
  const day = load<i64>(write, WRITE_DAY);
  const sinceMidnight = <u64>(key - day);
  const seconds = sinceMidnight / SECOND;
  const clock = <u32>seconds;
  const minutes = clock / 60;
  putTwo(write + WRITE_TEXT + CLOCK_AT, minutes / 60);
  putTwo(write + WRITE_TEXT + CLOCK_AT + 3, minutes % 60);
  putTwo(write + WRITE_TEXT + CLOCK_AT + 6, clock % 60);
  store<i64>(write, day + <i64>(seconds * SECOND), WRITE_SECOND);
  return <i32>(sinceMidnight - seconds * SECOND);
}

/** Fraction digits go into the copy: narrow stores into the text would stall the wide loads of the next copy. */
function putStamp(write: usize, at: usize, nanos: u32): void {
  const digits = load<u32>(write, WRITE_DIGITS);
  v128.store(at, v128.load(write, WRITE_TEXT));
  v128.store(at, v128.load(write, WRITE_TEXT + 16), 16);
  v128.store(at, v128.load(write, WRITE_TEXT + 32), 32);
  if (digits === 0) return;
  const millis = nanos / 1000000;
  putThree(at + FRACTION_AT, millis);
  if (digits === 3) return;
  const rest = nanos - millis * 1000000;
  const micros = rest / 1000;
  putThree(at + FRACTION_AT + 3, micros);
  if (digits === 9) putThree(at + FRACTION_AT + 6, rest - micros * 1000);
}

function putTwo(at: usize, value: u32): void {
  const tens = value / 10;
  store<u8>(at, 48 + tens);
  store<u8>(at, 48 + value - tens * 10, 1);
}

function putThree(at: usize, value: u32): void {
  const hundreds = value / 100;
  store<u8>(at, 48 + hundreds);
  putTwo(at + 1, value - hundreds * 100);
}
