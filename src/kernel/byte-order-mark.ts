/** The byte order mark of UTF-8. Files that each had one, put together, have them between their lines. */
const MARK = [0xef, 0xbb, 0xbf] as const;

/** The first byte of a mark. */
export const MARK_FIRST = MARK[0];

/** The end of a mark at p; p where there is none. */
export function markEnd(bytes: Uint8Array, p: number, to: number): number {
  const isMark = p + 3 <= to && bytes[p] === MARK[0] && bytes[p + 1] === MARK[1] && bytes[p + 2] === MARK[2];
  return isMark ? p + 3 : p;
}

/** Whether the bytes end at `to` with what may be a part of a mark that begins at p. */
export const mayBeMark = (bytes: Uint8Array, p: number, to: number): boolean => to - p < 3 && bytes[p] === MARK[0];
