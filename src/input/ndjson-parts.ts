import type { NdjsonPlan, RateStamps } from '../core/stages.ts';
import type { Asked } from './format.ts';
import { joinedAt, lastOf, nameOf, type Path, valuesAt } from './ndjson-values.ts';
import { timeNameRank } from './time-names.ts';
import { findDateAndTime, mayHaveParts, type SampledFields, zoneBeside } from './time-parts.ts';

/** Share of the objects that must have a time in parts. */
const ENOUGH = 0.5;

/** Members of one object. */
interface Siblings {
  paths: readonly Path[];
  names: readonly string[];
}

/**
 * The plan with the members that hold the time together: a date and a time, seconds and nanoseconds, a time and its
 * zone. A single member with a more telling name, `timestamp` beside `date` and `time`, stays the time.
 */
export function withParts(
  plan: NdjsonPlan,
  objects: readonly Uint8Array[],
  members: readonly Path[],
  asked: Asked,
): NdjsonPlan {
  const [first] = plan.timePaths;
  for (const siblings of groups(members)) {
    const together = partsIn(siblings, objects, asked, first);
    if (together === undefined) continue;
    const isPart = (path: Path) => together.some((parts) => parts.some((part) => nameOf(part) === nameOf(path)));
    const timePaths = plan.timePaths.filter((path) => !isPart(path) || isStamp(path, objects, asked.rate));
    return { ...plan, timePaths, timeParts: together.map((parts) => parts.map((path) => [...path])) };
  }
  return plan;
}

function groups(members: readonly Path[]): Siblings[] {
  const byParent = new Map<string, Path[]>();
  for (const path of members) {
    const parent = JSON.stringify(path.slice(0, -1));
    byParent.set(parent, [...(byParent.get(parent) ?? []), path]);
  }
  return [...byParent.values()].map((paths) => ({ paths, names: paths.map(lastOf) }));
}

/** The parts of the time among these members, the fullest first; undefined where they are none, or not the record's. */
function partsIn({ paths, names }: Siblings, objects: readonly Uint8Array[], asked: Asked, first: Path | undefined) {
  const { rate, zoneGiven } = asked;
  const holdsFirst = paths.findIndex((path) => first !== undefined && nameOf(path) === nameOf(first));
  const counted = secondsAndNanos(names);
  if (counted !== undefined && (first === undefined || counted.includes(holdsFirst))) {
    const parts = counted.map((index) => paths[index]);
    if (shareOf(objects, parts, rate) >= ENOUGH) return [parts];
  }
  if (!mayHaveParts(names)) return undefined;
  const records: SampledFields = objects.map((object) => paths.map((path) => textAt(object, path)));
  const found = isMoreTelling(first, paths) ? undefined : findDateAndTime(names, records, rate, zoneGiven);
  if (found !== undefined) return withZone(found.fields, found.zone, paths);
  const zone = holdsFirst < 0 ? undefined : zoneBeside([holdsFirst], names, records, rate, zoneGiven);
  return zone === undefined ? undefined : [[paths[holdsFirst], paths[zone]]];
}

function withZone(fields: readonly number[], zone: number | undefined, paths: readonly Path[]): Path[][] {
  const parts = fields.map((field) => paths[field]);
  return zone === undefined ? [parts] : [[...parts, paths[zone]], parts];
}

/** Whether the member found before is called more plainly than `date` and `time`, and no deeper than these. */
const isMoreTelling = (first: Path | undefined, [beside]: readonly Path[]): boolean =>
  first !== undefined && first.length <= beside.length && timeNameRank(lastOf(first)) < timeNameRank('time');

const SECONDS = /^(.*?)(epoch)?_?(s|secs?|seconds?)$/i;
const NANOS = /^(.*?)_?(ns|nsecs?|nanos|nano_?seconds?|nano_?of_?second)$/i;

/** Indexes of `epochSecond` and `nanoOfSecond`, `seconds` and `nanos`, and of such with a word before both. */
function secondsAndNanos(names: readonly string[]): [number, number] | undefined {
  for (const [nanos, name] of names.entries()) {
    const prefix = NANOS.exec(name)?.[1];
    const seconds = names.findIndex(
      (other, i) => i !== nanos && !NANOS.test(other) && SECONDS.exec(other)?.[1] === prefix,
    );
    if (prefix !== undefined && seconds >= 0) return [seconds, nanos];
  }
  return undefined;
}

const isStamp = (path: Path, objects: readonly Uint8Array[], rate: RateStamps): boolean =>
  rate(valuesAt(objects, path).texts) >= ENOUGH;

function shareOf(objects: readonly Uint8Array[], parts: readonly Path[], rate: RateStamps): number {
  const texts = objects.map((object) => joinedAt(object, parts)).filter((text) => text !== undefined);
  return (rate(texts) * texts.length) / objects.length;
}

function textAt(object: Uint8Array, path: Path): string | undefined {
  const [text] = valuesAt([object], path).texts;
  return text && Buffer.from(text).toString();
}
