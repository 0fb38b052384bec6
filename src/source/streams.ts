import { read as readCallback } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { formatCount } from '../core/count-text.ts';
import { TsalignError } from '../core/problem.ts';
import type { ByteStream } from '../core/stages.ts';
import { errnoOf, readError } from './errno.ts';

// node:util would do this too, but from Node 22 on loading it brings in half of node:assert.
const readAsync = (descriptor: number, bytes: Uint8Array, offset: number, length: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const done = (error: Error | null, count: number) => (error === null ? resolve(count) : reject(error));
    readCallback(descriptor, bytes, offset, length, null, done);
  });

/** Reads like readSync, from a position. */
export type ReadAt = (bytes: Uint8Array, offset: number, length: number, position: number) => number;

/**
 * The bytes [from, to) of a plain file, each stream with a position of its own on the shared descriptor. Synchronous:
 * readSync into the memory of the run is as fast as `cat`, a promise per block is not needed.
 */
export class FileStream implements ByteStream {
  readonly #readAt: ReadAt;
  readonly #label: string;
  readonly #to: number;
  #position: number;

  constructor(readAt: ReadAt, label: string, from: number, to: number) {
    this.#readAt = readAt;
    this.#label = label;
    this.#position = from;
    this.#to = to;
  }

  /** Bytes to its end. */
  get remaining(): number {
    return this.#to - this.#position;
  }

  /** @throws TsalignError 'truncated' where the file has become shorter, 'unreadable' */
  read(bytes: Uint8Array, offset: number, length: number): number {
    const wanted = Math.min(length, this.#to - this.#position);
    if (wanted <= 0) return 0;
    const count = this.#readSome(bytes, offset, wanted);
    if (count === 0) throw new Shrunk(this.#label, this.#position, this.#to);
    this.#position += count;
    return count;
  }

  close(): void {}

  #readSome(bytes: Uint8Array, offset: number, length: number): number {
    try {
      return this.#readAt(bytes, offset, length, this.#position);
    } catch (error) {
      if (error instanceof TsalignError) throw error;
      throw readError(error, this.#label);
    }
  }
}

/** A plain file became shorter while it was read. */
export class Shrunk extends TsalignError {
  constructor(where: string, now: number, before: number) {
    const what = `the file became shorter while it was read (it had ${formatCount(before)} bytes, reading ended at ${formatCount(now)})`;
    super({ code: 'truncated', where, what, hint: 'copy it first if something truncates it, or run again' });
    this.name = 'Shrunk';
  }
}

/** What a terminal or another device gives, once; pipes and sockets are read without a thread each, by Pipe. */
export class DeviceStream implements ByteStream {
  readonly #descriptor: number;
  readonly #label: string;
  #release: () => void;

  /** @param release closes the descriptor, if that is ours to do */
  constructor(descriptor: number, label: string, release: () => void) {
    this.#descriptor = descriptor;
    this.#label = label;
    this.#release = release;
  }

  /** @throws TsalignError 'unreadable' */
  async read(bytes: Uint8Array, offset: number, length: number): Promise<number> {
    // A pipe that somebody else set to non-blocking answers EAGAIN while it is empty.
    for (let wait = 1; ; wait = Math.min(wait * 2, 50)) {
      try {
        return await readAsync(this.#descriptor, bytes, offset, length);
      } catch (error) {
        if (errnoOf(error) !== 'EAGAIN') throw readError(error, this.#label);
      }
      await sleep(wait);
    }
  }

  close(): void {
    this.#release();
    this.#release = () => {};
  }
}

/** A stream whose beginning can be looked at before it is read. */
export class PeekedStream implements ByteStream {
  readonly #inner: ByteStream;
  #head: Buffer = Buffer.alloc(0);
  #ended = false;
  /** Bytes of the head that were given out or skipped. */
  #given = 0;

  constructor(inner: ByteStream) {
    this.#inner = inner;
  }

  /**
   * The first `length` bytes, fewer only where the stream ends before. Waits for all of them rather than take what the
   * first read gave: what a source is recognised as must not hang on how fast its writer was.
   */
  async peek(length: number): Promise<Uint8Array> {
    if (this.#head.length < length && !this.#ended) this.#head = await this.#fill(this.#head, length);
    return this.#head.subarray(0, length);
  }

  /** Leaves out the first `count` bytes, which were looked at. */
  skip(count: number): void {
    this.#given += count;
  }

  read(bytes: Uint8Array, offset: number, length: number): number | Promise<number> {
    const count = Math.min(length, this.#head.length - this.#given);
    if (count <= 0) return this.#ended ? 0 : this.#inner.read(bytes, offset, length);
    bytes.set(this.#head.subarray(this.#given, this.#given + count), offset);
    this.#given += count;
    return count;
  }

  close(): void | Promise<void> {
    return this.#inner.close();
  }

  async #fill(head: Buffer, length: number): Promise<Buffer> {
    // Of ten thousand small files, 64 KiB for each were 640 MB to be cleared and collected.
    const most = this.#inner instanceof FileStream ? head.length + this.#inner.remaining : length;
    const buffer = Buffer.alloc(Math.min(length, most));
    head.copy(buffer);
    let filled = head.length;
    while (filled < buffer.length && !this.#ended) {
      const count = await this.#inner.read(buffer, filled, buffer.length - filled);
      filled += count;
      this.#ended = count === 0;
    }
    return buffer.subarray(0, filled);
  }
}

/** A stream without its first bytes, where these can only be read and forgotten. */
export function skipping(stream: ByteStream, count: number): ByteStream {
  if (count === 0) return stream;
  let left = count;
  return {
    async read(bytes, offset, length) {
      // What is forgotten passes through the room of what is not.
      while (left > 0) {
        const skipped = await stream.read(bytes, offset, Math.min(length, left));
        if (skipped === 0) return 0;
        left -= skipped;
      }
      return stream.read(bytes, offset, length);
    },
    close: () => stream.close(),
  };
}
