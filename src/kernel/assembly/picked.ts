import { PICKED_BYTES, PICKED_CELLS, PICKED_COUNT, PICKED_NAME, PICKED_SPANS, PICKED_WRITTEN } from '../layout';
import { skipSpace } from './json';
import { hasEscape, nextName, valueEndOf } from './members';
import { endOf, isSame, startOf } from './memory';
import { seekStrings, stringEnd } from './strings';
import { NO_ROOM, putCell, TURN } from './texts';

const LF: u8 = 10;
const QUOTE: u8 = 34;
const OPEN_BRACE: u8 = 123;
const LETTER_N: u8 = 110;

/** The member read last: its name without quotes, and its value. */
let nameFrom: usize = 0;
let nameTo: usize = 0;
let valueFrom: usize = 0;
let valueTo: usize = 0;

/**
 * Writes members of a record, a JSON object, as cells, a delimiter before each, and a newline: strings without their
 * quotes, null as nothing, all else as it is written. See MemberFinder, which says what is right.
 * @returns the address behind it; NO_ROOM before `limit`; or 0 where that is left to the caller: names or values with escapes.
 */
export function putPicked(body: usize, at: usize, row: u32, limit: usize): usize {
  const start = startOf(row);
  const end = endOf(row);
  if (!findPicked(body, start, end)) return 0;
  const delimiter = <u8>load<u32>(body, PICKED_WRITTEN);
  const count = load<u32>(body, PICKED_COUNT);
  let behind = at;
  for (let i: u32 = 0; i < count; i++) {
    if (behind + TURN > limit) return NO_ROOM;
    store<u8>(behind++, delimiter);
    const span = spanOf(body, i);
    let from = <usize>load<u32>(span);
    let to = <usize>load<u32>(span, 4);
    if (from === 0 || load<u8>(from) === LETTER_N) continue;
    if (load<u8>(from) === QUOTE) {
      from++;
      to--;
      if (hasEscape(from, to)) return 0;
    }
    behind = putCell(behind, from, to, delimiter, limit);
    if (behind === NO_ROOM) return NO_ROOM;
  }
  if (behind + TURN > limit) return NO_ROOM;
  store<u8>(behind, LF);
  return behind + 1;
}

/** Notes for each cell where its value stands, 0 where there is none. False where a name is spelled with escapes. */
function findPicked(body: usize, start: usize, end: usize): bool {
  const count = load<u32>(body, PICKED_COUNT);
  for (let i: u32 = 0; i < count; i++) store<u32>(spanOf(body, i), 0);
  seekStrings(start);
  let p = firstName(start, end);
  while (p < end && load<u8>(p) === QUOTE) {
    p = readMember(p, end);
    if (p === 0) return false;
    for (let i: u32 = 0; i < count; i++) if (isNamed(nameOf(body, i, 0))) note(body, i);
  }
  for (let i: u32 = 0; i < count; i++) {
    if (levelsOf(body, i) > 1 && load<u32>(spanOf(body, i)) === 0 && !findBelow(body, i, start, end)) return false;
  }
  return true;
}

/** Looks for the value of a cell by its names from the top down, which stand behind the whole of them. */
function findBelow(body: usize, cell: u32, start: usize, end: usize): bool {
  const levels = levelsOf(body, cell);
  let from = start;
  let to = end;
  for (let level: u32 = 1; level <= levels; level++) {
    if (load<u8>(skipSpace(from, to)) !== OPEN_BRACE) return true;
    const name = nameOf(body, cell, level);
    let foundFrom: usize = 0;
    let foundTo: usize = 0;
    seekStrings(from);
    let p = firstName(from, to);
    while (p < to && load<u8>(p) === QUOTE) {
      p = readMember(p, to);
      if (p === 0) return false;
      if (!isNamed(name)) continue;
      foundFrom = valueFrom;
      foundTo = valueTo;
    }
    if (foundFrom === 0) return true;
    from = foundFrom;
    to = foundTo;
  }
  valueFrom = from;
  valueTo = to;
  note(body, cell);
  return true;
}

/** Address of the first name of the object at `start`, or of what ends it. */
function firstName(start: usize, end: usize): usize {
  return skipSpace(skipSpace(start, end) + 1, end);
}

/** Reads the member whose name stands at p. Address of the next name or what ends the object; 0 where a name has escapes. */
function readMember(p: usize, end: usize): usize {
  nameFrom = p + 1;
  nameTo = stringEnd(nameFrom, end);
  if (nameTo === 0 || hasEscape(nameFrom, nameTo)) return 0;
  valueFrom = skipSpace(skipSpace(nameTo + 1, end) + 1, end);
  valueTo = valueFrom < end ? valueEndOf(valueFrom, end) : 0;
  return valueTo === 0 ? 0 : nextName(valueTo, end);
}

function isNamed(name: usize): bool {
  const length = <usize>load<u32>(name, 4);
  return nameTo - nameFrom === length && isSame(nameFrom, <usize>load<u32>(name), length);
}

function note(body: usize, cell: u32): void {
  const span = spanOf(body, cell);
  store<u32>(span, valueFrom);
  store<u32>(span, valueTo, 4);
}

function spanOf(body: usize, cell: u32): usize {
  return <usize>load<u32>(body, PICKED_SPANS) + ((<usize>cell) << 3);
}

/** Name of a cell: 0 is the whole of it, then those from the top down. */
function nameOf(body: usize, cell: u32, level: u32): usize {
  return <usize>load<u32>(body + <usize>cell * PICKED_BYTES, PICKED_CELLS) + <usize>level * PICKED_NAME;
}

/** How many names a cell has from the top down. */
function levelsOf(body: usize, cell: u32): u32 {
  return load<u32>(body + <usize>cell * PICKED_BYTES, PICKED_CELLS + 4);
}
