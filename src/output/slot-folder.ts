import { dirname, join, relative, resolve, sep } from 'node:path';
import { lstatSync, mkdirSync, readdirSync, realpathSync, rmdirSync, rmSync, statSync } from '../core/disk.ts';
import { TsalignError } from '../core/problem.ts';
import { attempt, fileSink, syncFolder } from './file-sink.ts';
import { putInPlace } from './in-place.ts';
import { manifestPath, OWN_FOLDER, readIfThere } from './manifest.ts';
import { UnfinishedFile } from './slot-file.ts';

interface Rename {
  from: string;
  to: string;
}

/** The folder of slots on disk: where unfinished files lie, and how finished ones get into their places. */
export class SlotFolder {
  readonly root: string;
  readonly #own: string;
  readonly #unfinished: string;
  #count = 0;

  /**
   * @param owner the state under which slots are written, or that they are written by a run that follows: what it has
   * ready is not to be touched by others
   * @throws TsalignError 'output'
   */
  constructor(root: string, owner: string | undefined) {
    this.root = root;
    this.#own = join(root, OWN_FOLDER);
    this.#unfinished = join(this.#own, owner === undefined ? 'unfinished' : `unfinished-${owner}`);
  }

  get #journal(): string {
    return join(this.#own, 'pending.json');
  }

  /** What must be locked to write slots. */
  get lockFile(): string {
    return join(this.#own, 'slots.lock');
  }

  /** What a run has locked that follows its sources, for as long as it does. */
  get followLock(): string {
    return join(this.#own, 'follow.lock');
  }

  /** Another one whenever somebody has put a manifest into its place. */
  get manifestVersion(): string {
    const file = manifestPath(this.root);
    const stat = attempt(file, () => statSync(file, { bigint: true, throwIfNoEntry: false }));
    return `${stat?.ino} ${stat?.mtimeNs}`;
  }

  /** Makes the folder of what is ours. */
  prepare(): void {
    attempt(this.root, () => mkdirSync(this.root, { recursive: true }));
    this.requireInside(join(this.#own, 'manifest.json'));
    attempt(this.#own, () => mkdirSync(this.#own, { recursive: true }));
  }

  /** Completes what a run has left that was stopped while it put files into their places. */
  complete(): void {
    const text = readIfThere(this.#journal);
    if (text !== undefined) this.#putInPlace(parseJournal(text, this.#journal));
  }

  /** Removes the unfinished files that runs like this one have left, but for those of these names. */
  sweep(kept: readonly string[] = []): void {
    this.#count = Math.max(0, ...kept.map(Number));
    attempt(this.#own, () => {
      mkdirSync(this.#unfinished, { recursive: true });
      for (const name of readdirSync(this.#unfinished)) if (!kept.includes(name)) this.remove(this.unfinished(name));
    });
  }

  /** The path of an unfinished file. */
  unfinished(name: string): string {
    return join(this.#unfinished, name);
  }

  /** A path for the next unfinished file. */
  nextPath(): string {
    return this.unfinished(`${++this.#count}`);
  }

  /** Removes an unfinished file. */
  remove(path: string): void {
    attempt(path, () => rmSync(path, { recursive: true, force: true }));
  }

  /** Makes durable that unfinished files are there, under their names. */
  sync(): void {
    for (const folder of [this.#unfinished, this.#own, this.root, dirname(this.root)])
      attempt(folder, () => syncFolder(join(folder, '.')));
  }

  /** Puts files into their places, all or none: once the journal lies in its own, whoever comes next completes it. */
  commit(renames: readonly Rename[]): void {
    const own = renames.map(({ from, to }) => ({ from: relative(this.root, from), to: relative(this.root, to) }));
    const sink = fileSink(this.#journal);
    try {
      sink.write(Buffer.from(`${JSON.stringify(own, null, 1)}\n`));
      sink.commit();
    } catch (error) {
      sink.abort();
      throw error;
    }
    this.#putInPlace(own);
  }

  /** Removes the folder of unfinished files, with what is in it. */
  tidy(): void {
    attempt(this.root, () => rmSync(this.#unfinished, { recursive: true, force: true }));
  }

  /** Removes our folder, and that of the slots, where nothing is in them. */
  leaveIfEmpty(): void {
    for (const folder of [this.#own, this.root]) {
      try {
        rmdirSync(folder);
      } catch {
        return; // something is in it
      }
    }
  }

  #putInPlace(renames: readonly Rename[]): void {
    const paths = renames.map(({ from, to }) => ({ from: resolve(this.root, from), to: resolve(this.root, to) }));
    for (const { from, to } of paths) {
      this.requireInside(from);
      this.requireInside(to);
    }
    putInPlace(paths);
    attempt(this.#journal, () => rmSync(this.#journal, { force: true }));
  }

  /** Writes a file that is to be put into its place with the others. Returns its path. */
  writeAside(text: string, where: string): string {
    const file = new UnfinishedFile(this.nextPath(), where);
    try {
      file.write(Buffer.from(text));
      file.end();
    } catch (error) {
      file.abort();
      throw error;
    }
    return file.path;
  }

  /** Whether something stands at that path. A link there, or on the way to it, must not lead out of the folder. */
  isThere(path: string): boolean {
    this.requireInside(path);
    const stat = attempt(path, () => lstatSync(path, { throwIfNoEntry: false }));
    if (stat === undefined || stat.isFile()) return stat !== undefined;
    const what = stat.isSymbolicLink() ? 'is a symbolic link' : 'is no file';
    throw new TsalignError({ code: 'output', where: path, what, hint: 'remove it, or name another folder' });
  }

  /** @throws TsalignError 'output' where a symbolic link leads out of the folder */
  requireInside(path: string): void {
    const root = attempt(this.root, () => realpathSync(this.root));
    const real = attempt(path, () => realpathSync(nearest(dirname(path))));
    if (real === root || real.startsWith(root.endsWith(sep) ? root : root + sep)) return;
    const what = `a symbolic link on its way leads out of ${this.root}`;
    throw new TsalignError({ code: 'output', where: path, what, hint: 'remove the link' });
  }
}

/** The folder itself, or the first above it that is there. */
function nearest(folder: string): string {
  let current = folder;
  while (lstatSync(current, { throwIfNoEntry: false }) === undefined && dirname(current) !== current)
    current = dirname(current);
  return current;
}

function parseJournal(text: string, file: string): Rename[] {
  const isInside = (path: unknown) =>
    typeof path === 'string' && !path.startsWith('/') && !path.split('/').includes('..');
  try {
    const renames = JSON.parse(text) as Rename[];
    if (renames.every(({ from, to }) => isInside(from) && isInside(to))) return renames;
  } catch {
    // Said below.
  }
  const what = 'is no list of files that are to be put into their places';
  throw new TsalignError({
    code: 'output',
    where: file,
    what,
    hint: 'remove it, and write slots anew: --replace-slots',
  });
}
