import { readSync } from '../core/disk.ts';
import { type FileIdentity, fileIdentity } from '../core/file-identity.ts';
import { TsalignError, type Warn } from '../core/problem.ts';
import type { ByteStream } from '../core/stages.ts';
import { fileStatus, PlainFile } from './descriptors.ts';
import { readError } from './errno.ts';
import type { SourcePath } from './expand.ts';
import { offsetOf } from './stdin.ts';
import type { ReadAt } from './streams.ts';

/** Bytes [begin, end) that can be read at any place: a file, or the member of an archive. */
export interface FileToRead {
  begin: number;
  end: number;
  /** When it was last modified, nanoseconds since 1970. */
  modified: bigint;
  /** Device and inode, of what is no part of another file. */
  identity?: FileIdentity;
  readAt: ReadAt;
  /** The file itself, of what is no part of another and no compressed text. */
  plain?: PlainFile;
  /** What the bytes are packed in although they do not say so themselves: a member of a zip archive. */
  unpack?: (bytes: () => ByteStream, label: string, warn: Warn) => ByteStream;
  close(): void;
}

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
