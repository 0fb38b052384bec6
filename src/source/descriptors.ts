import { dirname, join } from 'node:path';
import {
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  readvSync,
  statSync,
} from '../core/disk.ts';
import { TsalignError } from '../core/problem.ts';
import { errnoOf, readError } from './errno.ts';

/** Descriptors left to others: outputs, sorted runs, modules that are loaded later. */
const RESERVE = 16;

/** Each time that all sources are gone through, those that are not open any more are opened again: 25 µs each. */
const MOST = 16_384;
const FEWEST = 4;

/** Where the system does not tell its limit: that of macOS is 256. */
const UNKNOWN = 200;

/** Not to wait for a writer, should a FIFO have taken the place of the file. */
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/**
 * How many files may be held open at once: what `ulimit -n` leaves beside those that are open already.
 * Node cannot ask (no getrlimit), Linux tells in proc(5).
 */
function openLimit(): number {
  try {
    const limits = readFileSync('/proc/self/limits', 'latin1');
    const [, soft] = /^Max open files +(\d+|unlimited)/m.exec(limits) ?? [];
    if (soft === 'unlimited') return MOST;
    const left = Number(soft) - readdirSync('/proc/self/fd').length - RESERVE;
    return Math.max(FEWEST, Math.min(MOST, left));
  } catch {
    return UNKNOWN;
  }
}

/**
 * The plain files of a process that are open. There may be more sources than the system lets be open at once: the one
 * that was not read for the longest time is closed for the next one, and opened again when it is read.
 */
export class DescriptorPool {
  #limit: number | undefined;
  /** Those that are open, the one used last at the end. */
  readonly #open = new Set<PlainFile>();

  /** @param limit descriptors at most; left out: what the system allows */
  constructor(limit?: number) {
    this.#limit = limit;
  }

  /** How many files can be read side by side without closing one for another. */
  get limit(): number {
    this.#limit ??= openLimit();
    return this.#limit;
  }

  /** Opens a path for a file, closing another one where there are too many. @throws what openSync throws */
  open(file: PlainFile, path: string): number {
    while (this.#open.size >= this.limit && this.#closeOldest());
    for (;;) {
      try {
        const descriptor = openSync(path, FLAGS);
        this.#open.add(file);
        return descriptor;
      } catch (error) {
        if (errnoOf(error) !== 'EMFILE' || !this.#closeOldest()) throw error;
        // Others have taken more than was left to them.
        this.#limit = Math.max(FEWEST, this.#open.size);
      }
    }
  }

  used(file: PlainFile): void {
    this.#open.delete(file);
    this.#open.add(file);
  }

  closed(file: PlainFile): void {
    this.#open.delete(file);
  }

  #closeOldest(): boolean {
    for (const file of this.#open) {
      file.release();
      return true;
    }
    return false;
  }
}

/** One for the process, as the limit is. */
export const DESCRIPTORS = new DescriptorPool();

/** What is kept of a file's status: all of it, with its dates, is 1 KB for each source. */
export type FileStatus = Pick<BigIntStats, 'dev' | 'ino' | 'size' | 'mtimeNs'> & { isFolder: boolean };

/** The status of an open file. */
export function fileStatus(descriptor: number): FileStatus {
  const stat = fstatSync(descriptor, { bigint: true });
  const { dev, ino, size, mtimeNs } = stat;
  return { dev, ino, size, mtimeNs, isFolder: stat.isDirectory() };
}

/** A plain file by path, known by device and inode from when it was opened first; its descriptor comes and goes. */
export class PlainFile {
  readonly status: FileStatus;
  readonly #path: string;
  readonly #shown: string;
  readonly #pool: DescriptorPool;
  #descriptor: number | undefined;

  /**
   * @param shown the path as messages say it
   * @throws TsalignError 'no-source', 'unreadable'
   */
  constructor(path: string, shown: string, pool: DescriptorPool = DESCRIPTORS) {
    this.#path = path;
    this.#shown = shown;
    this.#pool = pool;
    try {
      this.#descriptor = pool.open(this, path);
      this.status = fileStatus(this.#descriptor);
    } catch (error) {
      this.release();
      throw readError(error, shown);
    }
  }

  /** readSync at a position. @throws what node:fs throws; TsalignError 'unreadable' where another file has its name now */
  read(bytes: Uint8Array, offset: number, length: number, position: number): number {
    return readSync(this.#descriptorNow(), bytes, offset, length, position);
  }

  #descriptorNow(): number {
    if (this.#descriptor === undefined) this.#descriptor = this.#openAgain();
    else this.#pool.used(this);
    return this.#descriptor;
  }

  /** Fills pieces one behind the other, as far as the file goes. Returns how many bytes came. @throws TsalignError 'unreadable' */
  readPieces(pieces: readonly Uint8Array[], position: number): number {
    return this.#attempt(() => readvSync(this.#descriptorNow(), pieces, position));
  }

  /** How long the file is now, and when it was modified, milliseconds since 1970. @throws TsalignError 'unreadable' */
  now(): { size: number; mtimeMs: number } {
    return this.#attempt(() => fstatSync(this.#descriptorNow()));
  }

  /** Its status now, to the nanosecond. @throws TsalignError 'unreadable' */
  statusNow(): FileStatus {
    return this.#attempt(() => fileStatus(this.#descriptorNow()));
  }

  #attempt<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      throw readError(error, this.#shown);
    }
  }

  /** Gives the descriptor back; the next read opens the file again. */
  release(): void {
    this.#pool.closed(this);
    const descriptor = this.#descriptor;
    this.#descriptor = undefined;
    try {
      if (descriptor !== undefined) closeSync(descriptor);
    } catch (error) {
      // Nothing was written through it that could be lost.
      if (errnoOf(error) === undefined) throw error;
    }
  }

  /** A log may be rotated between two readings: it is then looked for among the other files of its folder. */
  #openAgain(): number {
    const descriptor = this.#openIfSame(this.#path) ?? this.#openRenamed();
    if (descriptor !== undefined) return descriptor;
    throw new TsalignError({
      code: 'unreadable',
      where: this.#shown,
      what: 'was removed or replaced while it was read',
      hint: 'copy it first if something rotates it, or run again',
    });
  }

  #openRenamed(): number | undefined {
    const folder = dirname(this.#path);
    for (const name of readdirSync(folder)) {
      const descriptor = this.#openIfSame(join(folder, name));
      if (descriptor !== undefined) return descriptor;
    }
    return undefined;
  }

  #openIfSame(path: string): number | undefined {
    let descriptor: number;
    try {
      if (!isSame(statSync(path, { bigint: true }), this.status)) return undefined;
      descriptor = this.#pool.open(this, path);
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return undefined;
      throw error;
    }
    if (isSame(fstatSync(descriptor, { bigint: true }), this.status)) return descriptor;
    closeSync(descriptor);
    this.#pool.closed(this);
    return undefined;
  }
}

type Identity = Pick<BigIntStats, 'dev' | 'ino'>;

const isSame = (one: Identity, other: Identity): boolean => one.dev === other.dev && one.ino === other.ino;
