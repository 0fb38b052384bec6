import { readFileSync as readProc } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { osModule } from '../core/builtins.ts';
import { linkSync, readdirSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from '../core/disk.ts';
import { TsalignError } from '../core/problem.ts';
import { systemReason } from '../core/system-reason.ts';

/** Who holds a lock. A number of a process comes again; with its start, and the start of the machine, it does not. */
interface Owner {
  pid: number;
  start: string;
  host: string;
}

/** A lock that was got. */
export interface Lock {
  /** Whether a process had it that died without giving it back. */
  readonly isTakenOver: boolean;
  release(): void;
  /** Gives it back as it was found: one that a dead process has left stays, and says what is still to be done. */
  putBack(): void;
}

/**
 * Takes the exclusive lock of that name, or returns undefined where another process that is alive holds it. What a dead
 * one left is taken over: only by whoever holds the lock named after it, so that of several that find it only one
 * removes it, and none removes what another has just taken.
 * @throws TsalignError 'state' where the lock cannot be written
 */
export function tryLock(file: string): Lock | undefined {
  const own = `${file}.${process.pid}.${serial++}`;
  return attempt(file, () => {
    const lock = linkLock(file, own);
    if (lock !== undefined) sweep(file);
    return lock;
  });
}

function linkLock(file: string, own: string): Lock | undefined {
  try {
    writeFileSync(own, JSON.stringify(self()));
    let left: string | undefined;
    while (!tryLink(own, file)) {
      const text = tryRead(file);
      if (text === undefined) continue; // released in between
      if (isAlive(text) || !removeStale(file, text)) return undefined;
      left = text;
    }
    return lockOf(file, left);
  } finally {
    rmSync(own, { force: true });
  }
}

/** @param left what a dead process has left in its place */
function lockOf(file: string, left: string | undefined): Lock {
  const release = () => attempt(file, () => rmSync(file, { force: true }));
  const replace = (text: string) =>
    attempt(file, () => {
      const own = `${file}.${process.pid}.${serial++}`;
      writeFileSync(own, text);
      renameSync(own, file);
    });
  return { isTakenOver: left !== undefined, release, putBack: () => (left === undefined ? release() : replace(left)) };
}

/** Removes what runs that were killed while they took the lock have left beside it; whoever has the lock may. */
function sweep(file: string): void {
  const name = `${basename(file)}.`;
  for (const entry of readdirSync(dirname(file))) {
    if (!entry.startsWith(name) || !/^(\d+\.\d+|stale-.*)$/.test(entry.slice(name.length))) continue;
    const path = join(dirname(file), entry);
    const text = tryRead(path);
    if (text !== undefined && !isAlive(text) && !isBeingWritten(entry, text)) rmSync(path, { force: true });
  }
}

/** Whether a file is not whole yet, and the process that its name ends with may be writing it. */
function isBeingWritten(name: string, text: string): boolean {
  if (parseOwner(text) !== undefined) return false;
  const [, pid] = /\.(\d+)\.\d+$/.exec(name) ?? [];
  return pid !== undefined && exists(Number(pid));
}

let serial = 0;

function tryLink(own: string, file: string): boolean {
  try {
    linkSync(own, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function tryRead(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whether the stale lock is gone; false where somebody else is removing it right now. */
function removeStale(file: string, text: string): boolean {
  const { pid, start } = (parseOwner(text) ?? { pid: 0, start: '0' }) as Owner;
  const right = tryLock(`${file}.stale-${pid}-${start.replace(/[^0-9a-z]/gi, '')}`);
  if (right === undefined) return false;
  try {
    if (tryRead(file) === text) unlinkSync(file);
    return true;
  } finally {
    right.release();
  }
}

function isAlive(text: string): boolean {
  const owner = parseOwner(text);
  if (owner === undefined) return false;
  // Nobody here can tell whether a process of another machine lives.
  if (owner.host !== osModule().hostname()) return true;
  return exists(owner.pid) && startOf(owner.pid) === owner.start;
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

const self = (): Owner => ({ pid: process.pid, start: startOf(process.pid), host: osModule().hostname() });

/** When a process began, by the machine's own count and start (proc(5)); '' where the system does not tell. */
function startOf(pid: number): string {
  try {
    const stat = readProc(`/proc/${pid}/stat`, 'latin1');
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
    return `${readProc('/proc/sys/kernel/random/boot_id', 'latin1').trim().slice(0, 8)}-${ticks}`;
  } catch {
    return '';
  }
}

function parseOwner(text: string): Owner | undefined {
  try {
    const { pid, start, host } = JSON.parse(text) as Partial<Owner>;
    if (typeof pid === 'number' && typeof start === 'string' && typeof host === 'string') return { pid, start, host };
  } catch {
    // No lock of ours is ever half written (it is linked when it is whole), so a disk has lost it.
  }
  return undefined;
}

/** Who holds the lock, for a message; undefined where nobody does who is alive. */
export function lockOwner(file: string): string | undefined {
  const text = attempt(file, () => tryRead(file));
  return text !== undefined && isAlive(text) ? lockHolder(file) : undefined;
}

/** Who holds the lock, for a message. */
export function lockHolder(file: string): string {
  const owner = parseOwner(tryRead(file) ?? '');
  if (owner === undefined) return 'another run';
  return owner.host === osModule().hostname() ? `process ${owner.pid}` : `process ${owner.pid} on ${owner.host}`;
}

function attempt<T>(file: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined || error instanceof TsalignError) throw error;
    const { what, hint } = REFUSALS[code] ?? { what: systemReason(error), hint: undefined };
    throw new TsalignError({
      code: 'state',
      where: file,
      what: `the lock cannot be written: ${what}`,
      ...(hint === undefined ? {} : { hint }),
    });
  }
}

/** Why the system lets nobody write a lock, in words. */
const REFUSALS: Readonly<Record<string, { what: string; hint?: string }>> = {
  ENOENT: { what: 'its folder does not exist', hint: 'make it first' },
  ENOTDIR: { what: 'a part of this path is a file, not a folder' },
  EACCES: { what: 'there is no permission to write there' },
  EPERM: { what: 'there is no permission to write there' },
  EROFS: { what: 'the file system is read-only', hint: 'write elsewhere' },
  ENOSPC: { what: 'no space is left', hint: 'free some or write elsewhere' },
};
