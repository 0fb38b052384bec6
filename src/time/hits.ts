import { FRACTION, HOUR, MINUTE, NO_OFFSET, SECOND } from '../kernel/stamp-layout.ts';
import { zoneApart } from './apart.ts';
import { FarZone } from './far-zone.ts';
import type { FormatIndex } from './format-index.ts';
import type { Hit } from './hit.ts';
import { fieldEnd, fieldStart, isBoundary, type Opening, openingEnd, openingOf } from './place.ts';
import type { ReadyFormat } from './plan.ts';
import type { StampReader } from './reader.ts';
import { unreadHalf, unreadZone } from './unread.ts';
import { AMBIGUOUS_ZONES } from './zone-names.ts';

/** Stamps are looked for in the first bytes of a line, and so many of one line are told apart. */
const MAX_DEPTH = 600;
const MAX_HITS = 4;

/** The hit of each text that has one, in their order. */
export function hitsOfEach(texts: readonly Uint8Array[], find: (text: Uint8Array, index: number) => Hit | undefined) {
  const hits: Hit[] = [];
  for (let i = 0; i < texts.length; i++) {
    const hit = find(texts[i], i);
    if (hit !== undefined) hits.push(hit);
  }
  return hits;
}

export const fieldHits = (formats: FormatIndex, reader: StampReader, texts: readonly Uint8Array[]): Hit[] =>
  hitsOfEach(texts, (text, index) => fieldHit(formats, reader, text, index));

export const startHits = (formats: FormatIndex, reader: StampReader, texts: readonly Uint8Array[]): Hit[] =>
  hitsOfEach(texts, (text, index) => firstHit(formats, reader, text, index, startPlace(text)));

const fieldHit = (formats: FormatIndex, reader: StampReader, text: Uint8Array, index: number) =>
  firstHit(formats, reader, text, index, fieldPlace(text));

/** The row that reads all of a field. */
export const fieldFormat = (formats: FormatIndex, reader: StampReader, text: Uint8Array): ReadyFormat | undefined =>
  firstFormat(formats, reader, text, fieldPlace(text));

/** Where the stamp of a text may stand, if it stands first. */
interface FirstPlace {
  at: number;
  /** Where a field's stamp must end, or the text. */
  end: number;
  opening: Hit['opening'];
}

function fieldPlace(text: Uint8Array): FirstPlace {
  const at = fieldStart(text, 0, text.length);
  return { at, end: fieldEnd(text, at, text.length), opening: 'field' };
}

function startPlace(text: Uint8Array): FirstPlace {
  const opening = openingOf(text, 0, text.length);
  return { at: openingEnd(opening, text, 0, text.length), end: text.length, opening };
}

function firstHit(
  formats: FormatIndex,
  reader: StampReader,
  text: Uint8Array,
  index: number,
  place: FirstPlace,
): Hit | undefined {
  const format = firstFormat(formats, reader, text, place);
  return format && hitOf(reader, format, text, index, place.at, place.opening);
}

function firstFormat(formats: FormatIndex, reader: StampReader, text: Uint8Array, place: FirstPlace) {
  for (const format of formats.at(text[place.at])) if (readsFirst(format, reader, text, place)) return format;
  return undefined;
}

/** Whether a row reads the stamp with which a text begins. */
function readsFirst(
  { program, format }: ReadyFormat,
  reader: StampReader,
  text: Uint8Array,
  { at, end, opening }: FirstPlace,
): boolean {
  if (opening === 'field') return reader.read(program, format.years, text, at, end) && reader.length === end - at;
  if (format.openings !== undefined && !format.openings.includes(opening as Opening)) return false;
  return reader.read(program, format.years, text, at, end);
}

/**
 * Whether a row that has an order of day and month reads one of these texts before the row that dated it has its turn.
 * @param found the stamps that stand first in these texts, in their order
 */
export function anyOrdered(
  formats: FormatIndex,
  reader: StampReader,
  { texts, where }: { texts: readonly Uint8Array[]; where: 'line' | 'field' },
  found: readonly Hit[],
): boolean {
  const placeOf = where === 'field' ? fieldPlace : startPlace;
  let next = 0;
  return texts.some((text, index) => {
    const hit = found[next]?.index === index ? found[next++] : undefined;
    if (hit !== undefined && formats.at(text[hit.at])[0] === hit.format) return false;
    const place = placeOf(text);
    const rows = formats.at(text[place.at]);
    const turn = hit === undefined ? -1 : rows.indexOf(hit.format);
    const before = turn < 0 ? rows : rows.slice(0, turn);
    return before.some((each) => each.format.order !== undefined && readsFirst(each, reader, text, place));
  });
}

export function insideHits(formats: FormatIndex, reader: StampReader, texts: readonly Uint8Array[]): Hit[] {
  return texts.flatMap((text, index) => insideOf(formats, reader, text, index));
}

function insideOf(formats: FormatIndex, reader: StampReader, text: Uint8Array, index: number): Hit[] {
  const found: Hit[] = [];
  const depth = Math.min(text.length, MAX_DEPTH);
  for (let at = 1; at < depth && found.length < MAX_HITS; at++) {
    const candidates = formats.at(text[at]);
    if (candidates.length === 0 || !isBoundary(text, at)) continue;
    const format = candidates.find(
      (each) =>
        reader.read(each.program, each.format.years, text, at, text.length) && standsAfter(each.format.after, text, at),
    );
    if (format === undefined) continue;
    found.push(hitOf(reader, format, text, index, at, 'inside'));
    at += reader.length - 1;
  }
  return found;
}

function standsAfter(after: readonly string[] | undefined, text: Uint8Array, at: number): boolean {
  if (after === undefined) return true;
  const before = Buffer.from(text.buffer, text.byteOffset, at)
    .toString('latin1', Math.max(0, at - 16))
    .toLowerCase();
  return after.some((words) => before.endsWith(words) && !(SHORT_KEY.test(words) && isInWord(before, words)));
}

/** Keys that are endings of other words too: packets=, port=. */
const SHORT_KEY = /^(ts|rt|t)\W/;

const isInWord = (before: string, words: string): boolean =>
  /[a-z0-9]$/.test(before.slice(0, before.length - words.length));

function hitOf(
  reader: StampReader,
  format: ReadyFormat,
  text: Uint8Array,
  index: number,
  at: number,
  opening: Hit['opening'],
): Hit {
  const offset = reader.offset === NO_OFFSET ? 0 : reader.offset;
  const doubtful = reader.ambiguousZone || reader.uncertainZone;
  const stop = at + reader.length;
  const apart = zoneApart(reader, text, stop);
  const hit: Hit = {
    format,
    text,
    index,
    at,
    opening,
    seconds: reader.seconds - offset + reader.nanos / 1e9,
    offset,
    naive: reader.offset === NO_OFFSET && reader.zoneIndex === 0,
    lacks: reader.lacks,
    loose: reader.loose,
    padded: isPadded(reader, text, at),
    digits: reader.digits,
    isOtherWeekday: reader.isOtherWeekday,
    behindComma: behindComma(reader, text, at),
    unreadZone: unreadZone(text, stop, reader),
    unreadHalf: unreadHalf(text, stop, reader),
    bareHour: reader.half > 0 || reader.fieldLength[HOUR] === 0 ? -1 : reader.values[HOUR]!,
    halvedHour: reader.half > 0 && reader.halfApart ? reader.values[HOUR]! : -1,
    isHalfWord: false,
    zoneApart: apart.zoneApart,
    isDoubtfulApart: apart.isDoubtfulApart,
    isSpacedZ: text[stop - 1] === LOWER_Z && text[stop - 2] === SPACE,
    doubtfulZone: doubtful ? zoneWord(text, at, reader.length) : undefined,
  };
  return format.format.zoneAfter === undefined || !hit.naive ? hit : withFarZone(hit, reader, format.format.zoneAfter);
}

/** A zone that stands elsewhere in the line is the hit's. */
function withFarZone(hit: Hit, reader: StampReader, keys: readonly string[]): Hit {
  const far = new FarZone(keys, reader.book);
  const from = hit.at + reader.length;
  if (!far.read(hit.text, from, hit.text.length)) return { ...hit, unreadZone: far.unread };
  const doubtfulZone = far.ambiguous ? zoneWord(hit.text, far.at, 5) : undefined;
  const offset = far.offset === NO_OFFSET ? 0 : far.offset;
  return { ...hit, naive: false, seconds: hit.seconds - offset, doubtfulZone };
}

/** Whether a minute or second is padded with a zero. */
function isPadded({ fieldAt, fieldLength }: StampReader, text: Uint8Array, at: number): boolean {
  const isZero = (kind: number) => fieldLength[kind] === 2 && text[at + fieldAt[kind]!] === ZERO;
  return isZero(MINUTE) || isZero(SECOND);
}

/** The digits behind a comma, whether they were taken for a fraction or not. */
function behindComma({ fieldAt, fieldLength, digits, length }: StampReader, text: Uint8Array, at: number): string {
  const isFraction = digits > 0 && fieldLength[FRACTION]! > 0;
  const from = isFraction ? at + fieldAt[FRACTION]! : at + length + 1;
  if (text[from - 1] !== COMMA) return '';
  return /^[0-9]*/.exec(Buffer.from(text.subarray(from, from + 12)).toString('latin1'))?.[0] ?? '';
}

/**
 * The formats whose fractions behind a comma are the next cell of a row: 06:59:58,4711 and 06:59:59,12. Fractions have
 * one length, or at least zeros at their beginning.
 */
export function formatsWithCells(hits: readonly Hit[]): Set<ReadyFormat> {
  const widths = new Map<ReadyFormat, Set<number>>();
  const padded = new Set<ReadyFormat>();
  for (const { format, behindComma: text } of hits) {
    if (text === '') continue;
    widths.set(format, (widths.get(format) ?? new Set()).add(text.length));
    if (/^0./.test(text)) padded.add(format);
  }
  return new Set([...widths].filter(([format, { size }]) => size > 1 && !padded.has(format)).map(([format]) => format));
}

const SPACE = 32;
const COMMA = 44;
const LOWER_Z = 122;
const ZERO = 48;

/**
 * Without stamps whose clock ends in one digit where the clocks of the same format are padded with zeros: `07:00:5` is
 * cut. Where they are not, one in six of their seconds has one digit.
 */
export function withoutCut(hits: readonly Hit[]): Hit[] {
  const padded = new Map<ReadyFormat, number>();
  for (const hit of hits) {
    padded.set(hit.format, (padded.get(hit.format) ?? 0) + (hit.padded ? 1 : 0) - (hit.loose ? 1 : 0));
  }
  return hits.filter((hit) => !hit.loose || padded.get(hit.format)! < 0);
}

/** The abbreviation of several zones that stands there. */
function zoneWord(text: Uint8Array, at: number, length: number): string {
  const words = Buffer.from(text.subarray(at, at + length))
    .toString('latin1')
    .match(/[A-Z]{3,5}/g);
  return words?.find((word) => AMBIGUOUS_ZONES[word] !== undefined) ?? '';
}
