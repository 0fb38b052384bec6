import { TsalignError } from '../core/problem.ts';

/**
 * The language of patterns: luxon's tokens, and two additions.
 *
 *   yyyy-MM-dd HH:mm:ss   tokens and literal characters, as in luxon's fromFormat
 *   'text'                literal text; two quotes are one quote
 *   {a|b|}                alternatives, the first that fits; an empty one makes the others optional; may be nested
 *   ~                     the stamp ends here: what follows in the pattern must stand behind it, and is no part of it
 *
 * Where luxon is strict we are lenient: every offset token reads every spelling, MMM and MMMM read both lengths of a
 * month's name, `T` alone is the letter, and u takes any number of digits. SS are two digits of a fraction, SSSSSS six. Beside X and x (luxon cannot read them) there
 * are xx (µs) and xxx (ns), xxxx and xxxxx (100 ns since 1601 and since the year 1), XX (TAI64N), XXX and UUU (s and ms since
 * a start), xxxxxx (ms or µs with a fraction), XXXX (s with an exponent), XXXXX (s in hexadecimal), J and JJ (days: Modified Julian Date and Julian Date), JJJ
 * (days of the first and seconds of the day), N (a number that tells nothing), nnn
 * (a count of ns), zzz (three digits of minutes east of UTC, with a sign) and zzzz (one to three digits of minutes west of it).
 */
export type Part =
  | { kind: 'text'; text: string }
  | { kind: 'token'; token: string }
  | { kind: 'stop' }
  | { kind: 'choice'; options: Part[][] };

/** Tokens that luxon has and that have no meaning for an instant, or need a locale. */
const REFUSED = /^(D+|t+|TT+|f+|F+|G+|n+|q+|i+|k+|W+|c+|B+)$/;

/** Tokens that the compiler knows; see compile.ts for what they read. */
const TOKEN_NAMES: readonly string[] = [
  ...['yyyy', 'yy', 'y', 'M', 'MM', 'MMM', 'MMMM', 'L', 'LL', 'LLL', 'LLLL', 'd', 'dd', 'o', 'ooo', 'E', 'EEE', 'EEEE'],
  ...[
    'ccc',
    'cccc',
    'H',
    'HH',
    'h',
    'hh',
    'm',
    'mm',
    's',
    'ss',
    'S',
    'SS',
    'SSS',
    'SSSSSS',
    'u',
    'uu',
    'uuu',
    'a',
    'Z',
    'ZZ',
    'ZZZ',
  ],
  ...[
    'ZZZZ',
    'z',
    'zzz',
    'zzzz',
    'X',
    'x',
    'xx',
    'xxx',
    'xxxx',
    'xxxxx',
    'xxxxxx',
    'XX',
    'XXX',
    'XXXX',
    'XXXXX',
    'UUU',
    'J',
    'JJ',
    'JJJ',
    'N',
    'nnn',
    'kkkk',
    'WW',
    'c',
  ],
];

const KNOWN = new Set(TOKEN_NAMES);

/**
 * Reads a pattern.
 * @throws TsalignError usage, where a token is not known, or a quote or brace is not closed.
 */
export const parsePattern = (pattern: string): Part[] => [...partsOf(pattern)];

/** The same, part by part: who needs to know how it begins reads no further. */
export function* partsOf(pattern: string): Generator<Part> {
  const cursor = { text: pattern, at: 0 };
  while (cursor.at < pattern.length) {
    if (pattern[cursor.at] === '}') throw wrong(pattern, '"}" stands alone');
    yield parsePart(cursor);
  }
}

interface Cursor {
  readonly text: string;
  at: number;
}

/** Parts up to the next | or }. */
function parseOption(cursor: Cursor): Part[] {
  const parts: Part[] = [];
  while (cursor.at < cursor.text.length) {
    const character = cursor.text[cursor.at];
    if (character === '|' || character === '}') return parts;
    parts.push(parsePart(cursor));
  }
  throw wrong(cursor.text, 'a { is not closed');
}

function parsePart(cursor: Cursor): Part {
  const character = cursor.text[cursor.at];
  if (character === '{') return parseChoice(cursor);
  if (character === '~') {
    cursor.at++;
    return { kind: 'stop' };
  }
  if (character === "'") return { kind: 'text', text: parseQuoted(cursor) };
  if (/[A-Za-z]/.test(character)) return parseLetters(cursor, character);
  const text = String.fromCodePoint(cursor.text.codePointAt(cursor.at)!);
  cursor.at += text.length;
  return { kind: 'text', text };
}

function parseChoice(cursor: Cursor): Part {
  const options: Part[][] = [];
  do {
    cursor.at++;
    options.push(parseOption(cursor));
  } while (cursor.text[cursor.at] === '|');
  cursor.at++;
  return { kind: 'choice', options };
}

function parseQuoted(cursor: Cursor): string {
  const close = cursor.text.indexOf("'", cursor.at + 1);
  if (close < 0) throw wrong(cursor.text, 'a quote is not closed');
  const text = cursor.text.slice(cursor.at + 1, close);
  cursor.at = close + 1;
  return text === '' ? "'" : text;
}

function parseLetters(cursor: Cursor, letter: string): Part {
  let end = cursor.at + 1;
  while (cursor.text[end] === letter) end++;
  const token = cursor.text.slice(cursor.at, end);
  cursor.at = end;
  if (KNOWN.has(token)) return { kind: 'token', token };
  if (/^u+$/.test(token)) return { kind: 'token', token: 'u' };
  if (REFUSED.test(token)) throw wrong(cursor.text, `the token ${token} cannot be read`);
  if (token.length > 1 && /[yMLdoEcHhmsSaZzXx]/.test(letter)) throw wrong(cursor.text, `there is no token ${token}`);
  return { kind: 'text', text: token };
}

function wrong(pattern: string, what: string): TsalignError {
  return new TsalignError({
    code: 'usage',
    where: '--time-format',
    what: `"${pattern}" is no pattern: ${what}`,
    hint: "use luxon's tokens, such as yyyy-MM-dd HH:mm:ss.SSS, with other letters in 'quotes'",
  });
}
