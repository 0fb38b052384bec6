import { markEnd } from '../kernel/byte-order-mark.ts';
import { isBetween, strayEnd, trimmedEnd } from '../kernel/json-borders.ts';
import { CUT, INVALID, JsonScanner } from '../kernel/json-scan.ts';
import { LF } from './framer.ts';
import { arraysOfObjects, Envelope } from './json-envelope.ts';
import type { SampleView } from './sample.ts';

const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;
const OPEN_BRACE = 123;

/** The objects of a piece of JSON, and how many other things stand among them. What the piece cuts is neither. */
export interface JsonObjects {
  objects: Uint8Array[];
  strays: number;
}

/** The beginning of a sample, if it begins like JSON: that alone tells what stands around an object. */
export function jsonBeginning({ pieces, cutLine }: SampleView): Uint8Array | undefined {
  const piece = pieces[0] ?? cutLine;
  return piece !== undefined && piece[between(piece, 0)] === OPEN_BRACE ? piece : undefined;
}

/** What those who write documents call the array of their records. */
const WRAPPERS = /^(records|events|hits|items|entries|values?|rows|results?|data|logs|logevents|features|messages)$/i;

/**
 * Where a source that is one document would have its records, if it had some: in an array that has nothing else beside
 * it, or is called like one of records. [] for an empty array that is all there is.
 */
export function emptyWrapper({ pieces: [piece] }: SampleView): string[] | undefined {
  if (piece === undefined) return undefined;
  const start = between(piece, 0);
  if (start >= piece.length) return piece.includes(OPEN_BRACKET) ? [] : undefined;
  if (piece[start] !== OPEN_BRACE || between(piece, recordEnd(piece, start)) < piece.length) return undefined;
  const { paths, empty, members } = arraysOfObjects(piece, start);
  if (paths.length > 0) return undefined;
  return empty.find((path) => members === 1 || WRAPPERS.test(path.at(-1) as string));
}

function between(bytes: Uint8Array, from: number): number {
  let p = from;
  for (;;) {
    const behind = isBetween(bytes[p]) ? p + 1 : markEnd(bytes, p, bytes.length);
    if (p >= bytes.length || behind === p) return p;
    p = behind;
  }
}

/** The objects at the top of a piece, or in the arrays at this place of its documents. */
export function objectsIn(piece: Uint8Array, recordsAt: readonly string[]): JsonObjects {
  const found: JsonObjects = { objects: [], strays: 0 };
  const envelope = recordsAt.length === 0 ? undefined : new Envelope(recordsAt);
  for (let at = 0; ; ) {
    const start = between(piece, at);
    if (piece.subarray(at, start).includes(CLOSE_BRACKET)) envelope?.leave();
    if (start >= piece.length) return found;
    const outside = envelope !== undefined && !envelope.inside;
    const end = outside ? envelope.next(piece, start, piece.length) : recordEnd(piece, start);
    if (end === CUT) return found;
    if (end === INVALID) envelope?.reset();
    const isObject = piece[start] === OPEN_BRACE && end !== INVALID;
    if (!outside || envelope.whole || end === INVALID) {
      if (isObject) found.objects.push(piece.subarray(start, trimmedEnd(piece, start, end)));
      else found.strays++;
    }
    at = end === INVALID ? lineEnd(piece, start) : end;
  }
}

function recordEnd(piece: Uint8Array, start: number): number {
  if (piece[start] !== OPEN_BRACE) return strayEnd(piece, start, piece.length);
  return new JsonScanner([]).scanFirst(piece, start, piece.length);
}

function lineEnd(piece: Uint8Array, from: number): number {
  const found = piece.indexOf(LF, from);
  return found < 0 ? piece.length : found;
}

/**
 * Where the documents of a piece may have their records: every array of objects in a document that is the only one of its
 * source, or the one array that is all that each of several documents has.
 */
export function wrapperPlaces(piece: Uint8Array): string[][] {
  const documents = objectsIn(piece, []).objects;
  const { paths } = arraysOfObjects(piece, between(piece, 0));
  if (documents.length < 2) return paths;
  return paths.filter(([name], i) => {
    const only = documents.every((document) => {
      const { paths: places, members } = arraysOfObjects(document, 0);
      return members === 1 && (places.length === 0 || places[0]?.[0] === name);
    });
    return only && i === 0;
  });
}
