import { FINGERPRINT_BYTES } from '../core/fingerprint.ts';
import type { ByteStream } from '../core/stages.ts';
import { type OpenSource, readFully, Shrunk } from '../source/index.ts';
import type { FileFound, TextReading } from '../state/index.ts';

/** Whether its bytes are its text: then its size tells how long that is. */
export const isPlain = ({ compression, encoding }: OpenSource): boolean =>
  compression.length === 0 && encoding === undefined;

/** A source as files are known again. */
export function fileOf(open: OpenSource): FileFound {
  let head: Promise<Uint8Array> | undefined;
  const readHead = async (length: number): Promise<Uint8Array> => {
    head ??= readText(open, 0, FINGERPRINT_BYTES);
    return (await head).subarray(0, length);
  };
  return {
    file: open.path.file,
    device: open.identity?.device ?? '',
    inode: open.identity?.inode ?? '',
    size: open.size as number,
    modified: String(open.modified),
    plain: isPlain(open),
    read: (from, length) =>
      from === 0 && length <= FINGERPRINT_BYTES ? readHead(length) : readText(open, from, length),
    begin: () => readingOf(open.open()),
  };
}

/** Reads text of a source: fewer bytes than asked for only where it ends. */
export async function readText(open: OpenSource, from: number, length: number): Promise<Uint8Array> {
  const reading = readingOf(open.open(undefined, from));
  try {
    return await reading.next(length);
  } finally {
    await reading.close();
  }
}

const readingOf = (stream: ByteStream): TextReading => ({
  next: (length) => readFully(stream, length),
  close: () => stream.close(),
});

/** @throws Shrunk where a plain file no longer holds what it held when it was opened: it was cut, and may have grown again */
export function refuseCut({ text, path }: OpenSource): void {
  const tail = text?.follow?.(0);
  if (text === undefined || tail === undefined) return;
  if (tail.size >= text.length && tail.bytesIn(0, text.head.length).equals(text.head)) return;
  throw new Shrunk(path.path, tail.size, text.length);
}
