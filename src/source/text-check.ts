import { type Problem, TsalignError } from '../core/problem.ts';

/** A kind of file that is known by its first bytes and is not read as it is. */
interface Refusal {
  at: number;
  /** The bytes that stand at offset `at`, a character each. */
  magic: string;
  what: string;
  /** What to type; FILE is replaced by the source. */
  hint: string;
}

/** Byte order marks; that of UTF-32LE begins with that of UTF-16LE, so it stands first. */
const MARKS = [
  ['UTF-32LE', '\xff\xfe\0\0'],
  ['UTF-32BE', '\0\0\xfe\xff'],
  ['UTF-16LE', '\xff\xfe'],
  ['UTF-16BE', '\xfe\xff'],
] as const;

/** Programs whose files are known by the bytes at an offset. What is read without them is in COMPRESSIONS. */
const PROGRAMS = [
  ['zstd', 0, '\x28\xb5\x2f\xfd'],
  ['xz', 0, '\xfd7zXZ\0'],
  ['bzip2', 4, '1AY&SY'],
  ['lz4', 0, '\x04\x22\x4d\x18'],
  ['lzip', 0, 'LZIP'],
  ['lzop', 0, '\x89LZO\0'],
] as const;

const unpack = 'unpack it and name the files in it';

const REFUSALS: readonly Refusal[] = [
  // iconv's name of an encoding without its end (UTF-16) reads the byte order mark and leaves it out.
  ...MARKS.map(([name, magic]) => ({
    at: 0,
    magic,
    what: `is ${name}, not UTF-8`,
    hint: convertFrom(name.slice(0, 6)),
  })),
  ...PROGRAMS.map(([program, at, magic]) => {
    return {
      at,
      magic,
      what: `is compressed with ${program}`,
      hint: `read it through ${program} -dc FILE | tsalign merge -`,
    };
  }),
  { at: 0, magic: 'PK\x03\x04', what: 'is a zip archive', hint: unpack },
  { at: 257, magic: 'ustar\x0000', what: 'is a tar archive', hint: unpack },
  { at: 257, magic: 'ustar  \0', what: 'is a tar archive', hint: unpack },
  {
    at: 0,
    magic: 'LPKSHHRH',
    what: 'is a systemd journal',
    hint: 'read it through journalctl --file FILE -o json | tsalign merge -',
  },
];

function convertFrom(encoding: string): string {
  return `read it through iconv -f ${encoding} -t UTF-8 FILE | tsalign merge -`;
}

/** Bytes of a UTF-8 byte order mark at the beginning: 3 or 0. */
export function byteOrderMark(head: Uint8Array): number {
  return head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
}

/**
 * Refuses a source that is not text that we can read, by its first bytes.
 * @param path as it was named; `-` is stdin
 * @param compression name of the program that `head` had to be decoded with
 * @throws TsalignError 'unreadable' where it is known what it is, 'binary' where it is not text at all
 */
export function checkText(head: Uint8Array, path: string, compression?: string): void {
  const problem = refusalOf(head);
  if (problem === undefined) return;
  const where = path === '-' ? 'stdin' : path;
  const file = compression === undefined ? quoted(path) : `<(${compression} -dc ${quoted(path)})`;
  throw new TsalignError({ ...problem, where, hint: problem.hint.replace('FILE', () => file) });
}

function refusalOf(head: Uint8Array): (Problem & { hint: string }) | undefined {
  const known = REFUSALS.find((row) => startsWith(head, row));
  if (known !== undefined) return { code: 'unreadable', what: known.what, hint: known.hint };
  const encoding = wideEncoding(head);
  if (encoding !== undefined) {
    const what = `looks like ${encoding} without a byte order mark, not UTF-8`;
    return { code: 'unreadable', what, hint: convertFrom(encoding) };
  }
  return isBinary(head) ? { code: 'binary', what: 'is binary data, not text', hint: 'leave it out' } : undefined;
}

/** A path as a shell takes it. */
function quoted(path: string): string {
  return /^[\w./@%+:,-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}

function startsWith(head: Uint8Array, { at, magic }: Refusal): boolean {
  return Buffer.from(head.subarray(at, at + magic.length)).toString('latin1') === magic;
}

/** The share of NUL that must stand at one place of two (of four) and must not stand at the other: mostly Latin text. */
const MOST = 0.7;
const FEW = 0.1;

/** UTF-16 or UTF-32 by where the NUL bytes stand; 16 bytes at least are needed to say. */
function wideEncoding(head: Uint8Array): string | undefined {
  const units = Math.floor(head.length / 4);
  if (units < 4) return undefined;
  const nul = [0, 0, 0, 0];
  for (let i = 0; i < units * 4; i++) if (head[i] === 0) nul[i & 3]++;
  const share = nul.map((count) => count / units);
  const pattern = share.map((s) => (s >= MOST ? '0' : s <= FEW ? 'x' : '?')).join('');
  return { x000: 'UTF-32LE', '000x': 'UTF-32BE', x0x0: 'UTF-16LE', '0x0x': 'UTF-16BE' }[pattern];
}

/** \b \t \n \v \f \r ESC stand in text; SOH separates the fields of FIX messages, FS GS RS US those of others. */
const isTextControl = (byte: number) => (byte >= 8 && byte <= 13) || byte === 27 || byte === 1 || byte >= 28;

/**
 * More than one byte in 32 a control byte that text does not have. Random bytes have one in twelve, and a log with some
 * NUL in it far fewer. So few as three prove nothing.
 */
function isBinary(head: Uint8Array): boolean {
  let strange = 0;
  for (const byte of head) if ((byte < 32 && !isTextControl(byte)) || byte === 127) strange++;
  return strange > 3 && strange * 32 > head.length;
}
