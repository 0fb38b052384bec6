import { PATH_LEVELS, TEXT_LINE, TEXT_LINE_END, TEXT_QUICK, TEXT_ROWS, TEXT_SEARCHED, TEXT_START } from '../layout';
import { findObject, forgetObjects, valueFrom, valueTo } from './json';
import { findByte } from './memory';
import { fillRow } from './rows';
import { readShapes } from './stamp';
import { seekStrings } from './strings';

const LF: u8 = 10;

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
  forgetObjects();
  seekStrings(position);
  while (rows < rowLimit && position < to) {
    // A line whose end was not there before is gone through again only once it is.
    const cannotEnd = searched > position && findByte(LF, searched, to) === to;
    let end: usize = 0;
    if (!cannotEnd) end = frameObject(text, position, to, firstRow + rows);
    if (end === 0) {
      end = findByte(LF, searched, to);
      searched = to;
      if (end === to && !last) break;
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

/** Makes a row of the line at `start`. Address of its end, or 0 where the caller must. */
function frameObject(text: usize, start: usize, to: usize, row: i32): usize {
  if (load<i32>(text, PATH_LEVELS) === 0) return 0;
  const end = findObject(text, start, to);
  if (end === 0 || valueFrom === 0) return 0;
  if (!readShapes(text + TEXT_QUICK, valueFrom, valueTo)) return 0;
  fillRow(text, row, start, end, 0, valueFrom, <i32>(valueTo - valueFrom));
  store<f64>(text, load<f64>(text, TEXT_LINE) + 1, TEXT_LINE);
  return end;
}
