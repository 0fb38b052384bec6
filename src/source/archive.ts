import { TsalignError } from '../core/problem.ts';
import type { ByteStream } from '../core/stages.ts';
import { plainFile } from './file.ts';
import { splitLines } from './interleaved.ts';
import { decoded, findCompressions } from './layers.ts';
import { Archive, type ArchiveKind, type Bytes, shownPath, type UnpackSettings } from './members.ts';
import { type LinePrefix, linePrefixOf } from './prefixes.ts';
import type { SourcePath } from './source-path.ts';
import { FileStream, PeekedStream } from './streams.ts';
import { beginsTar } from './tar.ts';
import { beginsZip } from './zip.ts';

/** What is looked at of a source that cannot be read again: a block of bzip2 must be in it whole. */
const PROBE_BYTES = 64 * 1024;
const BZIP2_PROBE_BYTES = 1_100_000;

/**
 * Puts the members of archives (zip and tar, compressed or not) in the places of the archives, each a source named like
 * `logs.zip!/dir/app.log`, and so the logs whose lines a program has put together. What a member is called never becomes
 * a path on disk. Pipes are waited for when all files were looked into.
 * @throws what `missing` throws; TsalignError 'unreadable' for archives beyond the limits
 */
export async function unpackArchives(paths: readonly SourcePath[], settings: UnpackSettings): Promise<SourcePath[]> {
  const found = new Map<SourcePath, SourcePath[]>();
  const isPipe = (path: SourcePath): boolean => settings.pipes.has(path);
  for (const path of [...paths.filter((each) => !isPipe(each)), ...paths.filter(isPipe)]) {
    try {
      found.set(path, (await membersOf(path, settings)) ?? [path]);
    } catch (error) {
      if (!(error instanceof TsalignError)) throw error;
      settings.missing(error.problem);
    }
  }
  return paths.flatMap((path) => found.get(path) ?? []);
}

/** The members of an archive, or the file that it is instead; undefined for a pipe that is none. */
async function membersOf(path: SourcePath, settings: UnpackSettings): Promise<SourcePath[] | undefined> {
  const pipe = settings.pipes.get(path);
  const bytes = pipe === undefined ? bytesOfFile(path, settings.stdin) : await bytesOfPipe(path, pipe, settings);
  const { compressions, head } = await findCompressions(path.path, bytes.probe);
  const isZip = beginsZip(head);
  const prefix = isZip || beginsTar(head) || !settings.maySplit(path) ? undefined : linePrefixOf(head);
  if (prefix !== undefined && path.wanted === undefined)
    return splitLogs(path, prefix, { bytes, compressions }, settings);
  if (!isZip && !beginsTar(head)) {
    if (path.wanted === undefined) return bytes.file === undefined ? undefined : [{ ...path, opened: bytes.file }];
    bytes.file?.close();
    throw new TsalignError({ code: 'unreadable', where: shownPath(path), what: 'is no archive of a known kind' });
  }
  const archive = new Archive(path, { kind: isZip ? 'zip' : 'tar', bytes, compressions }, settings);
  return isZip ? archive.unzip() : archive.untar();
}

/** The logs whose lines stand among one another in a source, each a source named like `compose.log!/web-1`. */
async function splitLogs(
  path: SourcePath,
  prefix: LinePrefix,
  { bytes, compressions }: Omit<ArchiveKind, 'kind'>,
  { tempDir, warn, now }: UnpackSettings,
): Promise<SourcePath[]> {
  const shown = shownPath(path);
  const rereadable = bytes.file !== undefined;
  const stream = decoded({ label: shown, open: bytes.all, rereadable, compressions, warn });
  const logs = await splitLines(stream, prefix, { folder: tempDir, shown });
  const modified = bytes.file?.modified ?? now;
  bytes.file?.close();
  const archive = `lines that ${prefix.program} marks with its name, copied to a temporary file`;
  return [...logs].map(([name, log]) => ({
    path: `${path.path}!/${name}`,
    file: `${path.file}!/${name}`,
    origin: 'folder',
    member: { file: { ...log, modified }, archive, prefixedBy: prefix },
  }));
}

function bytesOfFile(path: SourcePath, stdin: number): Bytes {
  const file = plainFile(path, stdin);
  const all = () => new FileStream(file.readAt, path.path, file.begin, file.end);
  return { file, probe: all, all };
}

async function bytesOfPipe(path: SourcePath, pipe: ByteStream, { pipes }: UnpackSettings): Promise<Bytes> {
  const peeked = new PeekedStream(pipe);
  pipes.set(path, peeked);
  let head = await peeked.peek(PROBE_BYTES);
  if (Buffer.from(head.subarray(0, 3)).toString('latin1') === 'BZh') head = await peeked.peek(BZIP2_PROBE_BYTES);
  return { probe: () => streamOfBytes(head), all: () => peeked };
}

function streamOfBytes(bytes: Uint8Array): ByteStream {
  let at = 0;
  return {
    read(into, offset, length) {
      const piece = bytes.subarray(at, at + length);
      into.set(piece, offset);
      at += piece.length;
      return piece.length;
    },
    close() {},
  };
}
