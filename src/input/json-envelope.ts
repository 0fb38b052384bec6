import { stringEnd, valueEnd } from '../kernel/json-borders.ts';
import { CUT, INVALID, skipSpace } from '../kernel/json-scan.ts';

const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const OPEN_BRACKET = 91;
const OPEN_BRACE = 123;
const CLOSE_BRACKET = 93;
const CLOSE_BRACE = 125;

/** Deepest place of the records that is looked for: `hits.hits` is the second level. */
const LEVELS = 3;

/** What is called for each member; true to go into its object. */
type Visit = (path: readonly string[], value: number) => boolean;

/**
 * Goes through the members of the object at `start` and of those inside it that `visit` goes into, until `visit` throws up
 * its hand by `stop`. Returns the end of the object, where it was stopped, CUT or INVALID.
 */
function walk(bytes: Uint8Array, start: number, to: number, visit: Visit, stopped: () => boolean): number {
  const names: string[] = [];
  let p = start + 1;
  for (let depth = 1; ; ) {
    p = skipSpace(bytes, p, to);
    if (p >= to) return CUT;
    if (bytes[p] === COMMA) p++;
    else if (bytes[p] === CLOSE_BRACE) {
      p++;
      if (--depth === 0) return p;
    } else {
      const value = memberValue(bytes, p, to);
      if (value < 0) return value;
      names.length = depth - 1;
      names.push(nameAt(bytes, p, value));
      const enter = visit(names, value);
      if (stopped()) return value;
      if (enter) depth++;
      p = enter ? value + 1 : valueEnd(bytes, value, to);
      if (p < 0) return p;
    }
  }
}

/** The offset of the value of the member whose name stands at p; CUT or INVALID. */
function memberValue(bytes: Uint8Array, p: number, to: number): number {
  if (bytes[p] !== QUOTE) return INVALID;
  const nameEnd = stringEnd(bytes, p, to);
  if (nameEnd < 0) return nameEnd;
  const colon = skipSpace(bytes, nameEnd, to);
  if (colon >= to) return CUT;
  if (bytes[colon] !== COLON) return INVALID;
  const value = skipSpace(bytes, colon + 1, to);
  return value < to ? value : CUT;
}

/** The name at p, of the member with this value; as it is written where its escapes are wrong. */
function nameAt(bytes: Uint8Array, p: number, value: number): string {
  const text = Buffer.from(bytes.subarray(p, value)).toString();
  const quoted = text.slice(0, text.lastIndexOf('"') + 1);
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return quoted.slice(1, -1);
  }
}

const isPath = (names: readonly string[], path: readonly string[]): boolean =>
  names.length <= path.length && names.every((name, i) => name === path[i]);

/** Finds the array of records in document after document: `{"Records":[…]}` of CloudTrail, `{"hits":{"hits":[…]}}` of Elasticsearch. */
export class Envelope {
  /** Whether the array has begun and not ended. */
  inside = false;
  /** Whether what `next` found is a whole document that has no such array. */
  whole = false;
  readonly #path: readonly string[];
  /** Objects that stand open around and behind the array. */
  #open = 0;

  constructor(path: readonly string[]) {
    this.#path = path;
  }

  /**
   * Goes on at `start`, outside the array and between values.
   * @returns the end of what belongs to no record (the beginning of the array, a member behind it), or of a `whole`
   * document; CUT, or INVALID
   */
  next(bytes: Uint8Array, start: number, to: number): number {
    this.whole = false;
    if (this.#open > 0) return this.#behind(bytes, start, to);
    if (bytes[start] !== OPEN_BRACE) return INVALID;
    let found = false;
    const visit: Visit = (names, value) => {
      const onPath = isPath(names, this.#path);
      found = onPath && names.length === this.#path.length && bytes[value] === OPEN_BRACKET;
      return onPath && names.length < this.#path.length && bytes[value] === OPEN_BRACE;
    };
    const end = walk(bytes, start, to, visit, () => found);
    if (!found) {
      this.whole = end >= 0;
      return end;
    }
    this.#open = this.#path.length;
    this.inside = true;
    return end + 1;
  }

  #behind(bytes: Uint8Array, start: number, to: number): number {
    if (bytes[start] === CLOSE_BRACE) {
      this.#open--;
      return start + 1;
    }
    const value = memberValue(bytes, start, to);
    return value < 0 ? value : valueEnd(bytes, value, to);
  }

  /** Whether a document has begun whose end was not seen. */
  get isOpen(): boolean {
    return this.inside || this.#open > 0;
  }

  /** The array has ended. */
  leave(): void {
    this.inside = false;
  }

  /** What follows is the beginning of a document. Whether one was open before. */
  reset(): boolean {
    const wasOpen = this.#open > 0;
    this.inside = false;
    this.#open = 0;
    return wasOpen;
  }
}

/** The arrays of an object, and how many members stand at its top. */
interface Arrays {
  /** Places of those that hold objects, and of those that hold nothing. */
  paths: string[][];
  empty: string[][];
  members: number;
}

/** Where the object at the beginning of bytes has arrays of objects, as far as the bytes show. */
export function arraysOfObjects(bytes: Uint8Array, start: number): Arrays {
  const paths: string[][] = [];
  const empty: string[][] = [];
  let members = 0;
  const visit: Visit = (names, value) => {
    if (names.length === 1) members++;
    const inner = skipSpace(bytes, value + 1, bytes.length);
    if (bytes[value] === OPEN_BRACKET && bytes[inner] === OPEN_BRACE) paths.push([...names]);
    if (bytes[value] === OPEN_BRACKET && bytes[inner] === CLOSE_BRACKET) empty.push([...names]);
    return bytes[value] === OPEN_BRACE && names.length < LEVELS;
  };
  walk(bytes, start, bytes.length, visit, () => false);
  return { paths, empty, members };
}
