import type { Sample, Texts } from '../core/stages.ts';
import { isBlank, LF } from './framer.ts';

/** A sample as recognition looks at it. */
export interface SampleView {
  /** The pieces without their cut last lines; empty ones are left out. */
  pieces: Uint8Array[];
  /** What all lines of the first piece would be if even its only line is cut; for text, whose stamps stand early. */
  cutLine: Uint8Array | undefined;
  /**
   * The lines of all pieces, once they were asked for: every format asks. In a WeakMap they would outlive their sample by
   * much, and moving them about in the heap took as long as a quarter of recognition.
   */
  lines?: SampleLines;
}

/**
 * The complete lines of a sample. The pieces become plain Uint8Arrays, as the memory's bytes are one: scanners that see
 * Buffers too get slower for good, because the two are different classes to the engine.
 */
export function viewSample(sample: Sample): SampleView {
  const plain = sample.pieces.map((piece) => new Uint8Array(piece.buffer, piece.byteOffset, piece.length));
  const pieces = plain
    .map((piece, i) => (i === 0 && sample.whole ? piece : piece.subarray(0, piece.lastIndexOf(LF) + 1)))
    .filter((piece) => piece.length > 0);
  return { pieces, cutLine: pieces.length === 0 ? plain.find((piece) => piece.length > 0) : undefined };
}

/** The lines of all pieces, without their LF, blank ones left out. */
export function sampleLines(view: SampleView): SampleLines {
  view.lines ??= new SampleLines(view.pieces);
  return view.lines;
}

/** Lines as numbers: a Uint8Array for each took a sixth of what recognising a source takes, though few are looked at. */
export class SampleLines implements Texts {
  readonly #pieces: readonly Uint8Array[];
  /** Of each line its piece, and where it begins and ends in that. */
  readonly #places: number[] = [];
  /** Lines that were looked at: each format looks at the same ones. */
  readonly #made = new Map<number, Uint8Array>();

  constructor(pieces: readonly Uint8Array[]) {
    this.#pieces = pieces;
    for (const [number, piece] of pieces.entries()) this.#find(piece, number);
  }

  get length(): number {
    return this.#places.length / 3;
  }

  at(index: number): Uint8Array | undefined {
    const places = this.#places;
    const known = this.#made.get(index);
    if (known !== undefined || index >= this.length) return known;
    const piece = this.#pieces[places[3 * index]];
    const line = piece.subarray(places[3 * index + 1], places[3 * index + 2]);
    this.#made.set(index, line);
    return line;
  }

  *[Symbol.iterator](): Generator<Uint8Array> {
    for (let i = 0; i < this.length; i++) yield this.at(i) as Uint8Array;
  }

  #find(piece: Uint8Array, number: number): void {
    // A Buffer finds a byte three times as fast as a Uint8Array does.
    const buffer = Buffer.from(piece.buffer, piece.byteOffset, piece.length);
    for (let at = 0; at < piece.length; ) {
      const next = buffer.indexOf(LF, at);
      const end = next < 0 ? piece.length : next;
      if (!isBlank(piece, at, end)) this.#places.push(number, at, end);
      at = end + 1;
    }
  }
}

/** At most `most` of these, in order: runs of neighbours from all parts, since zones and years show between neighbours. */
export function spread<T>(all: { readonly length: number; at(index: number): T | undefined }, most: number): T[] {
  const picked: T[] = [];
  const pick = (from: number, to: number): void => {
    for (let i = from; i < to; i++) picked.push(all.at(i) as T);
  };
  const runs = all.length <= most ? 1 : Math.min(20, most);
  const length = runs === 1 ? Math.min(most, all.length) : Math.floor(most / runs);
  const step = (all.length - length) / Math.max(1, runs - 1);
  for (let i = 0; i < runs; i++) pick(Math.round(i * step), Math.round(i * step) + length);
  return picked;
}
