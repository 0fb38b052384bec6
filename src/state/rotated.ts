import { basename, dirname, join } from 'node:path';
import { readdirSync, statSync } from '../core/disk.ts';
import { TsalignError } from '../core/problem.ts';
import type { SourceState } from './document.ts';

/** What rotation puts behind the name of a log: a number or a date, and the ending of a compression. */
const ROTATED = /^[-._]?\d[\dTZ:._-]*(\.[a-z0-9]{1,4})?$/i;

/** The numbers that rotation counts with: the higher, the older. */
const SERIAL = /^\.(\d{1,4})(\.[a-z0-9]{1,4})?$/i;

/** Whether a file beside a source is named as rotation names it. */
export function isRotationOf(file: string, source: SourceState): boolean {
  const name = basename(source.file);
  return basename(file).startsWith(name) && ROTATED.test(basename(file).slice(name.length));
}

/**
 * Files beside a source that may be what it was when it was read: whatever has its inode, and those that are named as
 * rotation names them. The latest stands last: by their numbers where all have one, for what compresses a file may give
 * it a time of its own, else by when they were modified.
 * @returns absolute paths
 */
export function rotatedFiles(source: SourceState): string[] {
  const folder = dirname(source.file);
  const name = basename(source.file);
  const found = listFolder(folder).flatMap((entry) => {
    const file = join(folder, entry);
    const stat = entry === name ? undefined : tryStat(file);
    if (stat === undefined || !stat.isFile()) return [];
    // Inodes are used again, and where nothing was taken no bytes tell whose it is.
    const sameInode = source.offset > 0 && String(stat.dev) === source.device && String(stat.ino) === source.inode;
    const rest = entry.startsWith(name) ? entry.slice(name.length) : '';
    const serial = Number(SERIAL.exec(rest)?.[1] ?? Number.NaN);
    return sameInode || isRotationOf(file, source) ? [{ file, serial, modified: stat.mtimeNs }] : [];
  });
  const byTime = found.sort((a, b) => (a.modified < b.modified ? -1 : 1));
  const isCounted = byTime.every(({ serial }) => !Number.isNaN(serial));
  return (isCounted ? byTime.sort((a, b) => b.serial - a.serial) : byTime).map(({ file }) => file);
}

/** Where we may not look nothing is found, which is said; that a disk fails must not look like that. */
const HIDDEN = ['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM'];

function unlessHidden<T>(path: string, look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    if (HIDDEN.includes(code)) return undefined;
    throw new TsalignError({ code: 'unreadable', where: path, what: `cannot be read (${code})` });
  }
}

const listFolder = (folder: string): string[] => unlessHidden(folder, () => readdirSync(folder))?.sort() ?? [];

const tryStat = (file: string) => unlessHidden(file, () => statSync(file, { bigint: true, throwIfNoEntry: false }));
