import type { Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflateRaw } from 'node:zlib';
import { type Damage, DecodeError, type Decoder, EMPTY } from './decoder.ts';

/** Bytes of text that a decoder hands over at a time: 64, 256 and 512 KiB took longer, the larger ones for the fresh memory of each. */
const CHUNK_BYTES = 128 * 1024;

/** RFC 1952. Rotated logs are often several members one behind the other; createGunzip reads them all. */
export const gunzip = (): Decoder => new ZlibDecoder(createGunzip({ chunkSize: CHUNK_BYTES }));

/** RFC 7932. */
export const brotli = (): Decoder => new ZlibDecoder(createBrotliDecompress({ chunkSize: CHUNK_BYTES }));

/** RFC 1951, as in zip archives. */
export const inflateRaw = (): Decoder => new ZlibDecoder(createInflateRaw({ chunkSize: CHUNK_BYTES }));

/** A stream of node:zlib, which works on a thread of its own; of a piece in which it finds damage it gives no text. */
class ZlibDecoder implements Decoder {
  readonly #stream: Transform & { bytesWritten: number };
  #piece: Uint8Array = EMPTY;
  #fed = 0;
  #feeding = false;
  #inputEnded = false;
  #textEnded = false;
  #failed: Error | undefined;
  #wake: () => void = () => {};

  constructor(stream: Transform & { bytesWritten: number }) {
    this.#stream = stream;
    stream.on('readable', () => this.#wake());
    stream.on('end', () => this.#wakeWith(() => (this.#textEnded = true)));
    stream.on('error', (error) => this.#wakeWith(() => (this.#failed = error)));
  }

  feed(bytes: Uint8Array): void {
    this.#piece = bytes;
    this.#fed += bytes.length;
    this.#feeding = true;
    this.#stream.write(bytes, () => this.#wakeWith(() => (this.#feeding = false)));
  }

  end(): void {
    this.#inputEnded = true;
    this.#stream.end();
  }

  async next(): Promise<Uint8Array | undefined> {
    for (;;) {
      const chunk: Buffer | null = this.#stream.read();
      if (chunk !== null) return chunk;
      if (this.#failed !== undefined) throw new DecodeError(this.#damageOf(this.#failed));
      if (this.#textEnded || !(this.#feeding || this.#inputEnded)) return this.#checkUnused();
      await this.#event();
    }
  }

  close(): void {
    this.#stream.destroy();
  }

  #damageOf({ message }: Error): Damage {
    if (/^incorrect (data|length) check$/.test(message)) return 'checksum';
    return this.#inputEnded ? 'ended' : 'damaged';
  }

  /** node:zlib passes over what follows the end of the data in silence, gunzip where that begins with NUL (padding). */
  #checkUnused(): undefined {
    const unused = Math.min(this.#fed - this.#stream.bytesWritten, this.#piece.length);
    if (unused > 0 && this.#piece.subarray(-unused).some((byte) => byte !== 0)) throw new DecodeError('damaged');
  }

  #event(): Promise<void> {
    return new Promise((wake) => {
      this.#wake = wake;
    });
  }

  #wakeWith(change: () => void): void {
    change();
    this.#wake();
  }
}
