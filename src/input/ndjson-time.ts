import type { RateStamps } from '../core/stages.ts';
import { areWholeSeconds, isFiner, isFuller, isInUtc, isLocal, SEVERAL, saysUtc, standsStill } from './finer.ts';
import type { Asked } from './format.ts';
import { isInArray, lastOf, nameOf, type Path, valuesAt } from './ndjson-values.ts';
import { areInOrderOfChange, areSooner } from './order.ts';
import {
  isMoment,
  isUpdate,
  speaksOfArrival,
  speaksOfBeginning,
  speaksOfChange,
  speaksOfOther,
  speaksOfTime,
  timeNameRank,
  WORTHS,
} from './time-names.ts';

/** Places of the time that are kept for objects that lack the first. */
const MOST_PATHS = 6;

/** Share of stamps among the values of a member with a telling name, and of any other. */
export const TELLING_ENOUGH = 0.5;
const OTHER_ENOUGH = 0.8;

/**
 * Where the time stands: the member that holds it in most objects, and for objects that lack it (two programs, events of
 * several kinds) those that hold it there.
 */
export function findTimes(
  objects: readonly Uint8Array[],
  members: readonly Path[],
  { rate, zoneGiven }: Asked,
): string[][] {
  const first = findTime(objects, members, rate);
  const found = first === undefined ? [] : [told(inEnvelope(first, objects, members), objects, members, zoneGiven)];
  let rest = objects;
  while (found.length > 0 && found.length < MOST_PATHS) {
    rest = rest.filter((object) => rate(valuesAt([object], found.at(-1) as Path).texts) === 0);
    const next = rest.length === 0 ? undefined : findOtherTime(rest, members, rate);
    if (next === undefined) break;
    found.push(next);
  }
  return found;
}

/** A member whose name tells of time, in objects that lack the member which the others have. */
function findOtherTime(objects: readonly Uint8Array[], members: readonly Path[], rate: RateStamps) {
  const isTime = (path: Path): boolean => rate(valuesAt(objects, path).texts) >= TELLING_ENOUGH;
  const telling = tellingPaths(members);
  const found =
    telling.find((path) => !isInArray(path) && isTime(path)) ??
    members.find((path) => !isInArray(path) && speaksOfTime(lastOf(path)) && isTime(path)) ??
    telling.find(isTime);
  return found && [...found];
}

/** The member beside it, or one elsewhere that is called as the moment of a record, that says the same instants with more digits or with their zone; or the path itself. */
function told(path: string[], objects: readonly Uint8Array[], members: readonly Path[], zoneGiven: boolean): string[] {
  const { texts } = valuesAt(objects, path);
  const isLocalTime = !zoneGiven && texts.every(isLocal);
  if (!isLocalTime && !areWholeSeconds(texts)) return path;
  const parent = nameOf(path.slice(0, -1));
  const isBeside = (other: Path): boolean => nameOf(other.slice(0, -1)) === parent;
  const found = members
    .filter((other) => isBeside(other) || (isMoment(lastOf(other)) && !isInArray(other)))
    .filter((other) => nameOf(other) !== nameOf(path))
    .find((other) => {
      const others = valuesAt(objects, other).texts;
      const name = lastOf(other);
      const isLikely = speaksOfTime(name) || timeNameRank(name) < Number.POSITIVE_INFINITY || texts.length >= SEVERAL;
      if (!isLocalTime) return isLikely && isFiner(texts, others);
      // Something else that happened whole hours before is not in another zone: of several records the times differ.
      const isChance = !isBeside(other) && (texts.length < SEVERAL || standsStill(texts));
      return (isLikely && !isChance && isFuller(texts, others)) || (saysUtc(name) && isInUtc(texts, others));
    });
  return found === undefined ? path : [...found];
}

/** Members by which a stream shows that it sends events on, and the one that holds the event. */
const ENVELOPES: readonly (readonly [sign: string, event: string])[] = [
  ['category', 'properties'], // Azure, Microsoft Defender
  ['operationName', 'properties'],
  ['detail-type', 'detail'], // EventBridge
];

/**
 * The `timestamp` of an event inside of what says when it was sent on, where that is never before it and in half of the
 * records at least; the path itself where there is none.
 */
function inEnvelope(path: string[], objects: readonly Uint8Array[], members: readonly Path[]): string[] {
  if (path.length > 1 || lastOf(path) !== 'time') return path;
  const top = new Set(members.map(([first]) => first));
  const events = ENVELOPES.filter(([sign]) => top.has(sign)).map(([, event]) => event);
  const isEvent = (other: Path): boolean => {
    if (other.length !== 2 || !events.includes(other[0] as string) || !/^timestamp$/i.test(lastOf(other))) return false;
    const having = objects.filter((object) => valuesAt([object], other).texts.length > 0);
    return (
      having.length * 2 >= objects.length && areSooner(valuesAt(having, path).texts, valuesAt(having, other).texts)
    );
  };
  return [...(members.find(isEvent) ?? path)];
}

/** Paths with telling names: from the top before those below, in arrays last. */
export function tellingPaths(members: readonly Path[]): Path[] {
  const rank = (path: Path): number => timeNameRank(lastOf(path));
  const depth = (path: Path): number => (isInArray(path) ? 2 : path.length > 1 ? 1 : 0);
  return members
    .filter((path) => rank(path) < Number.POSITIVE_INFINITY)
    .sort((a, b) => depth(a) - depth(b) || rank(a) - rank(b) || a.length - b.length);
}

/**
 * The member that holds the time: a telling name first, from the top down, then any member, texts before numbers. One that
 * stands still is that of a user or a release, or of what all records speak of, if another one moves.
 */
export function findTime(
  objects: readonly Uint8Array[],
  members: readonly Path[],
  rate: RateStamps,
): string[] | undefined {
  const telling = tellingPaths(members);
  const share = (texts: readonly Uint8Array[]): number => (rate(texts) * texts.length) / objects.length;
  const isTime = (path: Path, worth: number): boolean => share(valuesAt(objects, path).texts) >= TELLING_ENOUGH * worth;
  const others = otherTimes(objects, members);
  for (const worth of WORTHS) {
    const isOther = ({ texts }: { texts: Uint8Array[] }): boolean => share(texts) >= OTHER_ENOUGH * worth;
    const named = telling.find((path) => !isInArray(path) && isTime(path, worth));
    const isStill = named !== undefined && mayStandStill(named) && standsStill(valuesAt(objects, named).texts);
    const isMoving = (other: OtherTime): boolean =>
      mayMoveBeside(isStill ? named : undefined, other) && !standsStill(other.texts) && isOther(other);
    const moving = named === undefined || isStill ? others.find(isMoving) : undefined;
    const isLikelier = (other: OtherTime): boolean =>
      !other.numbers &&
      !isInArray(other.path) &&
      !speaksOfOther(lastOf(other.path)) &&
      !standsStill(other.texts) &&
      isOther(other);
    const changed = named && changeInOrder(named, objects, others, rate);
    const found = moving?.path ?? changed?.path ?? named ?? (others.find(isLikelier) ?? others.find(isOther))?.path;
    if (found !== undefined) return [...found];
  }
  const found = telling.find((path) => rate(valuesAt(objects, path).texts) >= TELLING_ENOUGH * Math.min(...WORTHS));
  return found && [...found];
}

/** Whether the time of a record would change here, but for one that is called so plainly that many may be of one moment. */
const mayStandStill = (path: Path): boolean => path.length > 1 || !isMoment(lastOf(path));

/** Digits under a name that does not speak of time are no stamp just because they move, but for so many that nobody counts so far. */
const isCount = (text: Uint8Array): boolean =>
  text.every((byte) => byte >= 48 && byte <= 57) && ![13, 16, 19].includes(text.length);

/** Whether a member that moves may be the time where the one with a telling name stands still, or there is none. */
function mayMoveBeside(still: Path | undefined, { path, texts, numbers }: OtherTime): boolean {
  const name = lastOf(path);
  const isNumber = numbers || texts.every(isCount);
  if (isInArray(path) || (speaksOfOther(name) && !speaksOfArrival(name))) return false;
  if (still === undefined) return speaksOfTime(name);
  return (speaksOfTime(name) || !isNumber) && (still.length > path.length || !speaksOfBeginning(name));
}

/** The time of the last change, where the objects stand in its order and not in that of when their things were made. */
function changeInOrder(named: Path, objects: readonly Uint8Array[], others: readonly OtherTime[], rate: RateStamps) {
  if (!speaksOfBeginning(lastOf(named))) return undefined;
  const made = valuesAt(objects, named).texts;
  const parent = nameOf(named.slice(0, -1));
  return others.find(
    ({ path, texts }) =>
      speaksOfChange(lastOf(path)) &&
      nameOf(path.slice(0, -1)) === parent &&
      texts.length === objects.length &&
      rate(texts) >= OTHER_ENOUGH &&
      areInOrderOfChange(made, texts),
  );
}

/** The values of a member, and whether they are numbers. */
interface OtherTime {
  path: Path;
  texts: Uint8Array[];
  numbers: boolean;
}

/** Those whose names speak of time first, then texts, then numbers, which are more often something else. */
function otherTimes(objects: readonly Uint8Array[], members: readonly Path[]): OtherTime[] {
  const doubt = (path: Path, numbers: boolean): number =>
    (isInArray(path) ? 4 : 0) +
    (speaksOfTime(lastOf(path)) ? 0 : 2) +
    (isUpdate(lastOf(path)) ? 0.1 : 0) +
    (path.length > 1 ? 0.3 : 0) +
    (speaksOfArrival(lastOf(path)) ? 0.2 : speaksOfOther(lastOf(path)) ? 0.5 : 0) +
    (numbers ? 1 : 0);
  return members
    .map((path) => ({ path, ...valuesAt(objects, path) }))
    .sort((a, b) => doubt(a.path, a.numbers) - doubt(b.path, b.numbers));
}
