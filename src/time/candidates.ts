import { withoutDataApart } from './apart.ts';
import { withoutWords } from './halves.ts';
import type { Candidate, Hit } from './hit.ts';
import type { OnePlace, Opening } from './place.ts';
import type { ReadyFormat } from './plan.ts';

/**
 * A stamp at the head of a line wins although many more lines have one inside: those may be continuation lines, of
 * which a stack trace has dozens for each record.
 */
const START_ADVANTAGE = 8;
/** What dates fewer of the candidate's texts is taken for chance, unless it dates two and one in fifty. */
const WORTHWHILE = 0.05;
/** The same for a written date at the head of a line: hardly ever chance. */
const WORTHWHILE_AT_START = 0.01;
/** Lines whose stamp stands behind a blank beginning are records, if so many are (levels aligned to the right). */
const INDENTED = 0.15;

export interface Chosen {
  best: Candidate | undefined;
  rivals: Candidate[];
}

/** The candidate that is most likely the records' own time, and the others, the best first. */
export function chooseCandidate(hits: readonly Hit[], total: number): Chosen {
  const field = hits.filter((hit) => hit.opening === 'field');
  const candidates = [
    ...(field.length > 0 ? [candidate({ kind: 'field' }, field, total)] : []),
    ...startCandidates(hits, total),
    ...insideCandidates(hits, total),
  ].filter((each) => each !== undefined);
  for (const each of candidates) if (isConstantBeside(each, candidates)) each.score /= 20;
  const [best, ...rivals] = candidates.toSorted((a, b) => weight(b) - weight(a));
  return { best, rivals };
}

const weight = (each: Candidate): number => each.score * advantage(each);

/** What the weight of no candidate is above, those at the heads of lines excepted. */
const MOST_OF_OTHERS = 1;

/** The stamps at the heads of lines, where they are so many that no others, wherever they stand, could be chosen. */
export function chooseBeyondRivals(start: readonly Hit[], total: number): Chosen | undefined {
  const [best] = startCandidates(start, total);
  return best !== undefined && weight(best) > MOST_OF_OTHERS ? { best, rivals: [] } : undefined;
}

/** A format that chance makes too stands back behind any other. */
function advantage({ place, formats }: Candidate): number {
  if (formats.every(({ format }) => format.least !== undefined)) return place.kind === 'start' ? 1 : 0.5;
  return place.kind === 'start' ? START_ADVANTAGE : 1;
}

function startCandidates(hits: readonly Hit[], total: number): (Candidate | undefined)[] {
  const start = hits.filter((hit) => hit.opening !== 'inside' && hit.opening !== 'field');
  const firm = start.filter((hit) => hit.opening !== 'indent');
  const taken = firm.length * 2 >= start.length ? firm : start;
  if (taken.length === 0) return [];
  const openings = ([...new Set(taken.map((hit) => hit.opening))] as Opening[]).filter(
    (opening) => opening !== 'indent' || taken === start,
  );
  const enough = openings.filter((opening) =>
    isWorthwhile(
      count(taken, (hit) => hit.opening === opening),
      taken.length,
    ),
  );
  const seen = new Set(taken.filter((hit) => enough.includes(hit.opening as Opening)).map(({ format }) => format));
  const isRelayed = (hit: Hit) => isPriority(hit.opening) && seen.has(hit.format);
  const relayed = taken.filter(isRelayed).map((hit) => hit.opening as Opening);
  const worthwhile = [...new Set([...enough, ...relayed])];
  const kept = taken.filter((hit) => worthwhile.includes(hit.opening as Opening));
  return [candidate({ kind: 'start', openings: worthwhile }, kept, total)];
}

/** Nothing but a relay puts a priority before the stamp of a record: a single line that has one is enough. */
const isPriority = (opening: Hit['opening']): boolean => opening === 'priority' || opening === 'version';

/** For every text that stands before a stamp, the first stamp behind it in each line. */
function insideCandidates(hits: readonly Hit[], total: number): (Candidate | undefined)[] {
  const inside = hits.filter((hit) => hit.opening === 'inside');
  const firm = inside.filter((hit) => !isIndented(hit.text));
  const indented = inside.length - firm.length > inside.length * INDENTED;
  const taken = indented ? inside : firm;
  const groups = new Map<string, Hit[]>();
  for (const hit of taken) {
    for (const before of new Set([anchorOf(hit), lastCharacter(hit)])) {
      const group = groups.get(before) ?? [];
      if (group.at(-1)?.index !== hit.index) group.push(hit);
      groups.set(before, group);
    }
  }
  return [...groups].map(([before, group]) => {
    const within = Math.max(...group.map((hit) => hit.at)) * 2 + 64;
    // An anchor that is a key is surer than a bracket, which is surer than a blank; earlier is better than later.
    const trust = before.length > 1 ? 1 : before === ' ' ? 0.9 : 0.97;
    const lateness = group.reduce((sum, hit) => sum + hit.at, 0) / group.length;
    return candidate(
      { kind: 'inside', before, within, indented },
      group,
      total,
      trust * (1 - Math.min(0.3, lateness / 2000)),
    );
  });
}

function candidate(place: OnePlace, hits: Hit[], total: number, trust = 1): Candidate | undefined {
  const formats = worthwhileFormats(hits, place, total);
  const read = hits.filter((hit) => formats.includes(hit.format));
  if (read.length === 0) return undefined;
  const { zoneless, hits: zoned } = withoutDataApart(read);
  const kept = withoutWords(zoned);
  return { place, formats, zoneless, hits: kept, score: (kept.length / total) * orderliness(kept) * trust };
}

/** The formats that date more than chance would, in the order of the table. */
function worthwhileFormats(hits: readonly Hit[], place: OnePlace, total: number): ReadyFormat[] {
  const counts = new Map<string, { format: ReadyFormat; count: number }>();
  for (const { format } of hits) {
    const known = counts.get(format.format.name);
    if (known === undefined) counts.set(format.format.name, { format, count: 1 });
    else known.count++;
  }
  const before = place.kind === 'inside' ? place.before : undefined;
  return [...counts.values()]
    .filter(({ format, count: times }) => {
      const sure =
        place.kind === 'start' && format.format.years === undefined && times >= hits.length * WORTHWHILE_AT_START;
      const enough = times >= total * (format.format.least ?? 0);
      return enough && (sure || isWorthwhile(times, hits.length)) && admits(format, before);
    })
    .map(({ format }) => format);
}

/** A number is a time only behind certain words: they must be in the anchor, so that no record needs to check them. */
function admits({ format }: ReadyFormat, before: string | undefined): boolean {
  return (
    before === undefined ||
    format.after === undefined ||
    format.after.some((words) => before.toLowerCase().endsWith(words))
  );
}

const isWorthwhile = (times: number, of: number): boolean =>
  times >= of * WORTHWHILE || (times >= 2 && times >= of / 50);

const count = (hits: readonly Hit[], test: (hit: Hit) => boolean): number => hits.filter(test).length;

/** 1 for stamps that only rise (or only fall), 0.4 for such that jump at random. */
function orderliness(hits: readonly Hit[]): number {
  if (hits.length < 4) return 1;
  let up = 0;
  let down = 0;
  for (let i = 1; i < hits.length; i++) {
    const step = hits[i].seconds - hits[i - 1].seconds;
    if (step >= 0) up++;
    if (step <= 0) down++;
  }
  return 0.4 + 0.6 * Math.max(0, (Math.max(up, down) / (hits.length - 1) - 0.5) * 2);
}

/** Whether its stamps stand still while others, in at least half as many texts, move on: they are no records' time. At the head of lines they are: a burst within a second. */
const isConstantBeside = (one: Candidate, all: readonly Candidate[]): boolean =>
  one.place.kind !== 'start' &&
  isConstant(one.hits) &&
  all.some((other) => !isConstant(other.hits) && other.hits.length * 2 >= one.hits.length);

/** Whether all texts hold the same instant there: the date of a file's name, a release, a start. */
const isConstant = (hits: readonly Hit[]): boolean =>
  hits.length >= 4 && hits.every((hit) => hit.seconds === hits[0].seconds);

export const isIndented = (text: Uint8Array): boolean => text[0] === 32 || text[0] === 9;

const latin = (text: Uint8Array, from: number, to: number): string =>
  Buffer.from(text.subarray(from, to)).toString('latin1');

const lastCharacter = (hit: Hit): string => latin(hit.text, hit.at - 1, hit.at);

/** What stands before a stamp and would stand before others: a key with its punctuation (`time="`), or one character. */
function anchorOf(hit: Hit): string {
  const before = latin(hit.text, Math.max(0, hit.at - 40), hit.at);
  const key = /(?:[A-Za-z_@][A-Za-z_@-]*)?(?:"\s?:\s?"?|=\\?["']?| ?\(|: ?|[\])] \[?|\| |#\+?)$/.exec(before);
  return key?.[0] ?? before.slice(-1);
}
