import type { FileIdentity } from '../core/file-identity.ts';
import type { Warn } from '../core/problem.ts';
import type { ByteStream } from '../core/stages.ts';
import type { PlainFile } from './descriptors.ts';
import type { LinePrefix } from './prefixes.ts';
import type { ReadAt } from './streams.ts';

/** How a source came into the list: what a search found may be passed over where what was named may not. */
export type Origin = 'stdin' | 'stream' | 'named' | 'glob' | 'folder' | 'rotated';

/** One source by name; nothing was opened yet. */
export interface SourcePath {
  /** As it was written, or found below what was written; `-` is stdin. Messages say this. */
  path: string;
  /** The same, absolute; `-` for stdin. */
  file: string;
  origin: Origin;
  /** The path of the log that it is one file of, where it is in such a series. */
  log?: string;
  /** Which members are wanted where it is an archive; left out: all. */
  wanted?: string;
  /**
   * Of a part of a file, such as a member of an archive: where its bytes are, what it is, in words, and which program
   * marked its lines among others.
   */
  member?: { file: FileToRead; archive: string; prefixedBy?: LinePrefix };
  /** What was opened to see whether it is an archive, and is none: the file keeps the length that it had then. */
  opened?: FileToRead;
}

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
