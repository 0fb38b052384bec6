import { Interface } from 'node:readline';
import { TsalignError, type Warn } from '../core/problem.ts';
import type { ByteStream } from '../core/stages.ts';
import { type Chunk, GivenStream, type ItemKind, type Many } from './given-stream.ts';

/** A source with the name that it has in records, messages and settings; without one: stream1, stream2. */
export type NamedSource =
  | { name?: string /** Bytes, text, or a stream or iterable of either, or of objects. */; data: Data }
  | { name?: string /** Lines without their line ends, such as readline gives. */; lines: Many<string | Uint8Array> };

type Data = string | Uint8Array | Many<Chunk>;

/**
 * Where records come from: a path, glob or folder; bytes; a stream or iterable of bytes, text or objects; or one of these
 * with a name. Texts of an iterable are pieces, wherever they end; lines without line ends are given as `{ lines }`. A
 * stream is read once.
 */
export type Source = string | Uint8Array | Many<Chunk> | NamedSource;

/** Sources as a request names them, and the streams behind the names that are no paths. */
export interface NamedSources {
  names: string[];
  streams: Map<string, ByteStream>;
}

/**
 * Gives those without a name one: stream1, stream2.
 * @throws TsalignError 'usage' for what is no source
 */
export function nameSources(sources: readonly Source[], warn: Warn): NamedSources {
  if (!Array.isArray(sources)) throw wrongSource('sources', 'not an array', 'give [source, ...]');
  const streams = new Map<string, ByteStream>();
  const names = sources.map((source: unknown, i) => {
    if (typeof source === 'string') return source;
    const { name, items, kind } = describe(source, `stream${i + 1}`);
    if (streams.has(name)) throw wrongSource(name, 'two sources have this name', 'give each its own');
    if (!isIterable(items)) throw wrongSource(name, 'gives no bytes', 'give a path, bytes, a stream or an iterable');
    streams.set(name, new GivenStream(name, items, kind, warn));
    return name;
  });
  return { names, streams };
}

const wrongSource = (where: string, what: string, hint: string): TsalignError =>
  new TsalignError({ code: 'usage', where, what, hint });

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const isIterable = (items: unknown): items is Many<unknown> =>
  isObject(items) && (Symbol.asyncIterator in items || Symbol.iterator in items);

/** What a source that is no path gives, under which name. */
function describe(source: unknown, otherwise: string): { name: string; items: unknown; kind: ItemKind } {
  const isNamed = isObject(source) && !isIterable(source) && ('data' in source || 'lines' in source);
  if (!isNamed) return { name: otherwise, ...itemsOf(source) };
  const { name = otherwise, data, lines } = source as { name?: unknown; data?: unknown; lines?: unknown };
  if (typeof name !== 'string') throw wrongSource(otherwise, 'its name is no text', 'give { name: ..., data: ... }');
  if (lines === undefined) return { name, ...itemsOf(data) };
  if (data !== undefined) throw wrongSource(name, 'has both data and lines', 'give one of the two');
  return { name, items: lines, kind: 'lines' };
}

/** Text and bytes are one item. */
const itemsOf = (data: unknown): { items: unknown; kind: ItemKind } => ({
  items: typeof data === 'string' || data instanceof Uint8Array ? [data] : data,
  kind: 'pieces',
});

/**
 * The same sources, those of readline as lines. It tells its lines to whoever listens when they come, and keeps none: so
 * this is to be called at once, whenever they are read.
 */
export function listening(sources: readonly Source[]): readonly Source[] {
  if (!Array.isArray(sources)) return sources;
  return sources.map((source: Source) => {
    if (source instanceof Interface) return { lines: linesOf(source) };
    if (!isObject(source)) return source;
    const { data, lines } = source as { data?: unknown; lines?: unknown };
    if (lines instanceof Interface) return { ...source, lines: linesOf(lines) };
    if (!(data instanceof Interface)) return source;
    const { data: _data, ...named } = source as { data: unknown };
    return { ...named, lines: linesOf(data) };
  });
}

function linesOf(readline: Interface): AsyncIterable<string> {
  const items = readline[Symbol.asyncIterator]();
  return { [Symbol.asyncIterator]: () => items };
}
