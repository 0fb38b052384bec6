import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { ByteStream } from '../../src/core/stages.ts';
import { longText } from './long-text.ts';
import { FIXTURES } from './tools.ts';

export const TEXTS = {
  empty: Buffer.alloc(0),
  short: readFileSync(join(FIXTURES, 'service.log')),
  long: longText(),
};

export const compressedFile = (name: string): Buffer => readFileSync(join(FIXTURES, 'compressed', name));

type Samples = Record<keyof typeof TEXTS, Buffer>;

const madeBy = (compress: (text: Buffer) => Buffer): Samples => ({
  empty: compress(TEXTS.empty),
  short: compress(TEXTS.short),
  long: compress(TEXTS.long),
});

const committed = (ending: string): Samples => ({
  empty: compressedFile(`empty${ending}`),
  short: compressedFile(`short${ending}`),
  long: compressedFile(`long${ending}`),
});

/** For every row of the table: the texts, compressed. */
export const SAMPLES: Record<string, Samples> = {
  gzip: madeBy((text) => gzipSync(text)),
  brotli: madeBy((text) => brotliCompressSync(text, { params: { 1: 5 } })),
  zstd: committed('.zst'),
  xz: committed('.xz'),
  bzip2: committed('.bz2'),
  lz4: committed('.lz4'),
};

/** A stream over bytes that gives `step` of them at a time, later. */
export function streamOf(bytes: Uint8Array, step = 5000): ByteStream {
  let at = 0;
  return {
    async read(into, offset, length) {
      const piece = bytes.subarray(at, at + Math.min(length, step));
      into.set(piece, offset);
      at += piece.length;
      return piece.length;
    },
    close() {},
  };
}
