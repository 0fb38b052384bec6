import {
  TABLE_COLUMNS,
  TABLE_DELIMITER,
  TABLE_HEADER,
  TABLE_HEADER_MASK,
  TABLE_LEFT,
  TABLE_QUOTE,
  TABLE_ROW_LIMIT,
  TABLE_TIME,
  TEXT_LINE,
  TEXT_QUICK,
  TEXT_ROWS,
  TEXT_START,
} from '../layout';
import { findByte } from './memory';
import { fillRow } from './rows';
import { readShapes, stampFrom, stampLength } from './stamp';
import { delimiters, nextStop, scanPlain, seekStops } from './stops';

const LF: u8 = 10;
const CR: u8 = 13;
const SPACE: u8 = 32;
const QUOTE: u8 = 34;
/** Of a byte order mark. */
const MARK_FIRST: u8 = 0xef;
/** As in core/memory.ts. */
const MULTILINE = 8;

/** Of the row just looked at: its columns, the newlines inside it, and where the time stands. */
let columns: u32 = 0;
let newlines: i32 = 0;
let timeFrom: usize = 0;
let timeTo: usize = 0;

/** Instead of the end of a row: the bytes end before it, or only the caller can tell. */
const UNFINISHED: usize = 0;
const STRANGE: usize = 1;

/**
 * Rows of delimited text into rows of the memory. The state is that of text, with how the table is written behind it.
 * @returns 1 where the row at START is left to the caller: it has not the columns that it should, no time of the known
 * shapes, strange quotes, is long, or may be a header or a comment. 0 where all is done.
 */
export function frameTable(text: usize, to: usize, last: i32, firstRow: i32, rowLimit: i32): i32 {
  let start = <usize>load<u32>(text, TEXT_START);
  let rows = load<i32>(text, TEXT_ROWS);
  let asks = 0;
  while (rows < rowLimit && start < to) {
    const end = mayBeFraming(text, start) ? STRANGE : endOfRow(text, start, to);
    if (end === UNFINISHED && !last && to - start < <usize>TABLE_ROW_LIMIT) break;
    if (end <= STRANGE || !frameRow(text, start, end, firstRow + rows)) {
      asks = 1;
      break;
    }
    rows++;
    start = end + 1;
  }
  store<u32>(text, start, TEXT_START);
  store<i32>(text, rows, TEXT_ROWS);
  return asks;
}

function mayBeFraming(text: usize, start: usize): bool {
  const first = load<u8>(start);
  if (first === MARK_FIRST || <u32>first === load<u32>(text, TABLE_LEFT) || load<u32>(text, TABLE_COLUMNS) === 0)
    return true;
  return (load<u64>(start) & load<u64>(text, TABLE_HEADER_MASK)) === load<u64>(text, TABLE_HEADER);
}

/** Address of the newline that ends the row at `start`; UNFINISHED or STRANGE. See RowScanner. */
function endOfRow(text: usize, start: usize, to: usize): usize {
  const delimiter = <u8>load<u32>(text, TABLE_DELIMITER);
  if (load<u32>(text, TABLE_TIME) === 0) {
    const end = scanPlain(start, to, delimiter, LF, QUOTE);
    if (end === to) return UNFINISHED;
    if (end !== 0 && load<u8>(end) === LF) {
      columns = delimiters + 1;
      newlines = 0;
      timeFrom = start;
      timeTo = findByte(delimiter, start, end);
      return end;
    }
  }
  seekStops(start, delimiter, <u8>load<u32>(text, TABLE_QUOTE), LF);
  return walkRow(text, start, to);
}

/** The same, from one delimiter, quote or newline to the next: the stops stand at `start`. */
function walkRow(text: usize, start: usize, to: usize): usize {
  const delimiter = load<u32>(text, TABLE_DELIMITER);
  const quote = load<u32>(text, TABLE_QUOTE);
  const time = load<u32>(text, TABLE_TIME);
  let field = start;
  columns = 0;
  newlines = 0;
  let at: usize = 0;
  do {
    at = nextStop(to);
    if (field < to && <u32>load<u8>(field) === quote) at = quotedEnd(to, delimiter);
    else while (at < to && <u32>load<u8>(at) !== delimiter && load<u8>(at) !== LF) at = nextStop(to);
    if (at <= STRANGE || at >= to) return at === STRANGE ? STRANGE : UNFINISHED;
    if (columns === time) {
      timeFrom = field;
      timeTo = at;
    }
    columns++;
    field = at + 1;
  } while (load<u8>(at) !== LF);
  return at;
}

/** The end of a field whose opening quote was the last stop; UNFINISHED, or STRANGE where text stands behind the closing one. */
function quotedEnd(to: usize, delimiter: u32): usize {
  let at = nextStop(to);
  for (;;) {
    while (at < to && load<u8>(at) !== QUOTE) {
      if (load<u8>(at) === LF) newlines++;
      at = nextStop(to);
    }
    if (at + 1 >= to) return UNFINISHED;
    if (load<u8>(at, 1) !== QUOTE) break;
    nextStop(to);
    at = nextStop(to);
  }
  at++;
  while (at < to && (load<u8>(at) === SPACE || load<u8>(at) === CR)) at++;
  if (at >= to) return UNFINISHED;
  if (<u32>load<u8>(at) !== delimiter && load<u8>(at) !== LF) return STRANGE;
  return nextStop(to);
}

/** Makes a row of [start, end); false where the caller must. */
function frameRow(text: usize, start: usize, end: usize, row: i32): bool {
  if (columns !== load<u32>(text, TABLE_COLUMNS)) return false;
  trimTime();
  if (timeTo - timeFrom >= 2 && load<u8>(timeFrom) === QUOTE && load<u8>(timeTo - 1) === QUOTE) {
    timeFrom++;
    timeTo--;
    trimTime();
  }
  if (timeFrom === timeTo || !readShapes(text + TEXT_QUICK, timeFrom, timeTo)) return false;
  fillRow(text, row, start, end, newlines > 0 ? MULTILINE : 0, stampFrom, stampLength);
  store<f64>(text, load<f64>(text, TEXT_LINE) + <f64>(newlines + 1), TEXT_LINE);
  return true;
}

/** Takes blanks and CR off the ends of the time. */
function trimTime(): void {
  while (timeFrom < timeTo && (load<u8>(timeFrom) === SPACE || load<u8>(timeFrom) === CR)) timeFrom++;
  while (timeTo > timeFrom && (load<u8>(timeTo - 1) === SPACE || load<u8>(timeTo - 1) === CR)) timeTo--;
}
