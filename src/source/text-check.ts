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

/** Programs whose files are known by their first bytes. What is read without them is in COMPRESSIONS. */
const PROGRAMS = [
  ['lzip', 'LZIP\x01'],
  ['lzop', '\x89LZO\0'],
  ['lz4', '\x02\x21\x4c\x18'], // lz4 -l, the format before frames
  ['compress', '\x1f\x9d'],
] as const;

const unpack = 'unpack it and name the files in it';

const REFUSALS: readonly Refusal[] = [
  ...PROGRAMS.map(([program, magic]) => ({
    at: 0,
    magic,
    what: `is compressed with ${program}`,
    hint: `read it through ${program} -dc FILE | tsalign merge - ...`,
  })),
  { at: 0, magic: "7z\xbc\xaf'\x1c", what: 'is a 7z archive', hint: unpack },
  { at: 0, magic: 'Rar!\x1a\x07', what: 'is a rar archive', hint: unpack },
  { at: 0, magic: 'PK\x03\x04', what: 'is a zip archive', hint: unpack },
  { at: 257, magic: 'ustar\x0000', what: 'is a tar archive', hint: unpack },
  { at: 257, magic: 'ustar  \0', what: 'is a tar archive', hint: unpack },
  {
    at: 0,
    magic: 'LPKSHHRH',
    what: 'is a systemd journal',
    hint: 'read it through journalctl --file FILE -o json | tsalign merge - ...',
  },
];

/** Brotli has no magic bytes (RFC 7932): of stdin no name tells it either. */
const STDIN_HINT = 'name its --encoding, or unpack it first, as brotli data can be told by the name of a file alone';

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
  if (path === '-' && problem.code === 'binary') throw new TsalignError({ ...problem, where, hint: STDIN_HINT });
  const file = compression === undefined ? quoted(path) : `<(${compression} -dc ${quoted(path)})`;
  throw new TsalignError({ ...problem, where, hint: problem.hint.replace('FILE', () => file) });
}

function refusalOf(head: Uint8Array): (Problem & { hint: string }) | undefined {
  const known = REFUSALS.find((row) => startsWith(head, row));
  if (known !== undefined) return { code: 'unreadable', what: known.what, hint: known.hint };
  if (!isBinary(head)) return undefined;
  return { code: 'binary', what: 'is binary data, not text', hint: 'leave it out, or name its --encoding' };
}

/** A path as a shell takes it. */
function quoted(path: string): string {
  return /^[\w./@%+:,-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}

function startsWith(head: Uint8Array, { at, magic }: Refusal): boolean {
  for (let i = 0; i < magic.length; i++) if (head[at + i] !== magic.charCodeAt(i)) return false;
  return true;
}

const CR = 13;
const LF = 10;

/** Whether CR stands where LF would: there is none of the latter, and more lines than one. */
export function endsLinesByReturns(head: Uint8Array): boolean {
  if (head.includes(LF)) return false;
  const first = head.indexOf(CR);
  return first >= 0 && first < head.length - 1;
}

/** The share of NUL that must stand at one place of two (of four) and must not stand at the other: mostly Latin text. */
const MOST = 0.7;
const FEW = 0.1;

/**
 * UTF-16 or UTF-32 by where the NUL bytes stand; 16 bytes at least are needed to say. A crash leaves runs of NUL in a
 * log, which say nothing.
 */
export function wideEncoding(head: Uint8Array): string | undefined {
  if (!holds(head, 0)) return undefined;
  const bytes = withoutNulRuns(head);
  const units = Math.floor(bytes.length / 4);
  if (units < 4) return undefined;
  const nul = [0, 0, 0, 0];
  for (let i = 0; i < units * 4; i++) if (bytes[i] === 0) nul[i & 3]++;
  const share = nul.map((count) => count / units);
  const pattern = share.map((s) => (s >= MOST ? '0' : s <= FEW ? 'x' : '?')).join('');
  return { x000: 'utf-32le', '000x': 'utf-32be', x0x0: 'utf-16le', '0x0x': 'utf-16be' }[pattern];
}

/** So many NUL one after another are a hole in a file, not a part of its text or data. */
const HOLE = 32;

/** What stands around the holes; the place of a byte in its group of four stays the same. */
function withoutNulRuns(head: Uint8Array): Uint8Array {
  const kept = new Uint8Array(head.length);
  let length = 0;
  let from = 0;
  for (let at = head.indexOf(0); at >= 0; at = head.indexOf(0, at)) {
    const start = at;
    while (at < head.length && head[at] === 0) at++;
    if (at - start < HOLE) continue;
    const to = at - ((at - start) & ~3);
    kept.set(head.subarray(from, to), length);
    length += to - from;
    from = at;
  }
  kept.set(head.subarray(from), length);
  return kept.subarray(0, length + head.length - from);
}

/** \b \t \n \v \f \r ESC stand in text; SOH separates the fields of FIX messages, FS GS RS US those of others. */
const isTextControl = (byte: number) => (byte >= 8 && byte <= 13) || byte === 27 || byte === 1 || byte >= 28;
const isStrange = (byte: number) => (byte < 32 && !isTextControl(byte)) || byte === 127;
const STRANGE = Array.from({ length: 128 }, (_, byte) => byte).filter(isStrange);

/** Whether a byte occurs: 3 µs for 64 KiB, where a loop that nothing has warmed up takes a millisecond. */
const holds = (head: Uint8Array, byte: number): boolean =>
  Buffer.from(head.buffer, head.byteOffset, head.length).includes(byte);

/**
 * More than one byte in 32 a control byte that text does not have, or nothing but NUL. Random bytes have one in twelve,
 * and a log with some NUL in it far fewer, holes of it left aside. So few as three prove nothing.
 */
function isBinary(head: Uint8Array): boolean {
  if (!STRANGE.some((byte) => holds(head, byte))) return false;
  const bytes = withoutNulRuns(head);
  let strange = 0;
  for (const byte of bytes) if (isStrange(byte)) strange++;
  return (strange > 3 && strange * 32 > bytes.length) || (head.length > HOLE && head.every((byte) => byte === 0));
}
