import type { Loose } from './beside.ts';
import { type Chosen, chooseBeyondRivals, chooseCandidate, isIndented } from './candidates.ts';
import { type FormatRows, formatIndex } from './format-index.ts';
import type { Candidate, Hit } from './hit.ts';
import { fieldHits, insideHits, startHits, withoutCut } from './hits.ts';
import type { LocalNames } from './month-names.ts';
import { fieldStart } from './place.ts';
import type { StampSettings } from './plan.ts';
import { StampReader } from './reader.ts';
import type { DayOrder, Standing } from './time-format.ts';
import { ZoneBook } from './zone-book.ts';

/** The texts in which stamps are looked for, and what reads them. */
export interface Sample {
  texts: readonly Uint8Array[];
  where: 'line' | 'field';
  settings: StampSettings;
  names: LocalNames | undefined;
  reader: StampReader;
}

/** Where fewer of the texts are dated, names in other languages are tried. */
export const MOSTLY = 0.1;

/** The stamps of a sample, in one order of day and month. */
export interface Hits {
  hits: Hit[];
  /** Texts that are not blank. */
  total: number;
  /** Whether stamps were looked for inside lines too. */
  inside: boolean;
  /** Which of them are the records' own. */
  chosen: Chosen;
  loose: Loose;
}

/**
 * The stamps in the texts. Inside of lines, where it takes long, only if those at their beginnings leave a doubt; by rows
 * that chance makes too only if no other reads anything, but here and there a time inside of a line.
 */
export function hitsOf(sample: Sample, order: DayOrder): Hits {
  const { texts, where, reader } = sample;
  const index = (standing: Standing) => indexFor(sample, standing, order, 'firm');
  const total = texts.filter((text) => fieldStart(text, 0, text.length) < text.length).length;
  const isNoneLeft = (dated: ReadonlySet<number>) => dated.size === texts.length;
  const loose: Loose = {
    all: (dated) => (isNoneLeft(dated) ? NOTHING.all(dated) : looseHits(sample, order, dated)),
    starts: (dated) => (isNoneLeft(dated) ? [] : startHits(index('start'), reader, leftOf(untorn(texts), dated))),
  };
  const seen = (hits: Hit[], inside: boolean, beside = loose): Hits => ({
    hits,
    total,
    inside,
    chosen: chooseCandidate(hits, total),
    loose: beside,
  });
  if (where === 'field') return seen(withoutCut(fieldHits(index('field'), reader, texts)), false, NOTHING);
  const start = startHits(index('start'), reader, texts);
  const firm = withoutCut(start);
  const beyond = chooseBeyondRivals(firm, total);
  if (beyond !== undefined) return { hits: firm, total, inside: false, chosen: beyond, loose };
  const hits = withoutCut([...start, ...insideHits(index('inside'), reader, texts)]);
  const dated = new Set(hits.map(({ index }) => index)).size;
  if (start.length > 0 || dated >= total * MOSTLY) return seen(hits, true);
  const doubtful = (standing: Standing) => indexFor(sample, standing, order, 'doubtful');
  const guessed = [...startHits(doubtful('start'), reader, texts), ...insideHits(doubtful('inside'), reader, texts)];
  const guess = seen(guessed, true, NOTHING);
  return hits.length === 0 || isBelieved(guess.chosen.best, sample.settings) ? guess : seen(hits, true);
}

const NOTHING: Loose = { all: () => ({ hits: [], total: 0 }), starts: () => [] };
/** A smaller share of lines without a stamp is not looked into: it takes up to 50 µs a line. */
const FEW_LOOSE = 0.02;

/** The stamps of texts that were not dated, the indented ones of traces left out. */
function looseHits(sample: Sample, order: DayOrder, dated: ReadonlySet<number>): ReturnType<Loose['all']> {
  const { texts, reader } = sample;
  const left = leftOf(texts, dated);
  const total = left.filter((text) => text !== NO_TEXT).length;
  if (total < texts.length * FEW_LOOSE) return { hits: [], total };
  const index = (standing: Standing) => indexFor(sample, standing, order, 'firm');
  const start = startHits(index('start'), reader, left);
  return { hits: withoutCut([...start, ...insideHits(index('inside'), reader, left)]), total };
}

/** The stamps inside of a text, also such that chance makes. */
export const allInside = (sample: Sample, order: DayOrder, text: Uint8Array): Hit[] =>
  (['firm', 'doubtful'] as const).flatMap((rows) =>
    insideHits(indexFor(sample, 'inside', order, rows), sample.reader, [text]),
  );

const leftOf = (texts: readonly Uint8Array[], dated: ReadonlySet<number>): Uint8Array[] =>
  texts.map((text, i) => (dated.has(i) || text.length === 0 || isIndented(text) ? NO_TEXT : text));

/** Longer than any stamp at the beginning of a line. */
const BEHIND_STAMP = 64;

/** Without a last text that is so short that its stamp may be torn. */
const untorn = (texts: readonly Uint8Array[]): readonly Uint8Array[] =>
  (texts.at(-1)?.length ?? 0) > BEHIND_STAMP ? texts : texts.slice(0, -1);

const NO_TEXT = new Uint8Array(0);

export const indexFor = ({ settings, names }: Sample, standing: Standing, order: DayOrder, rows: FormatRows) =>
  formatIndex({ settings, standing, order, rows, local: names !== undefined });

export function readerFor(settings: StampSettings, names: LocalNames | undefined): StampReader {
  const reader = new StampReader();
  reader.names = names;
  reader.book = new ZoneBook(abbreviationsOf(settings));
  return reader;
}

/** Lines, and their share weighed by the order in time, that make of numbers among other words a time. */
const FEWEST_LINES = 4;
const MOST_LINES = 0.6;

/** Whether something was found, and where only rows found it that chance makes too, enough of it. */
export const isBelieved = (best: Candidate | undefined, { timeFormat }: StampSettings): best is Candidate =>
  best !== undefined &&
  (timeFormat !== undefined ||
    best.formats.some(({ format }) => format.doubt === undefined) ||
    (best.hits.length >= FEWEST_LINES && best.score >= MOST_LINES));

/** What the user said of abbreviations, by the name of their zone. */
export const abbreviationsOf = ({ abbreviations }: StampSettings): Record<string, string> =>
  Object.fromEntries([...(abbreviations ?? [])].map(([word, zone]) => [word, zone.name]));
