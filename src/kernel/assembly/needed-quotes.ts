import { bitsOf, turned } from './memory';

const LF: u8 = 10;
const CR: u8 = 13;
const QUOTE: u8 = 34;

/** How many of the delimiters that areQuotesNeeded passed end fields. */
export let fieldEnds: u32 = 0;

/**
 * Whether the fields of [start, stop), which begin at `start`, would be written as they are: those in quotes need them, and
 * the others need none. 64 bytes at a time: in the bits of what stands inside quotes, one is added where a field opens, and is
 * carried on to its closing quote, unless something on the way needs the quotes. Looks at up to 64 bytes behind `stop`.
 */
export function areQuotesNeeded(start: usize, stop: usize, delimiter: u8): bool {
  // Of the byte before these 64: all bits where it lies in quotes; a bit where a quote behind it may open, where it closed,
  // where it closed a field that needs no quotes, and what is carried on.
  let inside: u64 = 0;
  let mayOpen: u64 = 1;
  let closed: u64 = 0;
  let needless: u64 = 0;
  let carried: u64 = 0;
  fieldEnds = 0;
  for (let p = start; p < stop; p += 64) {
    const row: u64 = stop - p < 64 ? (1 << (<u64>(stop - p))) - 1 : -1;
    const quotes = bitsOf(p, QUOTE) & row;
    const delimiters = bitsOf(p, delimiter) & row;
    const lineEnds = (bitsOf(p, LF) | bitsOf(p, CR)) & row;
    const within = turned(quotes) ^ inside;
    const closing = quotes & ~within;
    const again = (closing << 1) | closed; // a quote here stands twice, or opens too early
    const elsewhere = quotes & within & ~((delimiters << 1) | mayOpen | again);
    const torn = again & row & ~(delimiters | quotes);
    if ((elsewhere | torn | (lineEnds & ~within)) !== 0 || (needless & ~quotes) !== 0) return false;
    const plain = within & ~(delimiters | lineEnds | again);
    const opening = (quotes & within & ~again) + carried;
    const sum = plain + opening;
    const unneeded = sum & closing;
    if ((unneeded & ~((quotes >> 1) | ((<u64>1) << 63))) !== 0) return false;
    fieldEnds += <u32>popcnt<u64>(delimiters & ~within);
    carried = <u64>(sum < plain);
    needless = unneeded >> 63;
    inside = <u64>(<i64>within >> 63);
    mayOpen = delimiters >> 63;
    closed = closing >> 63;
  }
  return inside === 0 && needless === 0;
}
