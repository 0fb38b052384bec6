import { readSync } from '../core/disk.ts';
import { fileIdentity } from '../core/file-identity.ts';
import { TsalignError } from '../core/problem.ts';
import { fileStatus, PlainFile } from './descriptors.ts';
import { readError } from './errno.ts';
import type { FileToRead, SourcePath } from './source-path.ts';
import { offsetOf } from './stdin.ts';
import type { ReadAt } from './streams.ts';

/**
 * Opens a plain file at the length that it has now.
 * @throws TsalignError 'no-source', 'unreadable'
 */
export function plainFile(path: SourcePath, stdin: number): FileToRead {
  if (path.origin === 'stdin') return fileOnStdin(stdin);
  const file = new PlainFile(path.file, path.path);
  const close = () => file.release();
  if (file.status.isFolder) throw isFolder(path.path, close);
  const readAt: ReadAt = (...place) => file.read(...place);
  const { size, mtimeNs } = file.status;
  const identity = fileIdentity(file.status);
  return { begin: 0, end: Number(size), modified: mtimeNs, identity, readAt, plain: file, close };
}

function fileOnStdin(stdin: number): FileToRead {
  try {
    const status = fileStatus(stdin);
    if (status.isFolder) throw isFolder('stdin', () => {});
    const end = Number(status.size);
    const readAt: ReadAt = (...place) => readSync(stdin, ...place);
    return { begin: Math.min(offsetOf(stdin), end), end, modified: status.mtimeNs, readAt, close: () => {} };
  } catch (error) {
    throw error instanceof TsalignError ? error : readError(error, 'stdin');
  }
}

function isFolder(where: string, close: () => void): TsalignError {
  close();
  return new TsalignError({ code: 'no-source', where, what: 'is a folder', hint: '-r reads the files in it' });
}
