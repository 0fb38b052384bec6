import { type BigIntStats, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { TsalignError, type Warn } from '../core/problem.ts';
import { didYouMean } from '../core/registry.ts';
import { errnoOf, problemOf } from './errno.ts';
import { isGlob, picomatch, tinyglobby } from './globs.ts';

/** How a source came into the list: what a search found may be passed over where what was named may not. */
export type Origin = 'stdin' | 'stream' | 'named' | 'glob' | 'folder';

/** One source by name; nothing was opened yet. */
export interface SourcePath {
  /** As it was written, or found below what was written; `-` is stdin. Messages say this. */
  path: string;
  /** The same, absolute; `-` for stdin. */
  file: string;
  origin: Origin;
}

export interface ExpandSettings {
  /** Whether folders give the files in them. */
  recursive: boolean;
  cwd: string;
  /** Real paths of the files that this run writes, which globs and folders pass over. */
  outputs: readonly string[];
  /** Names that are no paths: the caller has a stream of each. */
  streams?: { has(name: string): boolean } | undefined;
  /** Receives what was passed over (code 'note'). */
  warn: Warn;
  /** Receives each name behind which there is nothing to read: throws it, or under --keep-going counts and says it. */
  missing: Warn;
}

/** The bytes of names, not their UTF-16 units, decide the order: the same as `LC_ALL=C sort`, on every machine. */
const inByteOrder = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/**
 * The sources that arguments name: paths, globs, folders (with `recursive`) and `-`, in the order of the arguments; a
 * glob or folder gives its files in byte order, without hidden ones. What exists under the very name is no glob.
 * A file that is reached twice stays where it was reached first.
 * @throws TsalignError 'usage' where `-` stands twice; what `missing` throws
 */
export function expandSources(args: readonly string[], settings: ExpandSettings): SourcePath[] {
  if (args.filter((arg) => arg === '-').length > 1) {
    throw new TsalignError({ code: 'usage', where: '-', what: 'stdin can be read only once', hint: 'name it once' });
  }
  const found = args.flatMap((arg) => expandOne(arg, settings));
  return withoutRepeats(found, settings);
}

function expandOne(arg: string, settings: ExpandSettings): SourcePath[] {
  if (settings.streams?.has(arg)) return [{ path: arg, file: arg, origin: 'stream' }];
  if (arg === '-') return [{ path: '-', file: '-', origin: 'stdin' }];
  const file = resolve(settings.cwd, arg);
  const stat = arg === '' ? undefined : statOf(file, arg, settings);
  if (stat === 'refused') return [];
  if (stat?.isDirectory()) return filesInFolder(arg, settings);
  if (stat !== undefined) return [{ path: arg, file, origin: 'named' }];
  if (isGlob(arg)) return filesOfGlob(arg, settings);
  settings.missing({ code: 'no-source', where: arg === '' ? '""' : arg, ...absence(file) });
  return [];
}

/** undefined where there is nothing of that name; 'refused' where that could not be found out, which was then said. */
function statOf(file: string, path: string, settings: ExpandSettings): BigIntStats | undefined | 'refused' {
  try {
    return statSync(file, { bigint: true });
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return undefined;
    settings.missing(problemOf(error, path));
    return 'refused';
  }
}

/** What to say of a file that is not there: the name in its folder that was most likely meant, if any. */
function absence(file: string): { what: string; hint: string } {
  const what = 'no such file or folder';
  try {
    const near = didYouMean(basename(file), readdirSync(dirname(file)));
    if (near !== undefined && near !== basename(file)) return { what, hint: `did you mean "${near}"?` };
  } catch {
    return { what, hint: `there is no folder ${dirname(file)} that could be searched for it` };
  }
  return { what, hint: '--keep-going goes on without it' };
}

function filesInFolder(arg: string, settings: ExpandSettings): SourcePath[] {
  if (!settings.recursive) {
    settings.missing({ code: 'no-source', where: arg, what: 'is a folder', hint: '-r reads the files in it' });
    return [];
  }
  const paths = search(arg, '**', settings);
  if (paths.length === 0) settings.missing({ code: 'no-source', where: arg, what: 'the folder holds no files' });
  return ours(paths, 'folder', settings);
}

function filesOfGlob(arg: string, settings: ExpandSettings): SourcePath[] {
  const { base, glob, negated } = picomatch().scan(arg, { unescape: true }) as {
    base: string;
    glob: string;
    negated: boolean;
  };
  const paths = negated ? [] : search(base, glob, settings);
  if (paths.length === 0) {
    const hint = settings.recursive ? 'check its spelling' : 'check its spelling; folders need -r';
    settings.missing({ code: 'no-source', where: arg, what: 'no file matches this glob', hint });
  }
  return ours(paths, 'glob', settings);
}

/** Plain files below a folder, in byte order. Symbolic links are followed: container logs are reached through them. */
function search(folder: string, pattern: string, settings: ExpandSettings): string[] {
  const refused = new Map<string, unknown>();
  const cwd = resolve(settings.cwd, folder);
  const patterns = settings.recursive ? [pattern, `${pattern}/**`] : [pattern];
  const found = tinyglobby().globSync(patterns, {
    cwd,
    expandDirectories: false,
    fs: { readdirSync: noting(refused) },
  });
  // tinyglobby leaves out in silence what it may not list; a merge that misses a folder must say so.
  for (const [path, error] of refused) {
    settings.missing(problemOf(error, join(folder, relative(cwd, path))));
  }
  return found.map((path) => join(folder, path)).sort(inByteOrder);
}

/** readdirSync that remembers what it threw. */
function noting(refused: Map<string, unknown>): typeof readdirSync {
  const list = (path: string, options: { withFileTypes: true }) => {
    try {
      return readdirSync(path, options);
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') refused.set(path, error);
      throw error;
    }
  };
  return list as typeof readdirSync;
}

/** What a search found, without the file that this run writes. */
function ours(paths: readonly string[], origin: Origin, settings: ExpandSettings): SourcePath[] {
  const sources: SourcePath[] = [];
  for (const path of paths) {
    const file = resolve(settings.cwd, path);
    if (isOneOf(file, settings.outputs)) {
      settings.warn({ code: 'note', where: path, what: 'is written by this run', hint: 'not read' });
    } else {
      sources.push({ path, file, origin });
    }
  }
  return sources;
}

/** The real path of an output file, where it exists already; else the path itself, which then no search can find. */
export function realOutput(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}

function isOneOf(file: string, real: readonly string[]): boolean {
  if (real.length === 0) return false;
  try {
    return real.includes(realpathSync(file));
  } catch {
    return false; // gone since it was found; opening it will say so
  }
}

/** Leaves out files that are there already, by device and inode: two names of one file would double its records. */
function withoutRepeats(sources: readonly SourcePath[], settings: ExpandSettings): SourcePath[] {
  const seen = new Map<string, SourcePath>();
  const repeats: [again: SourcePath, first: SourcePath][] = [];
  const kept = sources.filter((source) => {
    if (source.origin === 'stdin' || source.origin === 'stream') return true;
    const stat = statOf(source.file, source.path, settings);
    if (stat === 'refused') return false;
    const identity = stat === undefined ? source.file : `${stat.dev}:${stat.ino}`;
    const first = seen.get(identity);
    if (first === undefined) seen.set(identity, source);
    else repeats.push([source, first]);
    return first === undefined;
  });
  if (repeats.length > 0) sayRepeats(repeats, settings.warn);
  return kept;
}

function sayRepeats(repeats: readonly (readonly [SourcePath, SourcePath])[], warn: Warn): void {
  const [again, first] = repeats[0];
  const what = again.path === first.path ? 'is named more than once' : `is the same file as ${first.path}`;
  const others = repeats.length === 1 ? '' : `, like ${repeats.length - 1} more that were named or found twice`;
  warn({ code: 'note', where: again.path, what, hint: `read once${others}` });
}
