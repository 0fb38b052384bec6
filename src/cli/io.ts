import { writeSync } from 'node:fs';
import { TsalignError } from '../core/problem.ts';
import { systemReason } from '../core/system-reason.ts';
import type { RunIo } from '../request.ts';

/** What the command line needs of the world; bin/tsalign.js makes the real one, tests make their own. */
export interface CliIo extends Omit<RunIo, 'warn' | 'progress' | 'env'> {
  env: Readonly<Record<string, string | undefined>>;
  /** Whether stdin is a pipe, a socket or a file, so that it is read where no source is named. */
  stdinIsSource: boolean;
  /** Whether another program reads our stdout. */
  stdoutIsPipe: boolean;
  /** Characters in a line of the terminal. */
  columns(): number;
  writeOut(text: string): void;
  writeError(text: string): void;
}

const EAGAIN_WAIT_MS = 5;

/**
 * Writes text to a descriptor, all of it: a pipe takes a part or asks to wait (EAGAIN). A reader that left is no error.
 * Not process.stdout.write: it queues without bound, and process.exit loses what it queued.
 * @throws TsalignError 'disk-full' or 'output'
 */
export function writeText(descriptor: number, text: string): void {
  let rest: Uint8Array = Buffer.from(text);
  const sleep = new Int32Array(new SharedArrayBuffer(4));
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EPIPE') return;
      if (code !== 'EAGAIN') {
        throw new TsalignError({
          code: code === 'ENOSPC' ? 'disk-full' : 'output',
          where: 'stdout',
          what: systemReason(error),
        });
      }
      Atomics.wait(sleep, 0, 0, EAGAIN_WAIT_MS);
    }
  }
}

/** Like writeText, for messages: where they cannot be written, there is nobody left to tell. */
export function writeMessage(descriptor: number, text: string): void {
  try {
    writeText(descriptor, text);
  } catch {
    // The exit code tells of the run, whoever listens.
  }
}
