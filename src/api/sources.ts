import { pipeline, Readable } from 'node:stream';
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

/** Gives those without a name one: stream1, stream2. */
export function nameSources(sources: readonly Source[]): NamedSources {
  const streams = new Map<string, ByteStream>();
  const names = sources.map((source, i) => {
    if (typeof source === 'string') return source;
    const { name, data } = isNamed(source) ? source : { name: `stream${i + 1}`, data: source };
    if (streams.has(name)) throw new TypeError(`two sources are called ${name}`);
    streams.set(name, new GivenStream(data instanceof Uint8Array ? [data] : data));
    return name;
  });
  return { names, streams };
}

const isNamed = (source: Exclude<Source, string>): source is { name: string; data: Uint8Array | Chunks } =>
  'name' in source && 'data' in source && typeof source.name === 'string';

/** The bytes of an iterable. Closing it ends a read that waits, and tells the iterable that no more is wanted. */
class GivenStream implements ByteStream {
  readonly #chunks: Chunks;
  #iterator: AsyncIterator<Chunk> | Iterator<Chunk> | undefined;
  #rest: Uint8Array = new Uint8Array();
  #ended = false;
  #end: () => void = () => {};
  readonly #closed = new Promise<undefined>((resolve) => {
    this.#end = () => resolve(undefined);
  });

  constructor(chunks: Chunks) {
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
      const lines = objectLines(chunk, this.#iterator as AsyncIterator<Chunk>);
      this.#iterator = lines[Symbol.asyncIterator]();
    }
  }
}

const iteratorOf = (chunks: Chunks): AsyncIterator<Chunk> | Iterator<Chunk> =>
  Symbol.asyncIterator in chunks ? chunks[Symbol.asyncIterator]() : chunks[Symbol.iterator]();

/** Objects as lines of NDJSON, from the first one on. */
async function* objectLines(first: object, rest: AsyncIterator<Chunk> | Iterator<Chunk>): AsyncGenerator<Chunk> {
  const { default: ndjson } = await import('ndjson');
  async function* objects() {
    yield first;
    yield* { [Symbol.asyncIterator]: () => rest as AsyncIterator<Chunk> };
  }
  yield* pipeline(Readable.from(objects()), ndjson.stringify(), () => {}) as AsyncIterable<Chunk>;
}
