import { writeSync } from '../core/disk.ts';
import { TsalignError } from '../core/problem.ts';
import type { Sink } from '../core/stages.ts';
import { systemReason } from '../core/system-reason.ts';

/**
 * The reader of a pipe has gone. Of stdout (`| head`) that means that nobody wants the rest, and the run ends as a
 * success; of any other output (`--rejects >(head)`) it is an error like others.
 */
export class ClosedPipe extends TsalignError {
  constructor(where: string) {
    super({ code: 'output', where, what: 'its reader has closed it' });
    this.name = 'ClosedPipe';
  }
}

/** A sink over an open descriptor, which stays open. `where` names it in messages, e.g. `stdout`. */
export function descriptorSink(descriptor: number, where: string): Sink {
  return {
    write: (bytes) => writeAll(descriptor, bytes, where),
    commit() {},
    abort() {},
  };
}

export interface MemorySink extends Sink {
  /** All that was written, in copies. */
  bytes(): Buffer;
  text(): string;
}

/** A sink that keeps what is written, for tests and for callers of the library. */
export function memorySink(): MemorySink {
  const pieces: Buffer[] = [];
  const bytes = () => Buffer.concat(pieces);
  return {
    write: (piece) => void pieces.push(Buffer.from(piece)),
    commit() {},
    abort() {},
    bytes,
    text: () => bytes().toString(),
  };
}

/**
 * Writes all bytes to a descriptor. A pipe that is full and set to return at once (as Node does with a pipe that any part of
 * the process touched as a stream) is waited for: 1 ms at first, at most 16.
 * @throws ClosedPipe where nobody reads; TsalignError 'disk-full' or 'output'.
 */
export function writeAll(descriptor: number, bytes: Uint8Array, where: string): void {
  let from = 0;
  let pause = 1;
  while (from < bytes.length) {
    const written = tryWrite(descriptor, bytes, from, where);
    from += written;
    if (written > 0) pause = 1;
    else pause = wait(pause);
  }
}

function tryWrite(descriptor: number, bytes: Uint8Array, from: number, where: string): number {
  try {
    return writeSync(descriptor, bytes, from, bytes.length - from);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EAGAIN' || code === 'EINTR') return 0;
    if (code === 'EPIPE') throw new ClosedPipe(where);
    throw outputProblem(error, where);
  }
}

const clock = new Int32Array(new SharedArrayBuffer(4));

/** Sleeps for `pause` milliseconds. Returns how long to sleep next. */
function wait(pause: number): number {
  Atomics.wait(clock, 0, 0, pause);
  return Math.min(pause * 2, 16);
}

/** What the system says when the output cannot be opened or written, as a sentence. Other errors are ours and come back as they are. */
export function outputProblem(error: unknown, where: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined || error instanceof TsalignError) return error;
  const known = PROBLEMS[code];
  if (known === undefined)
    return new TsalignError({ code: 'output', where, what: `the output cannot be written (${systemReason(error)})` });
  return new TsalignError({ where, ...known });
}

const PROBLEMS: Readonly<Record<string, { code: 'output' | 'disk-full'; what: string; hint?: string }>> = {
  ENOSPC: { code: 'disk-full', what: 'no space is left for the output', hint: 'free some or write elsewhere' },
  EDQUOT: { code: 'disk-full', what: 'your disk quota is used up', hint: 'free some space or write elsewhere' },
  EFBIG: { code: 'disk-full', what: 'the output is larger than a file may be there', hint: 'write elsewhere' },
  EIO: { code: 'output', what: 'the disk reports an error while the output is written' },
  EACCES: { code: 'output', what: 'no permission to write there' },
  EPERM: { code: 'output', what: 'no permission to write there' },
  EROFS: { code: 'output', what: 'the file system is read-only', hint: 'write elsewhere' },
  ENOENT: { code: 'output', what: 'the folder of the output does not exist', hint: 'make it first' },
  ENOTDIR: { code: 'output', what: 'the folder of the output is not a folder' },
  EISDIR: { code: 'output', what: 'the output is a folder', hint: 'name a file in it' },
  ENAMETOOLONG: { code: 'output', what: 'the name of the output is too long' },
  ELOOP: { code: 'output', what: 'the symbolic links of the output lead in a circle' },
  EMFILE: { code: 'output', what: 'too many files are open', hint: 'raise the limit, e.g. with ulimit -n' },
  ENFILE: { code: 'output', what: 'too many files are open on this machine' },
};
