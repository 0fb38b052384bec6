/** What those who look for stamps and read them ask of bytes. */

/** Offset behind the next occurrence of `anchor` that begins in bytes[from, to), or −1. */
export function nextAfter(bytes: Uint8Array, anchor: Uint8Array, from: number, to: number): number {
  const first = anchor[0];
  const { length } = anchor;
  for (let at = from; at < to; at++) {
    if (bytes[at] !== first) continue;
    let i = 1;
    while (i < length && bytes[at + i] === anchor[i]) i++;
    if (i === length) return at + length;
  }
  return -1;
}

/** The index of three bytes in a continuation table. */
export function tripleOf(bytes: Uint8Array, at: number): number {
  return ((bytes[at] & 31) << 10) | ((bytes[at + 1] & 31) << 5) | (bytes[at + 2] & 31);
}

/** A bracket, round or square. */
export const isOpening = (byte: number): boolean => byte === 40 || byte === 91;

export const isDigit = (byte: number): boolean => byte >= 48 && byte <= 57;

export const isLetter = (byte: number): boolean => (byte | 32) >= 97 && (byte | 32) <= 122;

/** A digit or an ASCII letter. */
export const isWord = (byte: number): boolean => isDigit(byte) || isLetter(byte);

/** The hour of the day that one or two digits tell, above 23 where they tell none; `half` as for hourOfDay. */
export function hourAt(bytes: Uint8Array, at: number, digits: number, half: number): number {
  const written = digits === 2 ? pairAt(bytes, at) : isDigit(bytes[at]) ? bytes[at] - 48 : 100;
  if (half === 0) return written;
  return written === 0 || written > 12 ? 24 : hourOfDay(written, half);
}

/** @param half 1 for AM, 2 for PM, of an hour from 1 to 12; 0 where hours count to 24 */
export function hourOfDay(hour: number, half: number): number {
  return half === 0 ? hour : (hour % 12) + (half === 2 ? 12 : 0);
}

/** Two digits as a number; 100 where they are none. */
export function pairAt(bytes: Uint8Array, at: number): number {
  const tens = bytes[at] - 48;
  const ones = bytes[at + 1] - 48;
  return (tens | ones | (9 - tens) | (9 - ones)) < 0 ? 100 : (Math.imul(tens, 10) + ones) | 0;
}
