/** Bytes that end a key, and those that separate pairs. */
const SPACE = 32;
const TAB = 9;
const CR = 13;
const LF = 10;
const COMMA = 44;
const EQUALS = 61;
const QUOTE = 34;
const BACKSLASH = 92;

const SEPARATES = new Uint8Array(256);
for (const byte of [SPACE, TAB, CR, LF, COMMA]) SEPARATES[byte] = 1;

/** What a key may consist of: letters, digits, `_ - . @ / : $ [ ] #`. */
const IN_KEY = Uint8Array.from({ length: 256 }, (_, byte) =>
  /[\w\-.@/:$[\]#]/.test(String.fromCharCode(byte)) ? 1 : 0,
);

const LESS = 60;
const GREATER = 62;
/** `<191>`, the longest priority. */
const LONGEST_PRIORITY = 5;

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 48 && byte <= 57;

/**
 * Walks over the `key=value` pairs of a text, with blanks or commas between them. A value in quotes ends with its quote
 * (a backslash takes the next byte in), another with a blank, or with a comma behind which a key follows; but a blank
 * before a digit belongs to a value that begins with a digit: `time=2024-03-10 07:00:00`. Hot: it makes nothing.
 */
export class PairWalker {
  /** The pair at hand: its key, and its value without quotes. */
  keyStart = 0;
  keyEnd = 0;
  valueStart = 0;
  valueEnd = 0;
  /** Whether the value stands in quotes. */
  quoted = false;
  /** Words passed so far that are no pairs. */
  words = 0;

  readonly #bytes: Uint8Array;
  #at = 0;
  #to = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Begins with the text in bytes [from, to); a priority in front of it (`<191>`, RFC 3164 section 4.1.1) is passed over. */
  begin(from: number, to: number): void {
    this.#at = behindPriority(this.#bytes, from, to);
    this.#to = to;
    this.words = 0;
  }

  /** Goes on to the next pair; false where there is none. */
  next(): boolean {
    const bytes = this.#bytes;
    const to = this.#to;
    let p = this.#at;
    while (p < to) {
      if (SEPARATES[bytes[p]] === 1) {
        p++;
        continue;
      }
      const end = this.#keyEnd(p);
      if (end > p && end < to && bytes[end] === EQUALS) {
        this.keyStart = p;
        this.keyEnd = end;
        this.#value(end + 1);
        return true;
      }
      this.words++;
      p = bytes[p] === QUOTE ? this.#quotedEnd(p + 1) + 1 : this.#wordEnd(Math.max(end, p + 1));
    }
    this.#at = to;
    return false;
  }

  /** Whether the key of the pair at hand is this one, given as bytes. */
  hasKey(key: Uint8Array): boolean {
    const from = this.keyStart;
    if (this.keyEnd - from !== key.length) return false;
    for (let i = 0; i < key.length; i++) if (this.#bytes[from + i] !== key[i]) return false;
    return true;
  }

  #keyEnd(from: number): number {
    let p = from;
    while (p < this.#to && IN_KEY[this.#bytes[p]] === 1) p++;
    return p;
  }

  #wordEnd(from: number): number {
    let p = from;
    while (p < this.#to && SEPARATES[this.#bytes[p]] === 0) p++;
    return p;
  }

  #value(from: number): void {
    this.quoted = from < this.#to && this.#bytes[from] === QUOTE;
    this.valueStart = this.quoted ? from + 1 : from;
    this.valueEnd = this.quoted ? this.#quotedEnd(from + 1) : this.#bareEnd(from);
    this.#at = this.quoted ? this.valueEnd + 1 : this.valueEnd;
  }

  /** The offset of the quote that closes the text behind one, or the end. */
  #quotedEnd(from: number): number {
    let p = from;
    for (; p < this.#to; p++) {
      if (this.#bytes[p] === BACKSLASH) p++;
      else if (this.#bytes[p] === QUOTE) return p;
    }
    return this.#to;
  }

  #bareEnd(from: number): number {
    const bytes = this.#bytes;
    let p = from;
    for (; p < this.#to; p++) {
      const byte = bytes[p];
      if (SEPARATES[byte] === 0) continue;
      if (byte === COMMA ? this.#isKey(p + 1) : byte !== SPACE || !this.#goesOn(from, p + 1)) break;
    }
    return p;
  }

  /** Whether a key and its `=` stand here, blanks before them left out. */
  #isKey(from: number): boolean {
    let p = from;
    while (p < this.#to && this.#bytes[p] === SPACE) p++;
    const end = this.#keyEnd(p);
    return end > p && end < this.#to && this.#bytes[end] === EQUALS;
  }

  /** Whether the word behind a blank belongs to a value: both begin with a digit, and it is no key. */
  #goesOn(value: number, word: number): boolean {
    const first = this.#bytes[word];
    const digit = first === 43 || first === 45 ? this.#bytes[word + 1] : first;
    return word < this.#to && isDigit(digit) && isDigit(this.#bytes[value]) && !this.#isKey(word);
  }
}

function behindPriority(bytes: Uint8Array, start: number, end: number): number {
  if (start >= end || bytes[start] !== LESS) return start;
  for (let p = start + 1; p < end && p < start + LONGEST_PRIORITY; p++) {
    if (bytes[p] === GREATER) return p + 1;
    if (!isDigit(bytes[p])) break;
  }
  return start;
}

/** What a value in quotes says. A backslash means itself but before what could not stand in quotes otherwise. */
export const unescapedPair = (text: string): string => text.replace(/\\(["\\])/g, '$1');
