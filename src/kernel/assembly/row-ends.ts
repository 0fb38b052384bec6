import { NO_BYTE, TABLE_DELIMITER, TABLE_QUOTE, TABLE_TIME } from '../layout';
import { bitsOf, turned } from './memory';
import { nextStop, seekStops } from './stops';

const LF: u8 = 10;
const CR: u8 = 13;
const SPACE: u8 = 32;
const QUOTE: u8 = 34;

/** Instead of the end of a row: the bytes end before it, or only the caller can tell. */
export const UNFINISHED: usize = 0;
export const STRANGE: usize = 1;

/** Of the row just looked at: its columns, the newlines inside it, and where the time stands. */
export let columns: u32 = 0;
export let newlines: i32 = 0;
export let timeFrom: usize = 0;
export let timeTo: usize = 0;

/** Address of the newline that ends the row at `start`; UNFINISHED or STRANGE. See RowScanner. */
export function endOfRow(text: usize, start: usize, to: usize): usize {
  const end = regularRow(text, start, to);
  if (end !== STRANGE) return end;
  seekStops(start, <u8>load<u32>(text, TABLE_DELIMITER), <u8>load<u32>(text, TABLE_QUOTE), LF);
  return walkRow(text, start, to);
}

/** The same for every row, from one delimiter, quote or newline to the next: the stops stand at `start`. */
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

/**
 * The end of the row at `start`, 64 bytes at a time: every quote turns being inside on or off, as long as those that turn
 * it on stand at the beginning of a field or behind another one, and those that turn it off before its end. Looks at up to
 * 64 bytes behind `to`.
 * @returns the address of its newline; UNFINISHED; or STRANGE where other quotes stand
 */
function regularRow(text: usize, start: usize, to: usize): usize {
  const delimiter = <u8>load<u32>(text, TABLE_DELIMITER);
  const quote = load<u32>(text, TABLE_QUOTE);
  const time = load<u32>(text, TABLE_TIME);
  columns = 0;
  newlines = 0;
  timeFrom = start;
  // Of the byte before these 64: all bits where it lies in quotes; a bit where a quote behind it may open; where it closed.
  let inside: u64 = 0;
  let mayOpen: u64 = 1;
  let closed: u64 = 0;
  for (let p = start; p < to; p += 64) {
    const quotes: u64 = quote === NO_BYTE ? 0 : bitsOf(p, <u8>quote);
    const fieldEnds = bitsOf(p, delimiter);
    const lineEnds = bitsOf(p, LF);
    const within = quotes === 0 ? inside : turned(quotes) ^ inside;
    const ends = lineEnds & ~within;
    const row = ends ^ (ends - 1); // up to the first end, or all
    if (quotes !== 0 || closed !== 0) {
      const returns = bitsOf(p, CR) & ((lineEnds >> 1) | ((<u64>(load<u8>(p, 64) === LF)) << 63));
      const closing = quotes & ~within;
      const opensElsewhere = quotes & within & ~(((fieldEnds | quotes) << 1) | mayOpen);
      const closesElsewhere = ((closing << 1) | closed) & ~(fieldEnds | lineEnds | quotes | returns);
      if (((opensElsewhere | closesElsewhere) & row) !== 0) return STRANGE;
      closed = closing >> 63;
    }
    const between = fieldEnds & ~within & row;
    noteTime(p, between, time);
    columns += <u32>popcnt<u64>(between);
    newlines += <i32>popcnt<u64>(lineEnds & within & row);
    if (ends !== 0) {
      const end = p + <usize>ctz<u64>(ends);
      if (columns === time) timeTo = end;
      columns++;
      return end < to ? end : UNFINISHED;
    }
    inside = <u64>(<i64>within >> 63);
    mayOpen = (fieldEnds | quotes) >> 63;
  }
  return UNFINISHED;
}

/** Notes where the time begins and ends, if it does at these delimiters, which stand behind those of COLUMNS. */
function noteTime(p: usize, between: u64, time: u32): void {
  if (between === 0 || columns > time) return;
  let rest = between;
  for (let passed = columns; rest !== 0 && passed <= time; passed++) {
    const at = p + <usize>ctz<u64>(rest);
    if (passed + 1 === time) timeFrom = at + 1;
    if (passed === time) timeTo = at;
    rest &= rest - 1;
  }
}
