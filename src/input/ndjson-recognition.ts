import type { NdjsonPlan, RateStamps, Texts } from '../core/stages.ts';
import { JsonScanner } from '../kernel/json-scan.ts';
import type { Asked, Claim } from './format.ts';
import { LF } from './framer.ts';
import { emptyWrapper, type JsonObjects, jsonBeginning, objectsIn, wrapperPlaces } from './json-sample.ts';
import { KIND, namedPaths, timesAt } from './ndjson-named.ts';
import { withParts } from './ndjson-parts.ts';
import { findTime, findTimes, TELLING_ENOUGH, tellingPaths } from './ndjson-time.ts';
import { isInArray, joinedAt, lastOf, nameOf, type Path, valuesAt } from './ndjson-values.ts';
import { type SampleView, sampleLines, spread } from './sample.ts';
import { namedTime, noTimeField } from './time-names.ts';

const OPEN_BRACKET = 91;

/**
 * The share of lines that may be no JSON objects: a log into which programs print strays is still one, and where it is
 * promised, one object with a time is enough. One stray line is always allowed, as long as it is the smaller part.
 */
const STRAYS_ALLOWED: Record<Claim, number> = { demanded: 1, named: 1, none: 0.2 };

/** Lines that are looked at for members and times. */
const LOOKED_AT = 200;
/** Members that are tried: one that holds the time is not far back. */
const MOST_MEMBERS = 300;
/** How deep below the top a time is looked for. */
const LEVELS = 8;

/** What a sample shows of how its objects lie. */
interface Seen extends Pick<NdjsonPlan, 'layout' | 'recordsAt'> {
  objects: Uint8Array[];
  /** Things that are no objects: lines, or what stands in their place. */
  strays: number;
}

/** Takes a source for JSON where most of it is objects and a member holds the time. */
export function recogniseNdjson(asked: Asked): NdjsonPlan | undefined {
  const { claim, timeField, where } = asked;
  const { objects, strays, layout, recordsAt } = lookAt(asked);
  const all = objects.length + strays;
  const empty = objects.length > 1 ? undefined : emptyWrapper(asked.sample);
  if (empty !== undefined && (objects.length === 0 || !hasOwnTime(objects, asked.rate))) {
    return { ...unseen(timeField), layout: 'documents', recordsAt: empty };
  }
  if (objects.length === 0) return withoutObjects(asked, all);
  if (!isMostly(objects.length, all, claim)) return undefined;
  const laid = { format: 'ndjson', layout, recordsAt } as const;
  const members = membersOf(objects);
  if (timeField !== undefined) return { ...laid, ...namedPaths(timeField, objects, members, where) };
  const timePaths = findTimes(objects, members, asked);
  const plan = withParts({ ...laid, timePaths }, objects, members, asked);
  if (plan.timePaths.length + (plan.timeParts?.length ?? 0) > 0) return plan;
  if (claim === 'none' || (claim === 'named' && objects.length * 2 < all)) return undefined;
  throw noTimeField(where, KIND, members.map(nameOf));
}

/** An object a line, where that is so; else objects over several lines, or in arrays. */
function lookAt({ sample, claim, rate }: Asked): Seen {
  const lines = spread(sampleLines(sample), LOOKED_AT);
  const scanner = new JsonScanner([]);
  const objects = lines.filter((line) => scanner.scan(line, 0, line.length));
  const byLines: Seen = { layout: 'lines', recordsAt: [], objects, strays: lines.length - objects.length };
  const piece = jsonBeginning(sample);
  if (piece === undefined) return byLines;
  const wrapped = findWrapped(piece, rate);
  if (wrapped !== undefined) return wrapped;
  const documents = objectsIn(piece, []);
  const above = [...sampleLines({ pieces: [piece], cutLine: undefined })];
  const inLines = above.filter((line) => scanner.scan(line, 0, line.length)).length;
  const isTorn = piece.at(-1) !== LF && !scanner.scan(above.at(-1) as Uint8Array, 0, above.at(-1)?.length ?? 0);
  // Brackets and commas make strays of lines; where words do, those are to stay lines. A last line that is torn tells nothing.
  const straysInLines = above.length - inLines - (isTorn ? 1 : 0);
  const tidier = documents.objects.length >= inLines && documents.strays * 2 < straysInLines;
  if (!tidier && objects.length > 0 && isMostly(objects.length, lines.length, claim)) return byLines;
  if (documents.objects.length === 0) return byLines;
  return { layout: 'documents', recordsAt: [], ...few(documents) };
}

const few = ({ objects, strays }: JsonObjects) => ({ objects: spread(objects, LOOKED_AT), strays });

/** The records that documents hold in an array, several at least in one of them; a document with a time of its own is a record. */
function findWrapped(piece: Uint8Array, rate: RateStamps): Seen | undefined {
  for (const recordsAt of wrapperPlaces(piece)) {
    const documents = objectsIn(piece, []).objects;
    if (hasOwnTime(documents, rate)) return undefined;
    const found = few(objectsIn(piece, recordsAt));
    const several = found.objects.length > Math.max(1, documents.length);
    if (!several || !isMostly(found.objects.length, found.objects.length + found.strays, 'none')) continue;
    const time = findTime(found.objects, membersOf(found.objects), rate);
    if (time === undefined) continue;
    // Parts of one record (`{"id":{"time":…},"parameters":[{"value":…}]}`) hold times as they hold all else.
    if (lastOf(time) === 'value' && hasTime(documents, rate)) continue;
    return { layout: 'documents', recordsAt, ...found };
  }
  return undefined;
}

/** Whether objects have a time under a telling name, in no array, and no deeper than that. */
function hasTime(objects: readonly Uint8Array[], rate: RateStamps, deepest = LEVELS): boolean {
  const own = tellingPaths(membersOf(objects)).filter((path) => path.length <= deepest && !isInArray(path));
  return own.some((path) => rate(valuesAt(objects, path).texts) >= TELLING_ENOUGH);
}

/** Whether documents have a time at their top. */
const hasOwnTime = (documents: readonly Uint8Array[], rate: RateStamps): boolean => hasTime(documents, rate, 1);

function isMostly(objects: number, lines: number, claim: Claim): boolean {
  const strays = lines - objects;
  return strays <= lines * STRAYS_ALLOWED[claim] || (strays === 1 && objects > 1);
}

/** Nothing shows the time: an empty source needs none, otherwise the user must say where it is. */
function withoutObjects({ claim, timeField, where, sample }: Asked, lineCount: number): NdjsonPlan | undefined {
  if (claim === 'none' || (claim === 'named' && lineCount > 0)) return undefined;
  const isEmpty = lineCount === 0 && sample.cutLine === undefined;
  if (timeField === undefined && !isEmpty) throw noTimeField(where, KIND, []);
  // An object that is longer than the sample may stand in an array.
  const layout = sample.cutLine?.[0] === OPEN_BRACKET ? 'documents' : 'lines';
  return { ...unseen(timeField), layout };
}

function unseen(timeField: string | undefined): NdjsonPlan {
  const time = timesAt(
    namedTime(timeField ?? 'time', () => false),
    (name) => name.split('.'),
  );
  return { format: 'ndjson', layout: 'lines', recordsAt: [], ...time };
}

/** The paths of all texts and numbers, in order of appearance, those of each level before those below. */
function membersOf(objects: readonly Uint8Array[]): Path[] {
  const found = new Map<string, Path>();
  for (const object of objects) {
    collect(JSON.parse(Buffer.from(object).toString()), [], found);
    if (found.size >= MOST_MEMBERS) break;
  }
  return [...found.values()].sort((a, b) => a.length - b.length);
}

function collect(value: object, above: Path, found: Map<string, Path>): void {
  for (const [name, inner] of Object.entries(value)) {
    const path = [...above, name];
    if (typeof inner === 'string' || typeof inner === 'number') found.set(JSON.stringify(path), path);
    else if (path.length < LEVELS && inner !== null && typeof inner === 'object') collect(firstOf(inner), path, found);
  }
}

/** Of an array, the first element alone: it is where a document with one event in a list has it. */
const firstOf = (value: object): object => (Array.isArray(value) ? value.slice(0, 1) : value);

/** The time values of a sample's objects. */
export function timeValues(sample: SampleView, plan: NdjsonPlan, most: number): Uint8Array[] {
  return spread(recordsOf(sample, plan), most).flatMap((line) => {
    for (const paths of plan.timeParts ?? []) {
      const text = joinedAt(line, paths);
      if (text !== undefined) return [text];
    }
    for (const path of plan.timePaths) {
      const [text] = valuesAt([line], path).texts;
      if (text !== undefined) return [text];
    }
    return [];
  });
}

function recordsOf(sample: SampleView, { layout, recordsAt }: NdjsonPlan): Texts {
  if (layout === 'lines') return sampleLines(sample);
  const piece = jsonBeginning(sample);
  return piece === undefined ? [] : objectsIn(piece, recordsAt).objects;
}
