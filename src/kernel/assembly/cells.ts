import {
  CELLS_COUNT,
  CELLS_MAP,
  CELLS_REST,
  CELLS_WRITTEN,
  FIELD_BARE,
  FIELDS_COUNT,
  FIELDS_DELIMITER,
  FIELDS_QUOTE,
  FIELDS_SPANS,
  SPAN_BYTES,
} from '../layout';
import { findFields } from './fields';
import { copyLoosely, endOf, findByte, startOf } from './memory';
import { areQuotesNeeded, fieldEnds } from './needed-quotes';
import { delimiters, scanPlain } from './stops';

const LF: u8 = 10;
const CR: u8 = 13;
const QUOTE: u8 = 34;

/**
 * Writes the fields of a delimited record as cells, a delimiter before each, and a newline. A field that was in quotes
 * stays in quotes if it needs them.
 * @returns the address behind it, or 0 where that is left to the caller: another number of fields, text behind a closing
 * quote, a field that needs quotes and had none.
 */
export function putCells(body: usize, at: usize, row: u32): usize {
  const start = startOf(row);
  const end = endOf(row);
  const stop = end > start && load<u8>(end - 1) === CR ? end - 1 : end;
  const rest = load<u32>(body, CELLS_REST) === 0 ? 0 : plainRest(body, start, stop);
  return rest === 0 ? putFields(body, at, start, stop) : putRest(body, at, rest, stop);
}

/** Address of the first delimiter of a row that has the right number of fields, all of them written as they are to be; else 0. */
function plainRest(body: usize, start: usize, stop: usize): usize {
  const delimiter = <u8>load<u32>(body, FIELDS_DELIMITER);
  const at = scanPlain(start, stop, delimiter, QUOTE, CR);
  if (at === 0) return 0;
  let passed = delimiters;
  if (at !== stop) {
    const mayOpen = load<u32>(body, FIELDS_QUOTE) === QUOTE && (at === start || load<u8>(at - 1) === delimiter);
    if (!mayOpen || load<u8>(at) !== QUOTE || !areQuotesNeeded(at, stop, delimiter)) return 0;
    passed += fieldEnds;
  }
  return passed + 1 === load<u32>(body, FIELDS_COUNT) ? firstFieldEnd(start, stop, delimiter) : 0;
}

/** Address of the first delimiter outside of quotes, in a row of which plainRest knows the rest. */
function firstFieldEnd(start: usize, stop: usize, delimiter: u8): usize {
  let at = start;
  if (load<u8>(at) === QUOTE) {
    do at = findByte(QUOTE, at + 1, stop) + 1;
    while (load<u8>(at) === QUOTE && at < stop);
  }
  return findByte(delimiter, at, stop);
}

/** Writes all fields but the first as they are, and the empty cells behind them. */
function putRest(body: usize, at: usize, from: usize, to: usize): usize {
  copyLoosely(at, from, to - from);
  let behind = at + to - from;
  const delimiter = <u8>load<u32>(body, CELLS_WRITTEN);
  for (let empty = load<u32>(body, CELLS_REST); empty > 1; empty--) store<u8>(behind++, delimiter);
  store<u8>(behind, LF);
  return behind + 1;
}

function putFields(body: usize, at: usize, start: usize, stop: usize): usize {
  const spans = <usize>load<u32>(body, FIELDS_SPANS);
  if (!findFields(body, spans, start, stop)) return 0;
  const delimiter = <u8>load<u32>(body, CELLS_WRITTEN);
  const count = load<u32>(body, CELLS_COUNT);
  let behind = at;
  for (let i: u32 = 0; i < count; i++) {
    store<u8>(behind++, delimiter);
    const field = load<i32>(body + ((<usize>i) << 2), CELLS_MAP);
    if (field < 0) continue;
    const span = spans + <usize>field * SPAN_BYTES;
    let from = <usize>load<u32>(span);
    let to = <usize>load<u32>(span, 4);
    if (needsQuotes(from, to, delimiter)) {
      if (load<u32>(span, 8) === FIELD_BARE) return 0;
      from--;
      to++;
    }
    copyLoosely(behind, from, to - from);
    behind += to - from;
  }
  store<u8>(behind, LF);
  return behind + 1;
}

/** Whether a cell would not be read back as it is: it holds a delimiter, a quote or a line end. Looks at 15 bytes behind it. */
export function needsQuotes(from: usize, to: usize, delimiter: u8): bool {
  for (let p = from; p < to; p += 16) {
    const text = v128.load(p);
    const quotes = v128.or(i8x16.eq(text, i8x16.splat(delimiter)), i8x16.eq(text, i8x16.splat(QUOTE)));
    const ends = v128.or(i8x16.eq(text, i8x16.splat(LF)), i8x16.eq(text, i8x16.splat(CR)));
    const found = i8x16.bitmask(v128.or(quotes, ends));
    if (found !== 0 && p + <usize>ctz<i32>(found) < to) return true;
  }
  return false;
}
