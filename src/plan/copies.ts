import { basename, dirname, join } from 'node:path';
import { FINGERPRINT_BYTES, fingerprintOf, hasFingerprint } from '../core/fingerprint.ts';
import type { OpenSource } from '../source/index.ts';
import {
  continues,
  type FileFound,
  isRotationOf,
  LISTING_TRIES,
  rotatedFiles,
  type SourceState,
} from '../state/index.ts';
import { isMoved, type OpenPath, tryOpen } from './beside.ts';
import { fileOf } from './file-found.ts';

/** What copies a file may set its time a little earlier than it was written. */
const CLOCK_GRAIN = 1_000_000_000n;

/**
 * A source as a file holds it that is the beginning of it: what copies and then truncates a log loses what is written to it
 * between the two, which may have been read. Undefined where the file is none.
 */
export async function shortCopyOf(source: SourceState, file: FileFound): Promise<SourceState | undefined> {
  const { head, offset, again } = source;
  const log = { file: join(dirname(source.file), basename(source.path)) };
  const mayBe = file.plain && file.size < offset && head.length === FINGERPRINT_BYTES && file.size >= head.length;
  if (!mayBe || !isRotationOf(file.file, log)) return undefined;
  if (BigInt(file.modified) + CLOCK_GRAIN < BigInt(source.modified)) return undefined;
  if (!hasFingerprint(await file.read(0, head.length), head)) return undefined;
  const { size, modified, device, inode } = file;
  const before = fingerprintOf(await file.read(size - FINGERPRINT_BYTES, FINGERPRINT_BYTES));
  const place = { file: file.file, device, inode, size, modified, offset: size, before };
  return { ...source, ...place, again: again !== undefined && again.offset < size ? again : undefined };
}

/**
 * Opens the files that rotation has left beside a source, the latest first; whoever takes one closes it. Where names have
 * changed meanwhile they are listed again, so that some may come twice.
 */
async function* rotatedBeside(source: SourceState, openPath: OpenPath): AsyncGenerator<OpenSource> {
  for (let tries = 1, hasMoved = true; hasMoved && tries <= LISTING_TRIES; tries++) {
    hasMoved = false;
    for (const { file, identity } of rotatedFiles(source).toReversed()) {
      const open = await tryOpen({ path: file, file, origin: 'named' }, source.path, openPath);
      hasMoved ||= isMoved(open, identity);
      if (typeof open !== 'string') yield open;
    }
  }
}

/** A source as such a file beside it holds it, if there is one. */
export async function findShortCopy(source: SourceState, openPath: OpenPath): Promise<SourceState | undefined> {
  for await (const open of rotatedBeside(source, openPath)) {
    const short = await shortCopyOf(source, fileOf(open));
    open.close();
    if (short !== undefined) return short;
  }
  return undefined;
}

/**
 * What copies and then truncates a log leaves such a file beside it: the copy of a source, which begins with all that was
 * taken of it.
 */
export async function findCopy(source: SourceState, openPath: OpenPath): Promise<OpenSource | undefined> {
  for await (const open of rotatedBeside(source, openPath)) {
    const found = fileOf(open);
    if (found.inode !== source.inode && (await continues(found, source))) return open;
    open.close();
  }
  return undefined;
}
