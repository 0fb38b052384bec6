import fs from 'node:fs';
import { listenToDisk } from '../../src/core/disk.ts';
import { DESCRIPTORS, type PlainFile } from '../../src/source/descriptors.ts';

/** The power fails: no call is made any more, so nothing is cleaned up. */
export class PowerFailure extends Error {}

/**
 * Runs something until the n-th call of the file system (from 0), which fails. What is lost with the power is lost:
 * a write comes half, and of files that were not synced nothing of what was written since.
 * @returns whether there was an n-th call
 */
export async function untilPowerFails(n: number, action: () => Promise<unknown>): Promise<boolean> {
  const unsynced = new Map<string, number>();
  let calls = 0;
  let failed = false;
  const end = listenToDisk((name, parameters) => {
    if (failed) throw new PowerFailure();
    if (calls++ === n) {
      failed = true;
      if (name === 'write') halfWrite(parameters);
      throw new PowerFailure();
    }
    follow(name, parameters, unsynced);
  });
  const openBefore = openDescriptors();
  const held = poolOfProcess();
  try {
    await action();
  } catch (error) {
    if (!failed) throw error;
  } finally {
    end();
    held.forget();
  }
  if (!failed) return false;
  for (const descriptor of openDescriptors()) if (!openBefore.has(descriptor)) closeQuietly(descriptor);
  for (const [file, size] of unsynced)
    if (fs.existsSync(file)) fs.truncateSync(file, Math.min(size, fs.statSync(file).size));
  return true;
}

/**
 * Runs something whose n-th call of the file system, of those for paths that are meant, is answered with an error; a write
 * has come half by then. Returns what was thrown, and whether it was called.
 */
export async function withError(
  n: number,
  code: 'ENOSPC' | 'EIO',
  action: () => Promise<unknown>,
  isMeant: (path: unknown) => boolean = () => true,
): Promise<{ called: string | undefined; thrown: unknown }> {
  let calls = 0;
  let called: string | undefined;
  const end = listenToDisk((name, parameters) => {
    const [first] = parameters;
    if (!isMeant(typeof first === 'number' ? pathOf(first) : first) || calls++ !== n) return;
    called = name;
    if (name === 'write') halfWrite(parameters);
    const errno = code === 'EIO' ? -5 : -28;
    throw Object.assign(new Error(`${code}: injected, ${name}`), { code, errno, syscall: name });
  });
  try {
    await action();
    return { called, thrown: undefined };
  } catch (error) {
    return { called, thrown: error };
  } finally {
    end();
  }
}

const pathOf = (descriptor: number): string => fs.readlinkSync(`/proc/self/fd/${descriptor}`);

function follow(name: string, parameters: readonly unknown[], unsynced: Map<string, number>): void {
  if (name === 'write' || name === 'fsync') {
    const file = fs.readlinkSync(`/proc/self/fd/${parameters[0]}`);
    if (name === 'fsync') unsynced.delete(file);
    else if (!unsynced.has(file)) unsynced.set(file, fs.fstatSync(parameters[0] as number).size);
  }
  if (name === 'rename') {
    const [from, to] = parameters as [string, string];
    const size = unsynced.get(from);
    unsynced.delete(to);
    if (size !== undefined) unsynced.set(to, size);
    unsynced.delete(from);
  }
}

function halfWrite(parameters: readonly unknown[]): void {
  const [descriptor, bytes, offset = 0, length = bytes.length] = parameters as [number, Uint8Array, number?, number?];
  fs.writeSync(descriptor, bytes, offset, length >> 1);
}

/**
 * The plain files that are opened from now on. The process lives on, and so does its pool: it would close descriptors of
 * the dead run that are those of another one by then, as soon as it is full.
 */
function poolOfProcess() {
  const files = new Set<PlainFile>();
  const { open } = DESCRIPTORS;
  DESCRIPTORS.open = (file, path) => {
    files.add(file);
    return open.call(DESCRIPTORS, file, path);
  };
  return {
    forget() {
      DESCRIPTORS.open = open;
      for (const file of files) DESCRIPTORS.closed(file);
    },
  };
}

const openDescriptors = (): Set<number> => new Set(fs.readdirSync('/proc/self/fd').map(Number));

function closeQuietly(descriptor: number): void {
  try {
    const target = fs.readlinkSync(`/proc/self/fd/${descriptor}`);
    if (target.includes('tsalign')) fs.closeSync(descriptor);
  } catch {
    // Closed since it was listed.
  }
}

/** Makes this process, which lives on, one of the dead to those that find what it has left. */
export function bury(folder: string): void {
  const dead = 2 ** 22 + 1;
  for (const name of fs.readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const file = `${folder}/${name}`;
    if (!fs.existsSync(file) || !fs.statSync(file).isFile()) continue;
    if (name.includes('.lock'))
      fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace(`${process.pid}`, `${dead}`));
    fs.renameSync(file, file.replace(`.tsalign-${process.pid}-`, `.tsalign-${dead}-`));
  }
}
