import type { ByteStream } from '../core/stages.ts';
import type { Encoding, FoundEncoding } from './encoding.ts';
import { broken, type Pieces } from './line-breaks.ts';

/** Bytes of another encoding that are turned into UTF-8 at a time. */
const PIECE_BYTES = 64 * 1024;

/**
 * The UTF-8 text of a stream: without its byte order mark, turned into UTF-8 where it is something else, its lines ended
 * by LF, and a line for each of what stands on one.
 * @param cut receives the encoding where the text ends within a character of it
 */
export function textOf(
  stream: ByteStream,
  { encoding, mark, returns, breaks }: FoundEncoding,
  cut: (encoding: string) => void,
): ByteStream {
  const unmarked = mark === 0 ? stream : new SkippingStream(stream, mark);
  const text = encoding === undefined ? unmarked : new TurnedStream(unmarked, transcoding(encoding, cut));
  if (breaks !== undefined) return new TurnedStream(text, breaks.createPieces());
  return returns ? withLineFeeds(text) : text;
}

const CR = 13;
const LF = 10;

function putLineFeeds(bytes: Uint8Array): void {
  for (let at = bytes.indexOf(CR); at >= 0; at = bytes.indexOf(CR, at + 1)) bytes[at] = LF;
}

/** A stream with LF in the place of CR. Reads at once where the other one does. */
function withLineFeeds(stream: ByteStream): ByteStream {
  return {
    read(bytes, offset, length) {
      const taken = (count: number): number => {
        putLineFeeds(bytes.subarray(offset, offset + count));
        return count;
      };
      const count = stream.read(bytes, offset, length);
      return typeof count === 'number' ? taken(count) : count.then(taken);
    },
    close: () => stream.close(),
  };
}

/** The UTF-8 text of some bytes that begin with a whole character. */
export function textOfBytes(bytes: Uint8Array, { encoding, returns, breaks }: FoundEncoding): Uint8Array {
  const text = encoding === undefined ? bytes : decodedBytes(bytes, encoding);
  if (breaks !== undefined) return broken(text, breaks.createPieces());
  if (!returns) return text;
  const copy = Uint8Array.from(text);
  putLineFeeds(copy);
  return copy;
}

function decodedBytes(bytes: Uint8Array, encoding: Encoding): Uint8Array {
  // Cut at the end, a character would become a replacement character.
  const whole = bytes.subarray(0, bytes.length - (bytes.length % encoding.unit));
  return Buffer.from(encoding.createDecoder().write(bufferOf(whole)));
}

const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** A stream without its first bytes. Reads at once where the other one does. */
class SkippingStream implements ByteStream {
  readonly #inner: ByteStream;
  #left: number;

  constructor(inner: ByteStream, count: number) {
    this.#inner = inner;
    this.#left = count;
  }

  read(bytes: Uint8Array, offset: number, length: number): number | Promise<number> {
    while (this.#left > 0) {
      const scratch = new Uint8Array(this.#left);
      const count = this.#inner.read(scratch, 0, this.#left);
      if (typeof count !== 'number') return this.#continue(count, bytes, offset, length);
      if (count === 0) return 0;
      this.#left -= count;
    }
    return this.#inner.read(bytes, offset, length);
  }

  close(): void | Promise<void> {
    return this.#inner.close();
  }

  async #continue(first: Promise<number>, bytes: Uint8Array, offset: number, length: number): Promise<number> {
    const count = await first;
    if (count === 0) return 0;
    this.#left -= count;
    return this.read(bytes, offset, length);
  }
}

/** Turns another encoding into UTF-8; what is no character of it becomes U+FFFD. */
function transcoding({ name, unit, createDecoder }: Encoding, cut: (encoding: string) => void): Pieces {
  const decoder = createDecoder();
  let taken = 0;
  return {
    write(bytes) {
      taken += bytes.length;
      return Buffer.from(decoder.write(bytes));
    },
    end() {
      if (taken % unit !== 0) cut(name);
      return Buffer.from(decoder.end() ?? '');
    },
  };
}

/** What pieces make of a stream. Reads at once where the other one does. */
class TurnedStream implements ByteStream {
  readonly #inner: ByteStream;
  readonly #pieces: Pieces;
  readonly #piece = Buffer.alloc(PIECE_BYTES);
  #text: Uint8Array = new Uint8Array(0);
  #ended = false;

  constructor(inner: ByteStream, pieces: Pieces) {
    this.#inner = inner;
    this.#pieces = pieces;
  }

  read(bytes: Uint8Array, offset: number, length: number): number | Promise<number> {
    while (this.#text.length === 0 && !this.#ended) {
      const count = this.#inner.read(this.#piece, 0, PIECE_BYTES);
      if (typeof count !== 'number') return count.then((now) => this.#take(now).read(bytes, offset, length));
      this.#take(count);
    }
    const given = this.#text.subarray(0, length);
    bytes.set(given, offset);
    this.#text = this.#text.subarray(given.length);
    return given.length;
  }

  close(): void | Promise<void> {
    return this.#inner.close();
  }

  #take(count: number): this {
    this.#ended = count === 0;
    this.#text = this.#ended ? this.#pieces.end() : this.#pieces.write(this.#piece.subarray(0, count));
    return this;
  }
}
