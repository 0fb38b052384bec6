import type { ByteStream, Sample } from '../core/stages.ts';
import type { FoundEncoding } from './encoding.ts';
import { textOfBytes } from './transcode.ts';

/** Bytes that are looked at in each place of a source to recognise it. */
export const SAMPLE_BYTES = 64 * 1024;

const LF = 10;

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
    const bytes = scratch.subarray(used, used + length);
    used += length;
    readAll(stream(start, start + length), bytes);
    return textOfBytes(bytes, encoding);
  };
  const size = to - from;
  if (size <= SAMPLE_BYTES * 3) return { pieces: [piece(from, size)], whole: true };
  const unit = encoding.encoding?.unit ?? 1;
  const atCharacter = (offset: number) => from + offset - (offset % unit);
  const places = [atCharacter(Math.floor((size - SAMPLE_BYTES) / 2)), atCharacter(size - SAMPLE_BYTES)];
  const later = places.map((place) => piece(place, SAMPLE_BYTES)).flatMap(afterLineEnd);
  return { pieces: [piece(from, SAMPLE_BYTES), ...later], whole: false };
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
