import type { Hit } from './hit.ts';
import { fieldStart, openingEnd, openingOf } from './place.ts';

/** What of a line is compared, in bytes: day, month, year and hour of its stamp stand in so many. */
const LOOKED_AT = 40;
/** What follows the hour, in a shape. */
const CLOCK = /:|\.0\.0/;

/**
 * Whether a text that was not dated is written as one that was, in words and numbers: `29-gen-2024 05:02:09` beside
 * `01-feb-2024 05:02:09`. The short names of some months are the same in many languages, those of others are not.
 */
export function mayBeLocal(hits: readonly Hit[], texts: readonly Uint8Array[]): boolean {
  if (hits.length === texts.length) return false;
  const isField = hits[0]?.opening === 'field';
  const beginsAt = ({ text, at, opening }: Hit) => (opening === 'inside' ? beginningOf(text, isField) : at);
  const shapes = new Set(hits.map((hit) => shapeAt(hit.text, beginsAt(hit))).filter((shape) => shape.includes('a')));
  if (shapes.size === 0) return false;
  const dated = new Set(hits.map(({ index }) => index));
  return texts.some((text, index) => !dated.has(index) && shapes.has(shapeAt(text, beginningOf(text, isField))));
}

const beginningOf = (text: Uint8Array, isField: boolean): number =>
  isField ? fieldStart(text, 0, text.length) : openingEnd(openingOf(text, 0, text.length), text, 0, text.length);

/** Words as `a`, numbers as `0`, up to the hour. */
function shapeAt(text: Uint8Array, at: number): string {
  const shape = Buffer.from(text.subarray(at, at + LOOKED_AT))
    .toString('latin1')
    .replace(/[A-Za-z\x80-\xff]+\.?/g, 'a')
    .replace(/\d+/g, '0')
    .replace(/ +/g, ' ');
  return shape.slice(0, Math.max(0, shape.search(CLOCK)));
}
