import type { Entry, RandomAccessReader, ZipFile } from 'yauzl';
import { zlibModule } from '../core/builtins.ts';
import { formatCount } from '../core/count-text.ts';
import type { Warn } from '../core/problem.ts';
import type { ByteStream } from '../core/stages.ts';
import { COMPRESSIONS, type Compression } from './compression.ts';
import { DecodedStream } from './decode.ts';
import type { FileToRead } from './source-path.ts';

/** One entry of a zip archive. */
export interface ZipEntry {
  name: string;
  /** Bytes when unpacked, as the archive says. */
  size: number;
  /** Nanoseconds since 1970. */
  modified: bigint;
  kind: 'file' | 'folder' | 'link';
  /** What stands in the way of reading it. */
  refused?: string;
  /** Where its bytes lie and how they are unpacked. */
  range: Pick<FileToRead, 'begin' | 'end' | 'unpack'>;
}

/** RFC 1951: what zip archives are made of, nearly all. */
const DEFLATE: Compression = {
  name: 'deflate',
  extensions: [],
  magic: [],
  losesText: true,
  joins: false,
  createDecoder: async () => (await import('./codec/zlib.ts')).inflateRaw(),
};

const named = (name: string) => COMPRESSIONS.find((row) => row.name === name);

/** Methods of APPNOTE 4.4.5 that can be unpacked; the others are refused by their names. */
const METHODS: Readonly<Record<number, Compression | undefined>> = {
  8: DEFLATE,
  12: named('bzip2'),
  93: named('zstd'),
  95: named('xz'),
};
const METHOD_NAMES: Readonly<Record<number, string>> = {
  9: 'deflate64',
  14: 'LZMA',
  97: 'WavPack',
  98: 'PPMd',
  99: 'AES',
};

/** Whether bytes begin like a zip archive, empty ones included. */
export function beginsZip(head: Uint8Array): boolean {
  const magic = Buffer.from(head.subarray(0, 4)).toString('latin1');
  return magic === 'PK\x03\x04' || magic === 'PK\x05\x06';
}

/**
 * The entries of a zip archive, in the order of its directory. Yields them one by one: there may be millions.
 * @throws Error where the directory is damaged or not there
 */
export async function* readZip(file: FileToRead): AsyncGenerator<ZipEntry> {
  const { default: yauzl } = (await import('yauzl')) as unknown as { default: Yauzl };
  const zip = await yauzl.fromRandomAccessReaderPromise(readerOf(yauzl, file), file.end - file.begin, {
    decodeStrings: false,
    validateEntrySizes: false,
    autoClose: false,
  });
  try {
    for await (const entry of zip.eachEntry()) yield await entryOf(yauzl, zip, entry, file.begin);
  } finally {
    zip.close();
  }
}

/** What to say of an archive whose directory cannot be read, by what yauzl says of it. */
export function zipDamage({ message }: Error): { what: string; hint?: string } {
  if (!/^end of central directory record signature not found/i.test(message))
    return { what: `the directory of the zip archive cannot be read (${message})` };
  const what = 'the zip archive ends early: the list of its files, which stands at its end, is not there';
  return { what, hint: 'take a whole copy; zip -FF finds some of the files in one that is cut' };
}

type Yauzl = typeof import('yauzl');

/** What yauzl reads through: the file may be closed and opened again behind it. */
function readerOf(yauzl: Yauzl, file: FileToRead): RandomAccessReader {
  class Reader extends yauzl.RandomAccessReader {
    override _readStreamForRange(): never {
      throw new Error('only read() is used');
    }

    override read(...[buffer, offset, length, position, done]: Parameters<RandomAccessReader['read']>): void {
      const finish = done as (error: Error | null, count?: number) => void;
      let count: number;
      try {
        count = fill(file, buffer, offset, length, position);
      } catch (error) {
        setImmediate(finish, error as Error);
        return;
      }
      setImmediate(finish, null, count);
    }

    override close(done: (error: Error | null) => void): void {
      done(null);
    }
  }
  return new Reader();
}

function fill({ readAt, begin }: FileToRead, buffer: Buffer, offset: number, length: number, position: number): number {
  let filled = 0;
  while (filled < length) {
    const count = readAt(buffer, offset + filled, length - filled, begin + position + filled);
    if (count === 0) break;
    filled += count;
  }
  return filled;
}

async function entryOf(yauzl: Yauzl, zip: ZipFile, entry: Entry, base: number): Promise<ZipEntry> {
  const {
    generalPurposeBitFlag,
    extraFields,
    compressedSize,
    uncompressedSize: size,
    compressionMethod: method,
  } = entry;
  const name = yauzl.getFileNameLowLevel(generalPurposeBitFlag, entry.fileNameRaw, extraFields, false);
  const compression = METHODS[method];
  const known = { name, size, modified: BigInt(entry.getLastModDate({ timezone: 'UTC' }).getTime()) * 1_000_000n };
  const nowhere = { begin: 0, end: 0 };
  const kind = kindOf(entry, name);
  if (kind !== 'file') return { ...known, kind, range: nowhere };
  const refused = entry.isEncrypted() ? 'is encrypted' : unknownMethod(method);
  if (refused !== undefined) return { ...known, kind, refused, range: nowhere };
  const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
  const begin = base + fileDataStart;
  const unpack: FileToRead['unpack'] = (bytes, label, warn) => {
    const stream =
      compression === undefined
        ? bytes()
        : new DecodedStream({ compression, label, input: bytes, rereadable: true, warn });
    return new CheckedStream(stream, { sum: entry.crc32, size, label, warn });
  };
  return { ...known, kind, range: { begin, end: begin + compressedSize, unpack } };
}

function kindOf(entry: Entry, name: string): ZipEntry['kind'] {
  if (name.endsWith('/')) return 'folder';
  const madeOnUnix = entry.versionMadeBy >> 8 === 3;
  return madeOnUnix && ((entry.externalFileAttributes >>> 16) & 0xf000) === 0xa000 ? 'link' : 'file';
}

function unknownMethod(method: number): string | undefined {
  if (method === 0 || METHODS[method] !== undefined) return undefined;
  return `is compressed with ${METHOD_NAMES[method] ?? `method ${method}`}, which is not supported`;
}

interface Promised {
  sum: number;
  size: number;
  label: string;
  warn: Warn;
}

/** A stream that must have the length and the checksum which the archive's directory says; no more than that is given. */
class CheckedStream implements ByteStream {
  readonly #inner: ByteStream;
  readonly #promised: Promised;
  #given = 0;
  #sum = 0;
  #ended = false;

  constructor(inner: ByteStream, promised: Promised) {
    this.#inner = inner;
    this.#promised = promised;
  }

  async read(bytes: Uint8Array, offset: number, length: number): Promise<number> {
    if (this.#ended) return 0;
    const { size, sum } = this.#promised;
    const got = await this.#inner.read(bytes, offset, length);
    const count = Math.min(got, size - this.#given);
    this.#given += count;
    this.#sum = zlibModule().crc32(bytes.subarray(offset, offset + count), this.#sum);
    if (count > 0) return count;
    this.#ended = true;
    if (got > 0 || this.#given !== size || this.#sum !== sum) this.#say();
    return 0;
  }

  close(): void | Promise<void> {
    return this.#inner.close();
  }

  #say(): void {
    const { label, warn } = this.#promised;
    const what = `the data does not match the archive's checksum and size, after ${formatCount(this.#given)} bytes`;
    warn({ code: 'corrupt', where: label, what, hint: 'what was read is kept' });
  }
}
