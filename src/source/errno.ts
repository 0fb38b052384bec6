import { type Problem, type ProblemCode, TsalignError } from '../core/problem.ts';

/** What the system's refusals mean for whoever named the source, and the way out. */
const REFUSALS: Readonly<Record<string, readonly [code: ProblemCode, what: string, hint?: string]>> = {
  ENOENT: ['no-source', 'no such file or folder'],
  ENOTDIR: ['no-source', 'a part of this path is a file, not a folder'],
  ELOOP: ['no-source', 'symbolic links lead in a circle'],
  ENAMETOOLONG: ['no-source', 'no such file: the name is longer than the system allows'],
  EISDIR: ['no-source', 'is a folder', '-r reads the files in it'],
  EACCES: ['unreadable', 'no permission to read it'],
  EPERM: ['unreadable', 'no permission to read it'],
  EMFILE: ['unreadable', 'too many files are open at once', 'raise the limit (ulimit -n) or merge in several steps'],
  ENFILE: ['unreadable', 'the system has too many files open', 'close some, or merge in several steps'],
  ENXIO: ['unreadable', 'is a socket or a device that nothing answers on'],
  EBADF: ['unreadable', 'is not open for reading'],
  EIO: ['unreadable', 'the system could not read it (input/output error)', 'the disk may be damaged; try a copy'],
  ESTALE: ['unreadable', 'it was replaced on its network file system while it was read', 'try again'],
};

/** The errno name of what a call of node:fs threw; undefined for anything else. */
export function errnoOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('errno' in error)) return undefined;
  return (error as NodeJS.ErrnoException).code;
}

/**
 * The sentence for what node:fs threw while `where` was looked for, opened or read.
 * Anything that is no system error is our own mistake and is thrown on.
 */
export function problemOf(error: unknown, where: string): Problem {
  const errno = errnoOf(error);
  if (errno === undefined) throw error;
  const [code, what, hint] = REFUSALS[errno] ?? ['unreadable', `cannot be read (${(error as Error).message})`];
  return { code, where: where === '' ? '""' : where, what, ...(hint === undefined ? {} : { hint }) };
}

/** problemOf, to be thrown. */
export const readError = (error: unknown, where: string): TsalignError => new TsalignError(problemOf(error, where));
