import type { Memory } from '../core/memory.ts';
import { equalBytes, hashBytes } from '../kernel/hash.ts';

/** Words of an entry: hash, where its copy of the bytes lies and how long it is, identity, the three counts, the next of the chain. */
const HASH = 0;
const OFFSET = 1;
const LENGTH = 2;
const IDENTITY = 3;
const EARLIER = 4;
const SOURCE = 5;
const COPIES = 6;
const NEXT = 7;
const WORDS = 8;

/**
 * The different records of one instant, with how many copies of each the sources have had. Equality is of bytes, found
 * through a hash. Everything lies in one region of the memory: entries in front, copies of the bytes behind.
 */
export class ContentTable {
  readonly #memory: Memory;
  readonly #identityOf: (row: number) => number;
  readonly #entries: Int32Array;
  readonly #slots: Int32Array;
  readonly #entryLimit: number;
  readonly #bytesFrom: number;
  readonly #bytesTo: number;
  #count = 0;
  #position: number;

  /**
   * @param identityOf a number that two records must share to be duplicates at all: of their series and their CSV header.
   * @param length bytes of memory to take; an eighth is for entries.
   */
  constructor(memory: Memory, length: number, identityOf: (row: number) => number) {
    this.#memory = memory;
    this.#identityOf = identityOf;
    const region = memory.regions.take(length);
    const aligned = (region + 3) & ~3;
    const slotCount = 1 << Math.max(4, 31 - Math.clz32(length / 8 / ((WORDS + 1) * 4)));
    this.#entryLimit = slotCount;
    this.#entries = new Int32Array(memory.bytes.buffer, aligned, slotCount * WORDS);
    this.#slots = new Int32Array(memory.bytes.buffer, aligned + this.#entries.byteLength, slotCount).fill(-1);
    this.#bytesFrom = aligned + this.#entries.byteLength + this.#slots.byteLength;
    this.#bytesTo = region + length;
    this.#position = this.#bytesFrom;
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /** Forgets all entries. Costs by their number, not by the size of the table. */
  clear(): void {
    for (let e = 0; e < this.#count; e++) {
      this.#slots[this.#entries[e * WORDS + HASH] & (this.#entryLimit - 1)] = -1;
    }
    this.#count = 0;
    this.#position = this.#bytesFrom;
  }

  /**
   * Counts the record of a row.
   * @returns which copy of its source it is, and the most copies that an earlier source had, through `copies` and
   * `earlier`; false where the record is new and there is no room for it.
   */
  count(row: number): boolean {
    const { start, end, source } = this.#memory;
    const identity = this.#identityOf(row);
    const from = start[row];
    const length = end[row] - from;
    const hash = hashBytes(this.#memory, from, from + length, identity);
    const found = this.#find(hash, identity, from, length);
    const entry = found >= 0 ? found : this.#add(hash, identity, from, length, source[row]);
    if (entry < 0) return false;
    const e = this.#entries;
    if (e[entry + SOURCE] !== source[row]) {
      e[entry + EARLIER] = Math.max(e[entry + EARLIER], e[entry + COPIES]);
      e[entry + SOURCE] = source[row];
      e[entry + COPIES] = 0;
    }
    e[entry + COPIES] = e[entry + COPIES] + 1;
    this.copies = e[entry + COPIES];
    this.earlier = e[entry + EARLIER];
    return true;
  }
  copies = 0;
  earlier = 0;

  #find(hash: number, identity: number, from: number, length: number): number {
    const e = this.#entries;
    for (let entry = this.#slots[hash & (this.#entryLimit - 1)]; entry >= 0; entry = e[entry + NEXT]) {
      if (e[entry + HASH] !== (hash | 0) || e[entry + IDENTITY] !== identity || e[entry + LENGTH] !== length) continue;
      if (equalBytes(this.#memory, e[entry + OFFSET], from, length)) return entry;
    }
    return -1;
  }

  #add(hash: number, identity: number, from: number, length: number, source: number): number {
    if (this.#count === this.#entryLimit || this.#position + length > this.#bytesTo) return -1;
    const slot = hash & (this.#entryLimit - 1);
    const entry = this.#count++ * WORDS;
    const e = this.#entries;
    this.#memory.bytes.copyWithin(this.#position, from, from + length);
    e[entry + HASH] = hash;
    e[entry + OFFSET] = this.#position;
    e[entry + LENGTH] = length;
    e[entry + IDENTITY] = identity;
    e[entry + EARLIER] = 0;
    e[entry + SOURCE] = source;
    e[entry + COPIES] = 0;
    e[entry + NEXT] = this.#slots[slot];
    this.#slots[slot] = entry;
    this.#position += length;
    return entry;
  }
}
