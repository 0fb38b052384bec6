import type { RateStamps, Texts } from '../core/stages.ts';
import { besideOf, otherStamps, undecided } from './beside.ts';
import { planOf } from './choice.ts';
import { chooseOrder, ORDERS, orderDoubt, type Reading } from './day-order.ts';
import { evidenceIn } from './evidence.ts';
import { formatIndex } from './format-index.ts';
import { anyOrdered, fieldFormat, insideHits } from './hits.ts';
import { mayBeLocal } from './local-shape.ts';
import { localNames } from './month-names.ts';
import type { ReadyFormat, StampPlan, StampSettings } from './plan.ts';
import { StampReader } from './reader.ts';
import { allInside, type Hits, hitsOf, indexFor, isBelieved, MOSTLY, readerFor, type Sample } from './sample-hits.ts';
import type { DayOrder } from './time-format.ts';

/** At most so many texts are looked at; more say nothing new and cost up to 50 µs each. */
const MAX_TEXTS = 240;

/**
 * How the stamps of these texts are read, or undefined where none was found.
 * @param texts lines (without LF) or values of one field, from several places of the source, in its order.
 * @throws TsalignError usage, where `settings.timeFormat` is no format.
 */
export function detectStamp(texts: Texts, where: 'line' | 'field', settings: StampSettings): StampPlan | undefined {
  const looked = thinned(texts);
  const found = detectIn({ texts: looked, where, settings, names: undefined, reader: readerFor(settings, undefined) });
  if (found !== undefined && !found.guessed && found.plan.dated >= MOSTLY && !mayBeLocal(found.hits, looked)) {
    return found.plan;
  }
  const names = localNames();
  const local = detectIn({ texts: looked, where, settings, names, reader: readerFor(settings, names) });
  return (local !== undefined && readsMore(local, found) ? local : found)?.plan;
}

const readsMore = (local: Detected, found: Detected | undefined): boolean =>
  found === undefined ||
  (found.guessed && !local.guessed) ||
  (found.guessed === local.guessed && local.plan.dated > found.plan.dated);

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
  const first = hits.filter(({ opening }) => opening !== 'inside');
  const firm = indexFor(sample, sample.where === 'field' ? 'field' : 'start', order, 'firm');
  if (anyOrdered(firm, sample.reader, sample, first)) return true;
  return inside && insideHits(indexFor(sample, 'inside', order, 'ordered'), sample.reader, sample.texts).length > 0;
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
    const format = fieldFormat(formats, reader, text);
    if (format !== undefined) sum += worthOf(format);
  }
  return looked.length === 0 ? 0 : sum / looked.length;
};

interface Detected extends Reading {
  plan: StampPlan;
  /** Whether only rows read it that chance makes too. */
  guessed: boolean;
}

function judged(order: DayOrder, seen: Hits, sample: Sample): Detected | undefined {
  const { settings, names } = sample;
  const {
    total,
    loose,
    chosen: { best, rivals },
  } = seen;
  if (!isBelieved(best, settings)) return undefined;
  const beside = settings.timeFormat === undefined ? besideOf(best, loose) : [];
  const others = settings.timeFormat === undefined ? undecided([best, ...beside], loose) : 0;
  const isAlone = settings.timeFormat === undefined && beside.length === 0;
  const evidence = isAlone ? evidenceIn(best, (text) => allInside(sample, order, text)) : undefined;
  const plan = planOf({ best, beside, rivals, total, settings, localNames: names !== undefined, evidence });
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

/** An even choice of texts, in their order; runs of neighbours, so that order in time can be seen. */
function thinned(texts: Texts): readonly Uint8Array[] {
  if (texts.length <= MAX_TEXTS) return [...texts];
  const run = 20;
  const step = (texts.length - run) / (MAX_TEXTS / run - 1);
  const looked: Uint8Array[] = [];
  for (let i = 0; i < MAX_TEXTS; i++) {
    looked.push(texts.at(Math.floor(Math.floor(i / run) * step) + (i % run)) as Uint8Array);
  }
  return looked;
}
