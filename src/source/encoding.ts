import { TsalignError } from '../core/problem.ts';
import { suggestion } from '../core/registry.ts';
import type { LineBreaks } from './line-breaks.ts';
import { wideEncoding } from './text-check.ts';

/** What turns bytes that come piece by piece into text; characters may be cut between the pieces. */
export interface TextPieces {
  write(bytes: Buffer): string;
  end(): string | undefined;
}

/** An encoding other than UTF-8. */
export interface Encoding {
  name: string;
  /** Bytes of which every character takes a multiple. */
  unit: number;
  createDecoder(): TextPieces;
}

/** How the text of a source is written. */
export interface FoundEncoding {
  /** Undefined for UTF-8, whose bytes are taken as they are, valid or not. */
  encoding: Encoding | undefined;
  /** Bytes of the byte order mark at the beginning. */
  mark: number;
  /** Whether its lines end in CR alone, as those of old Macs and of some instruments do. */
  returns?: boolean;
  /** What stands on one line, and is given a line each. */
  breaks?: LineBreaks | undefined;
  /** How it is known. */
  by: 'default' | 'mark' | 'evidence' | 'option';
}

/** Text whose bytes are taken as they are. */
export const UTF8: FoundEncoding = { encoding: undefined, mark: 0, by: 'default' };

/** Byte order marks; that of UTF-32LE begins with that of UTF-16LE, so it stands first. */
const MARKS: readonly (readonly [name: string, mark: readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-32le', [0xff, 0xfe, 0, 0]],
  ['utf-32be', [0, 0, 0xfe, 0xff]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

/** UTF-8 and what it includes. */
const AS_IT_IS = /^(utf-?8|(us-?)?ascii)$/i;

/** Names that leave the byte order open: a mark or the text tells it, else it is little-endian, as Windows writes. */
const OPEN_ORDER = /^(utf-?16|utf-?32|ucs-?2|ucs-?4)$/i;

/** What iconv-lite knows that is no encoding of text. */
const NO_TEXT = /^(base64|hex|internal|_internal)$/i;

/** For the hint at a mistyped name; iconv-lite knows some hundred more. */
const COMMON = [
  ...['utf-8', 'utf-16', 'utf-16le', 'utf-16be', 'utf-32', 'utf-32le', 'utf-32be', 'latin1', 'windows-1252'],
  ...['iso-8859-15', 'windows-1250', 'windows-1251', 'koi8-r', 'cp437', 'cp850', 'macintosh', 'shift_jis', 'euc-jp'],
  ...['gb18030', 'gbk', 'big5', 'euc-kr'],
];

type Iconv = typeof import('iconv-lite');

/** Loads the tables of encodings, which hardly any run needs. */
async function loadIconv(): Promise<Iconv> {
  const loaded = (await import('iconv-lite')) as Iconv & { default?: Iconv };
  return loaded.default ?? loaded;
}

/** Makes a check for the names that are given to --encoding. */
export async function encodingParser(): Promise<(name: string) => string> {
  const iconv = await loadIconv();
  return (name) => {
    const known = OPEN_ORDER.test(name) || (!NO_TEXT.test(name) && iconv.encodingExists(name));
    if (name !== '' && known) return name;
    const what = `there is no encoding "${name}"`;
    throw new TsalignError({ code: 'usage', what, hint: suggestion(name, COMMON) });
  };
}

/**
 * How the text is written that begins with `head`. A byte order mark is believed more than what the user said of all
 * his files; what he said, more than where the NUL bytes stand.
 * @param given the name that --encoding gives, if any
 */
export async function findEncoding(head: Uint8Array, given: string | undefined): Promise<FoundEncoding> {
  const marked = MARKS.find(([, mark]) => mark.every((byte, i) => head[i] === byte));
  if (marked !== undefined) {
    return { encoding: await encodingOf(marked[0]), mark: marked[1].length, by: 'mark' };
  }
  if (given !== undefined && !OPEN_ORDER.test(given)) {
    return { encoding: await encodingOf(given), mark: 0, by: 'option' };
  }
  const name =
    wideEncoding(head) ?? (given === undefined ? undefined : `${/32|4/.test(given) ? 'utf-32' : 'utf-16'}le`);
  if (name === undefined) return UTF8;
  return { encoding: await encodingOf(name), mark: 0, by: given === undefined ? 'evidence' : 'option' };
}

async function encodingOf(name: string): Promise<Encoding | undefined> {
  if (AS_IT_IS.test(name)) return undefined;
  // iconv-lite splits a surrogate pair of UTF-16BE where its pieces are split, and drops half a character at the end.
  if (/^utf-?16(le|be)$/i.test(name)) return { name, unit: 2, createDecoder: () => new Utf16Decoder(name) };
  const iconv = await loadIconv();
  const unit = /^(utf-?32|ucs-?4)/i.test(name) ? 4 : /^ucs-?2/i.test(name) ? 2 : 1;
  return { name, unit, createDecoder: () => iconv.getDecoder(name, { stripBOM: false }) as TextPieces };
}

class Utf16Decoder implements TextPieces {
  readonly #decoder: InstanceType<typeof TextDecoder>;
  constructor(name: string) {
    this.#decoder = new TextDecoder(name, { ignoreBOM: true });
  }

  write(bytes: Buffer): string {
    return this.#decoder.decode(bytes, { stream: true });
  }

  end(): string {
    return this.#decoder.decode();
  }
}
