import { OUTPUT_ROOM, type Output } from '../core/stages.ts';
import { utf8Step } from './utf8.ts';

const LF = 10;
const CR = 13;
const QUOTE = 34;
const BACKSLASH = 92;

/** For each byte what stands behind the backslash in a JSON string: 0 nothing to escape, 117 a \u escape, 255 not ASCII. */
const ESCAPES = new Uint8Array(256);
ESCAPES.fill(117, 0, 32).fill(255, 128);
for (const [byte, letter] of [
  [8, 'b'],
  [9, 't'],
  [10, 'n'],
  [12, 'f'],
  [13, 'r'],
  [QUOTE, '"'],
  [BACKSLASH, '\\'],
] as const) {
  ESCAPES[byte] = letter.charCodeAt(0);
}

const HEX = Buffer.from('0123456789abcdef');

/** Appends memory bytes [from, to) as the inside of a JSON string (RFC 8259 section 7); bytes that are not UTF-8 become U+FFFD. */
export function escapeJson(from: number, to: number, out: Output): void {
  const { bytes } = out.memory;
  let clean = from;
  let at = from;
  while (at < to) {
    const letter = ESCAPES[bytes[at]];
    const step = letter === 0 ? 1 : letter === 255 ? utf8Step(bytes, at, to) : 0;
    if (step > 0) {
      at += step;
      continue;
    }
    out.copy(clean, at);
    out.reserve(6);
    out.position = step < 0 ? pokeReplacement(bytes, out.position) : pokeEscape(bytes, bytes[at], letter, out.position);
    at += step < 0 ? -step : 1;
    clean = at;
  }
  out.copy(clean, to);
}

/** The same for text of several lines, which LF alone ends then. */
export function escapeLines(from: number, to: number, out: Output): void {
  const { bytes } = out.memory;
  let clean = from;
  for (let at = from; at < to; at++) {
    if (bytes[at] !== LF || at === from || bytes[at - 1] !== CR) continue;
    escapeJson(clean, at - 1, out);
    clean = at;
  }
  escapeJson(clean, to, out);
}

function pokeReplacement(bytes: Uint8Array, position: number): number {
  bytes[position] = 0xef;
  bytes[position + 1] = 0xbf;
  bytes[position + 2] = 0xbd;
  return position + 3;
}

function pokeEscape(bytes: Uint8Array, byte: number, letter: number, position: number): number {
  bytes[position] = BACKSLASH;
  bytes[position + 1] = letter;
  if (letter !== 117) return position + 2;
  bytes[position + 2] = 48;
  bytes[position + 3] = 48;
  bytes[position + 4] = HEX[byte >> 4];
  bytes[position + 5] = HEX[byte & 15];
  return position + 6;
}

/** Appends memory bytes [from, to) of valid JSON without its line ends and the blanks around them, piece by piece by `put`. */
export function joinLines(from: number, to: number, out: Output, put: typeof repairUtf8): void {
  const { bytes } = out.memory;
  let at = from;
  for (let p = from; p < to; p++) {
    if (bytes[p] !== LF) continue;
    let end = p;
    while (end > at && bytes[end - 1] <= 32) end--;
    put(at, end, out);
    while (p + 1 < to && bytes[p + 1] <= 32) p++;
    at = p + 1;
  }
  put(at, to, out);
}

/** Appends memory bytes [from, to) as they are. */
export const copyBytes = (from: number, to: number, out: Output): void => out.copy(from, to);

/** Appends memory bytes [from, to), replacing those that are not UTF-8 by U+FFFD. */
export function repairUtf8(from: number, to: number, out: Output): void {
  const { bytes } = out.memory;
  let clean = from;
  let at = from;
  while (at < to) {
    const step = utf8Step(bytes, at, to);
    if (step < 0) {
      out.copy(clean, at);
      out.append('\ufffd');
      clean = at - step;
    }
    at += Math.abs(step);
  }
  out.copy(clean, to);
}

/** Appends memory bytes [from, to) as one cell of delimited text, in quotes where RFC 4180 section 2 asks for them. */
export function quoteCell(from: number, to: number, delimiter: number, out: Output): void {
  if (!needsQuotes(out.memory.bytes, from, to, delimiter)) {
    out.copy(from, to);
    return;
  }
  putByte(QUOTE, out);
  doubleQuotes(from, to, out);
  putByte(QUOTE, out);
}

/** Whether a cell would not be read back as it is: it holds a delimiter, a quote or a line end. */
export function needsQuotes(bytes: Uint8Array, from: number, to: number, delimiter: number): boolean {
  for (let i = from; i < to; i++) {
    const byte = bytes[i];
    if (byte === delimiter || byte === QUOTE || byte === LF || byte === CR) return true;
  }
  return false;
}

/** Appends memory bytes [from, to), every quote twice. A loop, as quotes stand close together where there are any (JSON in a cell). */
function doubleQuotes(from: number, to: number, out: Output): void {
  const { bytes } = out.memory;
  let at = from;
  while (at < to) {
    out.reserve(OUTPUT_ROOM);
    const stop = Math.min(to, at + OUTPUT_ROOM / 2);
    let position = out.position;
    for (; at < stop; at++) {
      const byte = bytes[at];
      bytes[position++] = byte;
      if (byte === QUOTE) bytes[position++] = QUOTE;
    }
    out.position = position;
  }
}

/** Appends one byte. */
export function putByte(byte: number, out: Output): void {
  out.reserve(1);
  out.memory.bytes[out.position++] = byte;
}
