import { FIELD_DOUBLED, FIELDS_SPANS, NAMED_BYTES, NAMED_COUNT, NAMED_FIELDS, SPAN_BYTES } from '../layout';
import { findFields } from './fields';
import { copyLoosely, endOf, startOf } from './memory';
import { NO_ROOM, putString, TEXT_DOUBLED, TEXT_PLAIN, TURN } from './texts';
import { isUtf8 } from './utf8';

const CR: u8 = 13;

/**
 * Writes fields of a delimited record as members that are strings, each behind its name, and `"}` and a newline.
 * @returns the address behind it; NO_ROOM before `limit`; or 0 where that is left to the caller: another number of fields,
 * text behind a closing quote, bytes that are not UTF-8.
 */
export function putNamed(body: usize, at: usize, row: u32, limit: usize): usize {
  const start = startOf(row);
  const end = endOf(row);
  const stop = end > start && load<u8>(end - 1) === CR ? end - 1 : end;
  const spans = <usize>load<u32>(body, FIELDS_SPANS);
  if (!findFields(body, spans, start, stop) || !isUtf8(start, stop)) return 0;
  const count = load<u32>(body, NAMED_COUNT);
  let behind = at;
  for (let i: u32 = 0; i < count; i++) {
    const field = body + NAMED_FIELDS + <usize>i * NAMED_BYTES;
    const span = spans + <usize>load<u32>(field) * SPAN_BYTES;
    const length = <usize>load<u32>(field, 8);
    if (behind + length + TURN > limit) return NO_ROOM;
    copyLoosely(behind, <usize>load<u32>(field, 4), length);
    const kind = load<u32>(span, 8) === FIELD_DOUBLED ? TEXT_DOUBLED : TEXT_PLAIN;
    behind = putString(behind + length, <usize>load<u32>(span), <usize>load<u32>(span, 4), limit, kind);
    if (behind === NO_ROOM || behind + TURN > limit) return NO_ROOM;
    store<u8>(behind++, 34);
  }
  store<u16>(behind, 0x0a7d);
  return behind + 2;
}
