import { basename, dirname, join, resolve } from 'node:path';
import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
} from '../core/disk.ts';
import { once } from '../core/once.ts';
import { TsalignError } from '../core/problem.ts';
import type { Sink } from '../core/stages.ts';
import { outputProblem, writeAll } from './sink.ts';

/** Bytes of the target's name that the name of the temporary file keeps: file systems allow 255 in all. */
const NAME_BYTES = 180;

/** As Linux, where a chain of more links is an error. */
const MOST_LINKS = 40;

/**
 * A file that appears complete or not at all: written beside the target, made durable and renamed by `commit`. Symbolic
 * links are followed, and what they lead to is replaced; a device or FIFO is written directly. The file that was there
 * before hands down its mode and owner.
 * @throws TsalignError 'output' or 'disk-full' where it cannot be made.
 */
export function fileSink(path: string): Sink {
  return attempt(path, () => {
    const target = followLinks(path);
    const old = statSync(target, { throwIfNoEntry: false });
    if (isDirect(target, old)) return directSink(path, target);
    if (old?.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
    if (old !== undefined) accessSync(target, constants.W_OK);
    sweep(target);
    return new RenamedFile(path, target, old);
  });
}

/** Whether what is written to a path can be taken back: whether it is a file, or will be one. @throws TsalignError 'output' */
export function appearsWhole(path: string): boolean {
  return attempt(path, () => {
    const target = followLinks(path);
    return !isDirect(target, statSync(target, { throwIfNoEntry: false }));
  });
}

const isDirect = (target: string, old: Stats | undefined): boolean =>
  isKernelPath(target) || (old !== undefined && !old.isFile() && !old.isDirectory());

/** Descriptors named as files (/dev/stdout, /proc/self/fd/3): nothing can be put beside them. */
export const isKernelPath = (path: string): boolean => path.startsWith('/proc/') || path.startsWith('/dev/fd/');

function directSink(where: string, target: string): Sink {
  const descriptor = openSync(target, constants.O_WRONLY);
  const close = once(() => closeSync(descriptor));
  return {
    write: (bytes) => writeAll(descriptor, bytes, where),
    commit: () => attempt(where, close),
    abort: close,
  };
}

class RenamedFile implements Sink {
  readonly #where: string;
  readonly #target: string;
  readonly #temporary: string;
  #descriptor: number;
  #close: () => void;
  #done = false;
  #written = 0;
  /** Bytes that end with a record, once others see them grow: no record stays half. */
  #whole: number | undefined;

  constructor(where: string, target: string, old: Stats | undefined) {
    const { path, descriptor } = openTemporary(target, old === undefined ? 0o666 : 0o600);
    this.#where = where;
    this.#target = target;
    this.#temporary = path;
    this.#descriptor = descriptor;
    this.#close = once(() => closeSync(descriptor));
    if (old !== undefined) this.#inherit(old);
  }

  #inherit(old: Stats): void {
    try {
      inherit(this.#descriptor, old);
    } catch (error) {
      this.abort();
      throw error;
    }
  }

  write(bytes: Uint8Array): void {
    writeAll(this.#descriptor, bytes, this.#where);
    this.#written += bytes.length;
  }

  mark(): void {
    if (this.#whole !== undefined) this.#whole = this.#written;
  }

  publish(): void {
    attempt(this.#where, () => {
      fsyncSync(this.#descriptor);
      renameSync(this.#temporary, this.#target);
      this.#done = true;
      this.#whole = this.#written;
      syncFolder(this.#target);
    });
  }

  followName(): string | undefined {
    return this.#done ? attempt(this.#where, () => this.#followName()) : undefined;
  }

  #followName(): string | undefined {
    const now = statSync(this.#target, { throwIfNoEntry: false });
    const own = fstatSync(this.#descriptor);
    if (now?.ino === own.ino && now.dev === own.dev) return undefined;
    // rsyslog and logrotate leave an empty file in its place, or none.
    if (now !== undefined && (!now.isFile() || now.size > 0)) throw takenName(this.#where);
    const descriptor = openSync(this.#target, 'a', own.mode & 0o7777);
    fsyncSync(this.#descriptor);
    this.#close();
    this.#descriptor = descriptor;
    this.#close = once(() => closeSync(descriptor));
    this.#written = 0;
    this.#whole = 0;
    syncFolder(this.#target);
    return this.#where;
  }

  commit(): void {
    attempt(this.#where, () => {
      fsyncSync(this.#descriptor);
      this.#whole = undefined;
      this.#close();
      if (this.#done) return;
      renameSync(this.#temporary, this.#target);
      this.#done = true;
      syncFolder(this.#target);
    });
  }

  abort(): void {
    cutBack(this.#descriptor, this.#whole);
    this.#whole = undefined;
    this.#close();
    if (this.#done) return;
    this.#done = true;
    rmSync(this.#temporary, { force: true });
  }
}

const takenName = (where: string): TsalignError =>
  new TsalignError({
    code: 'output',
    where,
    what: 'another file has taken its name while this run was writing to it',
    hint: 'what was written is in the one that was there before; give each run a file of its own',
  });

let opened = 0;

function openTemporary(target: string, mode: number): { path: string; descriptor: number } {
  for (;;) {
    const path = join(dirname(target), `${temporaryPrefix(target)}${process.pid}-${++opened}.tmp`);
    try {
      return { path, descriptor: openSync(path, 'ax', mode) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

function temporaryPrefix(target: string): string {
  const name = Buffer.from(basename(target));
  // A character cut in two decodes to U+FFFD: three bytes for one, which the bound has room for.
  return `.${name.subarray(0, NAME_BYTES).toString()}.tsalign-`;
}

/** Mode and, if we may, owner of the file that will be replaced; with another owner the set-id bits would lie. */
function inherit(descriptor: number, old: Stats): void {
  const isOwned = isPermitted(() => fchownSync(descriptor, old.uid, old.gid));
  fchmodSync(descriptor, old.mode & (isOwned ? 0o7777 : 0o777));
}

/** Does what is good to do but not needed; false where the system does not let us. */
function isPermitted(action: () => void): boolean {
  try {
    action();
    return true;
  } catch (error) {
    // EINVAL: an owner that this user namespace does not know; a folder on a file system that syncs no folders.
    if (['EPERM', 'EACCES', 'EINVAL'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

/** Removes what runs that were killed while they wrote the same target have left. What may not be listed or removed stays. */
function sweep(target: string): void {
  const prefix = temporaryPrefix(target);
  isPermitted(() => {
    for (const name of readdirSync(dirname(target))) {
      if (name.startsWith(prefix)) sweepOne(target, name, name.slice(prefix.length));
    }
  });
}

function sweepOne(target: string, name: string, ending: string): void {
  const owner = /^(\d+)-\d+\.tmp$/.exec(ending)?.[1];
  if (owner === undefined || isAlive(Number(owner))) return;
  isPermitted(() => rmSync(join(dirname(target), name), { force: true }));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** The file that a path names in the end, links followed by hand: the last one may lead to a file that is still to be made. */
export function followLinks(path: string): string {
  let current = resolve(path);
  for (let links = 0; links <= MOST_LINKS; links++) {
    const link = tryReadlink(current);
    if (link === undefined || isKernelPath(current)) return join(realpathSync(dirname(current)), basename(current));
    current = resolve(dirname(current), link);
  }
  throw Object.assign(new Error(), { code: 'ELOOP' });
}

function tryReadlink(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // EINVAL: not a link. ENOENT: not there yet.
    if (code === 'EINVAL' || code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Makes durable that there is a file of this name, where the file system can; the file itself is safe then all the same. */
export function syncFolder(path: string): void {
  isPermitted(() => {
    const descriptor = openSync(dirname(path), 'r');
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  });
}

/** Cuts off what was written behind a length, if anybody can see it: what went wrong before is what is to be told. */
export function cutBack(descriptor: number, length: number | undefined): void {
  if (length === undefined) return;
  try {
    ftruncateSync(descriptor, length);
  } catch {
    // Then it stays.
  }
}

/** Does something to the output `where`; what the system says against it becomes a sentence. */
export function attempt<T>(where: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw outputProblem(error, where);
  }
}
