import { DAY, FRACTION, HOUR, MINUTE, MONTH, SECOND, YEAR } from '../kernel/stamp-layout.ts';
import { type Part, parsePattern, partsOf } from './pattern.ts';

/** What an op does; `a`, `b`, `c` are its operands. Every op takes four places. */
export const BYTE = 0; // a: the byte
export const SET = 1; // a: index in `sets`
export const NUMBER = 2; // a: kind, b: fewest digits, c: most digits
export const DECIMALS = 3; // digits behind a point: 1 to 9, more are read over
export const MILLIS = 4; // one to three digits that count milliseconds, not decimals (:11 is 11 ms)
export const MONTH_NAME = 5;
export const WEEKDAY_NAME = 6;
export const HALF = 7; // AM, PM, a.m., p.m.
export const OFFSET = 8; // Z, +01:00 and the like
export const ZONE = 9; // the same, or an abbreviation
export const UNIX = 10; // a: digits of it below the second
export const ORDINAL = 11; // a: fewest, b: most digits of a day of the year
export const FORK = 12; // go on here; if that fails, at a
export const JUMP = 13; // to a
export const END = 14;
export const WEEK = 15; // two digits of an ISO week
export const TICKS = 16; // 100 ns since 1601 (Windows FILETIME), or since the year 1 where a is 1 (.NET)
export const TAI_LABEL = 17; // hexadecimal TAI64 or TAI64N
export const SINCE_START = 18; // a: digits of it below the second; since something that the text does not tell
export const NANOS = 19; // one to nine digits that count nanoseconds
export const MINUTES = 20; // a: 1 or −1, b: fewest digits; a sign and up to three digits: minutes east (or west) of UTC
export const SCIENTIFIC = 21; // seconds since 1970 as 1.7e+09
export const STOP = 22; // the stamp ends here, whatever must still follow
export const HEX_SECONDS = 23;
export const JULIAN = 24; // a: digits of whole days: 7 for those since noon of −4712-01-01, 5 for those since 1858-11-17
export const NTP = 25; // days since 1858-11-17, a blank, seconds of the day
export const SKIPPED = 26; // one to seven digits that say nothing of the time
export const FRACTIONAL = 27; // milliseconds or microseconds since 1970 with a fraction
export const OP_SIZE = 4;

/** How the stamps of a pattern begin. */
export interface Beginnings {
  /** 1 for every byte with which a stamp can begin. */
  first: Uint8Array;
  /** The same where names may be of any language. */
  firstOfAny: Uint8Array;
}

/** A pattern as ops for reader.ts. */
export interface Program extends Beginnings {
  ops: Int32Array;
  sets: Uint8Array[];
  /** Whether some stamp of it, or every one, names its zone; whether it can have a year, a time, a fraction. */
  zone: 'always' | 'sometimes' | 'never';
  year: boolean;
  /** Whether it is a number since 1970. */
  epoch: boolean;
  /** Whether it can have a time of day. */
  time: boolean;
  /** Whether it can have a day. */
  date: boolean;
}

type Op = readonly [code: number, a?: number, b?: number, c?: number];

const TOKENS: Readonly<Record<string, Op>> = {
  yyyy: [NUMBER, YEAR, 4, 4],
  yy: [NUMBER, YEAR, 2, 2],
  y: [NUMBER, YEAR, 4, 4],
  M: [NUMBER, MONTH, 1, 2],
  MM: [NUMBER, MONTH, 2, 2],
  MMM: [MONTH_NAME],
  MMMM: [MONTH_NAME],
  L: [NUMBER, MONTH, 1, 2],
  LL: [NUMBER, MONTH, 2, 2],
  LLL: [MONTH_NAME],
  LLLL: [MONTH_NAME],
  d: [NUMBER, DAY, 1, 2],
  dd: [NUMBER, DAY, 2, 2],
  kkkk: [NUMBER, YEAR, 4, 4],
  WW: [WEEK],
  c: [NUMBER, DAY, 1, 1],
  o: [ORDINAL, 1, 3],
  ooo: [ORDINAL, 3, 3],
  E: [WEEKDAY_NAME],
  EEE: [WEEKDAY_NAME],
  EEEE: [WEEKDAY_NAME],
  ccc: [WEEKDAY_NAME],
  cccc: [WEEKDAY_NAME],
  H: [NUMBER, HOUR, 1, 2],
  HH: [NUMBER, HOUR, 2, 2],
  h: [NUMBER, HOUR, 1, 2],
  hh: [NUMBER, HOUR, 2, 2],
  m: [NUMBER, MINUTE, 1, 2],
  mm: [NUMBER, MINUTE, 2, 2],
  s: [NUMBER, SECOND, 1, 2],
  ss: [NUMBER, SECOND, 2, 2],
  S: [MILLIS],
  SS: [NUMBER, FRACTION, 2, 2],
  SSS: [NUMBER, FRACTION, 3, 3],
  SSSSSS: [NUMBER, FRACTION, 6, 6],
  u: [DECIMALS],
  uu: [DECIMALS],
  uuu: [DECIMALS],
  a: [HALF],
  Z: [OFFSET],
  ZZ: [OFFSET],
  ZZZ: [OFFSET],
  ZZZZ: [ZONE],
  z: [ZONE],
  X: [UNIX, 0],
  x: [UNIX, 3],
  xx: [UNIX, 6],
  xxx: [UNIX, 9],
  xxxx: [TICKS],
  xxxxx: [TICKS, 1],
  xxxxxx: [FRACTIONAL],
  XX: [TAI_LABEL],
  XXX: [SINCE_START, 0],
  UUU: [SINCE_START, 3],
  XXXX: [SCIENTIFIC],
  XXXXX: [HEX_SECONDS],
  J: [JULIAN, 5],
  JJ: [JULIAN, 7],
  JJJ: [NTP],
  N: [SKIPPED],
  nnn: [NANOS],
  zzz: [MINUTES, 1, 3],
  zzzz: [MINUTES, -1, 1],
};

const EPOCHS = new Set([UNIX, TICKS, TAI_LABEL, SINCE_START, SCIENTIFIC, FRACTIONAL, HEX_SECONDS, JULIAN, NTP]);
const ZONED = new Set([OFFSET, ZONE, MINUTES, ...EPOCHS]);
const encoder = new TextEncoder();
/** The bytes of a text; TextEncoder took a third of the time in which the table is compiled, for one character at a time. */
const bytesOf = (text: string): ArrayLike<number> =>
  text.length === 1 && text.charCodeAt(0) < 128 ? [text.charCodeAt(0)] : encoder.encode(text);
const compiled = new Map<string, Program>();

/**
 * Compiles a pattern (pattern.ts tells the language); the same pattern always gives the same program.
 * @throws TsalignError usage, where it cannot be read.
 */
export function compilePattern(pattern: string): Program {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  const parts = parsePattern(pattern);
  const ops: number[] = [];
  const sets: Uint8Array[] = [];
  emitAll(parts, ops, sets);
  emit(ops, [END]);
  const tokens = tokensOf(parts).map((token) => TOKENS[token]);
  const program: Program = {
    ...beginningsOf(pattern),
    ops: Int32Array.from(ops),
    sets,
    zone: always(parts) ? 'always' : tokens.some((op) => ZONED.has(op[0])) ? 'sometimes' : 'never',
    year: tokens.some((op) => EPOCHS.has(op[0]) || (op[0] === NUMBER && op[1] === YEAR)),
    epoch: tokens.some((op) => EPOCHS.has(op[0])),
    time: tokens.some((op) => EPOCHS.has(op[0]) || (op[0] === NUMBER && op[1] === HOUR)),
    date: tokens.some((op) => EPOCHS.has(op[0]) || op[0] === ORDINAL || (op[0] === NUMBER && op[1] === DAY)),
  };
  compiled.set(pattern, program);
  return program;
}

/**
 * How the stamps of a pattern begin, without reading on: for most rows of the table that is all that is ever asked,
 * and compiling them all takes 10 ms.
 * @throws TsalignError usage, where its beginning cannot be read.
 */
export function beginningsOf(pattern: string): Beginnings {
  const first = new Uint8Array(256);
  const named = (markFirst(partsOf(pattern), first) & A_NAME) !== 0;
  return { first, firstOfAny: named ? first.map((mark, byte) => (isNameByte(byte) ? 1 : mark)) : first };
}

function emit(ops: number[], [code, a = 0, b = 0, c = 0]: Op): void {
  ops.push(code, a, b, c);
}

function emitAll(parts: readonly Part[], ops: number[], sets: Uint8Array[]): void {
  for (const part of parts) {
    if (part.kind === 'text') for (const byte of Array.from(bytesOf(part.text))) emit(ops, [BYTE, byte]);
    else if (part.kind === 'token') emit(ops, TOKENS[part.token]);
    else if (part.kind === 'stop') emit(ops, [STOP]);
    else emitChoice(part.options, ops, sets);
  }
}

/** Alternatives of one byte each become a set: one op in place of a fork for each. */
function emitChoice(options: readonly Part[][], ops: number[], sets: Uint8Array[]): void {
  const bytes = options.map(singleByte);
  if (bytes.every((byte) => byte >= 0)) {
    const set = new Uint8Array(256);
    for (const byte of bytes) set[byte] = 1;
    emit(ops, [SET, sets.push(set) - 1]);
    return;
  }
  const jumps: number[] = [];
  options.forEach((option, index) => {
    const fork = ops.length;
    const isLast = index === options.length - 1;
    if (!isLast) emit(ops, [FORK]);
    emitAll(option, ops, sets);
    if (isLast) return;
    jumps.push(ops.length);
    emit(ops, [JUMP]);
    ops[fork + 1] = ops.length;
  });
  for (const jump of jumps) ops[jump + 1] = ops.length;
}

function singleByte(option: readonly Part[]): number {
  const [only] = option;
  if (option.length !== 1 || only?.kind !== 'text') return -1;
  const bytes = bytesOf(only.text);
  return bytes.length === 1 ? bytes[0] : -1;
}

const DIGITS = '0123456789';
const FIRST_BYTES: Readonly<Record<number, string>> = {
  [MONTH_NAME]: 'jfmasondJFMASOND',
  [WEEKDAY_NAME]: 'mtwfsMTWFS',
  [HALF]: 'apAP上下오午πμΠΜصم',
  [OFFSET]: 'Zz+-−',
  [MINUTES]: '+-',
  [ZONE]: 'ABCDEFGHIJKLMNOPQRSTUVWXYZzug+-−',
  [UNIX]: `${DIGITS}-`,
  [TAI_LABEL]: `${DIGITS}abcdefABCDEF`,
  [HEX_SECONDS]: `${DIGITS}abcdefABCDEF`,
};

const isNameByte = (byte: number): boolean => byte >= 128 || ((byte | 32) >= 97 && (byte | 32) <= 122);

/** What `parts` can begin with, beside the bytes: bits. */
const A_NAME = 1;
const NOTHING = 2;

/** Marks the bytes with which `parts` can begin. Returns whether a name may stand there, and whether they can be nothing. */
function markFirst(parts: Iterable<Part>, first: Uint8Array): number {
  let names = 0;
  for (const part of parts) {
    const found = markPart(part, first);
    names |= found & A_NAME;
    if ((found & NOTHING) === 0) return names;
  }
  return names | NOTHING;
}

function markPart(part: Part, first: Uint8Array): number {
  if (part.kind === 'choice') return part.options.reduce((found, option) => found | markFirst(option, first), 0);
  if (part.kind === 'stop') return NOTHING;
  if (part.kind === 'text') {
    first[bytesOf(part.text)[0]] = 1;
    return 0;
  }
  const code = TOKENS[part.token][0];
  for (const byte of firstOfEach(FIRST_BYTES[code] ?? DIGITS)) first[byte] = 1;
  return code === MONTH_NAME || code === WEEKDAY_NAME ? A_NAME : 0;
}

const firstOfEach = (text: string): number[] => [...text].map((character) => bytesOf(character)[0]);

function tokensOf(parts: readonly Part[]): string[] {
  return parts.flatMap((part) => {
    if (part.kind === 'token') return [part.token];
    return part.kind === 'choice' ? part.options.flatMap(tokensOf) : [];
  });
}

/** Whether every stamp that these parts read names its zone. */
function always(parts: readonly Part[]): boolean {
  return parts.some((part) => {
    if (part.kind === 'token') return ZONED.has(TOKENS[part.token][0]);
    return part.kind === 'choice' && part.options.every(always);
  });
}
