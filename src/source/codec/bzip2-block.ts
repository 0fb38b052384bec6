import type { BitReader } from './bits.ts';

/** A block as it was sorted: for each place its byte (the low 8 bits) and the place that follows it (the upper 24). */
export interface BlockTables {
  block: Uint32Array;
  /** Places in use, and the one at which the text begins. */
  count: number;
  start: number;
}

const MAX_LENGTH = 20; // bits of a code
const GROUP_SYMBOLS = 50; // coded by the same table
const MAX_SYMBOLS = 258;
/** Codes of so many bits and fewer are looked up, longer ones searched for: nearly all symbols have short ones. */
const QUICK_BITS = 10;

/** One Huffman code. */
interface Code {
  /** For the next QUICK_BITS bits: symbol · 32 + length, or 0 where the code is longer. */
  quick: Uint16Array;
  /** For each length: the first code behind those of the length (aligned to MAX_LENGTH bits), and what to add to find its symbol. */
  limit: Int32Array;
  shift: Int32Array;
  symbols: Uint16Array;
}

/**
 * Reads what follows the magic and the checksum of a block, and undoes all but the last of its steps. False where it
 * is damaged; where bytes are missing anything may come back, which the caller finds out from the reader.
 */
export function readBlock(bits: BitReader, tables: BlockTables): boolean {
  if (bits.take(1) !== 0) return false; // "randomised", which no bzip2 since 1999 writes
  const start = bits.take(24);
  const bytes = readSymbolMap(bits);
  const groups = bits.take(3);
  const selectors = readSelectors(bits, groups);
  if (bytes.length === 0 || selectors === undefined) return false;
  const codes: Code[] = [];
  for (let i = 0; i < groups; i++) {
    const lengths = readLengths(bits, bytes.length + 2);
    if (lengths === undefined) return false;
    codes.push(makeCode(lengths));
  }
  const counts = new Int32Array(256);
  tables.count = readSymbols(bits, codes, selectors, bytes, tables.block, counts);
  if (tables.count < 0 || start >= tables.count) return false;
  tables.start = start;
  linkPlaces(tables.block, tables.count, counts);
  return true;
}

/** The bytes that occur. */
function readSymbolMap(bits: BitReader): Uint8Array {
  const used = bits.take(16);
  const bytes: number[] = [];
  for (let high = 0; high < 16; high++) {
    if (((used >> (15 - high)) & 1) === 0) continue;
    const map = bits.take(16);
    for (let low = 0; low < 16; low++) if ((map >> (15 - low)) & 1) bytes.push(16 * high + low);
  }
  return Uint8Array.from(bytes);
}

/** Which code each group of 50 symbols has: numbers that were moved to the front, in unary. */
function readSelectors(bits: BitReader, groups: number): Uint8Array | undefined {
  const count = bits.take(15);
  if (groups < 2 || groups > 6 || count === 0) return undefined;
  const order = Array.from({ length: groups }, (_, i) => i);
  const selectors = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    let place = 0;
    while (bits.take(1) === 1) if (++place >= groups || bits.overrun) return undefined;
    const [moved] = order.splice(place, 1);
    order.unshift(moved);
    selectors[i] = moved;
  }
  return selectors;
}

/** The length of each symbol's code, as differences. */
function readLengths(bits: BitReader, symbols: number): Uint8Array | undefined {
  const lengths = new Uint8Array(symbols);
  let length = bits.take(5);
  for (let i = 0; i < symbols; i++) {
    for (;;) {
      if (length < 1 || length > MAX_LENGTH || bits.overrun) return undefined;
      if (bits.take(1) === 0) break;
      length += bits.take(1) === 0 ? 1 : -1;
    }
    lengths[i] = length;
  }
  return lengths;
}

/** The canonical code of these lengths. */
function makeCode(lengths: Uint8Array): Code {
  const code: Code = {
    quick: new Uint16Array(1 << QUICK_BITS),
    limit: new Int32Array(MAX_LENGTH + 2),
    shift: new Int32Array(MAX_LENGTH + 2),
    symbols: new Uint16Array(MAX_SYMBOLS),
  };
  let next = 0;
  let count = 0;
  for (let length = 1; length <= MAX_LENGTH; length++) {
    code.shift[length] = count - next;
    for (let symbol = 0; symbol < lengths.length; symbol++) {
      if (lengths[symbol] !== length) continue;
      if (length <= QUICK_BITS) {
        const from = next << (QUICK_BITS - length);
        code.quick.fill(symbol * 32 + length, from, from + (1 << (QUICK_BITS - length)));
      }
      code.symbols[count++] = symbol;
      next++;
    }
    code.limit[length] = next * 2 ** (MAX_LENGTH - length);
    next *= 2;
  }
  return code;
}

/**
 * Reads all symbols into block[0 …), a byte each, and counts the bytes. A symbol is a byte by its place in a list from
 * which it moves to the front; runs of the first one are binary numbers of two symbols.
 * @returns how many bytes there are, −1 where they do not fit or the bits are no code
 */
function readSymbols(
  bits: BitReader,
  codes: readonly Code[],
  selectors: Uint8Array,
  list: Uint8Array,
  block: Uint32Array,
  counts: Int32Array,
): number {
  const endSymbol = list.length + 1;
  let count = 0;
  let run = 0;
  let weight = 1;
  for (let group = 0; group < selectors.length; group++) {
    const code = codes[selectors[group]];
    if (bits.overrun) return -1;
    for (let i = 0; i < GROUP_SYMBOLS; i++) {
      const symbol = readSymbol(bits, code);
      if (symbol < 0) return -1;
      if (symbol < 2) {
        run += weight << symbol;
        weight <<= 1;
        if (run > block.length - count) return -1;
        continue;
      }
      if (run > 0) {
        block.fill(list[0], count, count + run);
        counts[list[0]] += run;
        count += run;
        run = 0;
        weight = 1;
      }
      if (symbol === endSymbol) return count;
      if (symbol > endSymbol || count === block.length) return -1;
      const byte = list[symbol - 1];
      moveToFront(list, symbol - 1);
      block[count++] = byte;
      counts[byte]++;
    }
  }
  return -1;
}

function readSymbol(bits: BitReader, { quick, limit, shift, symbols }: Code): number {
  let { buffer, count } = bits;
  while (count < MAX_LENGTH) {
    buffer = (buffer << 8) | bits.bytes[bits.at++];
    count += 8;
  }
  bits.buffer = buffer;
  const entry = quick[(buffer >>> (count - QUICK_BITS)) & ((1 << QUICK_BITS) - 1)];
  if (entry > 0) {
    bits.count = count - (entry & 31);
    return entry >> 5;
  }
  const ahead = (buffer >>> (count - MAX_LENGTH)) & ((1 << MAX_LENGTH) - 1);
  for (let length = QUICK_BITS + 1; length <= MAX_LENGTH; length++) {
    if (ahead >= limit[length]) continue;
    bits.count = count - length;
    return symbols[(ahead >>> (MAX_LENGTH - length)) + shift[length]];
  }
  return -1;
}

function moveToFront(list: Uint8Array, place: number): void {
  const moved = list[place];
  if (place > 24) list.copyWithin(1, 0, place);
  else for (let i = place; i > 0; i--) list[i] = list[i - 1];
  list[0] = moved;
}

/** Writes above each byte the place of the one that follows it in the text. */
function linkPlaces(block: Uint32Array, count: number, counts: Int32Array): void {
  let sum = 0;
  for (let byte = 0; byte < 256; byte++) {
    const first = sum;
    sum += counts[byte];
    counts[byte] = first;
  }
  for (let place = 0; place < count; place++) {
    const byte = block[place] & 0xff;
    block[counts[byte]++] |= place << 8;
  }
}
