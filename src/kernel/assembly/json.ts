import {
  MODEL_BYTES,
  MODEL_COUNT,
  MODEL_END,
  MODEL_SPANS,
  MODEL_TIME,
  MODELS,
  MOST_SCALARS,
  PATH_LEVELS,
  PATH_NAME,
  PATH_NAMES,
  STATE_MODELS,
} from '../layout';
import { counts, differing, isSame } from './memory';
import { sawEscape, shortStringEnd, stringEnd } from './strings';

const LF: u8 = 10;
const QUOTE: u8 = 34;
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

/** The model that is tried first: the one that the object found last is like, or has become. */
let model: usize = 0;
/** Of the object that is gone through: its strings, numbers and words, and which of them stands at the path. */
let scalars: i32 = 0;
let timeScalar: i32 = 0;

/** Above 0 all models are tried, else the first alone: where objects have many shapes, trying takes longer than it spares. */
let luck: i32 = 0;
const MOST_LUCK = 32;

/** Forgets the objects that were found: their bytes may be gone. */
export function forgetObjects(): void {
  model = counts + STATE_MODELS;
  luck = MOST_LUCK / 2;
  for (let i = 0; i < MODELS; i++) store<u32>(model + <usize>i * MODEL_BYTES, 0);
}

/**
 * Finds the one JSON object (RFC 8259) that the line at `start` is, and the value at the path.
 * @returns the address of its line end; 0 where it has none before `to`, is no such object, or has members on the path
 * whose names are spelled with escapes. Of duplicate names the last one counts.
 */
export function findObject(path: usize, start: usize, to: usize): usize {
  const tries = luck > 0 ? MODELS : 1;
  for (let i = 0; ; ) {
    const found = load<u32>(model) !== 0 ? readAlike(start, to) : 0;
    if (found !== 0) {
      if (luck < MOST_LUCK) luck++;
      return found;
    }
    if (++i === tries) break;
    model = modelBehind(model);
  }
  if (luck > 0) luck--;
  const end = scanObject(path, start, to);
  const isModel = end !== 0 && valueFrom !== 0 && scalars <= MOST_SCALARS;
  store<u32>(model, isModel ? start : 0);
  store<u32>(model, end, MODEL_END);
  store<i32>(model, scalars, MODEL_COUNT);
  store<i32>(model, timeScalar, MODEL_TIME);
  return end;
}

function modelBehind(one: usize): usize {
  const next = one + MODEL_BYTES;
  return next === counts + STATE_MODELS + MODELS * MODEL_BYTES ? counts + STATE_MODELS : next;
}

/**
 * Reads an object that has the same bytes as the model around its strings, numbers and words: then it is valid as that
 * one is, and has the same names. A third of the time of going through it; logs of one program have few shapes.
 */
function readAlike(start: usize, to: usize): usize {
  const count = load<i32>(model, MODEL_COUNT);
  const time = load<i32>(model, MODEL_TIME);
  let p = start;
  let passed = <usize>load<u32>(model);
  for (let i = 0; i < count; i++) {
    const span = spanOf(i);
    const from = <usize>load<u32>(span);
    const between = from - passed;
    if (p + between >= to) return 0;
    // Most of what stands between two values is short.
    if (between > 16) {
      if (!isSame(p, passed, between)) return 0;
    } else if ((differing(p, passed) & ((1 << (<i32>between)) - 1)) !== 0) return 0;
    const value = p + between;
    const quoted = load<u8>(from - 1) === QUOTE;
    p = quoted ? shortStringEnd(value, to) : shortNumberEnd(value, to);
    if (p === 0) return 0;
    if (i === time) {
      if (quoted && sawEscape) return 0;
      valueFrom = value;
      valueTo = p;
    }
    passed = <usize>load<u32>(span, 4);
  }
  const rest = <usize>load<u32>(model, MODEL_END) - passed;
  return p + rest < to && isSame(p, passed, rest + 1) ? p + rest : 0;
}

function spanOf(scalar: i32): usize {
  return model + MODEL_SPANS + ((<usize>scalar) << 3);
}

function scanObject(path: usize, start: usize, to: usize): usize {
  const levels = load<i32>(path, PATH_LEVELS);
  const closers = counts; // the radix sort does not work meanwhile
  let depth = 0;
  let watch = 1; // depth of the object whose names are compared
  let p = skipSpace(start, to);
  valueFrom = 0;
  scalars = 0;
  matched = false;
  if (p >= to || load<u8>(p) !== OPEN_BRACE) return 0;
  while (p < to) {
    const first = load<u8>(p);
    if (first === OPEN_BRACE || first === OPEN_BRACKET) {
      if (depth === MAX_DEPTH) return 0;
      const closer = first + 2;
      store<u8>(closers + <usize>++depth, closer);
      const inside = matched && watch < levels && (first === OPEN_BRACE || isZero(path, watch));
      if (inside) watch++;
      p = skipSpace(p + 1, to);
      if (p >= to) return 0;
      matched = inside && first === OPEN_BRACKET && load<u8>(p) !== closer;
      if (load<u8>(p) !== closer) {
        if (first === OPEN_BRACE) p = readName(path, p, to, depth === watch ? depth - 1 : -1);
        if (p === 0) return 0;
        continue;
      }
    } else {
      p = readScalar(p, to, first, watch === levels);
      if (p === 0) return 0;
    }
    while (p < to && load<u8>(p) === load<u8>(closers + <usize>depth)) {
      if (watch === depth && depth > 1) watch--;
      p = skipSpace(p + 1, to);
      if (--depth === 0) return p < to && load<u8>(p) === LF ? p : 0;
    }
    if (p >= to || load<u8>(p) !== COMMA) return 0;
    p = skipSpace(p + 1, to);
    if (load<u8>(closers + <usize>depth) === CLOSE_BRACE) p = readName(path, p, to, depth === watch ? depth - 1 : -1);
    if (p === 0) return 0;
  }
  return 0;
}

/** Reads `"name":` at p and compares it with a level of the path (-1: with nothing). Address of the value, or 0. */
function readName(path: usize, p: usize, end: usize, level: i32): usize {
  if (p >= end || load<u8>(p) !== QUOTE) return 0;
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
  return to - from === length && isSame(from, path + <usize>load<u32>(name), length);
}

/** Reads the string, number or word at p. Address of what follows it and any space, or 0. */
function readScalar(p: usize, end: usize, first: u8, isLast: bool): usize {
  const quoted = <usize>(first === QUOTE);
  const from = p + quoted;
  const after = quoted ? stringEnd(from, end) : plainEnd(p, end);
  if (after === 0) return 0;
  if (matched && isLast && first <= 57 && !(quoted && sawEscape)) {
    valueFrom = from;
    valueTo = after;
    timeScalar = scalars;
  }
  matched = false;
  if (scalars < MOST_SCALARS) {
    store<u32>(spanOf(scalars), from);
    store<u32>(spanOf(scalars), after, 4);
  }
  scalars++;
  return skipSpace(after + quoted, end);
}

/** The end of the number or word at p, or 0. */
function plainEnd(p: usize, end: usize): usize {
  return load<u8>(p) > 57 ? wordEnd(p, end) : numberEnd(p, end);
}

/** The same, for many that are whole numbers of few digits. Looks at up to 16 bytes behind `p`. */
function shortNumberEnd(p: usize, end: usize): usize {
  const values = i8x16.sub(v128.load(p), i8x16.splat(48));
  const digits = i8x16.bitmask(i8x16.eq(i8x16.min_u(values, i8x16.splat(9)), values));
  const count = <usize>ctz<i32>(~digits);
  const behind = load<u8>(p + count);
  const isWhole = behind === COMMA || behind === CLOSE_BRACE;
  return count > 0 && count < 16 && isWhole && load<u8>(p) !== 48 ? p + count : plainEnd(p, end);
}

/** Address of the next byte that is no white space but a line end. */
export function skipSpace(from: usize, end: usize): usize {
  let p = from;
  while (p < end) {
    const byte = load<u8>(p);
    if (byte > 32 || (byte !== 32 && byte !== 9 && byte !== 13)) return p;
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
