import type { LogfmtPlan, PairTime } from '../core/stages.ts';
import { PairWalker } from '../kernel/pairs.ts';
import { isFuller, isInUtc, isLocal, SEVERAL, saysUtc, standsStill } from './finer.ts';
import type { Asked } from './format.ts';
import { type SampleView, sampleLines, spread } from './sample.ts';
import {
  isMoment,
  namedTime,
  noTimeField,
  speaksOfBeginning,
  speaksOfOther,
  unknownTimeField,
  WORTHS,
} from './time-names.ts';
import {
  byTellingNames,
  findDateAndTime,
  type SampledFields,
  share,
  type TimeParts,
  zoneBeside,
} from './time-parts.ts';

const KIND = 'key';

/** Lines that are looked at for keys and times. */
const LOOKED_AT = 200;
/** The share of lines that must begin with a pair, and pairs that such a line has at least. */
const PAIRED_NEEDED = 0.8;
const FEWEST_PAIRS = 2;
/** Share of lines that a time must date, or of those that no other dates. */
const ENOUGH = 0.5;
/** Times that are kept for lines that lack the first. */
const MOST_TIMES = 4;

/** A line as its pairs, the first of each key. */
type Pairs = ReadonlyMap<string, string>;

/** Takes a source for logfmt where most lines consist of pairs and a key with a telling name holds the time. */
export function recogniseLogfmt(asked: Asked): LogfmtPlan | undefined {
  const { claim, timeField, where, sample } = asked;
  const lines = spread(sampleLines(sample), LOOKED_AT).filter((line) => !isIndented(line));
  const paired = pairedLines(lines, claim === 'demanded' ? 0 : Math.max(1, lines.length * PAIRED_NEEDED));
  if (paired === undefined) return undefined;
  const names = [...new Set(paired.flatMap((pairs) => [...pairs.keys()]))];
  if (timeField !== undefined) {
    const { fields: keys, zone } = namedTime(timeField, (name) => names.includes(name));
    const missing = [...keys, ...(zone === undefined ? [] : [zone])].find((name) => !names.includes(name));
    if (missing !== undefined) throw unknownTimeField(where, KIND, missing, names);
    return { format: 'logfmt', times: [{ keys, zone }] };
  }
  const times = findTimes(names, fieldsOf(paired, names), asked);
  if (times.length > 0) return { format: 'logfmt', times };
  if (claim === 'demanded' && (lines.length > 0 || sample.cutLine !== undefined)) throw noTimeField(where, KIND, names);
  return claim === 'none' ? undefined : { format: 'logfmt', times: [{ keys: ['time'], zone: undefined }] };
}

/** Lines of a stack trace or the like: they belong to a record before them. */
const isIndented = (line: Uint8Array): boolean => line[0] === 32 || line[0] === 9;

/** The pairs of the lines that have some; undefined where they are less than `needed`, which mostly shows early. */
function pairedLines(lines: readonly Uint8Array[], needed: number): Pairs[] | undefined {
  const paired: Pairs[] = [];
  for (const [index, line] of lines.entries()) {
    if (paired.length + lines.length - index < needed) return undefined;
    const pairs = pairsOf(line);
    if (pairs !== undefined) paired.push(pairs);
  }
  return paired.length < needed ? undefined : paired;
}

/** The pairs of a line that begins with one and has few other words. */
export function pairsOf(line: Uint8Array): Pairs | undefined {
  const walker = new PairWalker(line);
  const pairs = new Map<string, string>();
  const text = (from: number, to: number): string => Buffer.from(line.subarray(from, to)).toString();
  walker.begin(0, line.length);
  let count = 0;
  while (walker.next()) {
    if (count++ === 0 && walker.words > 0) return undefined;
    const key = text(walker.keyStart, walker.keyEnd);
    if (!pairs.has(key)) pairs.set(key, text(walker.valueStart, walker.valueEnd));
  }
  return count >= FEWEST_PAIRS && walker.words <= count ? pairs : undefined;
}

const fieldsOf = (paired: readonly Pairs[], names: readonly string[]): SampledFields =>
  paired.map((pairs) => names.map((name) => pairs.get(name)));

/** Where the time stands: a date and a time, or the most telling key; and for lines that lack it, where they have it. */
function findTimes(names: readonly string[], records: SampledFields, { rate, zoneGiven }: Asked): PairTime[] {
  const found: PairTime[] = [];
  for (let rest = records; rest.length > 0 && found.length < MOST_TIMES; ) {
    const local = findDateAndTime(names, rest, rate, zoneGiven) ?? findOne(names, rest);
    if (local === undefined) break;
    const parts = (zoneGiven ? undefined : fuller(local, names, rest)) ?? local;
    found.push(pairTime(parts, names));
    rest = rest.filter((record) => share([record], parts.fields, rate) === 0);
  }
  return found;

  function findOne(all: readonly string[], rest: SampledFields): TimeParts | undefined {
    const telling = byTellingNames(all);
    for (const worth of WORTHS) {
      const isTime = (each: number): boolean => share(rest, [each], rate) >= ENOUGH * worth;
      const named = telling.find(isTime);
      if (named === undefined) continue;
      const field = telling.find((each) => movesBeside(all, named, each, rest) && isTime(each)) ?? named;
      return { fields: [field], zone: zoneBeside([field], all, rest, rate, zoneGiven) };
    }
    return undefined;
  }
}

/** Whether a key is rather the time than one that stands still, as what all records speak of does. */
function movesBeside(names: readonly string[], named: number, other: number, records: SampledFields): boolean {
  const texts = (field: number): Uint8Array[] => records.map((record) => Buffer.from(record[field] ?? ''));
  const isOwn = !speaksOfOther(names[other]) && !speaksOfBeginning(names[other]);
  return isOwn && !isMoment(names[named]) && standsStill(texts(named)) && !standsStill(texts(other));
}

/** The key that says the same instants as a time without a zone, and in which zone. */
function fuller({ fields, zone }: TimeParts, names: readonly string[], records: SampledFields): TimeParts | undefined {
  if (zone !== undefined) return undefined;
  const textsOf = (columns: readonly number[]): Uint8Array[] =>
    records.map((record) => Buffer.from(columns.map((column) => record[column] ?? '').join(' ')));
  const texts = textsOf(fields);
  if (!texts.every(isLocal)) return undefined;
  const isAnyName = texts.length >= SEVERAL;
  const others = [...byTellingNames(names), ...(isAnyName ? names.keys() : [])].filter(
    (each) => !fields.includes(each),
  );
  const found = others.find((other) => {
    const values = textsOf([other]);
    return isFuller(texts, values) || (saysUtc(names[other]) && isInUtc(texts, values));
  });
  return found === undefined ? undefined : { fields: [found], zone: undefined };
}

const pairTime = ({ fields, zone }: TimeParts, names: readonly string[]): PairTime => ({
  keys: fields.map((field) => names[field]),
  zone: zone === undefined ? undefined : names[zone],
});

/** The texts of the time in the lines of a sample. */
export function pairTexts(sample: SampleView, plan: LogfmtPlan, most: number): Uint8Array[] {
  return spread(sampleLines(sample), most).flatMap((line) => {
    const pairs = pairsOf(line);
    const time = plan.times.find(({ keys }) => keys.every((key) => (pairs?.get(key) ?? '') !== ''));
    if (pairs === undefined || time === undefined) return [];
    const values = [...time.keys, ...(time.zone === undefined ? [] : [time.zone])].map((key) => pairs.get(key) ?? '');
    return [new Uint8Array(Buffer.from(values.filter((value) => value !== '').join(' ')))];
  });
}
