import { LACKS_YEAR } from '../kernel/stamp-layout.ts';
import type { Candidate, Hit, NoZone } from './hit.ts';
import type { ReadyFormat } from './plan.ts';
import type { StampReader } from './reader.ts';
import { WORD_ZONES } from './zone-names.ts';

/**
 * Zones that a blank divides from their time (` CET`, ` -0700`): messages may begin with such words and numbers, and a
 * host may be called so. What the lines of a sample say together decides.
 */

/** So many stamps without a zone show that those of the source have none. */
const MANY = 20;
/** More offsets than summer and winter have, from line to line. */
const SUMMER_AND_WINTER = 2;
/** How many times as far one reading must jump back and forth as the other to be wrong. */
export const FARTHER = 2;
const QUARTER = 900;
const HOUR = 3600;

/** What follows the zone of a stamp without year if it is the host's name: a tag (RFC 3164, 4.1.3). */
const TAG = /^ \S+:(?: |$)/;

const NOT_APART = { zoneApart: '', isDoubtfulApart: false };

/** The zone in which a stamp ends that ends at `stop`, if a blank divides it from its time and it may be something else. */
export function zoneApart(
  reader: StampReader,
  text: Uint8Array,
  stop: number,
): Pick<Hit, 'zoneApart' | 'isDoubtfulApart'> {
  if (!reader.endsApart(stop)) return NOT_APART;
  const word = Buffer.from(text.subarray(reader.apartAt, stop)).toString('latin1');
  const behind = Buffer.from(text.subarray(stop, stop + 48)).toString('latin1');
  const isNumber = /^[+-]\d\d$/.test(word) && /^ [a-z]/.test(behind);
  const isHost = reader.lacks === LACKS_YEAR && /^[A-Z]/.test(word) && TAG.test(behind);
  return {
    zoneApart: word,
    isDoubtfulApart: isNumber || isHost || (WORD_ZONES.includes(word) && /^:? [\w/.'"-]/.test(behind)),
  };
}

/**
 * The hits as their sample says that they are meant: `06:59:58 CAT module loaded` and `06:59:58 -10 apples` end in no zone
 * where others of their format have none, or where the stamps are in order without it and in none with it.
 */
export function withoutDataApart(hits: readonly Hit[]): Pick<Candidate, 'zoneless' | 'hits'> {
  const formats = [...new Set(hits.map(({ format }) => format))];
  const verdicts = formats.map((each) => [each, verdictOf(hits.filter(({ format }) => format === each))] as const);
  const zoneless = new Map(verdicts.filter((entry): entry is [ReadyFormat, NoZone] => entry[1] !== undefined));
  const isRead = (hit: Hit) => hit.zoneApart === '' || !zoneless.has(hit.format);
  return { zoneless, hits: hits.map((hit) => (isRead(hit) ? hit : withoutZone(hit))) };
}

const withoutZone = (hit: Hit): Hit => ({
  ...hit,
  seconds: localSeconds(hit),
  offset: 0,
  naive: true,
  zoneApart: '',
  doubtfulZone: undefined,
});

const localSeconds = ({ seconds, offset }: Hit): number => seconds + offset;

const PROVEN: NoZone = {};

/** Of hits of one format: whether what stands behind a blank is no zone; undefined where it is one. */
function verdictOf(hits: readonly Hit[]): NoZone | undefined {
  const [{ format, opening }] = hits as readonly [Hit];
  if (opening === 'field' || format.program.zone !== 'sometimes') return undefined;
  const apart = hits.filter(({ zoneApart: zone }) => zone !== '');
  const [first] = apart;
  if (first === undefined)
    return hits.length >= MANY && hits.every(({ naive }) => naive) ? { isUnseen: true } : undefined;
  if (apart.some(isNoOffset)) return PROVEN;
  const zones = new Set(hits.map(({ zoneApart: zone }) => zone)).size;
  if (zones === 1) return undefined;
  // Where zones come and go that are nothing else (Z, UTC, +05:30), these may do so too.
  if (hits.some(({ naive, zoneApart: zone }) => zone === '' && !naive)) return undefined;
  const [asZones, asData] = [jumpsOf(hits.map(({ seconds }) => seconds)), jumpsOf(hits.map(localSeconds))];
  if (asData * FARTHER < asZones) return PROVEN;
  if (asZones * FARTHER < asData) return undefined;
  // A program writes its zone behind every time, or behind none.
  return apart.length < hits.length || zones > SUMMER_AND_WINTER ? { word: first.zoneApart } : undefined;
}

/** Whether no zone has had that offset since 1972 (Liberia was the last to leave Greenwich by odd minutes). */
const isNoOffset = ({ offset }: Hit): boolean => offset % QUARTER !== 0 || offset < -12 * HOUR || offset > 14 * HOUR;

/** How far instants go against their main direction, in seconds. */
export function jumpsOf(seconds: readonly number[]): number {
  let [up, down] = [0, 0];
  for (let i = 1; i < seconds.length; i++) {
    const step = seconds[i] - seconds[i - 1];
    if (step > 0) up += step;
    else down -= step;
  }
  return Math.min(up, down);
}
