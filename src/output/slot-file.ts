import { cryptoModule } from '../core/builtins.ts';
import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, rmSync } from '../core/disk.ts';
import type { Codec } from './compressing-sink.ts';
import { attempt } from './file-sink.ts';
import { writeAll } from './sink.ts';

/** What a file holds that was written. */
export interface FileFacts {
  bytes: number;
  sha256: string;
}

/**
 * Cuts off, durably, what was written to an unfinished file behind these many bytes.
 * @returns whether it has them
 */
export function cutBack(path: string, bytes: number, where: string): boolean {
  return attempt(where, () => {
    const descriptor = openSync(path, 'r+');
    try {
      const { size } = fstatSync(descriptor);
      if (size > bytes) {
        ftruncateSync(descriptor, bytes);
        fsyncSync(descriptor);
      }
      return size >= bytes;
    } finally {
      closeSync(descriptor);
    }
  });
}

/** A file that is written in a folder of unfinished ones, to be put into its place later. */
export class UnfinishedFile {
  readonly path: string;
  /** Bytes so far. */
  bytes = 0;
  readonly #where: string;
  readonly #hash = cryptoModule().createHash('sha256');
  #descriptor: number | undefined;

  /** @param where the file that it will be, for messages */
  constructor(path: string, where: string) {
    this.path = path;
    this.#where = where;
    this.#descriptor = attempt(where, () => openSync(path, 'wx', 0o666));
  }

  write(bytes: Uint8Array): void {
    writeAll(this.#descriptor as number, bytes, this.#where);
    this.#hash.update(bytes);
    this.bytes += bytes.length;
  }

  /** Makes what was written so far durable; more may follow. */
  settle(): FileFacts {
    attempt(this.#where, () => fsyncSync(this.#descriptor as number));
    return { bytes: this.bytes, sha256: this.#hash.copy().digest('hex') };
  }

  /** Makes it durable. */
  end(): FileFacts {
    attempt(this.#where, () => fsyncSync(this.#descriptor as number));
    this.close();
    return { bytes: this.bytes, sha256: this.#hash.digest('hex') };
  }

  abort(): void {
    this.close();
    attempt(this.#where, () => rmSync(this.path, { force: true }));
  }

  close(): void {
    const descriptor = this.#descriptor;
    this.#descriptor = undefined;
    if (descriptor !== undefined) attempt(this.#where, () => closeSync(descriptor));
  }
}

/** The file of a slot: text in blocks, each of which can be read by itself where it is compressed. */
export class SlotFile {
  /** Bytes of text that came. */
  text = 0;
  readonly #file: UnfinishedFile;
  readonly #codec: Codec | undefined;
  #pieces: Uint8Array[] = [];
  #blockStart = 0;

  constructor(path: string, where: string, codec: Codec | undefined) {
    this.#file = new UnfinishedFile(path, where);
    this.#codec = codec;
  }

  get path(): string {
    return this.#file.path;
  }

  get codec(): Codec | undefined {
    return this.#codec;
  }

  write(text: Uint8Array): void {
    this.text += text.length;
    if (this.#codec === undefined) this.#file.write(text);
    else this.#pieces.push(Uint8Array.from(text)); // the region that it lies in is written over
  }

  /** Ends the block. Returns the bytes that it takes in the file. */
  endBlock(): number {
    if (this.#codec !== undefined && this.#pieces.length > 0) {
      this.#file.write(this.#codec.pack(Buffer.concat(this.#pieces)));
      this.#pieces = [];
    }
    const stored = this.#file.bytes - this.#blockStart;
    this.#blockStart = this.#file.bytes;
    return stored;
  }

  /** Makes the blocks durable that have ended; more may follow. */
  settle(): FileFacts {
    return this.#file.settle();
  }

  /** Takes over a whole block of another file of the same kind. */
  copyBlock(stored: Uint8Array): void {
    this.#file.write(stored);
    this.#blockStart = this.#file.bytes;
  }

  end(): FileFacts {
    this.endBlock();
    return this.#file.end();
  }

  abort(): void {
    this.#file.abort();
  }

  close(): void {
    this.#file.close();
  }
}
