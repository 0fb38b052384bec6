import { TEXT_KEY, TEXT_LINE, TEXT_SOURCE } from '../layout';
import { ends, flagBytes, keys, lines, sources, stampAts, stampLengths, starts } from './memory';
import { stampKey } from './stamp';

/** Fills the columns of a record [start, end) that begins on the line behind LINE and has the instant read last. */
export function fillRow(
  text: usize,
  row: i32,
  start: usize,
  end: usize,
  flags: u32,
  stampFrom: usize,
  stampLength: i32,
): void {
  const four = (<usize>row) << 2;
  const eight = (<usize>row) << 3;
  store<i64>(keys + eight, stampKey);
  store<u32>(starts + four, start);
  store<u32>(ends + four, end);
  store<i32>(sources + four, load<i32>(text, TEXT_SOURCE));
  store<f64>(lines + eight, load<f64>(text, TEXT_LINE) + 1);
  store<u32>(stampAts + four, stampFrom - start);
  store<u8>(stampLengths + <usize>row, <u8>stampLength);
  store<u8>(flagBytes + <usize>row, flags);
  store<i64>(text, stampKey, TEXT_KEY);
}
