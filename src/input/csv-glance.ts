import { isBlank, LF, SPACE } from './framer.ts';
import { type SampleView, sampleLines } from './sample.ts';
import { timeNameRank } from './time-names.ts';

const QUOTE = 34;
/** A name has few words and is no comment. */
const COLUMN_NAME = /^(?!#)\S+( \S+){0,4}$/;
/** What may say more about the columns than their names do: comments, and the line that names the separator. */
const SPECIAL = /^\s*(#|sep=)/i;

/** Whether these are the names that columns may have: all different, and of few words. */
export function areColumnNames(fields: readonly string[]): boolean {
  const names = fields.map((field) => field.trim());
  return new Set(names).size === names.length && names.every((name) => COLUMN_NAME.test(name));
}

/**
 * Whether the first line may be the header of a table by one of these delimiters. Most logs are told from tables by it,
 * without cutting the sample into rows by every delimiter (2 ms a source).
 */
export function mayHaveHeader({ pieces: [piece] }: SampleView, delimiters: readonly string[]): boolean {
  if (piece === undefined) return true;
  const line = firstLine(piece);
  if (line.includes(QUOTE)) return true;
  const text = Buffer.from(line).toString();
  if (SPECIAL.test(text)) return true;
  return delimiters.some((delimiter) => text.includes(delimiter) && areColumnNames(text.split(delimiter)));
}

/** Names of a table whose fields stand between single blanks, as flow logs of AWS have them; fewer are rather a sentence. */
const LEAST_SPACED = 4;
const SPACED_NAME = /^[A-Za-z][\w-]*$/;

/** Whether a sample begins with such names, one of them that of a time, and each of its lines has as many fields. */
export function isSpacedTable(sample: SampleView): boolean {
  const lines = sampleLines(sample);
  const names = Buffer.from(lines.at(0) ?? [])
    .toString('latin1')
    .replace(/\r+$/, '')
    .split(' ');
  if (names.length < LEAST_SPACED || !names.every((name) => SPACED_NAME.test(name))) return false;
  if (!names.some((name) => timeNameRank(name) < Number.POSITIVE_INFINITY)) return false;
  for (const line of lines) if (blanksIn(line) !== names.length - 1) return false;
  return true;
}

function blanksIn(line: Uint8Array): number {
  let count = 0;
  for (const byte of line) if (byte === SPACE) count++;
  return count;
}

/** The first line that is not blank. */
function firstLine(piece: Uint8Array): Uint8Array {
  for (let at = 0; at < piece.length; ) {
    const found = piece.indexOf(LF, at);
    const end = found < 0 ? piece.length : found;
    if (!isBlank(piece, at, end)) return piece.subarray(at, end);
    at = end + 1;
  }
  return piece.subarray(0, 0);
}
