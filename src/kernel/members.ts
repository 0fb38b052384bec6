/** Members that are held at once: 256 KiB of spans; an object of a million members is gone through in pieces. */
const MOST_HELD = 16384;

/**
 * Finds the members of a JSON object that is known to be valid, by their spans in the bytes: nothing is parsed, so that
 * numbers, escapes and duplicate names can be written as they were. Members of objects inside are not looked at.
 */
export class MemberScanner {
  /** Members held, and whether the object has more behind them: `next` goes on to those. */
  count = 0;
  more = false;
  /** The value that findValue found. */
  foundStart = 0;
  foundEnd = 0;
  /** Name of member i between its quotes: [nameStart, nameEnd); its value with quotes if it has any: [valueStart, valueEnd). */
  nameStart = new Int32Array(64);
  nameEnd = new Int32Array(64);
  valueStart = new Int32Array(64);
  valueEnd = new Int32Array(64);
  /** Whether a name or value of the last scan holds a byte outside ASCII. */
  beyondAscii = false;
  /** Whether any name or value of the last scan holds a backslash. */
  escaped = false;
  readonly #bytes: Uint8Array;
  #from = 0;
  #at = 0;
  #to = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Scans the object in bytes [from, to), which may have blanks around it. False, with count 0, where there is no object. */
  scan(from: number, to: number): boolean {
    const bytes = this.#bytes;
    this.count = 0;
    this.more = false;
    this.beyondAscii = false;
    this.escaped = false;
    const at = skipBlanks(bytes, from, to);
    if (at >= to || bytes[at] !== 123) return false;
    this.#from = from;
    this.#at = skipBlanks(bytes, at + 1, to);
    this.#to = to;
    this.#hold();
    return true;
  }

  /** Goes on to the members behind those that are held; false where there are none. */
  next(): boolean {
    if (!this.more) return false;
    this.#hold();
    return true;
  }

  #hold(): void {
    const bytes = this.#bytes;
    const to = this.#to;
    let at = this.#at;
    this.count = 0;
    this.more = false;
    while (at < to && bytes[at] === 34) {
      if (this.count === MOST_HELD) {
        this.more = true;
        break;
      }
      const nameEnd = this.#skipString(at, to);
      const valueStart = skipBlanks(bytes, skipBlanks(bytes, nameEnd, to) + 1, to);
      const valueEnd = this.#skipValue(valueStart, to);
      this.#add(at + 1, nameEnd - 1, valueStart, valueEnd);
      at = skipBlanks(bytes, valueEnd, to);
      if (bytes[at] !== 44) break;
      at = skipBlanks(bytes, at + 1, to);
    }
    this.#at = at;
  }

  /** Finds the value of the last member with this name (the one JSON.parse would keep). Not between `next` and `next`. */
  findValue(name: Uint8Array): boolean {
    return this.more ? this.#findInAll(name) : this.#note(this.find(name));
  }

  #findInAll(name: Uint8Array): boolean {
    let found = false;
    const from = this.#from;
    this.scan(from, this.#to);
    do found = this.#note(this.find(name)) || found;
    while (this.next());
    this.scan(from, this.#to);
    return found;
  }

  #note(member: number): boolean {
    if (member < 0) return false;
    this.foundStart = this.valueStart[member];
    this.foundEnd = this.valueEnd[member];
    return true;
  }

  /** Index of the last of the members held that has this name, or −1. */
  find(name: Uint8Array): number {
    for (let i = this.count - 1; i >= 0; i--) {
      if (this.isNamed(i, name)) return i;
    }
    return -1;
  }

  /** Whether member i has this name, given as UTF-8. */
  isNamed(i: number, name: Uint8Array): boolean {
    const from = this.nameStart[i];
    const to = this.nameEnd[i];
    if (this.escaped && hasBackslash(this.#bytes, from, to)) return this.#decodedName(i).equals(name);
    if (to - from !== name.length) return false;
    for (let k = 0; k < name.length; k++) {
      if (this.#bytes[from + k] !== name[k]) return false;
    }
    return true;
  }

  /** Rare: a name spelled with escapes. */
  #decodedName(i: number): Buffer {
    const spelled = Buffer.from(this.#bytes.subarray(this.nameStart[i] - 1, this.nameEnd[i] + 1)).toString();
    return Buffer.from(JSON.parse(spelled) as string);
  }

  #add(nameStart: number, nameEnd: number, valueStart: number, valueEnd: number): void {
    const i = this.count++;
    if (i === this.nameStart.length) this.#grow();
    this.nameStart[i] = nameStart;
    this.nameEnd[i] = nameEnd;
    this.valueStart[i] = valueStart;
    this.valueEnd[i] = valueEnd;
  }

  #grow(): void {
    this.nameStart = doubled(this.nameStart);
    this.nameEnd = doubled(this.nameEnd);
    this.valueStart = doubled(this.valueStart);
    this.valueEnd = doubled(this.valueEnd);
  }

  /** From an opening quote to behind the closing one. */
  #skipString(at: number, to: number): number {
    const bytes = this.#bytes;
    let high = 0;
    let i = at + 1;
    for (; i < to; i++) {
      const byte = bytes[i];
      if (byte === 34) break;
      if (byte === 92) {
        this.escaped = true;
        i++;
      }
      high |= byte;
    }
    if (high >= 128) this.beyondAscii = true;
    return Math.min(i + 1, to);
  }

  #skipValue(at: number, to: number): number {
    const bytes = this.#bytes;
    const first = bytes[at];
    if (first === 34) return this.#skipString(at, to);
    if (first === 123 || first === 91) return this.#skipNested(at, to);
    let i = at;
    while (i < to && bytes[i] !== 44 && bytes[i] !== 125 && bytes[i] > 32) i++;
    return i;
  }

  #skipNested(at: number, to: number): number {
    const bytes = this.#bytes;
    let depth = 0;
    let i = at;
    while (i < to) {
      const byte = bytes[i];
      if (byte === 34) {
        i = this.#skipString(i, to);
        continue;
      }
      // [ and { are 91 and 123, ] and } two more: with bit 5 set they fall together.
      if ((byte | 32) === 123) depth++;
      else if ((byte | 32) === 125 && --depth === 0) return i + 1;
      i++;
    }
    return to;
  }
}

function skipBlanks(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && bytes[at] <= 32) at++;
  return at;
}

/** Whether bytes [from, to), a name or value, hold an escape. */
export function hasBackslash(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    if (bytes[i] === 92) return true;
  }
  return false;
}

function doubled(array: Int32Array): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(array.length * 2);
  longer.set(array);
  return longer;
}
