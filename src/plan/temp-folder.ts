import path from 'node:path';
import { accessSync, constants } from '../core/disk.ts';
import { TsalignError } from '../core/problem.ts';
import { systemReason } from '../core/system-reason.ts';
import type { MergeRequest, RunIo } from '../request.ts';

/**
 * The folder of temporary files. One that was named is looked at before anything is read: most runs need none, and the
 * first that does would fail on the night when there is most to merge.
 * @throws TsalignError 'usage' where files cannot be made in it
 */
export function tempFolder({ tempDir }: Pick<MergeRequest, 'tempDir'>, { cwd, env }: RunIo): string {
  if (tempDir === undefined) return path.resolve(cwd, env.TMPDIR || '/var/tmp');
  const folder = path.resolve(cwd, tempDir);
  try {
    accessSync(`${folder}${path.sep}.`, constants.W_OK | constants.X_OK);
  } catch (error) {
    const what = `temporary files cannot be written in ${tempDir} (${systemReason(error)})`;
    throw new TsalignError({ code: 'usage', where: '--temp-dir', what, hint: 'name another folder' });
  }
  return folder;
}
