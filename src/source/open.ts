import type { FileIdentity } from '../core/file-identity.ts';
import { FINGERPRINT_BYTES } from '../core/fingerprint.ts';
import { type Problem, TsalignError, type Warn } from '../core/problem.ts';
import type { ByteStream, Sample } from '../core/stages.ts';
import { connectPipe, groupIn } from './connect.ts';
import type { FoundEncoding } from './encoding.ts';
import { readError } from './errno.ts';
import { plainFile } from './file.ts';
import { cutSayer, findLayers, type Layers, openLayers, sampleLayers, takeLayers } from './layers.ts';
import { sampleRange } from './sample.ts';
import type { FileToRead, SourcePath } from './source-path.ts';
import { FileStream, Shrunk, skipping } from './streams.ts';
import { FileTail } from './tail.ts';
import { textOf } from './transcode.ts';

/** A source that was opened and found to be text. */
export interface OpenSource {
  path: SourcePath;
  /** What messages call it: of a series each file, where its records share a label. */
  label: string;
  kind: 'file' | 'pipe';
  /** What it is a part of, in words: `file in an archive (tar, gzip)`. */
  archive?: string | undefined;
  /** Bytes as stored, when it was opened; of files only. */
  size?: number;
  /** When it was last modified, nanoseconds since 1970; of files only. */
  modified?: bigint;
  /** Names of the compressions around the text, e.g. `gzip`, the outer ones first. */
  compression: readonly string[];
  /** How the text is written, where that is not UTF-8, and how it is known. */
  encoding: { name: string; by: FoundEncoding['by'] } | undefined;
  /** What of its lines is not as in other texts, in words; `open` gives them ended by LF. */
  lines: string | undefined;
  /** Whether `open` may be called more than once. */
  rereadable: boolean;
  /** Whether it is a plain file that is not compressed: its streams read at once. */
  seekable: boolean;
  /**
   * Of a plain file of UTF-8, its bytes after any byte order mark: how many there are, a stream over [from, to) of them, and
   * from an offset on what they are and will be. `head`: the first of them, when it was opened.
   */
  text?: {
    length: number;
    head: Buffer;
    open(from: number, to: number): ByteStream;
    follow?(offset: number): FileTail;
  };
  /** Bytes to recognise it by. Of what is not rereadable, only before `open`. */
  sample(): Promise<Sample>;
  /** Device and inode; of files only. */
  identity?: FileIdentity | undefined;
  /**
   * A stream from the beginning, after any byte order mark and, of files, `skip` bytes of text. `warn` receives damage,
   * once for all streams that have one.
   */
  open(warn?: Warn, skip?: number): ByteStream;
  /** Stored bytes that all its streams have read, of files that are not seekable: their text tells nothing of them. */
  storedRead?(): number;
  /** Lets damage be said anew, where nobody has heard of it. */
  forgetDamage?(): void;
  close(): void;
}

export interface OpenSettings {
  /** Names the source in everything that is said about it once it is open. */
  label: string;
  /** The descriptor that `-` stands for. */
  stdin: number;
  /** What connectPipes opened, where the source is a pipe among several; alone it is opened here. */
  pipe?: ByteStream | undefined;
  /** What --encoding says of it. */
  encoding?: string | undefined;
}

/**
 * Opens a source. Of a pipe this waits for its first 64 KiB (or its end), by which it is known whether it is compressed
 * and whether it is text. A file is taken at the length that it has now.
 * @throws TsalignError 'no-source', 'unreadable', 'binary', 'truncated': this source only, others may be gone on with
 */
export async function openSource(path: SourcePath, settings: OpenSettings): Promise<OpenSource> {
  // A pipe alone waits for nobody but itself: nothing of it is ever put aside.
  const isFile = path.member !== undefined || path.opened !== undefined;
  const pipe = settings.pipe ?? (isFile ? undefined : await connectPipe(path, settings.stdin, groupIn('')));
  const file = pipe === undefined ? (path.member?.file ?? path.opened ?? plainFile(path, settings.stdin)) : undefined;
  const close = () => {
    pipe?.close();
    file?.close();
  };
  try {
    const opened = { path, label: settings.label, encoding: settings.encoding, close };
    return file === undefined ? await openPipe(opened, pipe as ByteStream) : await openFile(opened, file);
  } catch (error) {
    close();
    throw error;
  }
}

interface Opened {
  path: SourcePath;
  label: string;
  encoding: string | undefined;
  close(): void;
}

async function openFile({ path, label, encoding, close }: Opened, file: FileToRead): Promise<OpenSource> {
  const { begin, end, modified, identity, readAt, unpack } = file;
  let stored = 0;
  const readCounted: FileToRead['readAt'] = (...place) => {
    const count = readAt(...place);
    stored += count;
    return count;
  };
  const range = (from: number, to: number) => new FileStream(readCounted, label, from, to);
  const whole = (warn: Warn) =>
    unpack === undefined ? range(begin, end) : unpack(() => range(begin, end), label, warn);
  const layers = await findLayers({ path: path.path, label, encoding }, whole);
  const archive = path.member?.archive;
  const size = end - begin;
  const named = { path, label, kind: 'file', archive, size, modified, identity, rereadable: true, close } as const;
  const known = {
    ...named,
    compression: namesOf(layers),
    encoding: encodingOf(layers),
    lines: linesOf(layers),
  };
  if (unpack === undefined && layers.compressions.length === 0) {
    const from = begin + layers.encoding.mark;
    const sample = async () => sampleRange(range, from, end, layers.encoding);
    const isText = layers.encoding.encoding === undefined && linesOf(layers) === undefined;
    const damage = new SaidOnce();
    const open: OpenSource['open'] = (warn, skip = 0) => {
      if (isText) return range(from + skip, end);
      const cut = warn === undefined ? ignore : cutSayer(label, damage.sayer(warn));
      return skipping(textOf(range(from, end), { ...layers.encoding, mark: 0 }, cut), skip);
    };
    const { plain } = file;
    const text = {
      length: end - from,
      head: plain === undefined ? Buffer.alloc(0) : headOf(file, label, from),
      open: (start: number, stop: number) => range(from + start, from + stop),
      ...(plain && { follow: (offset: number) => new FileTail(plain, { offset, mark: from }) }),
    };
    return { ...known, seekable: true, ...(isText && { text }), sample, open, forgetDamage: () => damage.forget() };
  }
  const damage = new SaidOnce();
  return {
    ...known,
    seekable: false,
    sample: () => sampleLayers(label, whole, layers),
    open: (warn, skip = 0) =>
      skipping(openLayers(label, whole, layers, warn === undefined ? ignore : damage.sayer(warn)), skip),
    storedRead: () => stored,
    forgetDamage: () => damage.forget(),
  };
}

/** @throws Shrunk where the file has been cut since it was opened; TsalignError 'unreadable' */
function headOf({ readAt, end }: FileToRead, label: string, from: number): Buffer {
  const head = Buffer.alloc(Math.min(FINGERPRINT_BYTES, end - from));
  const count = readFrom(readAt, label, head, from);
  if (count < head.length) throw new Shrunk(label, from + count, end);
  return head;
}

function readFrom(readAt: FileToRead['readAt'], label: string, bytes: Buffer, from: number): number {
  try {
    return readAt(bytes, 0, bytes.length, from);
  } catch (error) {
    throw error instanceof TsalignError ? error : readError(error, label);
  }
}

async function openPipe({ path, label, encoding, close }: Opened, pipe: ByteStream): Promise<OpenSource> {
  // Damage may be met while looking at the beginning; it is kept until somebody listens.
  const held: Problem[] = [];
  let warn: Warn = (problem) => held.push(problem);
  const described = { path: path.path, label, encoding };
  const opened = await takeLayers(described, pipe, (problem) => warn(problem));
  const open = (receiver: Warn = ignore) => {
    warn = receiver;
    for (const problem of held.splice(0)) receiver(problem);
    return opened.text;
  };
  return {
    path,
    label,
    kind: 'pipe',
    compression: namesOf(opened.layers),
    encoding: encodingOf(opened.layers),
    lines: linesOf(opened.layers),
    rereadable: false,
    seekable: false,
    sample: async () => opened.sample,
    open,
    close,
  };
}

const linesOf = ({ encoding: { returns, breaks } }: Layers): string | undefined =>
  returns ? 'lines ended by CR' : breaks?.what;

const namesOf = ({ compressions }: Layers): string[] => compressions.map(({ name }) => name);

function encodingOf({ encoding: { encoding, by } }: Layers): OpenSource['encoding'] {
  return encoding === undefined ? undefined : { name: encoding.name, by };
}

const ignore = (): void => {};

/** Several passes over one source meet the same damage; it is said once. */
class SaidOnce {
  #said = { yes: false };

  sayer(warn: Warn): Warn {
    const said = this.#said;
    return (problem) => {
      if (said.yes) return;
      said.yes = true;
      warn(problem);
    };
  }

  /** What a stream says that was opened before no longer counts: it may still be decoded ahead when it is closed. */
  forget(): void {
    this.#said = { yes: false };
  }
}
