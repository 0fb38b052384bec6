import { LACKS_NOTHING, LACKS_YEAR } from '../kernel/stamp-layout.ts';
import { chooseCandidate } from './candidates.ts';
import type { Candidate, Hit } from './hit.ts';
import type { Doubt } from './plan.ts';

/** Finds the stamps of texts that were not dated. */
export interface Loose {
  /** Wherever they stand, and how many such texts there are. */
  all(dated: ReadonlySet<number>): { hits: readonly Hit[]; total: number };
  /** At the beginning of the texts alone. */
  starts(dated: ReadonlySet<number>): readonly Hit[];
}

/** Fewer lines than so many, or a smaller share of those that are not dated, are continuation lines that hold a time. */
const FEWEST = 3;
const MOST_OF_LOOSE = 0.3;
/** So many of them must stand between the instants of the lines around them, give or take so many seconds. */
const AGREEING = 0.9;
const LATE = 60;
const QUARTER = 900;
/** Programs that write one log. */
const MOST_PLACES = 3;

/**
 * Candidates that date texts which the best one does not: another program writes the same log, as nginx its errors and
 * requests, or a logger and an access log in the output of a container. They are records, and no continuation lines,
 * where their instants follow those of the lines around them.
 */
export function besideOf(best: Candidate, loose: Loose): Candidate[] {
  const found: Candidate[] = [];
  while (found.length < MOST_PLACES - 1) {
    const { hits } = together([best, ...found]);
    const { hits: others, total } = loose.all(new Set(hits.map(({ index }) => index)));
    const next = chooseCandidate(others, total).best;
    if (next === undefined || !isProgram(next, hits, total)) return found;
    found.push(next);
  }
  return found;
}

/** How many texts hold stamps of other kinds, where it is not decided whether they are records or continuation lines. */
export function undecided(found: readonly Candidate[], loose: Loose): number {
  const dated = datedBy(found);
  const others = dated.size >= FEWEST ? 0 : new Set(loose.all(dated).hits.map(({ index }) => index)).size;
  return others > dated.size ? others : loose.starts(dated).filter(isOfRecord).length;
}

/** Whether a stamp at the beginning of a line says so much that chance does not make it. */
const isOfRecord = ({ format: { format, program }, lacks }: Hit): boolean =>
  (lacks === LACKS_NOTHING || lacks === LACKS_YEAR) &&
  program.time &&
  !program.epoch &&
  format.least === undefined &&
  format.doubt === undefined;

/** What is said of them. */
export const otherStamps = (count: number): Doubt => ({
  what: `${count} of the lines that were looked at ${count === 1 ? 'has a stamp of another kind, and is taken for a continuation line, as it is the only one' : 'have stamps of other kinds, and are taken for continuation lines, as they are too few'}`,
  hint: 'give a file for each format, or --time-format for one of them',
});

/** The texts that candidates date. */
export const datedBy = (found: readonly Candidate[]): Set<number> =>
  new Set(together(found).hits.map(({ index }) => index));

function isProgram({ hits, formats }: Candidate, others: readonly Hit[], total: number): boolean {
  if (hits.length < FEWEST || hits.length < total * MOST_OF_LOOSE) return false;
  if (formats.some(({ format }) => format.least !== undefined || format.doubt !== undefined)) return false;
  const shift = zoneBetween(hits, others);
  return hits.filter((hit) => isBetween(hit, others, shift)).length >= hits.length * AGREEING;
}

/** By how much the local time of stamps without a zone differs from that of the others: zones are quarters of an hour. */
function zoneBetween(hits: readonly Hit[], others: readonly Hit[]): number {
  const isNaive = (all: readonly Hit[]) => all.some(({ naive }) => naive);
  if (isNaive(hits) === isNaive(others)) return 0;
  const apart = hits.flatMap(({ index, seconds }) => {
    const before = others.findLast((other) => other.index < index) ?? others.find((other) => other.index > index);
    return before === undefined ? [] : [before.seconds - seconds];
  });
  const middle = apart.sort((a, b) => a - b)[apart.length >> 1] ?? 0;
  const zone = Math.round(middle / QUARTER) * QUARTER;
  return Math.abs(zone) <= 14 * 3600 ? zone : 0;
}

function isBetween({ index, seconds: own }: Hit, others: readonly Hit[], shift: number): boolean {
  const seconds = own + shift;
  const before = others.findLast((other) => other.index < index);
  const after = others.find((other) => other.index > index);
  return seconds >= (before?.seconds ?? -Infinity) - LATE && seconds <= (after?.seconds ?? Infinity) + LATE;
}

/** The hits of several candidates in the order of the texts, and their formats. */
export function together(candidates: readonly Candidate[]): Pick<Candidate, 'hits' | 'formats' | 'zoneless'> {
  const [first, ...others] = candidates;
  if (first !== undefined && others.length === 0) return first;
  const zoneless = new Map(candidates.flatMap((each) => [...each.zoneless]));
  const hits = candidates.flatMap((each) => each.hits).toSorted((a, b) => a.index - b.index);
  return { hits, zoneless, formats: [...new Set(candidates.flatMap((each) => each.formats))] };
}
