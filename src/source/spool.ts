import { closeSync, readSync, writeSync } from 'node:fs';
import { openNamelessFile, temporaryFileError } from '../core/nameless-file.ts';
import type { Warn } from '../core/problem.ts';
import { UTF8 } from './encoding.ts';
import type { OpenSource } from './open.ts';
import { sampleRange } from './sample.ts';
import { FileStream, type ReadAt } from './streams.ts';

const COPY_BYTES = 256 * 1024;

/**
 * Copies the text of a source that can be read only once to a temporary file, so that it can be read again (stamps
 * without a year are dated from the end of the file). The file has no name any more when this returns: nothing is left
 * behind however the run ends. Takes the source over: closing what is returned closes it.
 * @param folder a folder on a disk with room for the text
 * @throws TsalignError 'disk-full', 'output', and as reading the source does
 */
export async function spoolSource(source: OpenSource, folder: string, warn: Warn): Promise<OpenSource> {
  const descriptor = openNamelessFile(folder);
  const close = () => {
    closeSync(descriptor);
    source.close();
  };
  try {
    const size = await copyAll(source, descriptor, warn, folder);
    const readAt: ReadAt = (bytes, offset, length, position) => readSync(descriptor, bytes, offset, length, position);
    const range = (from: number, to: number) => new FileStream(readAt, source.label, from, to);
    return {
      ...source,
      rereadable: true,
      seekable: true,
      sample: async () => sampleRange(range, 0, size, UTF8),
      open: (_, skip = 0) => range(skip, size),
      close,
    };
  } catch (error) {
    closeSync(descriptor);
    throw error;
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

/** Appends to a temporary file. A disk that fills up takes a part before it refuses. */
export function writeAll(descriptor: number, buffer: Buffer, count: number, folder: string): void {
  try {
    for (let written = 0; written < count; ) written += writeSync(descriptor, buffer, written, count - written);
  } catch (error) {
    throw temporaryFileError(error, folder);
  }
}
