import type { Transform } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** One way in which sources are compressed. */
export interface Compression {
  name: string;
  /** For help and for tests; what a source is, its first bytes decide. */
  extensions: readonly string[];
  /** The bytes with which such a file begins. */
  magic: readonly number[];
  /**
   * A stream that turns compressed bytes into text and fails where they are damaged. A heavy codec imports its package
   * here, so that nobody else pays for it.
   */
  createDecoder(): Transform | Promise<Transform>;
}

/** Bytes of text that a decoder hands over at a time: 256 KiB gave 770 MB/s where 64 KiB gave 460. */
const CHUNK_BYTES = 256 * 1024;

export const COMPRESSIONS: readonly Compression[] = [
  // RFC 1952. Rotated logs are often several members one behind the other; createGunzip reads them all.
  {
    name: 'gzip',
    extensions: ['.gz'],
    magic: [0x1f, 0x8b],
    createDecoder: () => createGunzip({ chunkSize: CHUNK_BYTES }),
  },
];

/** The longest magic: so many bytes of a source decide. */
export const MAGIC_BYTES = Math.max(...COMPRESSIONS.map((row) => row.magic.length));

/** How a source that begins with `head` is compressed, if it is. */
export function compressionOf(head: Uint8Array): Compression | undefined {
  return COMPRESSIONS.find((row) => row.magic.every((byte, i) => head[i] === byte));
}
