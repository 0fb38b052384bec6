import { LINES_AHEAD, STATE_LINE_ENDS } from '../layout';
import { bitsOf, counts } from './memory';

const LF: u8 = 10;

/** The line ends that are known and were not given yet: [next, behind) in a list of addresses. */
let next: usize = 0;
let behind: usize = 0;
/** Up to where they were looked for. */
let sought: usize = 0;

/** Forgets all line ends: those behind `from` come next. */
export function seekLineEnds(from: usize): void {
  next = 0;
  behind = 0;
  sought = from;
}

/** Address of the next line end before `to`, or `to`, which stays the same until others are sought. Looks at up to 63 bytes behind it. */
export function nextLineEnd(to: usize): usize {
  if (next === behind && !findMore(to)) return to;
  const end = <usize>load<u32>(next);
  next += 4;
  return end;
}

/**
 * Looks for some dozens of line ends at once. No processor guesses where lines of many lengths end: going from one to the
 * next takes 12 ns a line longer.
 */
function findMore(to: usize): bool {
  const list = counts + STATE_LINE_ENDS;
  const full = list + (LINES_AHEAD << 2);
  let at = sought;
  let end = list;
  while (at < to && end < full) {
    end = note(bitsOf(at, LF), at, end);
    at += 64;
  }
  sought = at;
  while (end > list && <usize>load<u32>(end - 4) >= to) end -= 4;
  next = list;
  behind = end;
  return end > list;
}

/** Puts the places of these bits at the end of the list. Returns its new end. Most blocks have up to four; those are put there without asking. */
function note(bits: u64, at: usize, end: usize): usize {
  const count = <usize>popcnt<u64>(bits);
  let rest = bits;
  store<u32>(end, <u32>(at + <usize>ctz<u64>(rest)));
  rest &= rest - 1;
  store<u32>(end, <u32>(at + <usize>ctz<u64>(rest)), 4);
  rest &= rest - 1;
  store<u32>(end, <u32>(at + <usize>ctz<u64>(rest)), 8);
  rest &= rest - 1;
  store<u32>(end, <u32>(at + <usize>ctz<u64>(rest)), 12);
  rest &= rest - 1;
  for (let place = end + 16; rest !== 0; place += 4) {
    store<u32>(place, <u32>(at + <usize>ctz<u64>(rest)));
    rest &= rest - 1;
  }
  return end + (count << 2);
}
