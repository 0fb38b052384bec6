import { closeSync, readSync, writeSync } from '../core/disk.ts';
import { openNamelessFile, temporaryFileError } from '../core/nameless-file.ts';
import { TsalignError } from '../core/problem.ts';
import type { ByteStream } from '../core/stages.ts';
import { pour } from './pour.ts';
import { type LinePrefix, LONGEST_PREFIX } from './prefixes.ts';
import type { FileToRead } from './source-path.ts';

const LF = 10;
const READ_BYTES = 256 * 1024;

/** What is collected of all logs together before it is written, and of one of them at least. */
const COLLECTED_BYTES = 4 * 2 ** 20;
const LEAST_COLLECTED = 4096;

/** More logs than that are no containers of one application. */
const MOST_LOGS = 4096;

/** Bytes [at, at + length) of the temporary file, which are those from `begin` on of one log. */
interface Extent {
  begin: number;
  at: number;
  length: number;
}

/** One of the logs: what was written of it, and what was not yet. */
interface Log {
  extents: Extent[];
  size: number;
  pieces: Buffer[];
  waiting: number;
}

/** The lines of one log, without their prefixes. */
export type SplitLog = Pick<FileToRead, 'begin' | 'end' | 'readAt' | 'close'>;

/**
 * Takes apart a stream in which the lines of many logs stand, each behind the name of its log, by way of a temporary file
 * without a name. A line without a prefix belongs to the log of the line before it.
 * @param shown the source, in messages
 * @returns the logs by name, in the order of their first lines
 * @throws TsalignError 'disk-full', 'output', 'unreadable' where there are too many logs, and as reading the stream does
 */
export async function splitLines(
  stream: ByteStream,
  prefix: LinePrefix,
  { folder, shown }: { folder: string; shown: string },
): Promise<Map<string, SplitLog>> {
  const splitter = new Splitter(prefix, folder, shown);
  try {
    await pour(stream, Buffer.alloc(READ_BYTES), Number.POSITIVE_INFINITY, (chunk) => splitter.take(chunk));
    return splitter.finish();
  } catch (error) {
    splitter.abort();
    throw error;
  } finally {
    await stream.close();
  }
}

class Splitter {
  readonly #prefix: LinePrefix;
  readonly #folder: string;
  readonly #shown: string;
  readonly #descriptor: number;
  readonly #logs = new Map<string, Log>();
  /** Lines before the first prefix. */
  #leading: Buffer[] = [];
  #log: Log | undefined;
  /** The beginning of a line, too short to tell its prefix; and whether the line at hand is told already. */
  #rest: Buffer = Buffer.alloc(0);
  #isInside = false;
  #position = 0;
  #waiting = 0;

  constructor(prefix: LinePrefix, folder: string, shown: string) {
    this.#prefix = prefix;
    this.#folder = folder;
    this.#shown = shown;
    this.#descriptor = openNamelessFile(folder);
  }

  take(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    this.#rest = Buffer.alloc(0);
    for (let at = 0; at < bytes.length; ) {
      const found = bytes.indexOf(LF, at);
      const end = found < 0 ? bytes.length : found + 1;
      if (found < 0 && !this.#isInside && end - at < LONGEST_PREFIX) {
        this.#rest = Buffer.from(bytes.subarray(at));
        return;
      }
      this.#piece(bytes.subarray(at, end));
      this.#isInside = found < 0;
      at = end;
    }
  }

  finish(): Map<string, SplitLog> {
    if (this.#rest.length > 0) this.#piece(this.#rest);
    for (const log of this.#logs.values()) this.#write(log);
    let users = this.#logs.size;
    const close = (): void => {
      users--;
      if (users === 0) closeSync(this.#descriptor);
    };
    return new Map(
      [...this.#logs].map(([name, { extents, size }]) => [
        name,
        { begin: 0, end: size, close, readAt: (...place) => this.#readAt(extents, ...place) },
      ]),
    );
  }

  abort(): void {
    closeSync(this.#descriptor);
  }

  /** Takes a line, or a part of one that is longer than a chunk. */
  #piece(piece: Buffer): void {
    const match = this.#isInside ? null : this.#prefix.pattern.exec(piece.toString('latin1', 0, LONGEST_PREFIX));
    const { name } = (match?.groups ?? {}) as Record<string, string>;
    if (name !== undefined) this.#log = this.#logOf(name.replace(/\x1b\[[\d;]*m/g, '').replace(' ', '/'));
    this.#put(piece.subarray(match?.[0].length ?? 0));
  }

  #logOf(name: string): Log {
    const known = this.#logs.get(name);
    if (known !== undefined) return known;
    if (this.#logs.size === MOST_LOGS) throw this.#tooMany();
    const log: Log = { extents: [], size: 0, pieces: this.#leading, waiting: 0 };
    for (const { length } of this.#leading) log.waiting += length;
    this.#leading = [];
    this.#logs.set(name, log);
    return log;
  }

  #put(piece: Buffer): void {
    const copy = Buffer.from(piece);
    if (this.#log === undefined) {
      this.#leading.push(copy);
      return;
    }
    this.#log.pieces.push(copy);
    this.#log.waiting += copy.length;
    this.#waiting += copy.length;
    if (this.#waiting < COLLECTED_BYTES) return;
    for (const log of this.#logs.values()) if (log.waiting >= LEAST_COLLECTED) this.#write(log);
    this.#waiting = 0;
  }

  #write(log: Log): void {
    const bytes = Buffer.concat(log.pieces);
    log.extents.push({ begin: log.size, at: this.#position, length: bytes.length });
    log.size += bytes.length;
    log.pieces = [];
    log.waiting = 0;
    try {
      for (let done = 0; done < bytes.length; ) {
        done += writeSync(this.#descriptor, bytes, done, bytes.length - done, this.#position + done);
      }
    } catch (error) {
      throw temporaryFileError(error, this.#folder);
    }
    this.#position += bytes.length;
  }

  #readAt(extents: readonly Extent[], bytes: Uint8Array, offset: number, length: number, position: number): number {
    let low = 0;
    for (let high = extents.length - 1; low < high; ) {
      const middle = (low + high + 1) >> 1;
      if (extents[middle].begin <= position) low = middle;
      else high = middle - 1;
    }
    const extent = extents[low];
    const inside = position - extent.begin;
    return readSync(this.#descriptor, bytes, offset, Math.min(length, extent.length - inside), extent.at + inside);
  }

  #tooMany(): TsalignError {
    const what = `its lines name more than ${MOST_LOGS} logs by their prefixes`;
    const hint = '--input-format text takes its lines as they stand';
    return new TsalignError({ code: 'unreadable', where: this.#shown, what, hint });
  }
}
