import { type BigIntStats, closeSync, fstatSync, open as openCallback } from 'node:fs';
import { promisify } from 'node:util';
import { type Problem, TsalignError, type Warn } from '../core/problem.ts';
import type { ByteStream, Sample } from '../core/stages.ts';
import { type Compression, compressionOf, MAGIC_BYTES } from './compression.ts';
import { DecodedStream } from './decode.ts';
import { readError } from './errno.ts';
import type { SourcePath } from './expand.ts';
import { SAMPLE_BYTES, sampleRange } from './sample.ts';
import { offsetOf } from './stdin.ts';
import { FileStream, PeekedStream, PipeStream } from './streams.ts';
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
}

const openAsync = promisify(openCallback);

/**
 * Opens a source. Of a pipe this waits for its first 64 KiB (or its end), by which it is known whether it is compressed
 * and whether it is text. A file is taken at the length that it has now.
 * @throws TsalignError 'no-source', 'unreadable', 'binary', 'truncated': this source only, others may be gone on with
 */
export async function openSource(path: SourcePath, settings: OpenSettings): Promise<OpenSource> {
  const isStdin = path.origin === 'stdin';
  const descriptor = isStdin ? settings.stdin : await openDescriptor(path);
  const close = () => (isStdin ? undefined : closeSync(descriptor));
  const opened = { path, label: settings.label, descriptor, close };
  try {
    const stat = statOf(opened);
    return stat.isFile() ? await openFile(opened, stat) : await openPipe(opened);
  } catch (error) {
    close();
    throw error;
  }
}

interface Opened {
  path: SourcePath;
  label: string;
  descriptor: number;
  close(): void;
}

/** Not openSync: a FIFO waits here for its writer, and the others must be able to go on. */
async function openDescriptor(path: SourcePath): Promise<number> {
  try {
    return await openAsync(path.file, 'r');
  } catch (error) {
    throw readError(error, path.path);
  }
}

function statOf({ descriptor, path }: Opened): BigIntStats {
  const where = path.path === '-' ? 'stdin' : path.path;
  let stat: BigIntStats;
  try {
    stat = fstatSync(descriptor, { bigint: true });
  } catch (error) {
    throw readError(error, where);
  }
  if (!stat.isDirectory()) return stat;
  throw new TsalignError({ code: 'no-source', where, what: 'is a folder', hint: '-r reads the files in it' });
}

async function openFile(opened: Opened, stat: BigIntStats): Promise<OpenSource> {
  const { path, label, descriptor, close } = opened;
  const size = Number(stat.size);
  const begin = path.origin === 'stdin' ? Math.min(offsetOf(descriptor), size) : 0;
  const range = (from: number, to: number) => new FileStream(descriptor, label, from, to);
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

async function openPipe({ path, label, descriptor, close }: Opened): Promise<OpenSource> {
  const raw = new PeekedStream(new PipeStream(descriptor, label));
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
