import { basename, dirname, join } from 'node:path';
import { statSync } from '../core/disk.ts';
import { followLinks, isKernelPath } from '../output/index.ts';
import type { Plan } from '../plan.ts';
import type { Lock } from '../state/index.ts';
import type { Run } from './run.ts';
import { takeLock } from './session.ts';

/**
 * Sees to it that only one run that follows its sources writes to a file. Undefined for what is no file.
 * @throws TsalignError 'locked' where another does; the signal's reason, while it waits
 */
export async function lockOutput({ request, io }: Run, { output }: Plan): Promise<Lock | undefined> {
  if (output.path === undefined || output.slots !== undefined || io.sink !== undefined || io.receiver !== undefined)
    return undefined;
  const target = followLinks(output.path);
  const isOther = statSync(target, { throwIfNoEntry: false })?.isFile() === false;
  if (isOther || isKernelPath(target)) return undefined;
  return await takeLock(join(dirname(target), `.${basename(target)}.lock`), request.lock ?? 'fail', io.signal);
}
