import {
  ANSWER_DATED,
  ANSWER_NONE,
  ANSWER_REFUSED,
  RECORD_CUT,
  TEXT_FLAGS,
  TEXT_FOUND_AT,
  TEXT_FOUND_KEY,
  TEXT_FOUND_LENGTH,
  TEXT_GOES_ON,
  TEXT_KEY,
  TEXT_LEADING,
  TEXT_LINE,
  TEXT_LINE_END,
  TEXT_LINES,
  TEXT_POSITION,
  TEXT_PREVIOUS,
  TEXT_QUICK,
  TEXT_ROWS,
  TEXT_SEARCHED,
  TEXT_SOURCE,
  TEXT_STAMP_AT,
  TEXT_STAMP_LENGTH,
  TEXT_START,
  TEXT_UNDATED,
} from '../layout';
import { nextLineEnd, seekLineEnds } from './line-ends';
import {
  CONTINUED,
  ends,
  findByte,
  flagBytes,
  keys,
  lines,
  MULTILINE,
  sources,
  stampAts,
  stampLengths,
  starts,
  UNDATED,
} from './memory';
import { ASK, dateLine, stampFrom, stampKey, stampLength, YES } from './stamp';

const SPACE: u8 = 32;
/** In the flags of the open record, beside those of the column: its stamp names no instant, and it begins with that. */
const REFUSED = 16;
/** What the column for the stamp's length can hold. */
const LONGEST_STAMP = 255;

/**
 * Text lines into rows: a line that has a stamp opens a record, even where the stamp names no instant; the others join
 * the record before. See TextFramer, which prepares the state at `text` and takes it back. Finds line ends, reads stamps
 * of known shapes and fills the columns, in one pass over the bytes up to `to`.
 * @param answer what the caller says of the line for which the last call stopped
 * @returns 1 where the line [POSITION, LINE_END) is to be dated by the caller, 0 where all is done.
 */
export function frameText(text: usize, to: usize, last: i32, firstRow: i32, rowLimit: i32, answer: i32): i32 {
  let start = <usize>load<u32>(text, TEXT_START);
  let position = <usize>load<u32>(text, TEXT_POSITION);
  let searched = position;
  let previous = <usize>load<u32>(text, TEXT_PREVIOUS);
  let flags = load<i32>(text, TEXT_FLAGS);
  let rows = load<i32>(text, TEXT_ROWS);
  let asks = 0;
  const mayGoOn = load<u32>(text, TEXT_GOES_ON) !== 0;
  if (answer === ANSWER_NONE) seekLineEnds(<usize>load<u32>(text, TEXT_SEARCHED));
  while (rows < rowLimit && position < to) {
    let end: usize = 0;
    let dated = false;
    let refused = false;
    if (answer !== ANSWER_NONE) {
      end = load<u32>(text, TEXT_LINE_END);
      dated = answer === ANSWER_DATED;
      refused = answer === ANSWER_REFUSED;
    } else {
      end = nextLineEnd(to);
      if (end === to && !last) {
        searched = to;
        // However that line ends, the open record cannot grow by it: it need not be held beside a line that may be long.
        if (position > start && to - start > <usize>RECORD_CUT && partWords(text, previous, position) === 0) {
          closeRecord(text, firstRow + rows, start, position - 1, flags);
          rows++;
          start = position;
          store<i32>(text, CONTINUED | (flags & UNDATED), TEXT_LEADING);
        }
        break;
      }
      const seen = end === to ? ASK : dateLine(text + TEXT_QUICK, position, end);
      if (seen === ASK) {
        store<u32>(text, end, TEXT_LINE_END);
        asks = 1;
        break;
      }
      dated = seen === YES;
    }
    if (mayGoOn && (dated || refused) && position > start && goesOn(text, previous, position, end)) {
      dated = false;
      refused = false;
    }
    const closes = position > start && (end - start > <usize>RECORD_CUT || ((dated || refused) && flags !== UNDATED));
    if (closes) {
      closeRecord(text, firstRow + rows, start, position - 1, flags);
      rows++;
      start = position;
    }
    if (dated) {
      flags = 0;
      takeStamp(text, start, answer);
    } else if (refused) flags = UNDATED | REFUSED;
    else if (closes) flags = CONTINUED | (flags & UNDATED);
    else if (position === start) flags = load<i32>(text, TEXT_LEADING);
    store<i32>(text, load<i32>(text, TEXT_LINES) + 1, TEXT_LINES);
    previous = position;
    position = end + 1;
    searched = position;
    answer = ANSWER_NONE;
  }
  if (last && position >= to && start < to && rows < rowLimit) {
    closeRecord(text, firstRow + rows, start, position - 1, flags);
    rows++;
    start = to;
    position = to;
    searched = to;
  }
  store<u32>(text, start, TEXT_START);
  store<u32>(text, position, TEXT_POSITION);
  store<u32>(text, searched, TEXT_SEARCHED);
  store<u32>(text, previous, TEXT_PREVIOUS);
  store<i32>(text, flags, TEXT_FLAGS);
  store<i32>(text, rows, TEXT_ROWS);
  return asks;
}

/** Whether the line [position, end) goes on with the one before it, at `previous`. */
function goesOn(text: usize, previous: usize, position: usize, end: usize): bool {
  const mark = partWords(text, previous, position);
  if (mark === 0) return false;
  const blank = findByte(SPACE, position, end);
  return blank + 8 <= end && load<u64>(blank) === load<u64>(mark);
}

/** Where the words of the line [from, to) stand that say that it goes on in another; 0 where it does not. */
function partWords(text: usize, from: usize, to: usize): usize {
  const wanted = load<u32>(text, TEXT_GOES_ON);
  if (wanted === 0) return 0;
  const blank = findByte(SPACE, from, to);
  return blank + 10 <= to && <u32>load<u16>(blank, 8) === wanted ? blank : 0;
}

/** Gives the open record, which begins at `start`, the instant just read, by us or by the caller. */
function takeStamp(text: usize, start: usize, answer: i32): void {
  if (answer === ANSWER_DATED) {
    store<i32>(text, load<i32>(text, TEXT_FOUND_AT) - <i32>start, TEXT_STAMP_AT);
    store<i32>(text, load<i32>(text, TEXT_FOUND_LENGTH), TEXT_STAMP_LENGTH);
    store<i64>(text, load<i64>(text, TEXT_FOUND_KEY), TEXT_KEY);
    return;
  }
  store<i32>(text, <i32>(stampFrom - start), TEXT_STAMP_AT);
  store<i32>(text, stampLength, TEXT_STAMP_LENGTH);
  store<i64>(text, stampKey, TEXT_KEY);
}

/** Fills the columns of the open record. */
function closeRecord(text: usize, row: i32, start: usize, end: usize, flags: i32): void {
  const four = (<usize>row) << 2;
  const eight = (<usize>row) << 3;
  const held = load<i32>(text, TEXT_LINES);
  const kept = flags & ~REFUSED;
  const line = load<f64>(text, TEXT_LINE);
  const length = load<i32>(text, TEXT_STAMP_LENGTH);
  store<i64>(keys + eight, load<i64>(text, TEXT_KEY));
  store<u32>(starts + four, start);
  store<u32>(ends + four, end);
  store<i32>(sources + four, load<i32>(text, TEXT_SOURCE));
  store<f64>(lines + eight, line + 1);
  store<i32>(stampAts + four, length > LONGEST_STAMP ? 0 : load<i32>(text, TEXT_STAMP_AT));
  store<u8>(stampLengths + <usize>row, length > LONGEST_STAMP ? 0 : length);
  store<u8>(flagBytes + <usize>row, held > 1 ? kept | MULTILINE : kept);
  if (flags & UNDATED) store<i32>(text, load<i32>(text, TEXT_UNDATED) + 1, TEXT_UNDATED);
  store<f64>(text, line + <f64>held, TEXT_LINE);
  store<i32>(text, UNDATED, TEXT_LEADING);
  store<i32>(text, 0, TEXT_LINES);
  store<i32>(text, 0, TEXT_STAMP_AT);
  store<i32>(text, 0, TEXT_STAMP_LENGTH);
}
