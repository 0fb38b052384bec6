import { isDigit, isWord } from '../kernel/stamp-bytes.ts';

/**
 * What may stand before a stamp that opens a line. A line that opens in a way which no sampled record showed opens no
 * record, so that a date at the head of a continuation line stays what it is.
 */
export type Opening =
  | 'none'
  | 'bracket'
  | 'priority'
  | 'version'
  | 'color'
  | 'level'
  | 'word'
  | 'tagged'
  | 'padded'
  | 'indent';

/** Bits of the openings, for masks; each also gives an example. */
export const OPENINGS: Readonly<Record<Opening, { bit: number; words: string }>> = {
  none: { bit: 1, words: '' },
  bracket: { bit: 2, words: 'a bracket or quote' },
  priority: { bit: 4, words: 'a priority, like <34>' }, // RFC 3164, 4.1.1
  version: { bit: 8, words: 'a priority and version, like <34>1' }, // RFC 5424, 6.2.2
  color: { bit: 32, words: 'a colour' }, // ECMA-48, 8.3.117
  level: { bit: 64, words: 'the letter of a level, like I' }, // glog
  word: { bit: 256, words: 'a level, like INFO[' }, // logrus
  tagged: { bit: 128, words: 'a priority and tag, like <34>tag:' }, // Cisco: a sequence number, a host
  padded: { bit: 512, words: 'a blank in place of a zero' }, // a number of one digit where others have two
  indent: { bit: 16, words: 'blanks' },
};

/** One place in a text where stamps stand. */
export type OnePlace =
  | { kind: 'start'; openings: Opening[] }
  /** Behind the first `before` that a stamp follows, among the first `within` bytes; in indented lines only if `indented`. */
  | { kind: 'inside'; before: string; within: number; indented: boolean }
  | { kind: 'field' };

/** Where in a text its stamp stands; at the first of `several` that has one, where programs with different lines wrote it. */
export type Place = OnePlace | { kind: 'several'; places: OnePlace[] };

const LESS = 60;
const GREATER = 62;
const ESCAPE = 27;
const BRACKETS = new Uint8Array(256);
// Cisco marks a clock that is not synchronised with * or a point.
for (const character of '[({<"\'*|.') BRACKETS[character.charCodeAt(0)] = 1;

/** 1 for the bytes with which an opening begins: a line that begins with another one opens with its stamp. */
export const OPENING_BYTES: Uint8Array = Uint8Array.from(BRACKETS);
OPENING_BYTES[32] = 1;
OPENING_BYTES[9] = 1;
OPENING_BYTES[ESCAPE] = 1;
const LEVELS = new Uint8Array(256);
for (const character of 'DIWEFCNTV') LEVELS[character.charCodeAt(0)] = 1;
for (const [byte, isLevel] of LEVELS.entries()) if (isLevel === 1) OPENING_BYTES[byte] = 1;

/** How a line opens. */
export function openingOf(bytes: Uint8Array, start: number, end: number): Opening {
  if (start >= end) return 'none';
  const first = bytes[start]!;
  if (first === 32 || first === 9) return isPadded(bytes, start, end) ? 'padded' : 'indent';
  if (first === ESCAPE) return 'color';
  if (LEVELS[first] === 1) {
    if (start + 1 < end && isDigit(bytes[start + 1]!)) return 'level';
    return wordEnd(bytes, start, end) > start ? 'word' : 'none';
  }
  if (BRACKETS[first] === 0) return 'none';
  const priority = first === LESS ? priorityEnd(bytes, start, end) : -1;
  if (priority < 0) return 'bracket';
  if (isVersion(bytes, priority, end)) return 'version';
  return tagsEnd(bytes, priority, end) > priority ? 'tagged' : 'priority';
}

/** Where the stamp of a line begins that opens so. */
export function openingEnd(opening: Opening, bytes: Uint8Array, start: number, end: number): number {
  switch (opening) {
    case 'none':
      return start;
    case 'bracket':
      return letterEnd(bytes, start + 1, end);
    case 'level':
    case 'padded':
      return start + 1;
    case 'word':
      return wordEnd(bytes, start, end);
    case 'priority':
      return priorityEnd(bytes, start, end);
    case 'version':
      return priorityEnd(bytes, start, end) + 2;
    case 'tagged':
      return tagsEnd(bytes, priorityEnd(bytes, start, end), end);
    case 'color':
      return colorEnd(bytes, start, end);
    default:
      return levelEnd(bytes, indentEnd(bytes, start, end), end);
  }
}

/** Whether one digit stands behind one blank: the hour or day of a stamp that is aligned to the right. */
const isPadded = (bytes: Uint8Array, start: number, end: number): boolean =>
  start + 2 < end && bytes[start] === 32 && isDigit(bytes[start + 1]!) && !isDigit(bytes[start + 2]!);

/** Behind the letter of a level, where a digit follows it. */
function levelEnd(bytes: Uint8Array, at: number, end: number): number {
  return at + 1 < end && LEVELS[bytes[at]!] === 1 && isDigit(bytes[at + 1]!) ? at + 1 : at;
}

/** Behind the letter of a level and its blank, in a bracket: [I 240310 06:59:58 web:2271] (Tornado, Jupyter). */
const letterEnd = (bytes: Uint8Array, at: number, end: number): number =>
  at + 1 < end && LEVELS[bytes[at]!] === 1 && bytes[at + 1] === 32 ? at + 2 : at;

/** Behind the word of a level and its bracket, colours between: INFO[0012]; `at` where none stands there. */
function wordEnd(bytes: Uint8Array, at: number, end: number): number {
  let stop = at;
  while (stop < end && stop - at < LONGEST_LEVEL && isCapital(bytes[stop]!)) stop++;
  if (stop - at < SHORTEST_LEVEL) return at;
  const behind = colorsEnd(bytes, stop, end);
  return behind + 1 < end && bytes[behind] === 91 && isDigit(bytes[behind + 1]!) ? behind + 1 : at;
}

const SHORTEST_LEVEL = 4;
const LONGEST_LEVEL = 8;
const isCapital = (byte: number): boolean => byte >= 65 && byte <= 90;

function indentEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && (bytes[at] === 32 || bytes[at] === 9)) at++;
  return at;
}

/** Behind terminal colours, and one bracket or level behind these. */
function colorEnd(bytes: Uint8Array, start: number, end: number): number {
  const at = colorsEnd(bytes, start, end);
  return at < end && BRACKETS[bytes[at]!] === 1 ? at + 1 : wordEnd(bytes, at, end);
}

function colorsEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at + 1 < end && bytes[at] === ESCAPE && bytes[at + 1] === 91) {
    at += 2;
    while (at < end && (isDigit(bytes[at]!) || bytes[at] === 59)) at++;
    at++;
  }
  return at;
}

/** Whether a stamp may begin at `at`, inside a line: no digit or letter before it, but for the `m` of a colour. */
export function isBoundary(bytes: Uint8Array, at: number): boolean {
  if (!isWord(bytes[at - 1]!)) return true;
  let from = at - 2;
  if (bytes[at - 1] !== 109) return false;
  while (isDigit(bytes[from]!) || bytes[from] === 59) from--;
  return bytes[from] === 91 && bytes[from - 1] === ESCAPE;
}

function priorityEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start + 1;
  while (at < end && at - start <= 3 && isDigit(bytes[at]!)) at++;
  return at > start + 1 && at < end && bytes[at] === GREATER ? at + 1 : -1;
}

/** The longest word that is taken for a tag. */
const LONGEST_TAG = 48;

/** Behind words that end in a colon (`109692: sw01: `), and behind the mark of a clock that is not synchronised (`*`, `.`). */
function tagsEnd(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  for (let tag = tagEndAt(bytes, at, end); tag > at; tag = tagEndAt(bytes, at, end)) at = tag;
  return bytes[at] === 42 || bytes[at] === 46 ? at + 1 : at;
}

/** Behind the word at `at`, its colon and blank; `at` where it is no such word. */
function tagEndAt(bytes: Uint8Array, at: number, end: number): number {
  const isMarked = bytes[at] === 42;
  const last = Math.min(end, at + LONGEST_TAG) - 1;
  for (let stop = at + 1; stop < last; stop++) {
    if (bytes[stop] !== 32) continue;
    if (bytes[stop - 1] === 58) return stop + 1;
    // The names of tasks have blanks (*SISF BT Process: ); a clock with such a mark has its day behind one (*Mar 10).
    if (!isMarked || isDigit(bytes[stop + 1]!) || bytes[stop + 1] === 32) return at;
  }
  return at;
}

const isVersion = (bytes: Uint8Array, at: number, end: number): boolean =>
  at + 1 < end && bytes[at]! >= 49 && bytes[at]! <= 57 && bytes[at + 1] === 32;

const QUOTES = new Uint8Array(256);
for (const character of ' \t\r"\'[](){}<>') QUOTES[character.charCodeAt(0)] = 1;

/** The bounds of a field's text without blanks, quotes and brackets around it. */
export function fieldStart(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && QUOTES[bytes[at]!] === 1) at++;
  return at;
}

export function fieldEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = end;
  while (at > start && QUOTES[bytes[at - 1]!] === 1) at--;
  return at;
}

/** A place in words. */
export function describePlace(place: Place): string {
  if (place.kind === 'several') return place.places.map(describePlace).join(', or ');
  if (place.kind === 'field') return 'as the whole field';
  if (place.kind === 'inside') {
    return place.before === '' ? 'inside a line' : `inside a line, after "${place.before}"`;
  }
  const openings = place.openings.filter((opening) => opening !== 'none').map((opening) => OPENINGS[opening].words);
  if (openings.length === 0) return 'at the start of a line';
  const bare = place.openings.includes('none') ? ', or at once' : '';
  return `at the start of a line, after ${openings.join(' or ')}${bare}`;
}
