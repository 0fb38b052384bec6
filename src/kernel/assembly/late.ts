import {
  LATE_BYTES,
  LATE_GROUP,
  LATE_GROUP_BYTES,
  LATE_GROUP_ROWS,
  LATE_GROUPS,
  LATE_HIGHEST,
  LATE_LONGEST,
  LATE_MOST_BYTES,
  LATE_MOST_ROWS,
  LATE_RING,
  LATE_RING_GROUPS,
  LATE_ROWS,
} from '../layout';
import { endOf, keyOf, orderAt, startOf } from './memory';

/** A group is closed when it has so much of either. */
const FULL_BYTES: f64 = 8192;
const FULL_ROWS: f64 = 64;
/** Of the groups that are kept, one more may be needed by who reads the source again and cuts it into groups elsewhere. */
const SPARE: u32 = 12;

const RING = <u32>LATE_RING_GROUPS;

/**
 * Takes in the rows order[from, to), the next of a source. A row that lies before the highest one so far belongs into the
 * first group whose end has a higher one; it is late by all that was read from that group on.
 * @param notes 0 where nobody asks how late they are
 * @returns 1 where a row is later than the groups reach back, else 0.
 */
export function followRows(late: usize, from: u32, to: u32, notes: i32): i32 {
  let highest = load<i64>(late, LATE_HIGHEST);
  let bytes = load<f64>(late, LATE_BYTES);
  let rows = load<f64>(late, LATE_ROWS);
  let longest = load<u32>(late, LATE_LONGEST);
  for (let i = from; i < to; i++) {
    const row = orderAt(i);
    const key = keyOf(row);
    if (key >= highest) highest = key;
    else if (notes && !noteLate(late, key, bytes, rows)) return 1;
    const length = <u32>(endOf(row) - startOf(row));
    if (length > longest) longest = length;
    bytes += <f64>(length + 1);
    rows += 1;
    if (
      bytes - load<f64>(late, LATE_GROUP_BYTES) >= FULL_BYTES ||
      rows - load<f64>(late, LATE_GROUP_ROWS) >= FULL_ROWS
    ) {
      closeGroup(late, highest, bytes, rows);
    }
  }
  store<i64>(late, highest, LATE_HIGHEST);
  store<f64>(late, bytes, LATE_BYTES);
  store<f64>(late, rows, LATE_ROWS);
  store<u32>(late, longest, LATE_LONGEST);
  return 0;
}

/**
 * How many of the rows order[from, to), which are sorted, no row still to come lies before: those up to the highest key
 * of all that is at least `byBytes` or `byRows` behind.
 */
export function countSettled(late: usize, from: u32, to: u32, byBytes: f64, byRows: f64): u32 {
  const bytes = load<f64>(late, LATE_BYTES) - byBytes;
  const rows = load<f64>(late, LATE_ROWS) - byRows;
  const groups = load<u32>(late, LATE_GROUPS);
  const oldest = groups > RING ? groups - RING : 0;
  let endBytes = load<f64>(late, LATE_GROUP_BYTES);
  let endRows = load<f64>(late, LATE_GROUP_ROWS);
  let group = groups;
  while (group > oldest && endBytes > bytes && endRows > rows) {
    group--;
    endBytes = load<f64>(groupAt(late, group), 8);
    endRows = load<f64>(groupAt(late, group), 16);
  }
  // Here all before `group` is settled, as far as it is still known.
  if (group === oldest) return 0;
  return notAfter(load<i64>(groupAt(late, group - 1)), from, to);
}

/** How many of the sorted rows order[from, to) have keys up to this one. */
function notAfter(key: i64, from: u32, to: u32): u32 {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (keyOf(orderAt(middle)) <= key) low = middle + 1;
    else high = middle;
  }
  return low - from;
}

function groupAt(late: usize, group: u32): usize {
  return late + LATE_RING + <usize>(group % RING) * LATE_GROUP;
}

function closeGroup(late: usize, highest: i64, bytes: f64, rows: f64): void {
  const groups = load<u32>(late, LATE_GROUPS);
  const group = groupAt(late, groups);
  store<i64>(group, highest);
  store<f64>(group, load<f64>(late, LATE_GROUP_BYTES), 8);
  store<f64>(group, load<f64>(late, LATE_GROUP_ROWS), 16);
  store<u32>(late, groups + 1, LATE_GROUPS);
  store<f64>(late, bytes, LATE_GROUP_BYTES);
  store<f64>(late, rows, LATE_GROUP_ROWS);
}

/** Notes a row that is late. False where it may belong before all groups that are kept. */
function noteLate(late: usize, key: i64, bytes: f64, rows: f64): bool {
  const groups = load<u32>(late, LATE_GROUPS);
  const oldest = groups > RING - SPARE ? groups - (RING - SPARE) : 0;
  // Most are late by a few groups: back in growing steps, then forth by halves.
  let high = groups;
  let low = groups;
  for (let step: u32 = 1; low > oldest; step <<= 1) {
    low = low - oldest > step ? low - step : oldest;
    if (load<i64>(groupAt(late, low)) <= key) break;
    high = low;
  }
  while (low < high) {
    const middle = (low + high) >> 1;
    if (load<i64>(groupAt(late, middle)) > key) high = middle;
    else low = middle + 1;
  }
  if (low === oldest && oldest > 0) return false;
  const isOpen = low === groups;
  const group = groupAt(late, low);
  const byBytes = bytes - (isOpen ? load<f64>(late, LATE_GROUP_BYTES) : load<f64>(group, 8));
  const byRows = rows - (isOpen ? load<f64>(late, LATE_GROUP_ROWS) : load<f64>(group, 16));
  if (byBytes > load<f64>(late, LATE_MOST_BYTES)) store<f64>(late, byBytes, LATE_MOST_BYTES);
  if (byRows > load<f64>(late, LATE_MOST_ROWS)) store<f64>(late, byRows, LATE_MOST_ROWS);
  return true;
}
