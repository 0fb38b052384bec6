import { DecodeError } from './codec/decoder.ts';

/** Where a tar archive is read from: a file, whose bytes can be passed over unread, or a stream. */
export interface TarInput {
  /** The next `length` bytes (a few hundred KiB at most), fewer only at the end. */
  read(length: number): Promise<Uint8Array>;
  /** Passes over bytes. Returns how many there were. */
  skip(length: number): Promise<number>;
}

/** One entry of an archive. Its bytes are next in the input; whoever gets it may take `size` of them, or none. */
export interface TarEntry {
  name: string;
  size: number;
  /** Nanoseconds since 1970. */
  modified: bigint;
  kind: 'file' | 'folder' | 'link' | 'device' | 'sparse file' | 'other';
}

const BLOCK = 512;

/** The longest extended header that is read; longer ones hold something else. */
const MAX_EXTENDED = 2 ** 20;

const KINDS: Readonly<Record<string, TarEntry['kind']>> = {
  '\0': 'file',
  '0': 'file',
  '7': 'file',
  '1': 'link',
  '2': 'link',
  '3': 'device',
  '4': 'device',
  '5': 'folder',
  '6': 'device',
  S: 'sparse file',
};

/** What extended headers say of the next entry (POSIX pax; names also by GNU's `L`). */
type Extended = Readonly<Record<string, string>>;

/** Whether bytes begin with the header of a tar archive, of any kind: its checksum says so. */
export function beginsTar(head: Uint8Array): boolean {
  if (head.length < BLOCK || head[0] === 0) return false;
  return checksumHolds(head.subarray(0, BLOCK));
}

/**
 * Reads the headers of an archive (POSIX.1-1988 ustar, POSIX.1-2001 pax, GNU, and what came before) and calls `take`
 * for each entry; what it returns is how many of the entry's bytes it has taken. Archives one behind the other are one.
 * No package tells where an entry lies, so that an archive on disk would have to be copied to be read.
 * @throws DecodeError where the archive ends early or is damaged; the entries before were taken
 */
export async function readTar(input: TarInput, take: (entry: TarEntry) => Promise<number>): Promise<void> {
  let global: Extended = {};
  let local: Extended = {};
  for (;;) {
    const block = await input.read(BLOCK);
    if (block.length === 0) return;
    if (block.every((byte) => byte === 0)) continue;
    if (block.length < BLOCK) throw new DecodeError('ended');
    if (!checksumHolds(block)) throw new DecodeError('damaged');
    const type = String.fromCharCode(block[156]);
    const size = sizeOf(block);
    if (type === 'x' || type === 'g' || type === 'L' || type === 'K') {
      const found = await readExtended(input, type, size);
      if (type === 'g') global = { ...global, ...found };
      else local = { ...local, ...found };
      continue;
    }
    const entry = entryOf(block, type, size, { ...global, ...local });
    local = {};
    const padded = Math.ceil(entry.size / BLOCK) * BLOCK;
    const taken = await take(entry);
    if (taken + (await input.skip(padded - taken)) < padded) throw new DecodeError('ended');
  }
}

function entryOf(block: Uint8Array, type: string, size: number, extended: Extended): TarEntry {
  const name = extended.path ?? nameOf(block);
  const kind = Object.keys(extended).some((key) => key.startsWith('GNU.sparse.')) ? 'sparse file' : KINDS[type];
  // An old tar marks a folder by its name only. Links and devices may tell a size, but have no bytes.
  const folder = kind === 'file' && name.endsWith('/');
  const hasBytes = kind === undefined || kind === 'file' || kind === 'sparse file';
  const seconds = extended.mtime === undefined ? numberAt(block, 136, 12) : Number(extended.mtime);
  return {
    name,
    kind: folder ? 'folder' : (kind ?? 'other'),
    size: hasBytes ? (extended.size === undefined ? size : Number(extended.size)) : 0,
    modified: BigInt(Math.round((Number.isFinite(seconds) ? seconds : 0) * 1000)) * 1_000_000n,
  };
}

async function readExtended(input: TarInput, type: string, size: number): Promise<Extended> {
  if (size > MAX_EXTENDED) throw new DecodeError('damaged');
  const bytes = await input.read(Math.ceil(size / BLOCK) * BLOCK);
  if (bytes.length < size) throw new DecodeError('ended');
  const text = bytes.subarray(0, size);
  if (type === 'L') return { path: stringAt(text, 0, size) };
  if (type === 'K') return {};
  return paxRecords(text);
}

/** `30 mtime=1350244992.023960108\n`: a length, a blank, a key and its value. */
function paxRecords(bytes: Uint8Array): Extended {
  const records: Record<string, string> = {};
  for (let at = 0; at < bytes.length; ) {
    const blank = bytes.indexOf(0x20, at);
    const length = Number(Buffer.from(bytes.subarray(at, blank)).toString('latin1'));
    if (blank < 0 || !(length > 0)) break;
    const text = Buffer.from(bytes.subarray(blank + 1, at + length - 1)).toString();
    const equals = text.indexOf('=');
    records[text.slice(0, equals)] = text.slice(equals + 1);
    at += length;
  }
  return records;
}

function nameOf(block: Uint8Array): string {
  const name = stringAt(block, 0, 100);
  const isUstar = stringAt(block, 257, 6) === 'ustar'; // GNU writes "ustar  " and has other things there
  const prefix = isUstar ? stringAt(block, 345, 155) : '';
  return prefix === '' ? name : `${prefix}/${name}`;
}

function stringAt(block: Uint8Array, at: number, length: number): string {
  const field = block.subarray(at, at + length);
  const end = field.indexOf(0);
  return Buffer.from(end < 0 ? field : field.subarray(0, end)).toString();
}

function sizeOf(block: Uint8Array): number {
  const size = numberAt(block, 124, 12);
  if (!Number.isSafeInteger(size) || size < 0) throw new DecodeError('damaged');
  return size;
}

/** Octal digits; or, where the first bit is set, a binary number (GNU, for what octal has no room for). */
function numberAt(block: Uint8Array, at: number, length: number): number {
  const field = block.subarray(at, at + length);
  if (field[0] >= 0x80) return field.reduce((sum, byte, i) => sum * 256 + (i === 0 ? byte & 0x7f : byte), 0);
  const digits = Buffer.from(field).toString('latin1').replaceAll('\0', ' ').trim();
  return /^[0-7]*$/.test(digits) ? Number.parseInt(`0${digits}`, 8) : Number.NaN;
}

/** The sum of a header's bytes, its own field counted as blanks; some old tars summed signed bytes. */
function checksumHolds(block: Uint8Array): boolean {
  let unsigned = 0;
  let signed = 0;
  for (let i = 0; i < BLOCK; i++) {
    const byte = i >= 148 && i < 156 ? 0x20 : block[i];
    unsigned += byte;
    signed += byte > 127 ? byte - 256 : byte;
  }
  const stored = numberAt(block, 148, 8);
  return stored > 0 && (stored === unsigned || stored === signed);
}
