import type { ByteStream, Sample } from '../core/stages.ts';
import type { FoundEncoding } from './encoding.ts';
import { textOfBytes } from './transcode.ts';

/** Bytes that are looked at in each place of a source to recognise it. */
export const SAMPLE_BYTES = 64 * 1024;

/** The most that is looked at of a beginning whose first line is longer than that: the header of thousands of columns. */
const LONGEST_HEAD = 4 * 1024 * 1024;

const LF = 10;
const OPEN_BRACE = 123;
const OPEN_BRACKET = 91;

/** Where samples lie. */
const scratch = new Uint8Array(SAMPLE_BYTES * 3);

/**
 * Samples the bytes [from, to) of something that can be read anywhere: its beginning, middle and end; all of it, in one
 * piece, where that is no more. What is true of the first lines (a banner, another format before an update) need not be
 * true of the file.
 * @param stream gives a stream over a range of the bytes; it must read at once
 * @param encoding how the text is written; its byte order mark is not in the range
 * @returns pieces that are valid until the next sample is taken: a thousand sources would leave 190 MiB behind
 */
export function sampleRange(
  stream: (from: number, to: number) => ByteStream,
  from: number,
  to: number,
  encoding: FoundEncoding,
): Sample {
  let used = 0;
  const piece = (start: number, length: number) => {
    const bytes = used + length <= scratch.length ? scratch.subarray(used, used + length) : new Uint8Array(length);
    used += length;
    readAll(stream(start, start + length), bytes);
    return textOfBytes(bytes, encoding);
  };
  const size = to - from;
  if (size <= SAMPLE_BYTES * 3) return { pieces: [piece(from, size)], whole: true };
  const unit = encoding.encoding?.unit ?? 1;
  const atCharacter = (offset: number) => from + offset - (offset % unit);
  const places = [atCharacter(Math.floor((size - SAMPLE_BYTES) / 2)), atCharacter(size - SAMPLE_BYTES)];
  const head = wholeHead((length) => piece(from, length), size, unit);
  const later = places.map((place) => piece(place, SAMPLE_BYTES)).flatMap(afterLineEnd);
  return { pieces: [head, ...later], whole: false };
}

/** How many bytes of a beginning show its first line and some of those behind it, as far as the first `length` bytes tell. */
export function lengthToSee(text: Uint8Array, length: number, unit: number): number {
  if (text[0] === OPEN_BRACE || text[0] === OPEN_BRACKET) return length; // a document on one line
  const end = text.indexOf(LF);
  const wanted = end < 0 ? 4 * length : 3 * (end + 1) * unit;
  return Math.max(length, Math.min(LONGEST_HEAD, wanted));
}

/** Looks at more of a beginning until its first line is whole. */
function wholeHead(look: (length: number) => Uint8Array, size: number, unit: number): Uint8Array {
  let length = SAMPLE_BYTES;
  for (;;) {
    const text = look(length);
    const wanted = Math.min(size - (size % unit), lengthToSee(text, length, unit));
    if (wanted <= length) return text;
    length = wanted;
  }
}

/** What follows the first line end; nothing where there is none. */
function afterLineEnd(piece: Uint8Array): Uint8Array[] {
  const end = piece.indexOf(LF);
  return end < 0 || end === piece.length - 1 ? [] : [piece.subarray(end + 1)];
}

function readAll(stream: ByteStream, bytes: Uint8Array): void {
  for (let filled = 0; filled < bytes.length; ) {
    filled += stream.read(bytes, filled, bytes.length - filled) as number;
  }
}
