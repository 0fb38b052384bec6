import fc from 'fast-check';

/** Something that happens to the bytes of a file: a part is lost, comes three times, or is overwritten. */
export interface Edit {
  at: number;
  kind: 'cut' | 'repeat' | 'set';
  length: number;
  byte: number;
}

/** Edits of bytes up to `size`. */
export const edits = (size: number): fc.Arbitrary<Edit> =>
  fc.record({
    at: fc.nat(size),
    kind: fc.constantFrom('cut', 'repeat', 'set'),
    length: fc.nat(300),
    byte: fc.nat(255),
  });

export function apply(bytes: Buffer, { at, kind, length, byte }: Edit): Buffer {
  const place = at % (bytes.length + 1);
  const head = bytes.subarray(0, place);
  const part = bytes.subarray(place, place + length);
  const tail = bytes.subarray(place + length);
  if (kind === 'cut') return Buffer.concat([head, tail]);
  if (kind === 'repeat') return Buffer.concat([head, part, part, part, tail]);
  return Buffer.concat([head, Buffer.alloc(part.length, byte), tail]);
}
