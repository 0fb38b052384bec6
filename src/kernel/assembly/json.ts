import { PATH_LEVELS, PATH_NAME, PATH_NAMES } from '../layout';
import { counts } from './memory';

const QUOTE: u8 = 34;
const BACKSLASH: u8 = 92;
const OPEN_BRACE: u8 = 123;
const CLOSE_BRACE: u8 = 125;
const OPEN_BRACKET: u8 = 91;
const COLON: u8 = 58;
const COMMA: u8 = 44;
/** As in kernel/json-scan.ts, of which this is the part that does not need to tell what is wrong. */
const MAX_DEPTH = 512;

/** Where the string stands at the path, without its quotes, or the number; 0 where there is none without escapes. */
export let valueFrom: usize = 0;
export let valueTo: usize = 0;

/** Whether the name just read is the next one of the path. */
let matched = false;
let sawEscape = false;

/**
 * Whether [start, end) is one JSON object (RFC 8259) whose members on the path are spelled without escapes. Of duplicate
 * names the last one counts.
 */
export function scanObject(path: usize, start: usize, end: usize): bool {
  const levels = load<i32>(path, PATH_LEVELS);
  const closers = counts; // the radix sort does not work meanwhile
  let depth = 0;
  let watch = 1; // depth of the object whose names are compared
  let p = skipSpace(start, end);
  valueFrom = 0;
  matched = false;
  if (p >= end || load<u8>(p) !== OPEN_BRACE) return false;
  while (p < end) {
    const first = load<u8>(p);
    if (first === OPEN_BRACE || first === OPEN_BRACKET) {
      if (depth === MAX_DEPTH) return false;
      const closer = first + 2;
      store<u8>(closers + <usize>++depth, closer);
      const inside = matched && watch < levels && (first === OPEN_BRACE || isZero(path, watch));
      if (inside) watch++;
      p = skipSpace(p + 1, end);
      if (p >= end) return false;
      matched = inside && first === OPEN_BRACKET && load<u8>(p) !== closer;
      if (load<u8>(p) !== closer) {
        if (first === OPEN_BRACE) p = readName(path, p, end, depth === watch ? depth - 1 : -1);
        if (p === 0) return false;
        continue;
      }
    } else {
      p = readScalar(p, end, first, watch === levels);
      if (p === 0) return false;
    }
    while (p < end && load<u8>(p) === load<u8>(closers + <usize>depth)) {
      if (watch === depth && depth > 1) watch--;
      p = skipSpace(p + 1, end);
      if (--depth === 0) return p >= end;
    }
    if (p >= end || load<u8>(p) !== COMMA) return false;
    p = skipSpace(p + 1, end);
    if (load<u8>(closers + <usize>depth) === CLOSE_BRACE) p = readName(path, p, end, depth === watch ? depth - 1 : -1);
    if (p === 0) return false;
  }
  return false;
}

/** Reads `"name":` at p and compares it with a level of the path (-1: with nothing). Address of the value, or 0. */
function readName(path: usize, p: usize, end: usize, level: i32): usize {
  if (p >= end || load<u8>(p) !== QUOTE) return 0;
  sawEscape = false;
  const close = stringEnd(p + 1, end);
  if (close === 0) return 0;
  matched = false;
  if (level >= 0) {
    if (sawEscape) return 0;
    matched = isName(path, level, p + 1, close);
    if (matched) valueFrom = 0;
  }
  const colon = skipSpace(close + 1, end);
  if (colon >= end || load<u8>(colon) !== COLON) return 0;
  const value = skipSpace(colon + 1, end);
  return value < end ? value : 0;
}

function nameAt(path: usize, level: i32): usize {
  return path + PATH_NAMES + <usize>level * PATH_NAME;
}

function isZero(path: usize, level: i32): bool {
  return load<u32>(nameAt(path, level), 8) !== 0;
}

function isName(path: usize, level: i32, from: usize, to: usize): bool {
  const name = nameAt(path, level);
  const length = <usize>load<u32>(name, 4);
  if (to - from !== length) return false;
  const wanted = path + <usize>load<u32>(name);
  for (let i: usize = 0; i < length; i++) if (load<u8>(from + i) !== load<u8>(wanted + i)) return false;
  return true;
}

/** Reads the string, number or word at p. Address of what follows it and any space, or 0. */
function readScalar(p: usize, end: usize, first: u8, isLast: bool): usize {
  const kept = matched && isLast;
  let after: usize = 0;
  matched = false;
  if (first === QUOTE) {
    sawEscape = false;
    const close = stringEnd(p + 1, end);
    if (close === 0) return 0;
    if (kept && !sawEscape) {
      valueFrom = p + 1;
      valueTo = close;
    }
    after = close + 1;
  } else if (first > 57) after = wordEnd(p, end);
  else {
    after = numberEnd(p, end);
    if (kept && after !== 0) {
      valueFrom = p;
      valueTo = after;
    }
  }
  return after === 0 ? 0 : skipSpace(after, end);
}

/** Address of the quote that closes the string whose text begins at p, or 0. */
export function stringEnd(from: usize, end: usize): usize {
  const quotes = i8x16.splat(QUOTE);
  const backslashes = i8x16.splat(BACKSLASH);
  const blanks = i8x16.splat(32);
  let p = from;
  while (p < end) {
    const text = v128.load(p);
    const stops = i8x16.bitmask(
      v128.or(v128.or(i8x16.eq(text, quotes), i8x16.eq(text, backslashes)), i8x16.lt_u(text, blanks)),
    );
    if (stops === 0) {
      p += 16;
      continue;
    }
    p += <usize>ctz<i32>(stops);
    if (p >= end) return 0;
    const byte = load<u8>(p);
    if (byte === QUOTE) return p;
    p = byte === BACKSLASH ? escapeEnd(p, end) : 0;
    if (p === 0) return 0;
    sawEscape = true;
  }
  return 0;
}

/** Address behind the escape at p, or 0 where it means nothing. */
function escapeEnd(p: usize, end: usize): usize {
  if (p + 1 >= end) return 0;
  const letter = load<u8>(p, 1);
  if (letter === 117) {
    if (p + 5 >= end) return 0;
    return isHex(load<u8>(p, 2)) && isHex(load<u8>(p, 3)) && isHex(load<u8>(p, 4)) && isHex(load<u8>(p, 5)) ? p + 6 : 0;
  }
  const known =
    letter === QUOTE ||
    letter === BACKSLASH ||
    letter === 47 ||
    letter === 98 ||
    letter === 102 ||
    letter === 110 ||
    letter === 114 ||
    letter === 116;
  return known ? p + 2 : 0;
}

function isHex(byte: u8): bool {
  return byte - 48 < 10 || (byte | 32) - 97 < 6;
}

export function skipSpace(from: usize, end: usize): usize {
  let p = from;
  while (p < end) {
    const byte = load<u8>(p);
    if (byte > 32 || (byte !== 32 && byte !== 9 && byte !== 13 && byte !== 10)) return p;
    p++;
  }
  return p;
}

function digitsEnd(from: usize, end: usize): usize {
  let p = from;
  while (p < end && load<u8>(p) - 48 < 10) p++;
  return p;
}

/** The end of the number at p (RFC 8259 section 6), or 0. */
function numberEnd(from: usize, end: usize): usize {
  const whole = load<u8>(from) === 45 ? from + 1 : from;
  let p = digitsEnd(whole, end);
  if (p === whole || (load<u8>(whole) === 48 && p > whole + 1)) return 0;
  if (p < end && load<u8>(p) === 46) {
    const fraction = ++p;
    p = digitsEnd(p, end);
    if (p === fraction) return 0;
  }
  if (p < end && (load<u8>(p) | 32) === 101) {
    p++;
    if (p < end && (load<u8>(p) === 43 || load<u8>(p) === 45)) p++;
    const exponent = p;
    p = digitsEnd(p, end);
    if (p === exponent) return 0;
  }
  return p;
}

const TRUE: u32 = 0x65757274;
const ALSE: u32 = 0x65736c61;
const NULL: u32 = 0x6c6c756e;

/** The end of `true`, `false` or `null` at p, or 0. */
function wordEnd(p: usize, end: usize): usize {
  const four = load<u32>(p);
  if (four === TRUE || four === NULL) return p + 4 <= end ? p + 4 : 0;
  return load<u8>(p) === 102 && load<u32>(p, 1) === ALSE && p + 5 <= end ? p + 5 : 0;
}
