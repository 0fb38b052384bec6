import { basename, dirname, join } from 'node:path';
import { readdirSync, statSync } from '../core/disk.ts';
import { type FileIdentity, fileIdentity, identityKey } from '../core/file-identity.ts';
import { TsalignError } from '../core/problem.ts';
import { systemReason } from '../core/system-reason.ts';
import type { SourceState } from './document.ts';

/** What rotation puts behind the name of a log: a number or a date, and the ending of a compression. */
const ROTATED = /^[-._]?\d[\dTZ:._-]*(\.[a-z0-9]{1,4})?$/i;

/** The numbers that rotation counts with: the higher, the older. Others are dates. */
const SERIAL = /^\.(\d{1,4})(\.[a-z0-9]{1,4})?$/i;

/** What the names of rotated files say of their age. */
interface Age {
  by: 'serial' | 'date' | 'nothing';
  /** To be compared number by number: the lesser is the older. */
  numbers: readonly number[];
}

/** @param rest what stands behind the name of the log */
function ageOf(rest: string): Age {
  const [, serial] = SERIAL.exec(rest) ?? [];
  if (serial !== undefined) return { by: 'serial', numbers: [-Number(serial)] };
  if (!ROTATED.test(rest)) return { by: 'nothing', numbers: [] };
  const date = rest.replace(/\.[a-z][a-z0-9]{0,3}$/i, '');
  return { by: 'date', numbers: (date.match(/\d+/g) ?? []).map(Number) };
}

function compareNumbers(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((number, i) => number !== b[i]);
  return at < 0 ? a.length - b.length : a[at] - (b[at] ?? Number.NEGATIVE_INFINITY);
}

/** Whether a file beside a source is named as rotation names it. */
export function isRotationOf(file: string, source: Pick<SourceState, 'file'>): boolean {
  const name = basename(source.file);
  return basename(file).startsWith(name) && ROTATED.test(basename(file).slice(name.length));
}

/** Whether the file is named as another of the log of which the source is, itself perhaps rotated. */
export function isOfSameLog(file: string, source: SourceState): boolean {
  const log = source.file.replace(/[-._]\d[\dTZ:._-]*(\.[a-z0-9]{1,4})?$/i, '');
  return isRotationOf(file, { file: log });
}

/**
 * Files beside a source that may be what it was when it was read: whatever has its inode, and those that are named as
 * rotation names them. The latest stands last: by the numbers or dates in their names where all have such, for what
 * compresses a file may give it a time of its own, else by when they were modified.
 * @param folders what was listed already, for others
 */
export function rotatedFiles(source: SourceState, folders: Folders = new Map()): RotatedFile[] {
  const name = basename(source.file);
  const entries = listBeside(source, folders);
  // Inodes are used again, and where nothing was taken no bytes tell whose it is.
  const inode = source.offset > 0 ? identityKey(source) : undefined;
  const found = entries
    .filter((each) => each.name !== name && (each.identity === inode || isRotationOf(each.file, source)))
    .map((each) => ({ each, age: ageOf(each.name.startsWith(name) ? each.name.slice(name.length) : '') }));
  const byTime = found.sort((a, b) => (a.each.written < b.each.written ? -1 : 1));
  const by = byTime[0]?.age.by;
  const isNamed = by !== 'nothing' && byTime.every(({ age }) => age.by === by);
  const inOrder = isNamed ? byTime.sort((a, b) => compareNumbers(a.age.numbers, b.age.numbers)) : byTime;
  return inOrder.map(({ each }) => each);
}

/** The files in the folder of a source. @param folders what was listed already, for others */
export function listBeside({ file }: Pick<SourceState, 'file'>, folders: Folders): readonly Entry[] {
  const folder = dirname(file);
  const entries = folders.get(folder) ?? listStill(folder);
  folders.set(folder, entries);
  return entries;
}

/** A file beside a source, and what stood there when it was listed. */
export interface RotatedFile extends FileIdentity {
  /** Absolute path. */
  file: string;
  /** `device:inode`. */
  identity: string;
  size: number;
  /** Nanoseconds since 1970. */
  modified: string;
}

/** The files in folders that were listed. */
export type Folders = Map<string, readonly Entry[]>;

interface Entry extends RotatedFile {
  name: string;
  /** When it was modified, as a number. */
  written: bigint;
}

/** Rotation renames files one by one: where names have changed meanwhile they are listed again, so often at most. */
export const LISTING_TRIES = 20;

/** Names may change while a folder is listed, so that a file is met under none of them: it is listed until that is twice the same. */
function listStill(folder: string): Entry[] {
  let listed = listFolder(folder);
  for (let tries = 1; tries < LISTING_TRIES; tries++) {
    const again = listFolder(folder);
    if (isSameListing(listed, again)) return again;
    listed = again;
  }
  return listed;
}

const isSameListing = (one: readonly Entry[], other: readonly Entry[]): boolean =>
  one.length === other.length &&
  one.every(({ name, identity }, i) => name === other[i]?.name && identity === other[i]?.identity);

function listFolder(folder: string): Entry[] {
  const names = unlessHidden(folder, () => readdirSync(folder)) ?? [];
  return names.sort().flatMap((name) => {
    const file = join(folder, name);
    const stat = unlessHidden(file, () => statSync(file, { bigint: true, throwIfNoEntry: false }));
    if (!stat?.isFile()) return [];
    const inode = fileIdentity(stat);
    const stored = { size: Number(stat.size), modified: String(stat.mtimeNs), written: stat.mtimeNs };
    return [{ file, name, ...inode, identity: identityKey(inode), ...stored }];
  });
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
    throw new TsalignError({ code: 'unreadable', where: path, what: `cannot be read (${systemReason(error)})` });
  }
}
