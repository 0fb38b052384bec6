import { isBlank, LF } from './framer.ts';

const HASH = 35;

/** Where the lines that begin with `#`, at most so many, at the beginning of a piece end; blank lines may stand between. */
export function commentsEnd(piece: Uint8Array, most = Number.POSITIVE_INFINITY): number {
  let behind = 0;
  let count = 0;
  for (let at = 0; at < piece.length && count < most; ) {
    const found = piece.indexOf(LF, at);
    const end = found < 0 ? piece.length : found;
    if (!isBlank(piece, at, end)) {
      if (piece[at] !== HASH) break;
      count++;
      behind = Math.min(end + 1, piece.length);
    }
    at = end + 1;
  }
  return behind;
}

/** `# name` as a header: without the mark. Undefined for one like `#Fields: a b`, which is no list of names. */
export function unmarked(field: string): string | undefined {
  const name = field.replace(/^#\s*/, '');
  return name === '' || name.includes(': ') ? undefined : name;
}
