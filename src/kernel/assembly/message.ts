import { BODY_KIND, KIND_MESSAGE, MESSAGE_DELIMITER, MESSAGE_LEAD, MESSAGE_TAIL } from '../layout';
import { copyLoosely, endOf, startOf } from './memory';
import { NO_ROOM, putCell, putString, TEXT_LINES, TURN } from './texts';
import { isUtf8 } from './utf8';

const CR: u8 = 13;

/**
 * Writes a record whole, without the CR of its line end, as one text between what its source has before it and behind.
 * @returns the address behind it; NO_ROOM before `limit`; or 0 where that is left to the caller: bytes that are not UTF-8.
 */
export function putMessage(body: usize, at: usize, row: u32, limit: usize): usize {
  const start = startOf(row);
  let end = endOf(row);
  if (end > start && load<u8>(end - 1) === CR) end--;
  const lead = <usize>load<u32>(body, MESSAGE_LEAD + 4);
  copyLoosely(at, <usize>load<u32>(body, MESSAGE_LEAD), lead);
  let behind = at + lead;
  if (load<u32>(body, BODY_KIND) === KIND_MESSAGE) {
    if (!isUtf8(start, end)) return 0;
    behind = putString(behind, start, end, limit, TEXT_LINES);
  } else {
    behind = putCell(behind, start, end, <u8>load<u32>(body, MESSAGE_DELIMITER), limit);
  }
  const tail = <usize>load<u32>(body, MESSAGE_TAIL + 4);
  if (behind === NO_ROOM || behind + tail + TURN > limit) return NO_ROOM;
  copyLoosely(behind, <usize>load<u32>(body, MESSAGE_TAIL), tail);
  return behind + tail;
}
