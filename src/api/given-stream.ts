import { pipeline, Readable } from 'node:stream';
import { TsalignError, type Warn } from '../core/problem.ts';
import type { ByteStream } from '../core/stages.ts';

/** What a stream may give: bytes, text, or objects, which are read as NDJSON. */
export type Chunk = Uint8Array | string | object;
export type Many<T> = AsyncIterable<T> | Iterable<T>;
type Items = AsyncIterator<unknown> | Iterator<unknown>;

/** What the items of an iterable are: pieces of bytes or text, wherever these end, or lines without their ends. */
export type ItemKind = 'pieces' | 'lines';

/** Texts without a line end that are lines rather than pieces of one. */
const TELLING = 8;

/** The bytes of an iterable. Closing it ends a read that waits, and tells the iterable that no more is wanted. */
export class GivenStream implements ByteStream {
  readonly #name: string;
  readonly #given: Many<unknown>;
  readonly #kind: ItemKind;
  readonly #warn: Warn;
  #items: Items | undefined;
  #rest: Uint8Array = new Uint8Array();
  #ended = false;
  /** Ends the wait for an item; not one promise for all, which would keep something of every item. */
  #leave: () => void = () => {};
  /** Items so far; texts so far, while none of them holds a line end. */
  #count = 0;
  #unended = 0;

  constructor(name: string, given: Many<unknown>, kind: ItemKind, warn: Warn) {
    this.#name = name;
    this.#given = given;
    this.#kind = kind;
    this.#warn = warn;
  }

  async read(bytes: Uint8Array, offset: number, length: number): Promise<number> {
    // An array has its items at hand: together they cost less than a promise each.
    const isArray = Array.isArray(this.#given);
    let count = this.#copy(bytes, offset, length);
    while (!this.#ended && (count === 0 || (isArray && count < length))) {
      const waits = this.#next();
      if (waits !== undefined) await waits;
      count += this.#copy(bytes, offset + count, length - count);
    }
    return count;
  }

  async close(): Promise<void> {
    this.#leave();
    if (this.#ended) return;
    this.#ended = true;
    // Not waited for: a generator that waits for its own source answers when that does.
    void Promise.resolve(this.#items?.return?.()).catch(() => {});
  }

  #copy(bytes: Uint8Array, offset: number, length: number): number {
    const count = Math.min(length, this.#rest.length);
    bytes.set(this.#rest.subarray(0, count), offset);
    this.#rest = this.#rest.subarray(count);
    return count;
  }

  /** Takes the next item; a promise where it must be waited for. */
  #next(): Promise<void> | undefined {
    this.#items ??= iteratorOf(this.#given);
    const next = this.#items.next();
    if (!('then' in next)) return this.#took(next);
    const left = new Promise<undefined>((resolve) => {
      this.#leave = () => resolve(undefined);
    });
    return Promise.race([next, left]).then((result) => this.#took(result));
  }

  /** Takes what the iterable gave; undefined where it was left. */
  #took(result: IteratorResult<unknown> | undefined): undefined {
    if (result === undefined || result.done === true) this.#end();
    else this.#rest = this.#bytesOf(result.value);
  }

  #end(): void {
    this.#ended = true;
    if (this.#unended > 1 && this.#unended < TELLING) this.#sayUnended();
  }

  #bytesOf(item: unknown): Uint8Array {
    this.#count++;
    if (this.#kind === 'lines') return this.#lineOf(item);
    if (item instanceof Uint8Array) return item;
    if (typeof item === 'string') return this.#pieceOf(item);
    this.#items = objectLines(this.#name, item, this.#items as Items)[Symbol.asyncIterator]();
    return new Uint8Array();
  }

  #lineOf(item: unknown): Uint8Array {
    if (typeof item === 'string') return Buffer.from(item.endsWith('\n') ? item : `${item}\n`);
    if (item instanceof Uint8Array) return item.at(-1) === LF ? item : Buffer.concat([item, Buffer.of(LF)]);
    const what = `item ${this.#count} is no line: it is ${item === null ? 'null' : `of type ${typeof item}`}`;
    throw new TsalignError({ code: 'unreadable', where: this.#name, what, hint: 'objects are data: { data: ... }' });
  }

  #pieceOf(text: string): Uint8Array {
    if (this.#unended === this.#count - 1) {
      if (!text.includes('\n')) this.#unended++;
      else this.#unended = -1;
      if (this.#unended === TELLING) this.#sayUnended();
    }
    return Buffer.from(text);
  }

  /** Lines that were split are the likeliest of texts without line ends, and would come together as one record. */
  #sayUnended(): void {
    const what = `its first ${this.#unended} texts have no line ends between them, and are read as one line`;
    const hint = 'where each of them is a line, give { name, lines } in place of { name, data }';
    this.#warn({ code: 'ambiguous', where: this.#name, what, hint });
  }
}

const LF = 10;

const iteratorOf = (items: Many<unknown>): Items =>
  Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();

/** Objects as lines of NDJSON, from the first one on. @throws TsalignError 'unreadable' for what JSON cannot say */
async function* objectLines(name: string, first: unknown, rest: Items): AsyncGenerator<Chunk> {
  const { default: ndjson } = await import('ndjson');
  let count = 0;
  const cannotBe = (what: string): TsalignError =>
    new TsalignError({ code: 'unreadable', where: name, what: `object ${count} cannot be a line of JSON: ${what}` });
  async function* objects() {
    for (let value = first; ; ) {
      count++;
      if (typeof value !== 'object' || value === null) throw cannotBe(`it is ${value}`);
      yield value;
      const next = await rest.next();
      if (next.done === true) return;
      value = next.value;
    }
  }
  try {
    yield* pipeline(Readable.from(objects()), ndjson.stringify(), () => {}) as AsyncIterable<Chunk>;
  } catch (error) {
    // What the caller's own iterable throws comes as it is.
    throw error instanceof TypeError && /JSON|serialize/.test(error.message) ? cannotBe(error.message) : error;
  }
}
