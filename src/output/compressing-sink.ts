import { extname } from 'node:path';
import { zlibModule } from '../core/builtins.ts';
import { TsalignError } from '../core/problem.ts';
import type { Sink } from '../core/stages.ts';

/** Compresses some bytes so that what comes of several calls, one behind the other, is what comes of all the bytes. */
type Pack = (bytes: Uint8Array) => Uint8Array;

interface OutputCompression {
  name: string;
  extension: string;
  /** What does it; undefined where this Node cannot. */
  codec(): Codec | undefined;
}

/** Compresses, and reads again what came of one call. */
export interface Codec {
  pack: Pack;
  unpack: Pack;
}

/** Node has Zstandard from 22.15 on, which the types of the oldest Node do not know. */
interface NewerZlib {
  zstdCompressSync?: Pack;
  zstdDecompressSync?: Pack;
}

/** How outputs can be compressed: gzip in members (RFC 1952, 2.2), Zstandard in frames (RFC 8878, 3). */
const OUTPUT_COMPRESSIONS: readonly OutputCompression[] = [
  {
    name: 'gzip',
    extension: '.gz',
    codec() {
      const { gzipSync, gunzipSync } = zlibModule();
      return { pack: (bytes) => gzipSync(bytes), unpack: (bytes) => gunzipSync(bytes) };
    },
  },
  {
    name: 'zstd',
    extension: '.zst',
    codec() {
      const { zstdCompressSync, zstdDecompressSync } = zlibModule() as NewerZlib;
      return zstdCompressSync && zstdDecompressSync && { pack: zstdCompressSync, unpack: zstdDecompressSync };
    },
  },
];

/** Bytes that are compressed together: more gains less than 1 % of the size, and what is read back may begin at each. */
const PIECE = 2 ** 20;

/** A sink whose bytes are compressed. */
export interface CompressingSink extends Sink {
  /** Ends the piece that was begun, so that all that was written is in the sink behind this one. */
  flush(): void;
}

/** The compression that the ending of a file's name asks for. */
export const compressionByName = (path: string): string | undefined =>
  OUTPUT_COMPRESSIONS.find(({ extension }) => extension === extname(path).toLowerCase())?.name;

/** A path without the ending that names its compression. @example 'day.ndjson.gz' → 'day.ndjson' */
export const withoutCompression = (path: string): string =>
  compressionByName(path) === undefined ? path : path.slice(0, -extname(path).length);

/** @throws TsalignError 'usage' where this Node cannot compress like that */
export function codecNamed(compression: string, where: string): Codec {
  const codec = OUTPUT_COMPRESSIONS.find(({ name }) => name === compression)?.codec();
  if (codec !== undefined) return codec;
  const what = `this Node cannot write ${compression}, which Node 22.15 and later can`;
  throw new TsalignError({ code: 'usage', where, what, hint: 'use gzip' });
}

/**
 * Compresses what goes to a sink, in pieces, so that the same bytes become the same bytes on every run of one Node, and
 * what is appended later is only put behind.
 * @param open gives the sink, where this Node can compress like that
 * @param where the output, for messages
 * @throws TsalignError 'usage' where this Node cannot compress like that
 */
export function compressingSink(
  open: () => Sink & { isEmpty?: boolean },
  compression: string,
  where: string,
): CompressingSink {
  const { pack } = codecNamed(compression, where);
  const sink = open();
  const piece = new Uint8Array(PIECE);
  let length = 0;
  // Of nothing, too, something must be written: a file without a member is no gzip file.
  let isEmpty = sink.isEmpty ?? true;
  const flush = (): void => {
    if (length > 0 || isEmpty) sink.write(pack(piece.subarray(0, length)));
    isEmpty = false;
    length = 0;
  };
  const write = (bytes: Uint8Array): void => {
    for (let from = 0; from < bytes.length; ) {
      const count = Math.min(PIECE - length, bytes.length - from);
      piece.set(bytes.subarray(from, from + count), length);
      length += count;
      from += count;
      if (length === PIECE) flush();
    }
  };
  return {
    write,
    flush,
    followName: () => sink.followName?.(),
    commit() {
      flush();
      sink.commit();
    },
    abort: () => sink.abort(),
  };
}
