import type { ConnectOpts, Socket, SocketConstructorOpts } from 'node:net';
import { netModule } from '../core/builtins.ts';
import { closeSync, readSync, writeSync } from '../core/disk.ts';
import { openNamelessFile, temporaryFileError } from '../core/nameless-file.ts';
import type { ByteStream } from '../core/stages.ts';
import { readError } from './errno.ts';

/** What all pipes together hold in memory ahead of their readers, and one of them at most and at least. */
const AHEAD_TOTAL = 16 * 2 ** 20;
const AHEAD_MOST = 256 * 1024;
const AHEAD_LEAST = 16 * 1024;

/** Bytes read at once: what a pipe of Linux holds. */
const READ_BYTES = 64 * 1024;

/** So long a reader waits before the other pipes are emptied: their writers may be what it waits for. */
const STALL_MS = 50;

/** The temporary file: its size, and the bytes of it that are still to be read. */
interface Aside {
  descriptor: number;
  size: number;
  held: number;
}

/**
 * The pipes of one run. They are read one at a time, but a program that writes into several of them (`tee`, a script)
 * stops at the one that is full, for ever if that is not the one that is read. So, while a reader waits, what comes
 * through the others is put aside: a little in memory, the rest in a temporary file without a name. As long as nobody
 * waits, full pipes hold their writers back.
 */
export class PipeGroup {
  readonly #folder: string;
  readonly #pipes = new Set<Pipe>();
  #waiting = 0;
  /** Whether a reader has waited so long that the pipes seem to hang together. */
  #stalled = false;
  #timer: NodeJS.Timeout | undefined;
  #file: Aside | undefined;

  /** @param folder for what is put aside: a disk with room for it */
  constructor(folder: string) {
    this.#folder = folder;
  }

  add(pipe: Pipe): void {
    this.#pipes.add(pipe);
  }

  remove(pipe: Pipe): void {
    this.#pipes.delete(pipe);
  }

  /** Bytes of one pipe that lie in memory at most. */
  get ahead(): number {
    return Math.max(AHEAD_LEAST, Math.min(AHEAD_MOST, Math.floor(AHEAD_TOTAL / this.#pipes.size)));
  }

  /** Whether a pipe that holds so many bytes goes on taking more. */
  mayTake(held: number): boolean {
    return held < this.ahead || (this.#waiting > 0 && this.#stalled);
  }

  waits(): void {
    this.#waiting++;
    this.#balance();
    this.#timer ??= setTimeout(() => {
      this.#stalled = true;
      this.#balance();
    }, STALL_MS).unref();
  }

  waitsNoMore(): void {
    this.#waiting--;
    if (this.#waiting > 0) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#balance();
  }

  /** Puts bytes aside and says where they are. @throws TsalignError 'disk-full', 'output' */
  put(bytes: Buffer): number {
    this.#file ??= { descriptor: openNamelessFile(this.#folder), size: 0, held: 0 };
    const file = this.#file;
    const position = file.size;
    try {
      for (let done = 0; done < bytes.length; file.size = position + done) {
        done += writeSync(file.descriptor, bytes, done, bytes.length - done, position + done);
      }
    } catch (error) {
      throw temporaryFileError(error, this.#folder);
    }
    file.held += bytes.length;
    return position;
  }

  /** Takes bytes back that were put aside. When all were taken, the file is gone. */
  take(bytes: Uint8Array, offset: number, length: number, position: number): number {
    const file = this.#file as Aside;
    const count = readSync(file.descriptor, bytes, offset, length, position);
    this.forget(count);
    return count;
  }

  forget(count: number): void {
    if (this.#file === undefined) return;
    this.#file.held -= count;
    if (this.#file.held > 0) return;
    closeSync(this.#file.descriptor);
    this.#file = undefined;
  }

  #balance(): void {
    for (const pipe of this.#pipes) pipe.balance();
  }
}

/**
 * What a pipe or socket gives, once. The event loop reads it, not a thread of its own: four silent FIFOs would hold all
 * threads that Node has for files.
 */
export class Pipe implements ByteStream {
  readonly #socket: Socket;
  readonly #group: PipeGroup;
  readonly #shown: string;
  readonly #isOurs: boolean;
  /** What has come and was not read: first these, then those that were put aside. */
  #chunks: Buffer[] = [];
  #held = 0;
  #aside: { position: number; length: number }[] = [];
  #ended = false;
  #error: unknown;
  /** Who waits for the next bytes, and where they go. */
  #reader: { bytes: Uint8Array; offset: number; length: number; wake: (count: number) => void } | undefined;

  /**
   * @param shown how messages call it
   * @param isOurs whether closing it closes the descriptor
   */
  constructor(descriptor: number, group: PipeGroup, shown: string, isOurs: boolean) {
    this.#group = group;
    this.#shown = shown;
    this.#isOurs = isOurs;
    // One buffer for all that comes: a new one for every 64 KiB made the process 30 MiB larger.
    const buffer = Buffer.alloc(READ_BYTES);
    const onread = { buffer, callback: (count: number) => this.#take(buffer, count) };
    const options: SocketConstructorOpts & ConnectOpts = { fd: descriptor, readable: true, writable: false, onread };
    const net = netModule();
    this.#socket = new net.Socket(options);
    group.add(this);
    // Only a reader that waits keeps the process alive.
    this.#socket.unref();
    this.#socket.on('end', () => this.#end(undefined));
    this.#socket.on('error', (error) => this.#end(error));
  }

  /** @throws TsalignError 'unreadable', 'disk-full', 'output' */
  read(bytes: Uint8Array, offset: number, length: number): number | Promise<number> {
    if (this.#isEmpty && !this.#ended) return this.#wait(bytes, offset, length);
    return this.#give(bytes, offset, length);
  }

  close(): void {
    this.#group.remove(this);
    for (const { length } of this.#aside.splice(0)) this.#group.forget(length);
    this.#chunks = [];
    this.#ended = true;
    // Closed, an inherited descriptor would stay non-blocking for whoever shares it: Node restores it at its end.
    if (this.#isOurs) this.#socket.destroy();
    else this.#socket.pause().unref();
  }

  /** Takes more, or holds the writer back, as the group allows. */
  balance(): void {
    if (this.#ended) return;
    if (this.#group.mayTake(this.#held)) this.#socket.resume();
    else this.#socket.pause();
  }

  get #isEmpty(): boolean {
    return this.#chunks.length === 0 && this.#aside.length === 0;
  }

  async #wait(bytes: Uint8Array, offset: number, length: number): Promise<number> {
    this.#socket.ref();
    this.#group.waits();
    const count = await new Promise<number>((wake) => {
      this.#reader = { bytes, offset, length, wake };
    });
    this.#group.waitsNoMore();
    this.#socket.unref();
    return count > 0 ? count : this.#give(bytes, offset, length);
  }

  #give(bytes: Uint8Array, offset: number, length: number): number {
    const [chunk] = this.#chunks;
    if (chunk === undefined) return this.#giveAside(bytes, offset, length);
    const count = Math.min(length, chunk.length);
    bytes.set(count === chunk.length ? chunk : chunk.subarray(0, count), offset);
    if (count === chunk.length) this.#chunks.shift();
    else this.#chunks[0] = chunk.subarray(count);
    this.#held -= count;
    if (this.#socket.isPaused()) this.balance();
    return count;
  }

  #giveAside(bytes: Uint8Array, offset: number, length: number): number {
    const [range] = this.#aside;
    if (range === undefined) {
      if (this.#error !== undefined) throw readError(this.#error, this.#shown);
      return 0;
    }
    const count = this.#group.take(bytes, offset, Math.min(length, range.length), range.position);
    range.position += count;
    range.length -= count;
    if (range.length === 0) this.#aside.shift();
    return count;
  }

  /** The first `count` bytes of the buffer have come. Returns whether more may. */
  #take(buffer: Buffer, count: number): boolean {
    const direct = this.#serve(buffer, count);
    if (direct < count) this.#keep(buffer.subarray(direct, count));
    const more = this.#group.mayTake(this.#held);
    if (!more) this.#socket.pause();
    return more;
  }

  /** Gives to the reader that waits; how much of it. */
  #serve(buffer: Buffer, count: number): number {
    const reader = this.#reader;
    if (reader === undefined) return 0;
    this.#reader = undefined;
    const served = Math.min(count, reader.length);
    buffer.copy(reader.bytes, reader.offset, 0, served);
    reader.wake(served);
    return served;
  }

  #keep(bytes: Buffer): void {
    if (this.#aside.length > 0 || this.#held >= this.#group.ahead) {
      this.#putAside(bytes);
      return;
    }
    this.#chunks.push(Buffer.from(bytes));
    this.#held += bytes.length;
  }

  #putAside(chunk: Buffer): void {
    try {
      const position = this.#group.put(chunk);
      const last = this.#aside.at(-1);
      if (last !== undefined && last.position + last.length === position) last.length += chunk.length;
      else this.#aside.push({ position, length: chunk.length });
    } catch (error) {
      this.#end(error);
    }
  }

  #end(error: unknown): void {
    this.#error ??= error;
    this.#ended = true;
    this.#reader?.wake(0);
    this.#reader = undefined;
  }
}
