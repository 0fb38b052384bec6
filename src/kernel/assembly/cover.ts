import {
  COVER_BASE,
  COVER_BINS,
  COVER_COUNTS,
  COVER_DATED,
  COVER_FIRST,
  COVER_GAP_ENDS,
  COVER_GAPS,
  COVER_LAST,
  COVER_LATE,
  COVER_LEAST_GAP,
  COVER_SHIFT,
  COVER_WORST,
} from '../layout';
import { flagBytes, keyOf, UNDATED } from './memory';

const LATE_COUNTS: usize = COVER_COUNTS + 4 * COVER_BINS;

/**
 * Takes in the rows [from, to), the next of a source: counts them by their instants, and those that are late.
 * @returns the first row that is left to the caller, or `to`: one outside the bins, behind a gap that is to be kept or
 *   inside one, later than the worst or earlier than the first.
 */
export function coverRows(cover: usize, from: u32, to: u32): u32 {
  const first = load<i64>(cover, COVER_FIRST);
  const worst = load<u64>(cover, COVER_WORST);
  const leastGap = load<u64>(cover, COVER_LEAST_GAP);
  const shift = load<i64>(cover, COVER_SHIFT);
  const base = load<i64>(cover, COVER_BASE);
  let last = load<i64>(cover, COVER_LAST);
  let dated: i64 = 0;
  let late: i64 = 0;
  let row = from;
  for (; row < to; row++) {
    if (load<u8>(flagBytes + <usize>row) & UNDATED) continue;
    const key = keyOf(row);
    const bin = <u64>((key >> shift) - base);
    if (bin >= <u64>COVER_BINS) break;
    if (key >= last) {
      if (<u64>(key - last) > leastGap) break;
      last = key;
    } else {
      if (key < first || <u64>(last - key) > worst || isInGap(cover, key)) break;
      late++;
      count(cover + LATE_COUNTS, bin);
    }
    dated++;
    count(cover + COVER_COUNTS, bin);
  }
  store<i64>(cover, last, COVER_LAST);
  store<i64>(cover, load<i64>(cover, COVER_DATED) + dated, COVER_DATED);
  store<i64>(cover, load<i64>(cover, COVER_LATE) + late, COVER_LATE);
  return row;
}

function count(counts: usize, bin: u64): void {
  const at = counts + ((<usize>bin) << 2);
  store<u32>(at, load<u32>(at) + 1);
}

function isInGap(cover: usize, key: i64): bool {
  const end = cover + COVER_GAP_ENDS + ((<usize>load<u64>(cover, COVER_GAPS)) << 4);
  for (let gap = cover + COVER_GAP_ENDS; gap < end; gap += 16) {
    if (key > load<i64>(gap) && key < load<i64>(gap, 8)) return true;
  }
  return false;
}
