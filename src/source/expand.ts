import { type BigIntStats, fstatSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { TsalignError, type Warn } from '../core/problem.ts';
import { didYouMean } from '../core/registry.ts';
import { errnoOf, problemOf } from './errno.ts';
import { isGlob, picomatch } from './globs.ts';
import { type Folders, rotatedNames } from './rotated-files.ts';
import { type Found, searchFolder } from './search.ts';
import type { Origin, SourcePath } from './source-path.ts';

export interface ExpandSettings {
  /** Whether folders give the files in them. */
  recursive: boolean;
  /** Whether files give the rotated files of the same log, too. */
  rotated: boolean;
  /** Paths from a list, which come behind the arguments and are no globs. */
  listed: readonly string[];
  cwd: string;
  /** Descriptor of stdin. */
  stdin: number;
  /** Whether a real path is that of a file which this run writes, if it writes any: globs and folders pass over it. */
  isOutput: ((real: string) => boolean) | undefined;
  /** Whether it is new that what this run writes is passed over; else it was said when that began. */
  newOutput?: boolean;
  /** Names that are no paths: the caller has a stream of each. */
  streams?: { has(name: string): boolean } | undefined;
  /** Receives what was passed over (code 'note'). */
  warn: Warn;
  /** Receives each name behind which there is nothing to read: throws it, or under --keep-going counts and says it. */
  missing: Warn;
}

/**
 * The sources that arguments name: paths, globs, folders (with `recursive`) and `-`, in the order of the arguments; a
 * glob or folder gives its files in byte order, without hidden ones. What exists under the very name is no glob.
 * A file that is reached twice stays where it was reached first.
 * @throws TsalignError 'usage' where `-` stands twice; what `missing` throws
 */
export function expandSources(args: readonly string[], settings: ExpandSettings): SourcePath[] {
  if ([...args, ...settings.listed].filter((arg) => arg === '-').length > 1) {
    throw new TsalignError({ code: 'usage', where: '-', what: 'stdin can be read only once', hint: 'name it once' });
  }
  const found = [
    ...args.flatMap((arg) => expandOne(arg, isGlob, settings)),
    ...settings.listed.flatMap((path) => expandOne(path, () => false, settings)),
  ];
  return withoutRepeats(settings.rotated ? withRotated(found, settings) : found, settings);
}

function expandOne(arg: string, mayBeGlob: (arg: string) => boolean, settings: ExpandSettings): SourcePath[] {
  if (settings.streams?.has(arg)) return [{ path: arg, file: arg, origin: 'stream' }];
  if (arg === '-') return [{ path: '-', file: '-', origin: 'stdin' }];
  const file = resolve(settings.cwd, arg);
  const stat = arg === '' ? undefined : statOf(file, arg, settings);
  if (stat === 'refused') return [];
  if (stat?.isDirectory()) return filesInFolder(arg, settings);
  if (stat !== undefined) return [{ path: arg, file, origin: 'named' }];
  const inside = membersNamed(arg, settings);
  if (inside !== undefined) return [inside];
  if (mayBeGlob(arg)) return filesOfGlob(arg, settings);
  // Just rotated, and not begun anew.
  const rotated = settings.rotated ? rotatedBeside(arg, file, new Map(), settings) : [];
  if (rotated.length > 0) return rotated;
  settings.missing({ code: 'no-source', where: arg === '' ? '""' : arg, ...absence(arg, settings.cwd) });
  return [];
}

/** What `logs.zip!/glob` names: some members of an archive. */
function membersNamed(arg: string, settings: ExpandSettings): SourcePath | undefined {
  const at = arg.indexOf('!/');
  if (at <= 0) return undefined;
  const path = arg.slice(0, at);
  const file = resolve(settings.cwd, path);
  const stat = statOf(file, path, settings);
  if (stat === undefined || stat === 'refused' || stat.isDirectory()) return undefined;
  return { path, file, origin: 'named', wanted: arg.slice(at + 2) };
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
function absence(arg: string, cwd: string): { what: string; hint?: string } {
  const what = 'no such file or folder';
  const file = resolve(cwd, arg);
  const archive = fileOnTheWay(arg, cwd);
  if (archive !== undefined) {
    const member = arg.slice(archive.length + 1);
    return { what, hint: `${archive} is a file; what is in an archive is written '${archive}!/${member}'` };
  }
  try {
    const near = didYouMean(basename(file), readdirSync(dirname(file)));
    if (near !== undefined && near !== basename(file)) return { what, hint: `did you mean "${near}"?` };
  } catch {
    return { what, hint: `there is no folder ${dirname(file)} that could be searched for it` };
  }
  return { what };
}

/** The beginning of a path that is a file, where a folder would have to be. */
function fileOnTheWay(arg: string, cwd: string): string | undefined {
  const ends = [...arg.matchAll(/(?<=[^/])\/(?=[^/])/g)].map(({ index }) => arg.slice(0, index));
  return ends.find((path) => statSync(resolve(cwd, path), { throwIfNoEntry: false })?.isFile());
}

function filesInFolder(arg: string, settings: ExpandSettings): SourcePath[] {
  if (!settings.recursive) {
    settings.missing({ code: 'no-source', where: arg, what: 'is a folder', hint: '-r reads the files in it' });
    return [];
  }
  const found = search(arg, '**', settings);
  if (found.paths.length === 0) settings.missing({ code: 'no-source', where: arg, what: 'the folder holds no files' });
  if (found.hidden > 0) {
    const what = `${found.hidden} hidden ${found.hidden === 1 ? 'file or folder' : 'files and folders'} in it`;
    settings.warn({ code: 'note', where: arg, what, hint: 'not read' });
  }
  return ours(found.paths, 'folder', settings);
}

function filesOfGlob(arg: string, settings: ExpandSettings): SourcePath[] {
  const { base, glob, negated } = picomatch().scan(arg, { unescape: true }) as {
    base: string;
    glob: string;
    negated: boolean;
  };
  const { paths } = negated ? { paths: [] } : search(base, glob, settings);
  if (paths.length === 0) {
    const hint = settings.recursive ? 'check its spelling' : 'check its spelling; folders need -r';
    settings.missing({ code: 'no-source', where: arg, what: 'no file matches this glob', hint });
  }
  return ours(paths, 'glob', settings);
}

function search(folder: string, pattern: string, settings: ExpandSettings): Found {
  const found = searchFolder(folder, pattern, settings);
  for (const [path, error] of found.refused) settings.missing(problemOf(error, path));
  return found;
}

/** Puts beside each file those in its folder that are by their names rotated files of the same log. */
function withRotated(sources: readonly SourcePath[], settings: ExpandSettings): SourcePath[] {
  const folders: Folders = new Map();
  return sources.flatMap((source) =>
    source.origin === 'stdin' || source.origin === 'stream'
      ? [source]
      : [source, ...rotatedBeside(source.path, source.file, folders, settings)],
  );
}

function rotatedBeside(path: string, file: string, folders: Folders, settings: ExpandSettings): SourcePath[] {
  const paths = rotatedNames(file, folders).map((name) => join(dirname(path), name));
  return ours(paths, 'rotated', settings);
}

/** What a search found, without the file that this run writes. */
function ours(paths: readonly string[], origin: Origin, settings: ExpandSettings): SourcePath[] {
  const sources: SourcePath[] = [];
  for (const path of paths) {
    const file = resolve(settings.cwd, path);
    if (isOutput(file, settings)) {
      if (settings.newOutput !== false)
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

/** The real path of a file takes as long as opening it, so it is not asked for where nothing is written. */
function isOutput(file: string, { isOutput: matches }: ExpandSettings): boolean {
  if (matches === undefined) return false;
  try {
    return matches(realpathSync(file));
  } catch {
    return false; // gone since it was found; opening it will say so
  }
}

/** Leaves out files that are there already, by device and inode: two names of one file would double its records. */
function withoutRepeats(sources: readonly SourcePath[], settings: ExpandSettings): SourcePath[] {
  const seen = new Map<string, SourcePath>();
  const repeats: [again: SourcePath, first: SourcePath][] = [];
  const kept = sources.filter((source) => {
    if (source.origin === 'stream') return true;
    const stat = source.origin === 'stdin' ? statOfStdin(settings.stdin) : statOf(source.file, source.path, settings);
    if (stat === 'refused') return false;
    const identity = stat === undefined ? source.file : `${stat.dev}:${stat.ino}:${source.wanted ?? ''}`;
    const first = seen.get(identity);
    if (first === undefined) seen.set(identity, source);
    else if (source.origin !== 'rotated' && first.origin !== 'rotated') repeats.push([source, first]);
    return first === undefined;
  });
  if (repeats.length > 0) sayRepeats(repeats, settings.warn);
  return kept;
}

/** Of a file on stdin; another source may be the same file. A pipe is not: /dev/fd/0 is another word for it. */
function statOfStdin(stdin: number): BigIntStats | undefined {
  try {
    return fstatSync(stdin, { bigint: true });
  } catch {
    return undefined; // closed; opening it says so
  }
}

function sayRepeats(repeats: readonly (readonly [SourcePath, SourcePath])[], warn: Warn): void {
  const [again, first] = repeats[0];
  const what = again.path === first.path ? 'is named more than once' : `is the same file as ${first.path}`;
  const others = repeats.length === 1 ? '' : `, like ${repeats.length - 1} more that were named or found twice`;
  warn({ code: 'note', where: again.path, what, hint: `read once${others}` });
}
