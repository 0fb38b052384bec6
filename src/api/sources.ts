import { pipeline, Readable } from 'node:stream';
import { TsalignError } from '../core/problem.ts';
import type { ByteStream } from '../core/stages.ts';

/** What a stream may give: bytes, text, or objects, which are read as NDJSON. */
export type Chunk = Uint8Array | string | object;
type Chunks = AsyncIterable<Chunk> | Iterable<Chunk>;

/**
 * Where records come from: a path, glob or folder; bytes; a stream or iterable of bytes, text or objects; or one of these
 * with the name that it has in records, messages and settings. A stream is read once.
 */
export type Source = string | Uint8Array | Chunks | { name: string; data: Uint8Array | Chunks };

/** Sources as a request names them, and the streams behind the names that are no paths. */
export interface NamedSources {
  names: string[];
  streams: Map<string, ByteStream>;
}

/**
 * Gives those without a name one: stream1, stream2.
 * @throws TsalignError 'usage' for what is no source
 */
export function nameSources(sources: readonly Source[]): NamedSources {
  if (!Array.isArray(sources)) throw wrongSource('sources', 'not an array', 'give [source, ...]');
  const streams = new Map<string, ByteStream>();
  const names = sources.map((source, i) => {
    if (typeof source === 'string') return source;
    const { name, data } = isNamed(source) ? source : { name: `stream${i + 1}`, data: source };
    if (streams.has(name)) throw wrongSource(name, 'two sources have this name', 'give each its own');
    if (!isChunks(data)) throw wrongSource(name, 'gives no bytes', 'give a path, bytes, a stream or an iterable');
    streams.set(name, new GivenStream(name, data instanceof Uint8Array ? [data] : data));
    return name;
  });
  return { names, streams };
}

const wrongSource = (where: string, what: string, hint: string): TsalignError =>
  new TsalignError({ code: 'usage', where, what, hint });

const isChunks = (data: unknown): boolean =>
  typeof data === 'object' && data !== null && (Symbol.asyncIterator in data || Symbol.iterator in data);

const isNamed = (source: Exclude<Source, string>): source is { name: string; data: Uint8Array | Chunks } =>
  typeof source === 'object' &&
  source !== null &&
  'name' in source &&
  'data' in source &&
  typeof source.name === 'string';

/** The bytes of an iterable. Closing it ends a read that waits, and tells the iterable that no more is wanted. */
class GivenStream implements ByteStream {
  readonly #name: string;
  readonly #chunks: Chunks;
  #iterator: AsyncIterator<Chunk> | Iterator<Chunk> | undefined;
  #rest: Uint8Array = new Uint8Array();
  #ended = false;
  #end: () => void = () => {};
  readonly #closed = new Promise<undefined>((resolve) => {
    this.#end = () => resolve(undefined);
  });

  constructor(name: string, chunks: Chunks) {
    this.#name = name;
    this.#chunks = chunks;
  }

  async read(bytes: Uint8Array, offset: number, length: number): Promise<number> {
    while (this.#rest.length === 0 && !this.#ended) await this.#next();
    const count = Math.min(length, this.#rest.length);
    bytes.set(this.#rest.subarray(0, count), offset);
    this.#rest = this.#rest.subarray(count);
    return count;
  }

  async close(): Promise<void> {
    this.#end();
    if (this.#ended) return;
    this.#ended = true;
    // Not waited for: a generator that waits for its own source answers when that does.
    void Promise.resolve(this.#iterator?.return?.()).catch(() => {});
  }

  async #next(): Promise<void> {
    this.#iterator ??= iteratorOf(this.#chunks);
    const result = await Promise.race([this.#iterator.next(), this.#closed]);
    if (result === undefined || result.done === true) this.#ended = true;
    else await this.#take(result.value);
  }

  async #take(chunk: Chunk): Promise<void> {
    if (chunk instanceof Uint8Array) this.#rest = chunk;
    else if (typeof chunk === 'string') this.#rest = Buffer.from(chunk);
    else {
      const lines = objectLines(this.#name, chunk, this.#iterator as AsyncIterator<Chunk>);
      this.#iterator = lines[Symbol.asyncIterator]();
    }
  }
}

const iteratorOf = (chunks: Chunks): AsyncIterator<Chunk> | Iterator<Chunk> =>
  Symbol.asyncIterator in chunks ? chunks[Symbol.asyncIterator]() : chunks[Symbol.iterator]();

/** Objects as lines of NDJSON, from the first one on. @throws TsalignError 'unreadable' for what JSON cannot say */
async function* objectLines(
  name: string,
  first: unknown,
  rest: AsyncIterator<Chunk> | Iterator<Chunk>,
): AsyncGenerator<Chunk> {
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
