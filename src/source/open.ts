import { type BigIntStats, fstatSync, readSync } from 'node:fs';
import { type Problem, TsalignError, type Warn } from '../core/problem.ts';
import type { ByteStream, Sample } from '../core/stages.ts';
import { type Compression, compressionOf, MAGIC_BYTES } from './compression.ts';
import { connectPipe, groupIn } from './connect.ts';
import { DecodedStream } from './decode.ts';
import { PlainFile } from './descriptors.ts';
import type { SourcePath } from './expand.ts';
import { SAMPLE_BYTES, sampleRange } from './sample.ts';
import { offsetOf } from './stdin.ts';
import { FileStream, PeekedStream, type ReadAt } from './streams.ts';
import { byteOrderMark, checkText } from './text-check.ts';

/** A source that was opened and found to be text. */
export interface OpenSource {
  path: SourcePath;
  label: string;
  kind: 'file' | 'pipe';
  /** Bytes as stored, when it was opened; of files only. */
  size?: number;
  /** When it was last modified, nanoseconds since 1970; of files only. */
  modified?: bigint;
  /** Name of the compression, e.g. `gzip`. */
  compression?: string;
  /** Whether `open` may be called more than once. */
  rereadable: boolean;
  /** Whether it is a plain file that is not compressed: its streams read at once. */
  seekable: boolean;
  /** Bytes to recognise it by. Of what is not rereadable, only before `open`. */
  sample(): Promise<Sample>;
  /** A stream from the beginning, after any byte order mark. `warn` receives damage, once for all streams that have one. */
  open(warn?: Warn): ByteStream;
  close(): void;
}

export interface OpenSettings {
  /** Names the source in everything that is said about it once it is open. */
  label: string;
  /** The descriptor that `-` stands for. */
  stdin: number;
  /** What connectPipes opened, where the source is a pipe among several; alone it is opened here. */
  pipe?: ByteStream | undefined;
}

/**
 * Opens a source. Of a pipe this waits for its first 64 KiB (or its end), by which it is known whether it is compressed
 * and whether it is text. A file is taken at the length that it has now.
 * @throws TsalignError 'no-source', 'unreadable', 'binary', 'truncated': this source only, others may be gone on with
 */
export async function openSource(path: SourcePath, settings: OpenSettings): Promise<OpenSource> {
  // A pipe alone waits for nobody but itself: nothing of it is ever put aside.
  const pipe = settings.pipe ?? (await connectPipe(path, settings.stdin, groupIn('')));
  const file = pipe === undefined ? plainFile(path, settings.stdin) : undefined;
  const close = () => {
    pipe?.close();
    file?.close();
  };
  try {
    if (file !== undefined) return await openFile({ path, label: settings.label, close }, file);
    return await openPipe({ path, label: settings.label, close }, pipe as ByteStream);
  } catch (error) {
    close();
    throw error;
  }
}

interface Opened {
  path: SourcePath;
  label: string;
  close(): void;
}

/** A file that can be read at any place. */
interface FileToRead {
  stat: BigIntStats;
  /** Where reading begins, bytes. */
  begin: number;
  readAt: ReadAt;
  close(): void;
}

function plainFile(path: SourcePath, stdin: number): FileToRead {
  if (path.origin === 'stdin') {
    const stat = fstatSync(stdin, { bigint: true });
    const begin = Math.min(offsetOf(stdin), Number(stat.size));
    const readAt: ReadAt = (...place) => readSync(stdin, ...place);
    return withoutFolder({ stat, begin, readAt, close: () => {} }, 'stdin');
  }
  const file = new PlainFile(path.file, path.path);
  const readAt: ReadAt = (...place) => file.read(...place);
  return withoutFolder({ stat: file.stat, begin: 0, readAt, close: () => file.release() }, path.path);
}

function withoutFolder(file: FileToRead, where: string): FileToRead {
  if (!file.stat.isDirectory()) return file;
  file.close();
  throw new TsalignError({ code: 'no-source', where, what: 'is a folder', hint: '-r reads the files in it' });
}

async function openFile({ path, label, close }: Opened, file: FileToRead): Promise<OpenSource> {
  const { stat, begin, readAt } = file;
  const size = Number(stat.size);
  const range = (from: number, to: number) => new FileStream(readAt, label, from, to);
  const known = { path, label, kind: 'file', size, modified: stat.mtimeNs, rereadable: true, close } as const;

  const magic = Buffer.alloc(MAGIC_BYTES);
  const compression = compressionOf(magic.subarray(0, range(begin, size).read(magic, 0, MAGIC_BYTES)));
  if (compression === undefined) {
    const head = await new PeekedStream(range(begin, size)).peek(SAMPLE_BYTES);
    checkText(head, path.path);
    const from = begin + byteOrderMark(head);
    const sample = async () => sampleRange(range, from, size);
    return { ...known, seekable: true, sample, open: () => range(from, size) };
  }

  const decoded = (skip: number, warn: Warn) =>
    new DecodedStream({ compression, label, input: () => range(begin, size), rereadable: true, skip, warn });
  const sample = (skip: number) => sampleHead(new PeekedStream(decoded(skip, ignore)));
  const head = (await sample(0)).pieces[0];
  checkText(head, path.path, compression.name);
  const mark = byteOrderMark(head);
  const once = warnOnce();
  return {
    ...known,
    compression: compression.name,
    seekable: false,
    sample: () => sample(mark),
    open: (warn) => decoded(mark, warn === undefined ? ignore : once(warn)),
  };
}

async function openPipe({ path, label, close }: Opened, pipe: ByteStream): Promise<OpenSource> {
  const raw = new PeekedStream(pipe);
  const compression = compressionOf(await raw.peek(MAGIC_BYTES));
  // Damage may be met while looking at the beginning; it is kept until somebody listens.
  const held: Problem[] = [];
  let warn: Warn = (problem) => held.push(problem);
  const text = compression === undefined ? raw : new PeekedStream(decodedPipe(compression, raw, label, (p) => warn(p)));
  const head = await text.peek(SAMPLE_BYTES);
  checkText(head, path.path, compression?.name);
  const mark = byteOrderMark(head);
  text.skip(mark);
  const open = (receiver: Warn = ignore) => {
    warn = receiver;
    for (const problem of held.splice(0)) receiver(problem);
    return text;
  };
  const sample = async (): Promise<Sample> => ({ pieces: [head.subarray(mark)], whole: head.length < SAMPLE_BYTES });
  const named = compression === undefined ? {} : { compression: compression.name };
  return { path, label, kind: 'pipe', ...named, rereadable: false, seekable: false, sample, open, close };
}

function decodedPipe(compression: Compression, raw: ByteStream, label: string, warn: Warn): ByteStream {
  return new DecodedStream({ compression, label, input: () => raw, rereadable: false, skip: 0, warn });
}

async function sampleHead(stream: PeekedStream): Promise<Sample> {
  try {
    const head = await stream.peek(SAMPLE_BYTES);
    return { pieces: [head], whole: head.length < SAMPLE_BYTES };
  } finally {
    await stream.close();
  }
}

const ignore: Warn = () => {};

/** Several passes over one source meet the same damage; it is said once. */
function warnOnce(): (warn: Warn) => Warn {
  let said = false;
  return (warn) => (problem) => {
    if (said) return;
    said = true;
    warn(problem);
  };
}
