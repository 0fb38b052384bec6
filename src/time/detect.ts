import { type Digits, NANOS_PER_SECOND } from '../core/instant.ts';
import type { RateStamps, Texts } from '../core/stages.ts';
import { LACKS_DATE, LACKS_START, LACKS_YEAR } from '../kernel/stamp-layout.ts';
import { besideOf, type Loose, otherStamps, together, undecided } from './beside.ts';
import { type Candidate, chooseCandidate, type Hit, isBeyondRivals, isIndented } from './candidates.ts';
import { chooseOrder, ORDERS, orderDoubt, type Reading } from './day-order.ts';
import { dayInName } from './days.ts';
import { type FormatRows, formatIndex } from './format-index.ts';
import { anyOrdered, fieldHit, fieldHits, formatsWithCells, insideHits, startHits, withoutCut } from './hits.ts';
import { mayBeLocal } from './local-shape.ts';
import { type LocalNames, localNames } from './month-names.ts';
import { openQuestions } from './open-questions.ts';
import { describePlace, fieldStart } from './place.ts';
import type { PlannedFormat, ReadyFormat, StampPlan, StampSettings } from './plan.ts';
import { StampReader } from './reader.ts';
import type { DayOrder, Standing } from './time-format.ts';
import { yearOf } from './zone.ts';
import { ZoneBook } from './zone-book.ts';

/** At most so many texts are looked at; more say nothing new and cost up to 50 µs each. */
const MAX_TEXTS = 240;

/**
 * How the stamps of these texts are read, or undefined where none was found.
 * @param texts lines (without LF) or values of one field, from several places of the source, in its order.
 * @throws TsalignError usage, where `settings.timeFormat` is no format.
 */
export function detectStamp(texts: Texts, where: 'line' | 'field', settings: StampSettings): StampPlan | undefined {
  const looked = thinned(texts);
  const found = detectIn({ texts: looked, where, settings, names: undefined });
  if (found !== undefined && !found.guessed && found.plan.dated >= MOSTLY && !mayBeLocal(found.hits, looked)) {
    return found.plan;
  }
  const local = detectIn({ texts: looked, where, settings, names: localNames() });
  return (local !== undefined && readsMore(local, found) ? local : found)?.plan;
}

const readsMore = (local: Detected, found: Detected | undefined): boolean =>
  found === undefined ||
  (found.guessed && !local.guessed) ||
  (found.guessed === local.guessed && local.plan.dated > found.plan.dated);

/** Where fewer of the texts are dated, names in other languages are tried. */
const MOSTLY = 0.1;

interface Sample {
  texts: readonly Uint8Array[];
  where: 'line' | 'field';
  settings: StampSettings;
  names: LocalNames | undefined;
}

function detectIn(sample: Sample): Detected | undefined {
  const { dayOrder, timeFormat } = sample.settings;
  const [first, ...others] = dayOrder === undefined ? ORDERS : [dayOrder];
  const hits = hitsOf(sample, first);
  const found = [judged(first, hits, sample)];
  for (const order of timeFormat === undefined ? others : []) {
    if (mayReadOtherwise(hits, order, sample)) found.push(judged(order, hitsOf(sample, order), sample));
  }
  return chosen(
    found.filter((each) => each !== undefined),
    sample.settings,
  );
}

/**
 * Whether the texts have stamps in which days and months change places with the order: most sources are read once only. Of
 * a text that is dated where it begins, only rows before the one that dated it could read it otherwise.
 */
function mayReadOtherwise({ hits, inside }: Hits, order: DayOrder, sample: Sample): boolean {
  if (hits.some(({ format }) => format.format.order !== undefined)) return true;
  const reader = readerFor(sample);
  const first = hits.filter(({ opening }) => opening !== 'inside');
  const firm = indexFor(sample, sample.where === 'field' ? 'field' : 'start', order, 'firm');
  if (anyOrdered(firm, reader, sample, first)) return true;
  return inside && insideHits(indexFor(sample, 'inside', order, 'ordered'), reader, sample.texts).length > 0;
}

function chosen(all: readonly Detected[], { modified }: StampSettings): Detected | undefined {
  if (all.length === 0) return undefined;
  // What chance makes too (14.03.24 as a time) is read only where no order of day and month reads more.
  const firm = all.filter(({ guessed }) => !guessed);
  const { best, others } = chooseOrder(firm.length > 0 ? firm : all, modified);
  if (others.length === 0) return best;
  const orders = others.map(({ order }) => order);
  return { ...best, plan: { ...best.plan, doubts: [orderDoubt(best.order, orders), ...best.plan.doubts] } };
}

const ANY_FIELD = { settings: {}, standing: 'field', order: 'any', rows: 'firm', local: false } as const;

/** A number since 1970 may be another number; a date alone is a birthday as easily as the time of a record. */
const worthOf = ({ program }: ReadyFormat): number => (program.epoch ? 0.95 : program.time ? 1 : DATE_ALONE);
const DATE_ALONE = 0.45;

/** The share of texts that are, as a whole, one stamp, each weighed by what it is worth. */
export const rateStamps: RateStamps = (texts) => {
  const formats = formatIndex(ANY_FIELD);
  const reader = new StampReader();
  let sum = 0;
  const looked = thinned(texts);
  for (const text of looked) {
    const hit = fieldHit(formats, reader, text, 0);
    if (hit !== undefined) sum += worthOf(hit.format);
  }
  return looked.length === 0 ? 0 : sum / looked.length;
};

interface Detected extends Reading {
  plan: StampPlan;
  /** Whether only rows read it that chance makes too. */
  guessed: boolean;
}

interface Hits {
  hits: Hit[];
  /** Texts that are not blank. */
  total: number;
  /** Whether stamps were looked for inside lines too. */
  inside: boolean;
  loose: Loose;
}

/**
 * The stamps in the texts. Inside of lines, where it takes long, only if those at their beginnings leave a doubt; by rows
 * that chance makes too only if no other reads anything, but here and there a time inside of a line.
 */
function hitsOf(sample: Sample, order: DayOrder): Hits {
  const { texts, where } = sample;
  const reader = readerFor(sample);
  const index = (standing: Standing) => indexFor(sample, standing, order, 'firm');
  const total = texts.filter((text) => fieldStart(text, 0, text.length) < text.length).length;
  const loose: Loose = {
    all: (dated) => looseHits(sample, order, dated),
    starts: (dated) => startHits(index('start'), reader, leftOf(texts.slice(0, -1), dated)), // the last may be torn
  };
  if (where === 'field')
    return {
      hits: withoutCut(fieldHits(index('field'), reader, texts)),
      total,
      inside: false,
      loose: NOTHING,
    };
  const start = startHits(index('start'), reader, texts);
  const firm = withoutCut(start);
  if (isBeyondRivals(firm, total)) return { hits: firm, total, inside: false, loose };
  const hits = withoutCut([...start, ...insideHits(index('inside'), reader, texts)]);
  const dated = new Set(hits.map(({ index }) => index)).size;
  if (start.length > 0 || dated >= total * MOSTLY) return { hits, total, inside: true, loose };
  const doubtful = (standing: Standing) => indexFor(sample, standing, order, 'doubtful');
  const guessed = [...startHits(doubtful('start'), reader, texts), ...insideHits(doubtful('inside'), reader, texts)];
  const isGuess = hits.length === 0 || isBelieved(chooseCandidate(guessed, total).best, sample.settings);
  if (isGuess) return { hits: guessed, total, inside: true, loose: NOTHING };
  return { hits, total, inside: true, loose };
}

const NOTHING: Loose = { all: () => ({ hits: [], total: 0 }), starts: () => [] };
/** A smaller share of lines without a stamp is not looked into: it takes up to 50 µs a line. */
const FEW_LOOSE = 0.02;

/** The stamps of texts that were not dated, the indented ones of traces left out. */
function looseHits(sample: Sample, order: DayOrder, dated: ReadonlySet<number>): ReturnType<Loose['all']> {
  const { texts } = sample;
  const left = leftOf(texts, dated);
  const total = left.filter((text) => text !== NO_TEXT).length;
  if (total < texts.length * FEW_LOOSE) return { hits: [], total };
  const reader = readerFor(sample);
  const index = (standing: Standing) => indexFor(sample, standing, order, 'firm');
  const start = startHits(index('start'), reader, left);
  return { hits: withoutCut([...start, ...insideHits(index('inside'), reader, left)]), total };
}

const leftOf = (texts: readonly Uint8Array[], dated: ReadonlySet<number>): Uint8Array[] =>
  texts.map((text, i) => (dated.has(i) || text.length === 0 || isIndented(text) ? NO_TEXT : text));

const NO_TEXT = new Uint8Array(0);

const indexFor = ({ settings, names }: Sample, standing: Standing, order: DayOrder, rows: FormatRows) =>
  formatIndex({ settings, standing, order, rows, local: names !== undefined });

function readerFor({ names, settings }: Sample): StampReader {
  const reader = new StampReader();
  reader.names = names;
  reader.book = new ZoneBook(abbreviationsOf(settings));
  return reader;
}

function judged(order: DayOrder, { hits, total, loose }: Hits, { settings, names }: Sample): Detected | undefined {
  const { best, rivals } = chooseCandidate(hits, total);
  if (!isBelieved(best, settings)) return undefined;
  const beside = settings.timeFormat === undefined ? besideOf(best, loose) : [];
  const others = settings.timeFormat === undefined ? undecided([best, ...beside], loose) : 0;
  const plan = planOf({ best, beside, rivals, total, settings, localNames: names !== undefined });
  return {
    order,
    hits: best.hits,
    plan: others === 0 ? plan : { ...plan, doubts: [...plan.doubts, otherStamps(others)] },
    ordered: best.hits.some((hit) => hit.format.format.order !== undefined),
    usual: best.formats.every(({ format }) => format.order === undefined || format.usual === true),
    score: best.score,
    guessed: best.formats.every(({ format }) => format.doubt !== undefined),
  };
}

/** Lines, and their share weighed by the order in time, that make of numbers among other words a time. */
const FEWEST_LINES = 4;
const MOST_LINES = 0.6;

/** Whether something was found, and where only rows found it that chance makes too, enough of it. */
const isBelieved = (best: Candidate | undefined, { timeFormat }: StampSettings): best is Candidate =>
  best !== undefined &&
  (timeFormat !== undefined ||
    best.formats.some(({ format }) => format.doubt === undefined) ||
    (best.hits.length >= FEWEST_LINES && best.score >= MOST_LINES));

/** An even choice of texts, in their order; runs of neighbours, so that order in time can be seen. */
function thinned(texts: Texts): readonly Uint8Array[] {
  if (texts.length <= MAX_TEXTS) return [...texts];
  const run = 20;
  const step = (texts.length - run) / (MAX_TEXTS / run - 1);
  const starts = Array.from({ length: MAX_TEXTS / run }, (_, i) => Math.floor(i * step));
  return starts.flatMap((at) => Array.from({ length: run }, (_, i) => texts.at(at + i) as Uint8Array));
}

/** What a candidate becomes. */
interface Choice {
  best: Candidate;
  /** Those that date other texts than the best. */
  beside: readonly Candidate[];
  rivals: readonly Candidate[];
  total: number;
  settings: StampSettings;
  localNames: boolean;
}

function planOf(choice: Choice): StampPlan {
  const { best, beside, rivals, total, settings, localNames } = choice;
  const { hits, formats, zoneless } = together([best, ...beside]);
  const cells = formatsWithCells(hits);
  return {
    formats: formats.map((each) => ({
      ...plannedFormat(each, hits, total, cells),
      ...(zoneless.has(each) ? { zonesApart: false } : {}),
    })),
    place: beside.length === 0 ? best.place : { kind: 'several', places: [best, ...beside].map(({ place }) => place) },
    zone: settings.zone?.name ?? 'UTC',
    zoneFrom: settings.zone === undefined ? 'default' : 'given',
    naive: hits.some((hit) => hit.naive),
    ...(settings.abbreviations === undefined ? {} : { abbreviations: abbreviationsOf(settings) }),
    localNames,
    dst: settings.dst ?? 'order',
    ...missingParts(hits, settings),
    shift: settings.shift ?? 0n,
    dated: hits.length / total,
    digits: printable(Math.max(0, ...hits.map((hit) => (cells.has(hit.format) ? 0 : hit.digits)))),
    ...openQuestions({ hits, formats, zoneless }, settings),
    rivals: rivals.slice(0, 3).map((rival) => ({
      where: describePlace(rival.place),
      formats: rival.formats.map((each) => each.format.name),
      dated: rival.hits.length / total,
    })),
  };
}

function plannedFormat(each: ReadyFormat, hits: readonly Hit[], total: number, cells: Set<ReadyFormat>): PlannedFormat {
  const { name, pattern, years, zoneAfter } = each.format;
  const own = hits.filter((hit) => hit.format === each);
  return {
    name,
    pattern,
    ...(years === undefined ? {} : { years }),
    ...(zoneAfter === undefined ? {} : { zoneAfter }),
    unpadded: own.some((hit) => hit.loose),
    ...(cells.has(each) ? { commas: false } : {}),
    share: own.length / total,
  };
}

/** What stamps do not say, and what was said of it. */
function missingParts(hits: readonly Hit[], settings: StampSettings) {
  const lacks = (what: number) => hits.some((hit) => hit.lacks === what);
  const year = lacks(LACKS_YEAR) ? settings.year : undefined;
  const given = settings.anchor === undefined ? undefined : settings.anchor / NANOS_PER_SECOND;
  const start = lacks(LACKS_START) ? Number(given ?? 0n) : 0;
  const parts = { lacksYear: lacks(LACKS_YEAR) || lacks(LACKS_DATE), lacksDate: lacks(LACKS_DATE) };
  const dated = { ...parts, lacksStart: lacks(LACKS_START), start };
  if (!parts.lacksDate) return year === undefined ? dated : { ...dated, year, yearFrom: 'given' as const };
  // The day as it was typed, `2024-03-10`: what is typed without a zone is read in UTC.
  const day = given === undefined ? dayInName(settings.name ?? '') : Math.floor(Number(given) / 86_400);
  if (day === undefined) return dated;
  const known = { ...dated, day, dayFrom: given === undefined ? ('name' as const) : ('given' as const) };
  // Without any stamp that lacks only its year, the date tells it.
  return lacks(LACKS_YEAR) && year === undefined ? known : { ...known, year: year ?? yearOf(day * 86_400) };
}

const printable = (digits: number): Digits => (digits === 0 ? 0 : digits <= 3 ? 3 : digits <= 6 ? 6 : 9);

const abbreviationsOf = ({ abbreviations }: StampSettings): Record<string, string> =>
  Object.fromEntries([...(abbreviations ?? [])].map(([word, zone]) => [word, zone.name]));
