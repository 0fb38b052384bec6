import { type Dirent, readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { errnoOf } from './errno.ts';
import { tinyglobby } from './globs.ts';

/** What a search came upon. */
export interface Found {
  /** Plain files, in byte order. */
  paths: string[];
  /** Folders that could not be listed, and why. */
  refused: [path: string, error: unknown][];
  /** How many files and folders were passed over because their names begin with a dot. */
  hidden: number;
}

/** The bytes of names, not their UTF-16 units, decide the order: the same as `LC_ALL=C sort`, on every machine. */
export const inByteOrder = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/**
 * The plain files below a folder that a pattern matches. Symbolic links are followed: container logs are reached
 * through them.
 * @param folder as it was written; what was found is written in the same way
 */
export function searchFolder(folder: string, pattern: string, given: { cwd: string; recursive: boolean }): Found {
  const cwd = resolve(given.cwd, folder);
  const refused = new Map<string, unknown>();
  let hidden = 0;
  const list = (path: string, options: { withFileTypes: true }): Dirent[] => {
    try {
      const entries = readdirSync(path, options);
      for (const { name } of entries) if (name.startsWith('.')) hidden++;
      return entries;
    } catch (error) {
      // tinyglobby leaves out in silence what it may not list; a merge that misses a folder must say so.
      if (errnoOf(error) !== 'ENOENT') refused.set(path, error);
      throw error;
    }
  };
  const found = tinyglobby().globSync(given.recursive ? [pattern, `${pattern}/**`] : [pattern], {
    cwd,
    expandDirectories: false,
    fs: { readdirSync: list as typeof readdirSync },
  });
  return {
    paths: found.map((path) => join(folder, path)).sort(inByteOrder),
    refused: [...refused].map(([path, error]) => [join(folder, relative(cwd, path)), error]),
    hidden,
  };
}
