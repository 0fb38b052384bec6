import { formatCount } from '../core/count-text.ts';
import { closeSync, readSync } from '../core/disk.ts';
import { openNamelessFile } from '../core/nameless-file.ts';
import { type Problem, TsalignError, type Warn } from '../core/problem.ts';
import type { ByteStream } from '../core/stages.ts';
import { DecodeError } from './codec/decoder.ts';
import type { Compression } from './compression.ts';
import { picomatch } from './globs.ts';
import { onOneLine } from './labels.ts';
import { decoded } from './layers.ts';
import { pour, readFully } from './pour.ts';
import type { FileToRead, SourcePath } from './source-path.ts';
import { writeAll } from './spool.ts';
import { FileStream } from './streams.ts';
import { readTar, type TarInput } from './tar.ts';
import { readZip, zipDamage } from './zip.ts';

/** Beyond these an archive is refused: it was made to do harm, or is better unpacked first. */
const LIMITS = {
  members: 100_000,
  /** Bytes unpacked for one of the archive; deflate gives 1032 at most. It counts from `free` bytes on. */
  ratio: 1000,
  free: 2 ** 30,
} as const;

const COPY_BYTES = 256 * 1024;
export interface UnpackSettings {
  stdin: number;
  /** For the members of archives that are compressed or come through a pipe. */
  tempDir: string;
  /** What connectPipes opened; a pipe that was looked into is replaced by one that gives the same bytes. */
  pipes: Map<SourcePath, ByteStream>;
  warn: Warn;
  missing: Warn;
  /** Counts as the time at which was written what does not tell. */
  now: bigint;
  /** Whether the lines of a source may be those of several logs, told apart by prefixes; not where its format was said. */
  maySplit(path: SourcePath): boolean;
}

export const shownPath = (path: SourcePath): string => (path.path === '-' ? 'stdin' : path.path);

/** How the bytes of a source are read, for looking at their beginning and for all of them. */
export interface Bytes {
  /** Where they can be read anywhere. */
  file?: FileToRead;
  probe: () => ByteStream;
  all: () => ByteStream;
}

export interface ArchiveKind {
  kind: 'zip' | 'tar';
  bytes: Bytes;
  compressions: readonly Compression[];
}

/** One member as it was found. */
interface Found {
  file: FileToRead;
  refused?: string | undefined;
}

/** One archive whose members are listed. */
export class Archive {
  readonly #path: SourcePath;
  readonly #what: ArchiveKind;
  readonly #settings: UnpackSettings;
  readonly #isWanted: (name: string) => boolean;
  readonly #members = new Map<string, Found>();
  readonly #passedOver = new Map<string, number>();
  #said = false;
  #compressedBytes = 0;
  #copiedBytes = 0;
  #spool: number | undefined;
  #users = 0;

  constructor(path: SourcePath, what: ArchiveKind, settings: UnpackSettings) {
    this.#path = path;
    this.#what = what;
    this.#settings = settings;
    this.#isWanted = path.wanted === undefined ? () => true : picomatch()(path.wanted, { nonegate: true });
  }

  async unzip(): Promise<SourcePath[]> {
    const { bytes, compressions } = this.#what;
    const file = bytes.file !== undefined && compressions.length === 0 ? bytes.file : await this.#copyAll();
    let unpacked = 0;
    try {
      for await (const { name, kind, size, modified, refused, range } of readZip(file)) {
        if (!this.#wants(name, kind)) continue;
        unpacked += size;
        this.#checkRatio(unpacked, file.end - file.begin);
        this.#add(name, { file: { ...range, modified, readAt: file.readAt, close: file.close }, refused });
      }
    } catch (error) {
      if (error instanceof TsalignError) throw error;
      const problem: Problem = { code: 'corrupt', where: shownPath(this.#path), ...zipDamage(error as Error) };
      if (this.#members.size === 0) throw new TsalignError({ ...problem, code: 'unreadable' });
      this.#say({ ...problem, hint: 'what stands before that was read' });
    }
    return this.#sources();
  }

  async untar(): Promise<SourcePath[]> {
    const { bytes, compressions } = this.#what;
    const { file } = bytes;
    try {
      if (file !== undefined && compressions.length === 0) await this.#listTar(file);
      else await this.#copyTar();
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      const ended = error.damage === 'ended';
      const what = ended ? 'the tar archive ends early' : 'the tar archive is damaged';
      const hint = 'what stands before that was read';
      this.#say({ code: ended ? 'truncated' : 'corrupt', where: shownPath(this.#path), what, hint });
    }
    return this.#sources();
  }

  /** A tar archive on disk: its members are ranges of it. */
  async #listTar(file: FileToRead): Promise<void> {
    let at = file.begin;
    const stream = (length: number) =>
      new FileStream(file.readAt, this.#path.path, at, Math.min(at + length, file.end));
    const input: TarInput = {
      read: async (length) => {
        const bytes = await readFully(stream(length), length);
        at += bytes.length;
        return bytes;
      },
      skip: async (length) => {
        const skipped = Math.min(length, file.end - at);
        at += skipped;
        return skipped;
      },
    };
    await readTar(input, async ({ name, kind, size, modified }) => {
      if (!this.#wants(name, kind)) return 0;
      const range = { begin: at, end: Math.min(at + size, file.end) };
      this.#add(name, { file: { ...range, modified, readAt: file.readAt, close: file.close } });
      return 0;
    });
  }

  /** A tar archive that is a stream: the members that are wanted are copied to a file without a name. */
  async #copyTar(): Promise<void> {
    const stream = this.#decodedStream();
    const buffer = Buffer.alloc(COPY_BYTES);
    const input: TarInput = {
      read: (length) => readFully(stream, length),
      skip: (length) => pour(stream, buffer, length, () => {}),
    };
    const spool = this.#openSpool();
    await readTar(input, async ({ name, kind, size, modified }) => {
      if (!this.#wants(name, kind)) return 0;
      const begin = this.#copiedBytes;
      const copied = await pour(stream, buffer, size, (chunk) => this.#copy(chunk));
      this.#add(name, { file: { ...spool, begin, end: begin + copied, modified } });
      return copied;
    });
    await stream.close();
  }

  /** A zip archive must be read from its end: all of it is copied. */
  async #copyAll(): Promise<FileToRead> {
    const spool = this.#openSpool();
    const stream = this.#decodedStream();
    const end = await pour(stream, Buffer.alloc(COPY_BYTES), Number.POSITIVE_INFINITY, (chunk) => this.#copy(chunk));
    await stream.close();
    return { ...spool, begin: 0, end, modified: 0n };
  }

  #decodedStream(): ByteStream {
    const { bytes, compressions } = this.#what;
    const counted = (): ByteStream => {
      const stream = bytes.all();
      return {
        read: async (into, offset, length) => {
          const count = await stream.read(into, offset, length);
          this.#compressedBytes += count;
          return count;
        },
        close: () => stream.close(),
      };
    };
    return decoded({
      label: shownPath(this.#path),
      open: counted,
      rereadable: bytes.file !== undefined,
      compressions,
      warn: (problem) => this.#say(problem),
    });
  }

  #openSpool(): Pick<FileToRead, 'readAt' | 'close'> {
    const descriptor = openNamelessFile(this.#settings.tempDir);
    this.#spool = descriptor;
    const readAt: FileToRead['readAt'] = (...place) => readSync(descriptor, ...place);
    return { readAt, close: () => this.#closed() };
  }

  #copy(chunk: Buffer): void {
    writeAll(this.#spool as number, chunk, chunk.length, this.#settings.tempDir);
    this.#copiedBytes += chunk.length;
    this.#checkRatio(this.#copiedBytes, this.#compressedBytes);
  }

  /** Members share the copy that they lie in. */
  #closed(): void {
    this.#users--;
    if (this.#users > 0 || this.#spool === undefined) return;
    closeSync(this.#spool);
    this.#spool = undefined;
  }

  /** Whether an entry is read; counts what is passed over. */
  #wants(name: string, kind: string): boolean {
    const clean = cleanName(name);
    if (kind === 'folder' || !this.#isWanted(clean)) return false;
    const kindOfHidden = /(^|\/)(\.[^./]|__MACOSX\/)/.test(clean) && this.#path.wanted === undefined;
    const passed = kind !== 'file' ? kind : kindOfHidden ? 'hidden file' : undefined;
    if (passed === undefined) return true;
    this.#passedOver.set(passed, (this.#passedOver.get(passed) ?? 0) + 1);
    return false;
  }

  /** A name that comes again replaces what had it before, as unpacking would. */
  #add(name: string, member: Found): void {
    const clean = cleanName(name);
    if (this.#members.has(clean)) this.#passedOver.set('older copy', (this.#passedOver.get('older copy') ?? 0) + 1);
    this.#members.set(clean, { ...member, file: { ...member.file, close: once(member.file.close) } });
    if (this.#members.size <= LIMITS.members) return;
    throw this.#refused(`holds more than ${formatCount(LIMITS.members)} files`);
  }

  #checkRatio(unpacked: number, packed: number): void {
    if (unpacked <= LIMITS.free || unpacked <= LIMITS.ratio * packed) return;
    throw this.#refused(`unpacks to more than ${LIMITS.ratio} times its size, as what is made to fill disks does`);
  }

  #refused(what: string): TsalignError {
    const hint = 'if it is to be trusted, unpack it and name the files in it';
    return new TsalignError({ code: 'unreadable', where: shownPath(this.#path), what, hint });
  }

  #say(problem: Problem): void {
    if (this.#said) return;
    this.#said = true;
    this.#settings.warn(problem);
  }

  #sources(): SourcePath[] {
    const { path, file } = this.#path;
    const { missing } = this.#settings;
    this.#users = this.#members.size;
    if (this.#passedOver.size > 0) this.#sayPassedOver();
    if (this.#members.size === 0) {
      const what = this.#path.wanted === undefined ? 'the archive holds no files' : 'no file in the archive matches';
      missing({
        code: 'no-source',
        where: this.#path.wanted === undefined ? path : `${path}!/${this.#path.wanted}`,
        what,
      });
    }
    return [...this.#members].flatMap(([name, { file: bytes, refused }]) => {
      const member = { file: bytes, archive: this.#describe() };
      const source: SourcePath = { path: `${path}!/${name}`, file: `${file}!/${name}`, origin: 'folder', member };
      if (refused === undefined) return [source];
      bytes.close();
      missing({ code: 'unreadable', where: source.path, what: refused, hint: 'unpack it and name the file' });
      return [];
    });
  }

  #describe(): string {
    const { kind, compressions } = this.#what;
    const copied = this.#copiedBytes > 0 ? ', copied to a temporary file' : '';
    return `file in an archive (${[kind, ...compressions.map(({ name }) => name)].join(', ')}${copied})`;
  }

  #sayPassedOver(): void {
    const counts = [...this.#passedOver].map(([what, count]) => `${count} ${what}${count === 1 ? '' : 's'}`);
    const what = `holds ${counts.join(', ')}`.replace('copys', 'copies');
    this.#settings.warn({ code: 'note', where: shownPath(this.#path), what, hint: 'not read' });
  }
}

/** A member may be closed where it failed and again where all are closed. */
function once(close: () => void): () => void {
  let closed = false;
  return () => {
    if (!closed) close();
    closed = true;
  };
}

/** A name as it is shown: relative, one line of plain text. */
const cleanName = (name: string): string => onOneLine(name.replace(/^(\.?\/)+/, ''));
