import path from 'node:path';
import { osModule } from './builtins.ts';
import { mkdtempSync, openSync, rmSync, unlinkSync } from './disk.ts';
import { TsalignError } from './problem.ts';
import { systemReason } from './system-reason.ts';

/**
 * Opens a private temporary file (0600 in a folder 0700) that has no name any more when this returns: however the run
 * ends, `kill -9` included, nothing is left behind.
 * @throws TsalignError 'output' or 'disk-full'
 */
export function openNamelessFile(folder: string): number {
  try {
    const own = mkdtempSync(path.join(folder, 'tsalign-'));
    try {
      const file = path.join(own, 'temp');
      const descriptor = openSync(file, 'wx+', 0o600);
      unlinkSync(file);
      return descriptor;
    } finally {
      rmSync(own, { recursive: true, force: true });
    }
  } catch (error) {
    throw temporaryFileError(error, folder);
  }
}

/** What to say when a temporary file in this folder cannot be made or written. */
export function temporaryFileError(error: unknown, folder: string): Error {
  const { errno } = error as NodeJS.ErrnoException;
  if (errno === undefined) return error as Error;
  const { ENOSPC, EDQUOT } = osModule().constants.errno;
  const full = -errno === ENOSPC || -errno === EDQUOT;
  return new TsalignError({
    code: full ? 'disk-full' : 'output',
    where: folder,
    what: full
      ? 'no space is left for temporary files'
      : `temporary files cannot be written here (${systemReason(error)})`,
    hint: 'name another folder with --temp-dir (-T), or give a larger --memory',
  });
}
