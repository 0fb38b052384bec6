import { type FileIdentity, fileIdentity } from '../core/file-identity.ts';
import { FINGERPRINT_BYTES } from '../core/fingerprint.ts';
import type { ByteStream } from '../core/stages.ts';
import { PlainFile } from './descriptors.ts';
import type { FileToRead } from './source-path.ts';

/** The end of something that grows: gives what is there, and never waits. */
export interface Tail {
  /** Whether reading it may bring something; cheaper to ask. @throws TsalignError 'unreadable' */
  readonly hasNews: boolean;
  /** Reads what has come, up to `length` bytes. 0: nothing has, for now. @throws TsalignError 'unreadable' */
  read(bytes: Uint8Array, offset: number, length: number): number;
  /** Whether no more will come. */
  readonly isOver: boolean;
  close(): void;
}

/** Bytes before the place of reading that must still be what they were: a file may be cut and grow again between two looks. */
const COMPARED_BYTES = 256;

/** Where reading begins: bytes of text, behind a byte order mark of `mark` bytes. */
export interface TailPlace {
  offset: number;
  mark: number;
}

/**
 * Opens the end of a file.
 * @param shown the path as messages say it
 * @throws TsalignError 'no-source', 'unreadable'
 */
export const openTail = (path: string, shown: string, place: TailPlace): FileTail =>
  new FileTail(new PlainFile(path, shown), place);

/** Bytes from a place of a file that grows, by whatever name it goes meanwhile. */
export class FileTail implements Tail {
  isOver = false;
  /** Whether the file no longer holds what was read of it. */
  isCut = false;
  /** Bytes that stood behind what was read, and were cut off before they could be. */
  unread = 0;
  /** Bytes of text that were read, from the beginning of the file on. */
  offset: number;
  /** The first bytes of what was read, and the last. */
  head: Buffer = Buffer.alloc(0);
  last: Buffer = Buffer.alloc(0);
  readonly #file: PlainFile;
  readonly #mark: number;
  #modifiedMs = 0;
  #isHandedOn = false;
  readonly #compared = Buffer.alloc(COMPARED_BYTES);
  /** The first bytes that are stored, as they were seen before any was read; undefined where nobody looked. */
  #seen: Buffer | undefined;
  #lookedMs = 0;

  constructor(file: PlainFile, { offset, mark }: TailPlace) {
    this.#file = file;
    this.#mark = mark;
    this.offset = offset;
    this.head = this.bytesIn(0, Math.min(offset, FINGERPRINT_BYTES));
    this.last = this.bytesIn(Math.max(0, offset - FINGERPRINT_BYTES), offset);
    this.isCut = this.size < offset;
  }

  get identity(): FileIdentity {
    return fileIdentity(this.#file.status);
  }

  /** Bytes that are stored, and when they were modified, nanoseconds since 1970. */
  get stored(): { size: number; modified: string } {
    const { size, mtimeNs } = this.#file.statusNow();
    return { size: Number(size), modified: String(mtimeNs) };
  }

  /** The file as it is now, whatever it is called. */
  get opened(): FileToRead {
    const file = this.#file;
    const { mtimeNs } = file.status;
    const readAt: FileToRead['readAt'] = (...place) => file.read(...place);
    const end = file.now().size;
    return { begin: 0, end, modified: mtimeNs, identity: this.identity, readAt, plain: file, close: () => {} };
  }

  /** Bytes of text in the file now. */
  get size(): number {
    return this.#file.now().size - this.#mark;
  }

  get hasNews(): boolean {
    return this.#isOther(this.#file.now());
  }

  read(bytes: Uint8Array, offset: number, length: number): number {
    const now = this.#file.now();
    if (now.size - this.#mark < this.offset) this.isCut = true;
    if (this.isCut || !this.#isOther(now)) return 0;
    this.#modifiedMs = now.mtimeMs;
    const before = this.last.subarray(-COMPARED_BYTES);
    const compared = this.#compared.subarray(0, before.length);
    const pieces = [compared, bytes.subarray(offset, offset + length)];
    const read = this.#file.readPieces(pieces, this.#mark + this.offset - before.length) - before.length;
    if (read < 0 || !compared.equals(before)) this.isCut = true;
    if (this.isCut || !this.#isAsSeen(bytes.subarray(offset, offset + read))) return 0;
    this.#note(bytes, offset, read);
    return read;
  }

  /**
   * Looks at the first bytes, before any is read: while others stand there, as where the file is cut meanwhile, nothing is
   * read. Returns whether the file was written to, or cut, since it was looked at last.
   */
  look(): boolean {
    const { mtimeMs } = this.#file.now();
    const bytes = Buffer.alloc(FINGERPRINT_BYTES);
    const seen = bytes.subarray(0, this.#file.read(bytes, 0, bytes.length, 0));
    const isOther = mtimeMs !== this.#lookedMs || this.#seen?.equals(seen) === false;
    this.#seen = seen;
    this.#lookedMs = mtimeMs;
    return isOther;
  }

  /** What another one has seen of the same file. */
  sawAs(other: FileTail): void {
    this.#seen = other.#seen;
    this.#lookedMs = other.#lookedMs;
  }

  /** Bytes before a place that was passed, at most `length`; of what was read last, also where the file is cut. */
  bytesBefore(offset: number, length: number): Buffer {
    const from = Math.max(0, offset - length);
    const kept = from - (this.offset - this.last.length);
    if (kept >= 0 || this.isCut) return this.last.subarray(Math.max(0, kept), kept + offset - from);
    return this.bytesIn(from, offset);
  }

  /** Bytes of the text as it is now, fewer where it is shorter. */
  bytesIn(from: number, to: number): Buffer {
    const bytes = Buffer.alloc(to - from);
    const read = bytes.length === 0 ? 0 : this.#file.read(bytes, 0, bytes.length, this.#mark + from);
    return bytes.subarray(0, read);
  }

  /** The same file from another place, whatever it is called now: its beginning, once it was cut. This one is only closed then. */
  again(offset = 0): FileTail {
    this.#isHandedOn = true;
    return new FileTail(this.#file, { offset, mark: 0 });
  }

  close(): void {
    this.isOver = true;
    if (!this.#isHandedOn) this.#file.release();
  }

  #isOther({ size, mtimeMs }: { size: number; mtimeMs: number }): boolean {
    return size - this.#mark !== this.offset || mtimeMs !== this.#modifiedMs;
  }

  #isAsSeen(bytes: Uint8Array): boolean {
    if (this.offset > 0 || this.#seen === undefined) return true;
    const seen = this.#seen.subarray(this.#mark);
    return seen.length > 0 && seen.equals(bytes.subarray(0, seen.length));
  }

  #note(bytes: Uint8Array, offset: number, count: number): void {
    this.offset += count;
    const piece = bytes.subarray(offset + Math.max(0, count - FINGERPRINT_BYTES), offset + count);
    if (this.head.length < FINGERPRINT_BYTES) {
      const missing = FINGERPRINT_BYTES - this.head.length;
      this.head = Buffer.concat([this.head, bytes.subarray(offset, offset + Math.min(count, missing))]);
    }
    this.last = Buffer.concat([this.last, piece]).subarray(-FINGERPRINT_BYTES);
  }
}

const STREAM_BYTES = 64 * 1024;

/** What comes through a stream: while nobody asks for more, no more than a buffer is taken from it. */
export class StreamTail implements Tail {
  readonly #stream: ByteStream;
  readonly #wake: () => void;
  readonly #buffer = Buffer.alloc(STREAM_BYTES);
  #from = 0;
  #to = 0;
  #isEnded = false;
  /** Over when what is being read has come. */
  #reading: Promise<void> | undefined;
  #failure: { error: unknown } | undefined;

  /** @param wake called whenever something has come */
  constructor(stream: ByteStream, wake: () => void) {
    this.#stream = stream;
    this.#wake = wake;
  }

  get isOver(): boolean {
    return this.#isEnded && this.#failure === undefined && this.#from === this.#to;
  }

  get hasNews(): boolean {
    return this.#failure !== undefined || this.peek().length > 0;
  }

  /** What has come and was not read, while there is room for more. */
  peek(): Buffer {
    this.#fill();
    return this.#buffer.subarray(this.#from, this.#to);
  }

  /** Whether what `peek` shows is all that will come, or all that it can show. */
  get isPeeked(): boolean {
    return this.#isEnded || this.#to === STREAM_BYTES;
  }

  read(bytes: Uint8Array, offset: number, length: number): number {
    if (this.#from === this.#to) {
      if (this.#failure !== undefined) throw this.#failure.error;
      this.#restart();
      this.#fill();
    }
    const count = Math.min(length, this.#to - this.#from);
    bytes.set(this.#buffer.subarray(this.#from, this.#from + count), offset);
    this.#from += count;
    return count;
  }

  /** Waits until something has come that was not read, or no more will. */
  async ready(): Promise<void> {
    if (this.#from < this.#to) return;
    this.#restart();
    this.#fill();
    await this.#reading;
  }

  close(): void {
    this.#isEnded = true;
    void this.#stream.close();
  }

  /** Begins at the front of the buffer, unless something is on its way behind it. */
  #restart(): void {
    if (this.#reading !== undefined) return;
    this.#from = 0;
    this.#to = 0;
  }

  #fill(): void {
    if (this.#reading !== undefined || this.#isEnded || this.#to === STREAM_BYTES) return;
    const took = (count: number): void => {
      this.#reading = undefined;
      this.#to += count;
      this.#isEnded ||= count === 0;
      this.#wake();
    };
    const failed = (error: unknown): void => {
      this.#reading = undefined;
      this.#isEnded = true;
      this.#failure = { error };
      this.#wake();
    };
    // Read as a promise even where it answers at once: an error must come from `read`.
    const read = async () => this.#stream.read(this.#buffer, this.#to, STREAM_BYTES - this.#to);
    this.#reading = read().then(took, failed);
  }
}
