import { isZoneOffset } from '../core/zone-offsets.ts';
import { LACKS_NOTHING, LACKS_YEAR } from '../kernel/stamp-layout.ts';
import type { Candidate, Hit } from './hit.ts';
import { yearOf } from './zone.ts';

/**
 * What stamps later in the same lines tell of those at their beginnings. Syslog puts a time without year and zone before
 * what programs write, and these often name the same instant in full:
 * `Mar 10 08:59:58 web app: 2024-03-10 08:59:58.120 +02:00 started`.
 */
export interface Evidence {
  /** Seconds from UTC to what the stamps say. */
  offset?: number;
  /** The year of the first one. */
  year?: number;
  /** Whether the stamps later in the lines may be of other events: they are too far from those at their beginnings, or tell a zone in few lines. */
  isDoubtful: boolean;
}

/** Finds the stamps inside of a text. */
export type FindInside = (text: Uint8Array) => readonly Hit[];

/** Looking into a line costs up to 50 µs: a few show whether it is worth while to look into more. */
const PROBED = 3;
const LOOKED_AT = 24;
/** Fewer lines may be near each other by chance. */
const FEWEST = 3;
/** The shortest stamp that names a day and a time. */
const SHORTEST = 12;
/** Words before a stamp that is not of the event which its line tells of, but of another one, often an even hour away. */
const OF_ANOTHER =
  /(?:expir|until|till|valid|next|due|renew|before|after|since|last|prev|schedul|deadline|creat|modif|built|released)[a-z]*[^a-z0-9]{0,4}(?:(?:at|on|in|is|by|run|time|date)[^a-z0-9]{1,3}){0,2}$/i;
/** The share of lines that must agree. */
const MOST = 0.9;
/** So many seconds pass between the same instant, written twice; and so many between the times of one event. */
const SAME = 2;
const NEAR = 120;
const QUARTER = 900;

/** What lines tell of the stamps at their beginnings, where these lack a year or a zone and nobody said it. */
export function evidenceIn({ place, hits }: Candidate, inside: FindInside): Evidence | undefined {
  if (place.kind === 'field' || !hits.every(mayBeTold)) return undefined;
  const tells = (head: Hit) => pairsOf(head, inside);
  if (!someOf(hits, PROBED).some((head) => tells(head).length > 0)) return undefined;
  const lines = someOf(hits, LOOKED_AT).map(tells);
  return agreed(lines, SAME) ?? (lines.length < FEWEST ? undefined : agreed(lines, NEAR));
}

const mayBeTold = ({ naive, lacks, bareHour }: Hit): boolean =>
  naive && bareHour >= 0 && (lacks === LACKS_NOTHING || lacks === LACKS_YEAR);

/** What one stamp inside of a line says: the year there, and how far its zone is from UTC, with what that leaves. */
interface Pair {
  year: number;
  /** Undefined where it names no zone either. */
  offset: number | undefined;
  /** Seconds between both, the zone left out. */
  apart: number;
}

/** The stamps of a line that may be of the same instant as the one at its beginning. */
function pairsOf(head: Hit, inside: FindInside): Pair[] {
  return inside(head.text)
    .filter(({ lacks, at }) => lacks === LACKS_NOTHING && at > head.at + SHORTEST)
    .filter((other) => !isOfAnother(other))
    .map((other) => pairOf(head, other))
    .filter(({ apart, offset }) => Math.abs(apart) <= NEAR && isZoneOffset(offset ?? 0));
}

const isOfAnother = ({ text, at }: Hit): boolean =>
  OF_ANOTHER.test(Buffer.from(text.subarray(Math.max(0, at - 32), at)).toString('latin1'));

function pairOf(head: Hit, other: Hit): Pair {
  const around = yearOf(other.seconds);
  const years = head.lacks === LACKS_YEAR ? [around, around - 1, around + 1] : [yearOf(head.seconds)];
  const [year, difference] = years
    .map((each) => [each, inYear(head, each) - other.seconds] as const)
    .reduce((best, each) => (Math.abs(each[1]) < Math.abs(best[1]) ? each : best));
  const offset = other.naive ? undefined : Math.round(difference / QUARTER) * QUARTER;
  return { year, offset, apart: difference - (offset ?? 0) };
}

/** The seconds of a stamp, in this year if it names none. */
function inYear({ seconds, lacks }: Hit, year: number): number {
  if (lacks !== LACKS_YEAR) return seconds;
  const date = new Date(seconds * 1000);
  return Date.UTC(year, date.getUTCMonth(), date.getUTCDate()) / 1000 + (seconds % 86_400);
}

function agreed(lines: readonly (readonly Pair[])[], within: number): Evidence | undefined {
  const close = lines.map((pairs) => pairs.filter(({ apart }) => Math.abs(apart) <= within));
  const having = (test: (pair: Pair) => boolean) =>
    close.filter((pairs) => pairs.some(test)).length >= lines.length * MOST;
  if (!having(() => true)) return undefined;
  const offsets = [...new Set(close.flat().flatMap(({ offset }) => offset ?? []))];
  const offset = offsets.find((each) => having((pair) => pair.offset === each));
  const year = close[0]?.[0]?.year;
  return {
    ...(offset === undefined ? {} : { offset }),
    ...(year === undefined ? {} : { year }),
    isDoubtful: within > SAME || ((offset ?? 0) !== 0 && lines.length < FEWEST),
  };
}

/** So many of them, from all over the list, the first among them. */
function someOf<T>(all: readonly T[], most: number): T[] {
  if (all.length <= most) return [...all];
  return Array.from({ length: most }, (_, i) => all[Math.floor((i * all.length) / most)] as T);
}
