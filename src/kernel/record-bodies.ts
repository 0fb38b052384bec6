import type { Memory } from '../core/memory.ts';
import type { Dialect } from './csv-scan.ts';
import {
  BODY_KIND,
  CELLS_COUNT,
  CELLS_MAP,
  CELLS_REST,
  CELLS_WRITTEN,
  FIELDS_COUNT,
  FIELDS_DELIMITER,
  FIELDS_QUOTE,
  FIELDS_SPANS,
  KIND_CELLS,
  KIND_MEMBERS,
  KIND_MESSAGE,
  KIND_MESSAGE_CELL,
  KIND_NAMED,
  KIND_PICKED,
  MEMBERS_AT_TOP,
  MEMBERS_DROP,
  MEMBERS_NAMES,
  MEMBERS_OWN,
  MEMBERS_STARTS,
  MESSAGE_BYTES,
  MESSAGE_DELIMITER,
  MESSAGE_LEAD,
  MESSAGE_TAIL,
  NAMED_BYTES,
  NAMED_COUNT,
  NAMED_FIELDS,
  NO_BYTE,
  PICKED_BYTES,
  PICKED_CELLS,
  PICKED_COUNT,
  PICKED_NAME,
  PICKED_SPANS,
  PICKED_WRITTEN,
  SPAN_BYTES,
} from './layout.ts';
import { placeTexts } from './placed.ts';

/** What the records of a source are made of, as the kernel takes it: it lies in the memory. */
export interface RecordBody {
  address: number;
  /** Bytes that a written record may take beside its own and the prefix. */
  room: number;
}

/** `,` before the members that stand before and behind the one that is left out, `}` and a newline. */
const MEMBERS_ROOM = 4;

/** Where the stamps of JSON objects may stand: in members at the top, in others, or in both. */
export type StampPlaces = 'top' | 'below' | 'both';

/**
 * The members of JSON objects, without the one at the top that is the stamp. Those with a name of `own` are left to the
 * caller: one or two names of two bytes or more.
 */
export function placeMembers(memory: Memory, own: readonly Uint8Array[], places: StampPlaces): RecordBody {
  const names = own.reduce((sum, name) => sum + name.length, 0);
  const head = MEMBERS_NAMES + 8 * own.length;
  const address = takeAligned(memory, head + names);
  const words = new Int32Array(memory.wasm.buffer, address, head >> 2);
  words[BODY_KIND >> 2] = KIND_MEMBERS;
  words[MEMBERS_DROP >> 2] = places === 'below' ? 0 : 1;
  words[MEMBERS_AT_TOP >> 2] = places === 'top' ? 1 : 0;
  const starts = Buffer.concat([own[0], own.at(-1)].map((name = Buffer.of()) => name.subarray(0, 2)));
  memory.bytes.set(starts, address + MEMBERS_STARTS);
  words[MEMBERS_OWN >> 2] = own.length;
  let at = address + head;
  for (const [i, name] of own.entries()) {
    words.set([at, name.length], (MEMBERS_NAMES >> 2) + 2 * i);
    memory.bytes.set(name, at);
    at += name.length;
  }
  return { address, room: MEMBERS_ROOM };
}

/** Fields that a record may have here; beyond that its caller finds them. */
const MOST_FIELDS = 1024;

/**
 * The fields of delimited records, of which each has `count`, as cells with `written` between them; `map` tells for each
 * cell its field, or −1. Undefined where the kernel does not know how they are written.
 */
export function placeCells(
  memory: Memory,
  dialect: Dialect,
  count: number,
  map: Int32Array,
  written: number,
): RecordBody | undefined {
  if (map.length > MOST_FIELDS) return undefined;
  const words = placeFields(memory, dialect, count, CELLS_MAP + 4 * map.length);
  if (words === undefined) return undefined;
  words[BODY_KIND >> 2] = KIND_CELLS;
  words[CELLS_WRITTEN >> 2] = written;
  words[CELLS_COUNT >> 2] = map.length;
  words[CELLS_REST >> 2] = dialect.delimiter === written ? restOf(count, map) : 0;
  words.set(map, CELLS_MAP >> 2);
  return { address: words.byteOffset, room: map.length + 1 };
}

/**
 * Some fields of delimited records, of which each has `count`, as members: each field by its index, behind what stands
 * before its text. Undefined where the kernel does not know how they are written.
 */
export function placeNamed(
  memory: Memory,
  dialect: Dialect,
  count: number,
  fields: readonly (readonly [field: number, lead: string])[],
): RecordBody | undefined {
  const words = placeFields(memory, dialect, count, NAMED_FIELDS + NAMED_BYTES * fields.length);
  if (words === undefined) return undefined;
  const leads = placeTexts(
    memory,
    fields.map(([, lead]) => lead),
  );
  words[BODY_KIND >> 2] = KIND_NAMED;
  words[NAMED_COUNT >> 2] = fields.length;
  for (const [i, { from, to }] of leads.entries()) {
    words.set([fields[i]?.[0], from, to - from], (NAMED_FIELDS + NAMED_BYTES * i) >> 2);
  }
  return { address: words.byteOffset, room: 0 };
}

/** Room for `head` bytes and the spans of `count` fields; in it how they are written. Undefined where the kernel does not know that. */
function placeFields(
  memory: Memory,
  { delimiter, quote, takesIn }: Dialect,
  count: number,
  head: number,
): Int32Array | undefined {
  if (takesIn >= 0 || count > MOST_FIELDS) return undefined;
  const address = takeAligned(memory, head + SPAN_BYTES * count);
  const words = new Int32Array(memory.wasm.buffer, address, head >> 2);
  words[FIELDS_DELIMITER >> 2] = delimiter;
  words[FIELDS_QUOTE >> 2] = quote < 0 ? NO_BYTE : quote;
  words[FIELDS_COUNT >> 2] = count;
  words[FIELDS_SPANS >> 2] = address + head;
  return words;
}

/**
 * Members of JSON objects as cells with `written` between them, each by its names from the top down; see MemberFinder.
 * Undefined where there are too many for the kernel.
 */
export function placePicked(
  memory: Memory,
  paths: readonly (readonly string[])[],
  written: number,
): RecordBody | undefined {
  if (paths.length > MOST_FIELDS) return undefined;
  const head = PICKED_CELLS + PICKED_BYTES * paths.length;
  const address = takeAligned(memory, head + 8 * paths.length);
  const words = new Int32Array(memory.wasm.buffer, address, head >> 2);
  words[BODY_KIND >> 2] = KIND_PICKED;
  words[PICKED_WRITTEN >> 2] = written;
  words[PICKED_COUNT >> 2] = paths.length;
  words[PICKED_SPANS >> 2] = address + head;
  for (const [i, path] of paths.entries()) {
    words.set([placeNames(memory, [path.join('.'), ...path]), path.length], (PICKED_CELLS + PICKED_BYTES * i) >> 2);
  }
  return { address, room: 0 };
}

/** Address of the addresses and lengths of names. */
function placeNames(memory: Memory, names: readonly string[]): number {
  const address = takeAligned(memory, PICKED_NAME * names.length);
  const spans = placeTexts(memory, names).flatMap(({ from, to }) => [from, to - from]);
  new Int32Array(memory.wasm.buffer, address, spans.length).set(spans);
  return address;
}

/** One more than the empty cells behind all fields but the first, in their order; 0 where the cells are others. */
function restOf(count: number, map: Int32Array): number {
  const isRest = map.every((field, i) => field === (i < count - 1 ? i + 1 : -1));
  return isRest && map.length >= count - 1 ? map.length - count + 2 : 0;
}

/** The text of whole records as the value of a JSON member, with what stands before it and behind. */
export const placeMessage = (memory: Memory, lead: string, tail: string): RecordBody =>
  placeWhole(memory, KIND_MESSAGE, [lead, tail], 0);

/** The same as a cell between others, which are empty. */
export const placeMessageCell = (memory: Memory, lead: string, tail: string, delimiter: number): RecordBody =>
  placeWhole(memory, KIND_MESSAGE_CELL, [lead, tail], delimiter);

function placeWhole(memory: Memory, kind: number, around: readonly [string, string], delimiter: number): RecordBody {
  const [lead, tail] = around.map((text) => Buffer.from(text)) as [Buffer, Buffer];
  const address = takeAligned(memory, MESSAGE_BYTES + lead.length + tail.length);
  const words = new Int32Array(memory.wasm.buffer, address, MESSAGE_BYTES >> 2);
  const behind = address + MESSAGE_BYTES + lead.length;
  words[BODY_KIND >> 2] = kind;
  words.set([address + MESSAGE_BYTES, lead.length], MESSAGE_LEAD >> 2);
  words.set([behind, tail.length], MESSAGE_TAIL >> 2);
  words[MESSAGE_DELIMITER >> 2] = delimiter;
  memory.bytes.set(lead, address + MESSAGE_BYTES);
  memory.bytes.set(tail, behind);
  return { address, room: lead.length + tail.length + 2 };
}

/** Address of room for words; never 0, which means none. */
const takeAligned = (memory: Memory, size: number): number => (memory.regions.take(size + 4) + 4) & ~3;
