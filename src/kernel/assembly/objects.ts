import { PATH_LEVELS, TEXT_LINE, TEXT_LINE_END, TEXT_QUICK, TEXT_ROWS, TEXT_SEARCHED, TEXT_START } from '../layout';
import { scanObject, valueFrom, valueTo } from './json';
import { findByte } from './memory';
import { fillRow } from './rows';
import { readShapes } from './stamp';

/**
 * Lines that are JSON objects into rows. The state is that of text, with the path of the time behind it.
 * @returns 1 where the line [START, LINE_END) is left to the caller: it is no such object, has no time there, or one that
 * is not of the known shapes. 0 where all is done.
 */
export function frameObjects(text: usize, to: usize, last: i32, firstRow: i32, rowLimit: i32): i32 {
  let position = <usize>load<u32>(text, TEXT_START);
  let searched = <usize>load<u32>(text, TEXT_SEARCHED);
  let rows = load<i32>(text, TEXT_ROWS);
  let asks = 0;
  while (rows < rowLimit && position < to) {
    const end = findByte(10, searched, to);
    if (end === to && !last) {
      searched = to;
      break;
    }
    if (end === to || !frameObject(text, position, end, firstRow + rows)) {
      store<u32>(text, end, TEXT_LINE_END);
      asks = 1;
      break;
    }
    rows++;
    position = end + 1;
    searched = position;
  }
  store<u32>(text, position, TEXT_START);
  store<u32>(text, searched, TEXT_SEARCHED);
  store<i32>(text, rows, TEXT_ROWS);
  return asks;
}

/** Makes a row of a line; false where the caller must. */
function frameObject(text: usize, start: usize, end: usize, row: i32): bool {
  if (load<i32>(text, PATH_LEVELS) === 0 || !scanObject(text, start, end) || valueFrom === 0) return false;
  if (!readShapes(text + TEXT_QUICK, valueFrom, valueTo)) return false;
  fillRow(text, row, start, end, 0, valueFrom, <i32>(valueTo - valueFrom));
  store<f64>(text, load<f64>(text, TEXT_LINE) + 1, TEXT_LINE);
  return true;
}
