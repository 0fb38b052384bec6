/**
 * Looks at the UTF-8 sequence that begins at bytes[at], of which the bytes before `to` may be used.
 * @returns how many bytes it has (1 … 4), or, where it is not valid, minus the number of bytes that one U+FFFD stands
 * for: the longest beginning of a valid sequence, at least 1 (Unicode 15, section 3.9, the practice of every decoder).
 */
export function utf8Step(bytes: Uint8Array, at: number, to: number): number {
  const lead = bytes[at];
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return -1;
  const second = at + 1 < to ? bytes[at + 1] : 0;
  if ((second & 0xc0) !== 0x80 || !fits(lead, second)) return -1;
  if (lead < 0xe0) return 2;
  if (at + 2 >= to || (bytes[at + 2] & 0xc0) !== 0x80) return -2;
  if (lead < 0xf0) return 3;
  return at + 3 < to && (bytes[at + 3] & 0xc0) === 0x80 ? 4 : -3;
}

/** No overlong forms, no surrogates, nothing above U+10FFFF (RFC 3629 section 4). */
function fits(lead: number, second: number): boolean {
  if (lead === 0xe0) return second >= 0xa0;
  if (lead === 0xed) return second < 0xa0;
  if (lead === 0xf0) return second >= 0x90;
  return lead !== 0xf4 || second < 0x90;
}

/** Whether bytes[from, to) is valid UTF-8. Here and not `isUtf8`: that would need a view, an object, for each record. */
export function isUtf8Span(bytes: Uint8Array, from: number, to: number): boolean {
  let at = from;
  while (at < to) {
    const step = utf8Step(bytes, at, to);
    if (step < 0) return false;
    at += step;
  }
  return true;
}
