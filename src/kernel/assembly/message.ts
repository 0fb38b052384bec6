import { BODY_KIND, KIND_MESSAGE, MESSAGE_DELIMITER, MESSAGE_LEAD, MESSAGE_TAIL } from '../layout';
import { needsQuotes } from './cells';
import { copyLoosely, endOf, startOf } from './memory';
import { isUtf8 } from './utf8';

const LF: u8 = 10;
const CR: u8 = 13;
const QUOTE: u8 = 34;
const BACKSLASH: u8 = 92;

/** In place of an address: the output has no room for it. */
export const NO_ROOM: usize = 1;
/** The most that one turn of the loops below writes, what is written too far included. */
const TURN: usize = 32;

/**
 * Writes a record whole, without the CR of its line end, as one text between what its source has before it and behind.
 * @returns the address behind it; NO_ROOM before `limit`; or 0 where that is left to the caller: bytes that are not UTF-8.
 */
export function putMessage(body: usize, at: usize, row: u32, limit: usize): usize {
  const start = startOf(row);
  let end = endOf(row);
  if (end > start && load<u8>(end - 1) === CR) end--;
  const lead = <usize>load<u32>(body, MESSAGE_LEAD + 4);
  copyLoosely(at, <usize>load<u32>(body, MESSAGE_LEAD), lead);
  let behind = at + lead;
  if (load<u32>(body, BODY_KIND) === KIND_MESSAGE) {
    if (!isUtf8(start, end)) return 0;
    behind = putString(behind, start, end, limit);
  } else {
    const delimiter = <u8>load<u32>(body, MESSAGE_DELIMITER);
    behind = needsQuotes(start, end, delimiter)
      ? putQuoted(behind, start, end, limit)
      : putPlain(behind, start, end, limit);
  }
  const tail = <usize>load<u32>(body, MESSAGE_TAIL + 4);
  if (behind === NO_ROOM || behind + tail + TURN > limit) return NO_ROOM;
  copyLoosely(behind, <usize>load<u32>(body, MESSAGE_TAIL), tail);
  return behind + tail;
}

function putPlain(at: usize, from: usize, to: usize, limit: usize): usize {
  if (at + (to - from) + TURN > limit) return NO_ROOM;
  copyLoosely(at, from, to - from);
  return at + to - from;
}

/** A cell in quotes, with every quote twice (RFC 4180 section 2). */
function putQuoted(at: usize, from: usize, to: usize, limit: usize): usize {
  const quotes = i8x16.splat(QUOTE);
  store<u8>(at++, QUOTE);
  while (from < to) {
    if (at + TURN > limit) return NO_ROOM;
    const text = v128.load(from);
    v128.store(at, text);
    const found = i8x16.bitmask(i8x16.eq(text, quotes));
    const plain = found === 0 ? 16 : <usize>ctz<i32>(found);
    from += plain;
    at += plain;
    if (plain === 16 || from >= to) continue;
    store<u16>(at, 0x2222);
    at += 2;
    from++;
  }
  at -= from - to;
  store<u8>(at++, QUOTE);
  return at;
}

/** The inside of a JSON string (RFC 8259 section 7); line ends are LF alone. */
function putString(at: usize, from: usize, to: usize, limit: usize): usize {
  const quotes = i8x16.splat(QUOTE);
  const backslashes = i8x16.splat(BACKSLASH);
  const controls = i8x16.splat(31);
  while (from < to) {
    if (at + TURN > limit) return NO_ROOM;
    const text = v128.load(from);
    v128.store(at, text);
    const special = v128.or(i8x16.eq(text, quotes), i8x16.eq(text, backslashes));
    const found = i8x16.bitmask(v128.or(special, i8x16.eq(i8x16.min_u(text, controls), text)));
    const plain = found === 0 ? 16 : <usize>ctz<i32>(found);
    from += plain;
    at += plain;
    if (plain === 16 || from >= to) continue;
    const byte = load<u8>(from++);
    if (byte !== CR || from >= to || load<u8>(from) !== LF) at = putEscape(at, byte);
  }
  return at - (from - to);
}

/** Writes 8 bytes, of which 2 or 6 are the escape. */
function putEscape(at: usize, byte: u8): usize {
  const letter = letterOf(byte);
  if (letter !== 0) {
    store<u16>(at, <u16>BACKSLASH | ((<u16>letter) << 8));
    return at + 2;
  }
  store<u32>(at, 0x3030755c); // \u00
  store<u8>(at, 48 + (byte >> 4), 4);
  const low = byte & 15;
  store<u8>(at, low + (low < 10 ? 48 : 87), 5);
  return at + 6;
}

/** What stands behind the backslash; 0 where that is a number. */
function letterOf(byte: u8): u8 {
  if (byte === QUOTE || byte === BACKSLASH) return byte;
  if (byte === LF) return 110;
  if (byte === 9) return 116;
  if (byte === CR) return 114;
  if (byte === 8) return 98;
  return byte === 12 ? 102 : 0;
}
