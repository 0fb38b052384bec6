import { dirname, join, sep } from 'node:path';
import { mkdirSync, renameSync, statSync } from '../core/disk.ts';
import { TsalignError } from '../core/problem.ts';
import { attempt, syncFolder } from './file-sink.ts';

/**
 * Renames complete files into their places; those that are there already are passed over, so that what was interrupted
 * can be done again.
 * @throws TsalignError 'output'
 */
export function putInPlace(renames: readonly { from: string; to: string }[]): void {
  const folders = new Set<string>();
  for (const { from, to } of renames) {
    for (const folder of foldersOf({ from, to })) folders.add(folder);
    attempt(to, () => {
      if (statSync(from, { throwIfNoEntry: false }) !== undefined) {
        mkdirSync(dirname(to), { recursive: true });
        renameSync(from, to);
      } else if (statSync(to, { throwIfNoEntry: false }) === undefined) {
        throw new TsalignError({
          code: 'output',
          where: to,
          what: `is not there, and ${from}, of which it was to be made, is gone`,
        });
      }
    });
  }
  for (const folder of folders) attempt(folder, () => syncFolder(join(folder, '.')));
}

/** The folder of a file, and those above it that may have been made with it: up to the one that both names share. */
function foldersOf({ from, to }: { from: string; to: string }): string[] {
  const folders: string[] = [];
  let folder = dirname(to);
  while (folder !== dirname(folder) && !from.startsWith(folder + sep)) {
    folders.push(folder);
    folder = dirname(folder);
  }
  return [...folders, folder];
}
