import { HASH, isBlank, LF } from './framer.ts';

/** `sep=;`: the delimiter, as Excel writes it above everything else. */
const SEPARATOR = /^"?sep=([^\r\n"])"?\r*$/i;

/** The delimiter that the first line of a piece names. */
export function namedSeparator(piece: Uint8Array): string | undefined {
  const end = piece.indexOf(LF);
  const line = piece.subarray(0, Math.min(end < 0 ? piece.length : end, 16));
  return SEPARATOR.exec(Buffer.from(line).toString('latin1'))?.[1];
}

/**
 * Where the comments at the beginning of a piece end: lines that begin with `#`, and the first one where it names the
 * delimiter; blank lines may stand between.
 */
export const commentsEnd = (piece: Uint8Array): number =>
  endOf(piece, (at) => piece[at] === HASH || (at === 0 && namedSeparator(piece) !== undefined));

/** Where the first `count` lines of a piece end that are not blank. */
export function linesEnd(piece: Uint8Array, count: number): number {
  let left = count;
  return endOf(piece, () => left-- > 0);
}

/** Where the lines at the beginning of a piece end that `isTaken` takes, by where they begin; blank ones may stand between. */
function endOf(piece: Uint8Array, isTaken: (at: number) => boolean): number {
  let behind = 0;
  for (let at = 0; at < piece.length; ) {
    const found = piece.indexOf(LF, at);
    const end = found < 0 ? piece.length : found;
    if (!isBlank(piece, at, end)) {
      if (!isTaken(at)) break;
      behind = Math.min(end + 1, piece.length);
    }
    at = end + 1;
  }
  return behind;
}

/** `# name` as a header: without the mark, unless that is the name. Undefined for one like `#Fields: a b`, which is no list of names. */
export function unmarked(field: string): string | undefined {
  const name = field.replace(/^#\s*/, '');
  if (name === '') return field;
  return name.includes(': ') ? undefined : name;
}

/** The names that Zeek's `#fields` line gives, in the same delimiter as the rows. */
export function zeekFields(comments: readonly string[], delimiter: string): string[] | undefined {
  const line = comments.find((comment) => comment.startsWith(`#fields${delimiter}`));
  return line?.replace(/\r+$/, '').split(delimiter).slice(1);
}

/** The names that a `#Fields:` line gives, as Exchange writes it above its tables. */
export function exchangeFields(comments: readonly string[], delimiter: string): string[] | undefined {
  const names = comments
    .map((comment) => /^#Fields:\s*(.*?)\r*$/.exec(comment)?.[1])
    .find((found) => found !== undefined);
  return names?.split(delimiter).map((name) => name.trim());
}
