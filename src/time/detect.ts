import type { Digits } from '../core/instant.ts';
import type { RateStamps } from '../core/stages.ts';
import { NO_OFFSET } from '../kernel/stamp-layout.ts';
import { type Candidate, chooseCandidate, type Hit } from './candidates.ts';
import { describePlace, fieldEnd, fieldStart, isBoundary, openingEnd, openingOf } from './place.ts';
import { type ReadyFormat, readyFormats, type StampPlan, type StampSettings } from './plan.ts';
import { StampReader } from './reader.ts';

/** At most so many texts are looked at; more say nothing new and cost up to 50 µs each. */
const MAX_TEXTS = 600;
/** Stamps are looked for in the first bytes of a line, and so many of one line are told apart. */
const MAX_DEPTH = 600;
const MAX_HITS = 4;

/**
 * How the stamps of these texts are read, or undefined where none was found.
 * @param texts lines (without LF) or values of one field, from several places of the source, in its order.
 * @throws TsalignError usage, where `settings.timeFormat` is no format.
 */
export function detectStamp(
  texts: readonly Uint8Array[],
  where: 'line' | 'field',
  settings: StampSettings,
): StampPlan | undefined {
  const chosen = thinned(texts);
  const orders = settings.dayOrder === undefined ? (['mdy', 'dmy'] as const) : [settings.dayOrder];
  const found = orders.map((order) => detectWith(order, chosen, where, settings)).filter((each) => each !== undefined);
  const [best, other] = found.toSorted((a, b) => b.score - a.score);
  if (best === undefined) return undefined;
  // The sample decides: a day above 12, or else an order in time that only one of the two makes.
  if (other === undefined || !best.ordered || !other.ordered || best.score - other.score > 0.02) return best.plan;
  return { ...found[0]!.plan, doubt: DAY_ORDER_DOUBT };
}

const DAY_ORDER_DOUBT = {
  what: 'the text does not tell whether days or months come first; read as month/day',
  hint: 'give --day-order dmy or mdy',
};

/** The share of texts that are, as a whole, one stamp; a bare number counts a little less than a written date. */
export const rateStamps: RateStamps = (texts) => {
  const formats = readyFormats(undefined, 'field');
  const reader = new StampReader();
  let sum = 0;
  const chosen = thinned(texts);
  for (const text of chosen) {
    const hit = fieldHit(formats, reader, text, 0);
    if (hit !== undefined) sum += hit.format.program.epoch ? 0.95 : 1;
  }
  return chosen.length === 0 ? 0 : sum / chosen.length;
};

interface Detected {
  plan: StampPlan;
  /** Whether it reads days and months in numbers, in an order that another format would read otherwise. */
  ordered: boolean;
  score: number;
}

function detectWith(
  order: 'dmy' | 'mdy',
  texts: readonly Uint8Array[],
  where: 'line' | 'field',
  settings: StampSettings,
): Detected | undefined {
  const inOrder = ({ format }: ReadyFormat) =>
    format.order === undefined || format.order === order || settings.timeFormat;
  const ready = (standing: 'start' | 'inside' | 'field') => readyFormats(settings.timeFormat, standing).filter(inOrder);
  const hits =
    where === 'field'
      ? fieldHits(ready('field'), texts)
      : [...startHits(ready('start'), texts), ...insideHits(ready('inside'), texts)];
  const total = texts.filter((text) => fieldStart(text, 0, text.length) < text.length).length;
  const { best, rivals } = chooseCandidate(hits, total);
  if (best === undefined) return undefined;
  return {
    plan: planOf(best, rivals, total, settings),
    ordered: best.hits.some((hit) => hit.format.format.order !== undefined),
    score: best.score,
  };
}

/** An even choice of texts, in their order; runs of neighbours, so that order in time can be seen. */
function thinned(texts: readonly Uint8Array[]): readonly Uint8Array[] {
  if (texts.length <= MAX_TEXTS) return texts;
  const run = 20;
  const step = (texts.length - run) / (MAX_TEXTS / run - 1);
  return Array.from({ length: MAX_TEXTS / run }, (_, i) => Math.floor(i * step)).flatMap((at) =>
    texts.slice(at, at + run),
  );
}

function fieldHits(formats: readonly ReadyFormat[], texts: readonly Uint8Array[]): Hit[] {
  const reader = new StampReader();
  return texts.map((text, index) => fieldHit(formats, reader, text, index)).filter((hit) => hit !== undefined);
}

function fieldHit(
  formats: readonly ReadyFormat[],
  reader: StampReader,
  text: Uint8Array,
  index: number,
): Hit | undefined {
  const start = fieldStart(text, 0, text.length);
  const end = fieldEnd(text, start, text.length);
  const format = formats.find(
    (each) => reader.read(each.program, each.format.years, text, start, end) && reader.length === end - start,
  );
  return format && hitOf(reader, format, text, index, start, 'field');
}

function startHits(formats: readonly ReadyFormat[], texts: readonly Uint8Array[]): Hit[] {
  const reader = new StampReader();
  return texts.flatMap((text, index) => {
    const opening = openingOf(text, 0, text.length);
    const at = openingEnd(opening, text, 0, text.length);
    const format = formats.find((each) => reader.read(each.program, each.format.years, text, at, text.length));
    return format === undefined ? [] : [hitOf(reader, format, text, index, at, opening)];
  });
}

function insideHits(formats: readonly ReadyFormat[], texts: readonly Uint8Array[]): Hit[] {
  const reader = new StampReader();
  return texts.flatMap((text, index) => insideOf(formats, reader, text, index));
}

function insideOf(formats: readonly ReadyFormat[], reader: StampReader, text: Uint8Array, index: number): Hit[] {
  const found: Hit[] = [];
  const depth = Math.min(text.length, MAX_DEPTH);
  for (let at = 1; at < depth && found.length < MAX_HITS; at++) {
    if (!isBoundary(text, at)) continue;
    const format = formats.find(
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
  return after.some((words) => before.endsWith(words));
}

function hitOf(
  reader: StampReader,
  format: ReadyFormat,
  text: Uint8Array,
  index: number,
  at: number,
  opening: Hit['opening'],
): Hit {
  return {
    format,
    text,
    index,
    at,
    opening,
    seconds: reader.seconds - (reader.offset === NO_OFFSET ? 0 : reader.offset) + reader.nanos / 1e9,
    naive: reader.offset === NO_OFFSET,
    yearless: reader.yearless,
    digits: reader.digits,
    ambiguousZone: reader.ambiguousZone ? zoneWord(text, at, reader.length) : undefined,
  };
}

const zoneWord = (text: Uint8Array, at: number, length: number): string =>
  /[A-Z]{3,5}/.exec(Buffer.from(text.subarray(at, at + length)).toString('latin1'))?.[0] ?? '';

function planOf(best: Candidate, rivals: readonly Candidate[], total: number, settings: StampSettings): StampPlan {
  const { hits } = best;
  const shares = new Map<ReadyFormat, number>();
  for (const { format } of hits) shares.set(format, (shares.get(format) ?? 0) + 1 / total);
  const ambiguous = settings.zone === undefined ? hits.find((hit) => hit.ambiguousZone !== undefined) : undefined;
  const lacksYear = hits.some((hit) => hit.yearless);
  return {
    formats: best.formats.map((each) => ({
      name: each.format.name,
      pattern: each.format.pattern,
      ...(each.format.years === undefined ? {} : { years: each.format.years }),
      share: shares.get(each) ?? 0,
    })),
    place: best.place,
    zone: settings.zone?.name ?? 'UTC',
    zoneFrom: settings.zone === undefined ? 'default' : 'given',
    naive: hits.some((hit) => hit.naive),
    dst: settings.dst ?? 'order',
    lacksYear,
    ...(lacksYear && settings.year !== undefined ? { year: settings.year, yearFrom: 'given' as const } : {}),
    shift: settings.shift ?? 0n,
    dated: hits.length / total,
    digits: printable(Math.max(0, ...hits.map((hit) => hit.digits))),
    ...(ambiguous === undefined ? {} : { doubt: zoneDoubt(ambiguous.ambiguousZone ?? '') }),
    rivals: rivals.slice(0, 3).map((rival) => ({
      where: describePlace(rival.place),
      formats: rival.formats.map((each) => each.format.name),
      dated: rival.hits.length / total,
    })),
  };
}

const zoneDoubt = (word: string) => ({
  what: `"${word}" is the name of several zones; records that name it are not dated`,
  hint: 'say which with --tz',
});

const printable = (digits: number): Digits => (digits === 0 ? 0 : digits <= 3 ? 3 : digits <= 6 ? 6 : 9);
