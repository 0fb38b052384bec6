import { dirname } from 'node:path';
import { mkdirSync, renameSync, statSync } from '../core/disk.ts';
import { TsalignError } from '../core/problem.ts';
import { attempt, syncFolder } from './file-sink.ts';

/**
 * Renames complete files into their places; those that are there already are passed over, so that what was interrupted
 * can be done again.
 * @throws TsalignError 'output'
 */
export function putInPlace(renames: readonly { from: string; to: string }[]): void {
  for (const { from, to } of renames) {
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
  for (const folder of new Set(renames.map(({ to }) => dirname(to)))) attempt(folder, () => syncFolder(`${folder}/.`));
}
