/** Where JSON values begin and end, by their quotes and brackets alone: whether they are valid, json-scan.ts finds out. */

import { CUT, INVALID, skipSpace } from './json-scan.ts';
import { lineEnd } from './line-end.ts';

const LF = 10;
const RS = 30;
const SPACE = 32;
const QUOTE = 34;
const COMMA = 44;
const OPEN_BRACKET = 91;
const BACKSLASH = 92;
const CLOSE_BRACKET = 93;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

/** Bytes of a broken object before the lines so far are taken for it, whatever follows. */
const BROKEN_LIMIT = 1024 * 1024;

/** Whether a byte may stand between records: white space, comma, a bracket of an array, RS (RFC 7464). */
export function isBetween(byte: number): boolean {
  return byte <= SPACE
    ? isBlank(byte) || byte === RS
    : byte === COMMA || byte === OPEN_BRACKET || byte === CLOSE_BRACKET;
}

const isBlank = (byte: number): boolean => byte === SPACE || byte === LF || byte === 13 || byte === 9;

/** `end` without the white space before it. */
export function trimmedEnd(bytes: Uint8Array, start: number, end: number): number {
  let p = end;
  while (p > start && isBlank(bytes[p - 1])) p--;
  return p;
}

/** The offset behind the string that opens at p; CUT; or INVALID where a line ends in it. */
export function stringEnd(bytes: Uint8Array, p: number, to: number): number {
  for (let at = p + 1; at < to; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) return at + 1;
    if (byte === LF) return INVALID;
    if (byte === BACKSLASH) at++;
  }
  return CUT;
}

/** The end of the value at p, by its quotes and brackets; CUT or INVALID. */
export function valueEnd(bytes: Uint8Array, p: number, to: number): number {
  const first = bytes[p];
  if (first === QUOTE) return stringEnd(bytes, p, to);
  if (first !== OPEN_BRACE && first !== OPEN_BRACKET) return wordEnd(bytes, p, to);
  let depth = 0;
  let at = p;
  while (at < to) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      at = stringEnd(bytes, at, to);
      if (at < 0) return at;
      continue;
    }
    at++;
    // [ and { are 91 and 123, ] and } two more: with bit 5 set they fall together.
    if ((byte | 32) === OPEN_BRACE) depth++;
    else if ((byte | 32) === CLOSE_BRACE && --depth === 0) return at;
  }
  return CUT;
}

function wordEnd(bytes: Uint8Array, p: number, to: number): number {
  let at = p;
  while (at < to && !isBetween(bytes[at]) && bytes[at] !== CLOSE_BRACE) at++;
  return at < to ? at : CUT;
}

/** The end of what stands at p in place of an object: a string on its line, or what goes on to a comma, brace, bracket or line end. */
export function strayEnd(bytes: Uint8Array, p: number, to: number): number {
  const quoted = bytes[p] === QUOTE ? stringEnd(bytes, p, to) : INVALID;
  if (quoted !== INVALID) return quoted;
  let at = p + 1;
  for (; at < to; at++) {
    const byte = bytes[at];
    if (byte === LF || byte === COMMA || byte === OPEN_BRACE || byte === CLOSE_BRACKET) {
      return trimmedEnd(bytes, p + 1, at);
    }
  }
  return CUT;
}

/**
 * The end of the broken object at `start`: on its own line where its quotes and brackets close or another object begins
 * like it; else before the next line that begins with an object or a bracket and is indented by at most `indent` bytes.
 */
export function brokenEnd(bytes: Uint8Array, start: number, to: number, indent: number): number {
  const inLine = endInLine(bytes, start, to);
  if (inLine !== INVALID) return inLine;
  let at = lineEnd(bytes, start, to);
  while (at < to && at - start < BROKEN_LIMIT) {
    let next = at + 1;
    while (next < to && (bytes[next] === SPACE || bytes[next] === 9)) next++;
    if (next >= to) return CUT;
    if (next - at - 1 <= indent && opens(bytes[next])) break;
    at = lineEnd(bytes, next, to);
  }
  return at < to ? trimmedEnd(bytes, start + 1, at) : CUT;
}

/** The end of a broken object on its line; CUT where more bytes may show it, INVALID where the line does not. */
function endInLine(bytes: Uint8Array, start: number, to: number): number {
  const stop = Math.min(to, start + BROKEN_LIMIT);
  const line = lineEnd(bytes, start, stop);
  const another = nextLike(bytes, start, line);
  const closed = valueEnd(bytes, start, another < 0 ? line : another);
  const behind = closed < 0 ? line : skipSpace(bytes, closed, line);
  if (closed >= 0 && (behind < line ? isBetween(bytes[behind]) : line < to)) return closed;
  if (another >= 0) return betweenStart(bytes, start, another);
  return line === to ? CUT : INVALID;
}

/** Where an object begins with the same name as the one at `start`, behind a comma or a brace; −1 where none does. */
function nextLike(bytes: Uint8Array, start: number, end: number): number {
  const name = skipSpace(bytes, start + 1, end);
  const nameEnd = bytes[name] === QUOTE ? stringEnd(bytes, name, end) : INVALID;
  if (nameEnd < 0) return -1;
  const line = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start);
  const opening = line.subarray(0, nameEnd - start);
  for (let at = line.indexOf(opening, 1); at > 0; at = line.indexOf(opening, at + 1)) {
    let before = start + at - 1;
    while (before > start && isBlank(bytes[before])) before--;
    if (bytes[before] === COMMA || bytes[before] === CLOSE_BRACE) return start + at;
  }
  return -1;
}

/** The beginning of the white space and commas before `end`. */
function betweenStart(bytes: Uint8Array, start: number, end: number): number {
  let p = end;
  while (p > start + 1 && isBetween(bytes[p - 1]) && bytes[p - 1] !== CLOSE_BRACKET) p--;
  return p;
}

const opens = (byte: number): boolean =>
  byte === OPEN_BRACE || byte === OPEN_BRACKET || byte === CLOSE_BRACKET || byte === RS;
