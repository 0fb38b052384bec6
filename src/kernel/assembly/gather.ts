import {
  copyLoosely,
  endOf,
  ends,
  flagBytes,
  keyOf,
  keys,
  lines,
  sourceOf,
  sources,
  stampAts,
  stampLengths,
  startOf,
  starts,
} from './memory';

/**
 * Copies rows[from, to) to the rows first …, and their bytes to `position` …, as long as these end before `byteEnd`
 * (behind which 16 bytes may be overwritten).
 * @returns the index of the first that did not fit, or `to`.
 */
export function stageRows(rows: usize, from: u32, to: u32, first: u32, position: usize, byteEnd: usize): u32 {
  let target = first;
  let i = from;
  for (; i < to; i++) {
    const row = load<u32>(rows + ((<usize>i) << 2));
    const start = startOf(row);
    const length = endOf(row) - start;
    if (position + length > byteEnd) break;
    copyLoosely(position, start, length);
    copyColumns(row, target);
    store<u32>(starts + ((<usize>target) << 2), position);
    position += length;
    store<u32>(ends + ((<usize>target) << 2), position);
    target++;
  }
  return i;
}

/** All columns but those of the bytes. */
function copyColumns(from: u32, to: u32): void {
  const source = <usize>from;
  const target = <usize>to;
  store<i64>(keys + (target << 3), keyOf(from));
  store<u32>(sources + (target << 2), sourceOf(from));
  store<f64>(lines + (target << 3), load<f64>(lines + (source << 3)));
  store<u32>(stampAts + (target << 2), load<u32>(stampAts + (source << 2)));
  store<u8>(stampLengths + target, load<u8>(stampLengths + source));
  store<u8>(flagBytes + target, load<u8>(flagBytes + source));
}
