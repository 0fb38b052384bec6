import { type FormatIndex, formatIndex } from './format-index.ts';
import { isBoundary } from './place.ts';
import type { StampSettings } from './plan.ts';
import { StampReader } from './reader.ts';

/** It is looked for in the first bytes of a text. */
const MAX_DEPTH = 600;

/**
 * The place of the first thing in a text that is written like a stamp, of a day or a time that does not exist
 * (30 February, 25:00), or −1; for texts in which no stamp was found.
 * @throws TsalignError usage, where `settings.timeFormat` is no format.
 */
export function findImpossible(text: Uint8Array, settings: StampSettings): number {
  const order = settings.dayOrder ?? 'any';
  const inside = formatIndex({ settings, standing: 'inside', order, rows: 'firm', local: false });
  const start = formatIndex({ settings, standing: 'start', order, rows: 'firm', local: false });
  const reader = new StampReader();
  const depth = Math.min(text.length, MAX_DEPTH);
  for (let at = 0; at < depth; at++) {
    if (isImpossible(at === 0 ? start : inside, reader, text, at)) return at;
  }
  return -1;
}

function isImpossible(formats: FormatIndex, reader: StampReader, text: Uint8Array, at: number): boolean {
  const candidates = formats.at(text[at]);
  if (candidates.length === 0 || !isBoundary(text, at)) return false;
  return candidates.some(({ program, format }) => {
    if (reader.read(program, format.years, text, at, text.length)) return false;
    return reader.impossible || reader.looksWritten(program, text, at, text.length);
  });
}
