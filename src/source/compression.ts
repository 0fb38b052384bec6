import type { Decoder } from './codec/decoder.ts';

/** One way in which sources are compressed. */
export interface Compression {
  name: string;
  /** The endings of such files, for help and tests. What a source is, its first bytes decide, unless they cannot. */
  extensions: readonly string[];
  /** The bytes with which such a file begins; none where nothing tells it from other data: then its name decides. */
  magic: readonly number[];
  /** What else must hold of the first bytes (as many as there are) that begin with `magic`. */
  confirm?(head: Uint8Array): boolean;
  /** Whether the text of a piece in which damage is found is lost with it, so that it takes a second try to get it. */
  losesText: boolean;
  /** Whether such files can be put one behind the other. */
  joins: boolean;
  /** Each codec is a module of its own, imported when the first source needs it: some are heavy. */
  createDecoder(): Promise<Decoder>;
}

const zlib = () => import('./codec/zlib.ts');

export const COMPRESSIONS: readonly Compression[] = [
  {
    name: 'gzip',
    extensions: ['.gz', '.tgz'],
    magic: [0x1f, 0x8b],
    losesText: true,
    joins: true,
    createDecoder: async () => (await zlib()).gunzip(),
  },
  {
    name: 'zstd',
    extensions: ['.zst', '.tzst'],
    magic: [0x28, 0xb5, 0x2f, 0xfd],
    losesText: false,
    joins: true,
    createDecoder: async () => (await import('./codec/zstd.ts')).zstd(),
  },
  {
    name: 'xz',
    extensions: ['.xz', '.txz'],
    magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00],
    losesText: true,
    joins: true,
    createDecoder: async () => (await import('./codec/xz.ts')).xz(),
  },
  {
    name: 'bzip2',
    extensions: ['.bz2', '.tbz2', '.tbz'],
    magic: [0x42, 0x5a, 0x68],
    confirm: beginsBzip2Block,
    losesText: false,
    joins: true,
    createDecoder: async () => (await import('./codec/bzip2.ts')).bzip2(),
  },
  {
    name: 'lz4',
    extensions: ['.lz4'],
    magic: [0x04, 0x22, 0x4d, 0x18],
    losesText: false,
    joins: true,
    createDecoder: async () => (await import('./codec/lz4.ts')).lz4(),
  },
  {
    name: 'brotli',
    extensions: ['.br'],
    magic: [],
    losesText: true,
    joins: false,
    createDecoder: async () => (await zlib()).brotli(),
  },
];

/** So many bytes of a source decide. */
export const MAGIC_BYTES = 64;

/** How a source that begins with `head` is compressed, if it is. */
export function compressionOf(head: Uint8Array, name: string): Compression | undefined {
  const first = withoutSkippableFrames(head);
  const found = COMPRESSIONS.find(
    ({ magic, confirm }) =>
      magic.length > 0 && magic.every((byte, i) => first[i] === byte) && (confirm === undefined || confirm(first)),
  );
  if (found !== undefined) return found;
  if (first !== head) return named('lz4', name) ?? COMPRESSIONS.find((row) => row.name === 'zstd');
  return isPlain(head) ? undefined : named('brotli', name);
}

/** The compression of this name, where the name of a file ends as its files do. */
function named(compression: string, file: string): Compression | undefined {
  const row = COMPRESSIONS.find(({ name }) => name === compression);
  return row?.extensions.some((ending) => file.endsWith(ending)) ? row : undefined;
}

/** What follows frames of the kind that zstd and lz4 both skip: pzstd begins with one. */
function withoutSkippableFrames(head: Uint8Array): Uint8Array {
  let rest = head;
  while (rest.length >= 8 && rest[0] >> 4 === 5 && rest[1] === 0x2a && rest[2] === 0x4d && rest[3] === 0x18) {
    const size = rest[4] + rest[5] * 2 ** 8 + rest[6] * 2 ** 16 + rest[7] * 2 ** 24;
    rest = rest.subarray(8 + size);
  }
  return rest;
}

/** The block size, then a block's or the end's magic: π or its square root. A text may begin with BZh. */
function beginsBzip2Block(head: Uint8Array): boolean {
  if (!(head[3] >= 0x31 && head[3] <= 0x39)) return false;
  const next = Buffer.from(head.subarray(4, 10)).toString('hex');
  return '314159265359'.startsWith(next) || '177245385090'.startsWith(next);
}

/** Whether there are only printable ASCII characters: a file named like a compressed one is then what it looks like. */
function isPlain(head: Uint8Array): boolean {
  if (head.length === 1) return false; // so brotli writes nothing
  return head.every((byte) => (byte >= 32 && byte < 127) || (byte >= 9 && byte <= 13));
}
