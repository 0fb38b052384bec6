import { needsQuotes } from './cells';
import { copyLoosely } from './memory';

const LF: u8 = 10;
const CR: u8 = 13;
const QUOTE: u8 = 34;
const BACKSLASH: u8 = 92;

/** In place of an address: the output has no room for it. */
export const NO_ROOM: usize = 1;
/** The most that one turn of the loops below writes, what is written too far included. */
export const TURN: usize = 32;

function putPlain(at: usize, from: usize, to: usize, limit: usize): usize {
  if (at + (to - from) + TURN > limit) return NO_ROOM;
  copyLoosely(at, from, to - from);
  return at + to - from;
}

/** A cell, in quotes where it needs them. */
export function putCell(at: usize, from: usize, to: usize, delimiter: u8, limit: usize): usize {
  return needsQuotes(from, to, delimiter) ? putQuoted(at, from, to, limit) : putPlain(at, from, to, limit);
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

/** Text that is the inside of a JSON string as it stands; whose lines end in LF alone there; and in which quotes stand twice. */
export const TEXT_PLAIN: u32 = 0;
export const TEXT_LINES: u32 = 1;
export const TEXT_DOUBLED: u32 = 2;

/** The inside of a JSON string (RFC 8259 section 7). */
export function putString(at: usize, from: usize, to: usize, limit: usize, kind: u32): usize {
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
    if (kind === TEXT_LINES && byte === CR && from < to && load<u8>(from) === LF) continue;
    at = putEscape(at, byte);
    if (kind === TEXT_DOUBLED && byte === QUOTE) from++;
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
