const LF = 10;

/** Where the line ends in which `from` lies: its LF, or `to` where that comes first. */
export function lineEnd(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && bytes[at] !== LF) at++;
  return at;
}
