import { randomUUID } from 'node:crypto';
import { closeSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { TsalignError, type Warn } from '../core/problem.ts';
import { errnoOf } from './errno.ts';
import type { OpenSource } from './open.ts';
import { sampleRange } from './sample.ts';
import { FileStream } from './streams.ts';

const COPY_BYTES = 256 * 1024;

/**
 * Copies the text of a source that can be read only once to a temporary file, so that it can be read again (stamps
 * without a year are dated from the end of the file). The file has no name any more when this returns: nothing is left
 * behind however the run ends. Takes the source over: closing what is returned closes it.
 * @param folder a private folder (0700) on a disk with room for the text
 * @throws TsalignError 'disk-full', 'output', and as reading the source does
 */
export async function spoolSource(source: OpenSource, folder: string, warn: Warn): Promise<OpenSource> {
  const descriptor = createNameless(folder);
  const close = () => {
    closeSync(descriptor);
    source.close();
  };
  try {
    const size = await copyAll(source, descriptor, warn, folder);
    const range = (from: number, to: number) => new FileStream(descriptor, source.label, from, to);
    return {
      ...source,
      rereadable: true,
      seekable: true,
      sample: async () => sampleRange(range, 0, size),
      open: () => range(0, size),
      close,
    };
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

function createNameless(folder: string): number {
  const path = join(folder, `spool-${randomUUID()}`);
  try {
    const descriptor = openSync(path, 'wx+', 0o600);
    unlinkSync(path);
    return descriptor;
  } catch (error) {
    throw writeError(error, folder);
  }
}

async function copyAll(source: OpenSource, descriptor: number, warn: Warn, folder: string): Promise<number> {
  const stream = source.open(warn);
  const buffer = Buffer.alloc(COPY_BYTES);
  let size = 0;
  for (;;) {
    const count = await stream.read(buffer, 0, COPY_BYTES);
    if (count === 0) break;
    writeAll(descriptor, buffer, count, folder);
    size += count;
  }
  await stream.close();
  return size;
}

/** A disk that fills up takes a part before it refuses. */
function writeAll(descriptor: number, buffer: Buffer, count: number, folder: string): void {
  try {
    for (let written = 0; written < count; ) written += writeSync(descriptor, buffer, written, count - written);
  } catch (error) {
    throw writeError(error, folder);
  }
}

function writeError(error: unknown, folder: string): TsalignError {
  const errno = errnoOf(error);
  if (errno === undefined) throw error;
  const hint = 'name a folder with more room (-T)';
  if (errno === 'ENOSPC' || errno === 'EDQUOT') {
    return new TsalignError({ code: 'disk-full', where: folder, what: 'no space is left for temporary files', hint });
  }
  const what = `temporary files cannot be written there (${(error as Error).message})`;
  return new TsalignError({ code: 'output', where: folder, what, hint: 'name another folder (-T)' });
}
