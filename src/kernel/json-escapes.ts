const BACKSLASH = 92;

/** What the letter behind a backslash means; 0: nothing. `u` is read apart. */
export const ESCAPES = new Uint8Array(256);
for (const [letter, meaning] of ['""', '\\\\', '//', 'b\b', 'f\f', 'n\n', 'r\r', 't\t']) {
  ESCAPES[letter.charCodeAt(0)] = meaning.charCodeAt(0);
}

/** The value of the four hexadecimal digits at p, or −1. */
export function hexCode(bytes: Uint8Array, p: number): number {
  let code = 0;
  for (let i = p; i < p + 4; i++) {
    const byte = bytes[i];
    const lower = byte | 32;
    if (byte >= 48 && byte <= 57) code = code * 16 + byte - 48;
    else if (lower >= 97 && lower <= 102) code = code * 16 + lower - 87;
    else return -1;
  }
  return code;
}

/**
 * Writes the text of the valid JSON string content bytes[start, end) to target, which must be as long; returns its
 * length. A half of a surrogate pair becomes U+FFFD: no stamp holds one. PHP writes every slash of a date as `\/`.
 */
export function resolveEscapes(bytes: Uint8Array, start: number, end: number, target: Uint8Array): number {
  let length = 0;
  let p = start;
  while (p < end) {
    const byte = bytes[p];
    if (byte !== BACKSLASH) {
      target[length++] = byte;
      p++;
    } else if (bytes[p + 1] === 117) {
      length = writeCode(hexCode(bytes, p + 2), target, length);
      p += 6;
    } else {
      target[length++] = ESCAPES[bytes[p + 1]];
      p += 2;
    }
  }
  return length;
}

/** Writes a code unit as UTF-8; never longer than the six bytes of its escape. */
function writeCode(unit: number, target: Uint8Array, at: number): number {
  const code = unit >= 0xd800 && unit <= 0xdfff ? 0xfffd : unit;
  if (code < 0x80) {
    target[at] = code;
    return at + 1;
  }
  if (code < 0x800) {
    target[at] = 0xc0 | (code >> 6);
    target[at + 1] = 0x80 | (code & 63);
    return at + 2;
  }
  target[at] = 0xe0 | (code >> 12);
  target[at + 1] = 0x80 | ((code >> 6) & 63);
  target[at + 2] = 0x80 | (code & 63);
  return at + 3;
}
