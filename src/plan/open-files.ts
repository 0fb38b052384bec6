import { statSync } from '../core/disk.ts';
import { TsalignError, type Warn } from '../core/problem.ts';
import type { RunIo } from '../request.ts';
import { type OpenSource, Shrunk, type SourcePath } from '../source/index.ts';

/** Opens the files of a run with a state, those that can be. @param missing receives the others */
export async function openFiles(
  paths: readonly SourcePath[],
  open: (path: SourcePath) => Promise<OpenSource>,
  io: RunIo,
  missing: Warn,
): Promise<OpenSource[]> {
  const opened: OpenSource[] = [];
  for (const path of paths) {
    try {
      requireFile(path);
      const source = await open(path);
      if (source.identity === undefined) throw notAFile(path);
      opened.push(source);
    } catch (error) {
      if (!(error instanceof TsalignError) || error.problem.code === 'usage' || error instanceof Shrunk) throw error;
      if (error.problem.code === 'binary' && path.origin === 'folder')
        io.warn({ ...error.problem, code: 'note', hint: 'not read' });
      else missing(error.problem);
    }
  }
  return opened;
}

/** What was read of a pipe cannot be read again, should the run not end well. */
function requireFile(path: SourcePath): void {
  if (path.origin === 'stdin' || isNoFile(path.file)) throw notAFile(path);
}

export function notAFile({ path, origin }: SourcePath): TsalignError {
  const where = origin === 'stdin' ? 'stdin' : path;
  const what = 'with --state every source must be a file, which can be taken up again';
  return new TsalignError({ code: 'usage', where, what, hint: 'write it to a file first' });
}

/** Not to open a FIFO, which would wait for a writer. */
function isNoFile(file: string): boolean {
  try {
    const stat = statSync(file);
    return !stat.isFile() && !stat.isDirectory();
  } catch {
    return false; // opening it will say what is wrong
  }
}
