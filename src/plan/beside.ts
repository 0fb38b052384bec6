import { setTimeout as sleep } from 'node:timers/promises';
import { identityKey } from '../core/file-identity.ts';
import { TsalignError } from '../core/problem.ts';
import type { OpenSource, SourcePath } from '../source/index.ts';
import { type Folders, LISTING_TRIES, type RotatedFile, rotatedFiles, type SourceState } from '../state/index.ts';

/** Opens a file as settings say of the path under which it first came. */
export type OpenPath = (path: SourcePath, first: string) => Promise<OpenSource>;

/** In so many milliseconds rotation renames a file or two. */
const PAUSE_MS = 10;

/**
 * Opens files beside a source that may be what it was, the latest last: each once, whatever is renamed meanwhile.
 * @param folders what was listed already; listed anew where it is no longer so
 * @param isOther whether a file that was listed is known to be something else, so that it need not be opened
 */
export async function openBeside(
  source: SourceState,
  folders: Folders,
  isOther: (file: RotatedFile) => boolean,
  openPath: OpenPath,
): Promise<OpenSource[]> {
  for (let tries = 1; ; tries++) {
    const files = rotatedFiles(source, folders).filter((file) => !isOther(file));
    const { opened, hasMoved } = await openListed(files, source.path, openPath);
    if (!hasMoved || tries === LISTING_TRIES) return opened;
    for (const open of opened) open.close();
    folders.clear();
    await sleep(PAUSE_MS);
  }
}

/** Opens files that were listed. `hasMoved`: one of them is not what was listed. */
async function openListed(files: readonly RotatedFile[], first: string, openPath: OpenPath) {
  const opened: OpenSource[] = [];
  let hasMoved = false;
  for (const { file, identity } of files) {
    const open = await tryOpen({ path: file, file, origin: 'named' }, first, openPath);
    hasMoved ||= isMoved(open, identity);
    if (typeof open !== 'string') opened.push(open);
  }
  return { opened, hasMoved };
}

/** Whether what was opened under a name is not what was listed under it. */
export const isMoved = (open: OpenSource | 'gone' | 'no text', identity: string): boolean =>
  open === 'gone' || (open !== 'no text' && keyOf(open) !== identity);

/** As rotatedFiles lists it. */
export const keyOf = ({ identity }: OpenSource): string | undefined => identity && identityKey(identity);

/** What rotation left may be gone again, or no text. */
export async function tryOpen(
  path: SourcePath,
  first: string,
  openPath: OpenPath,
): Promise<OpenSource | 'gone' | 'no text'> {
  try {
    return await openPath(path, first);
  } catch (error) {
    if (!(error instanceof TsalignError)) throw error;
    if (error.problem.code === 'no-source') return 'gone';
    if (error.problem.code === 'binary') return 'no text';
    throw error;
  }
}
