import type { Sample } from '../core/stages.ts';
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
const lines = new WeakMap<SampleView, Uint8Array[]>();

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
export function sampleLines(sample: SampleView): readonly Uint8Array[] {
  const known = lines.get(sample) ?? sample.pieces.flatMap(linesOf);
  lines.set(sample, known);
  return known;
}

function linesOf(piece: Uint8Array): Uint8Array[] {
  const found: Uint8Array[] = [];
  for (let at = 0; at < piece.length; ) {
    const next = piece.indexOf(LF, at);
    const end = next < 0 ? piece.length : next;
    if (!isBlank(piece, at, end)) found.push(piece.subarray(at, end));
    at = end + 1;
  }
  return found;
}

/** At most `most` of these, in order: runs of neighbours from all parts, since zones and years show between neighbours. */
export function spread<T>(all: readonly T[], most: number): T[] {
  if (all.length <= most) return [...all];
  const runs = Math.min(20, most);
  const length = Math.floor(most / runs);
  const step = (all.length - length) / Math.max(1, runs - 1);
  return Array.from({ length: runs }, (_, i) => Math.round(i * step)).flatMap((at) => all.slice(at, at + length));
}
