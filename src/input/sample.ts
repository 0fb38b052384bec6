import type { Sample, Texts } from '../core/stages.ts';
import { isBlank, LF } from './framer.ts';

/** A sample as recognition looks at it. */
export interface SampleView {
  /** The pieces without their cut last lines; empty ones are left out. */
  pieces: Uint8Array[];
  /** What all lines of the first piece would be if even its only line is cut; for text, whose stamps stand early. */
  cutLine: Uint8Array | undefined;
}

/** What was made of samples and views that are still looked at: every format asks for the same, for every source. */
const views = new WeakMap<Sample, SampleView>();
const lines = new WeakMap<SampleView, SampleLines>();

export function viewSample(sample: Sample): SampleView {
  const view = views.get(sample) ?? makeView(sample);
  views.set(sample, view);
  return view;
}

/**
 * The complete lines of a sample. The pieces become plain Uint8Arrays, as the memory's bytes are one: scanners that see
 * Buffers too get slower for good, because the two are different classes to the engine.
 */
function makeView(sample: Sample): SampleView {
  const plain = sample.pieces.map((piece) => new Uint8Array(piece.buffer, piece.byteOffset, piece.length));
  const pieces = plain
    .map((piece, i) => (i === 0 && sample.whole ? piece : piece.subarray(0, piece.lastIndexOf(LF) + 1)))
    .filter((piece) => piece.length > 0);
  return { pieces, cutLine: pieces.length === 0 ? plain.find((piece) => piece.length > 0) : undefined };
}

/** The lines of all pieces, without their LF, blank ones left out. */
export function sampleLines(sample: SampleView): SampleLines {
  const known = lines.get(sample) ?? new SampleLines(sample.pieces);
  lines.set(sample, known);
  return known;
}

/** Lines as numbers: a Uint8Array for each took a sixth of what recognising a source takes, though few are looked at. */
export class SampleLines implements Texts {
  readonly #pieces: readonly Uint8Array[];
  /** Of each line its piece, and where it begins and ends in that. */
  readonly #places: number[] = [];

  constructor(pieces: readonly Uint8Array[]) {
    this.#pieces = pieces;
    for (const [number, piece] of pieces.entries()) this.#find(piece, number);
  }

  get length(): number {
    return this.#places.length / 3;
  }

  at(index: number): Uint8Array | undefined {
    const places = this.#places;
    const piece = this.#pieces[places[3 * index]];
    return piece?.subarray(places[3 * index + 1], places[3 * index + 2]);
  }

  *[Symbol.iterator](): Generator<Uint8Array> {
    for (let i = 0; i < this.length; i++) yield this.at(i) as Uint8Array;
  }

  #find(piece: Uint8Array, number: number): void {
    for (let at = 0; at < piece.length; ) {
      const next = piece.indexOf(LF, at);
      const end = next < 0 ? piece.length : next;
      if (!isBlank(piece, at, end)) this.#places.push(number, at, end);
      at = end + 1;
    }
  }
}

/** At most `most` of these, in order: runs of neighbours from all parts, since zones and years show between neighbours. */
export function spread<T>(all: { readonly length: number; at(index: number): T | undefined }, most: number): T[] {
  const pick = (from: number, to: number): T[] => Array.from({ length: to - from }, (_, i) => all.at(from + i) as T);
  if (all.length <= most) return pick(0, all.length);
  const runs = Math.min(20, most);
  const length = Math.floor(most / runs);
  const step = (all.length - length) / Math.max(1, runs - 1);
  return Array.from({ length: runs }, (_, i) => Math.round(i * step)).flatMap((at) => pick(at, at + length));
}
