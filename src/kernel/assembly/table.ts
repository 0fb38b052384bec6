import {
  TABLE_COLUMNS,
  TABLE_HEADER,
  TABLE_HEADER_MASK,
  TABLE_LEFT,
  TABLE_ROW_LIMIT,
  TEXT_LINE,
  TEXT_QUICK,
  TEXT_ROWS,
  TEXT_START,
} from '../layout';
import { MULTILINE } from './memory';
import { columns, endOfRow, newlines, STRANGE, timeFrom, timeTo, UNFINISHED } from './row-ends';
import { fillRow } from './rows';
import { readShapes, stampFrom, stampLength } from './stamp';

const CR: u8 = 13;
const SPACE: u8 = 32;
const QUOTE: u8 = 34;
/** Of a byte order mark. */
const MARK_FIRST: u8 = 0xef;

/** The time of the row at hand. */
let valueFrom: usize = 0;
let valueTo: usize = 0;

/**
 * Rows of delimited text into rows of the memory. The state is that of text, with how the table is written behind it.
 * @returns 1 where the row at START is left to the caller: it has another number of columns, no time of the known
 * shapes or strange quotes, is long, or may be a header or a comment. 0 where all is done.
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

/** Makes a row of [start, end); false where the caller must. */
function frameRow(text: usize, start: usize, end: usize, row: i32): bool {
  if (columns !== load<u32>(text, TABLE_COLUMNS)) return false;
  valueFrom = timeFrom;
  valueTo = timeTo;
  trimTime();
  if (valueTo - valueFrom >= 2 && load<u8>(valueFrom) === QUOTE && load<u8>(valueTo - 1) === QUOTE) {
    valueFrom++;
    valueTo--;
    trimTime();
  }
  if (valueFrom === valueTo || !readShapes(text + TEXT_QUICK, valueFrom, valueTo)) return false;
  fillRow(text, row, start, end, newlines > 0 ? MULTILINE : 0, stampFrom, stampLength);
  store<f64>(text, load<f64>(text, TEXT_LINE) + <f64>(newlines + 1), TEXT_LINE);
  return true;
}

/** Takes blanks and CR off the ends of the time. */
function trimTime(): void {
  while (valueFrom < valueTo && (load<u8>(valueFrom) === SPACE || load<u8>(valueFrom) === CR)) valueFrom++;
  while (valueTo > valueFrom && (load<u8>(valueTo - 1) === SPACE || load<u8>(valueTo - 1) === CR)) valueTo--;
}
