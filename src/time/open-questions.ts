import { LACKS_START } from '../kernel/stamp-layout.ts';
import type { Hit } from './candidates.ts';
import type { ReadyFormat, StampPlan, StampSettings } from './plan.ts';
import { AMBIGUOUS_ZONES, USUAL_MINUTES } from './zone-names.ts';

/** The first thing that the text does not decide and nobody said. */
export function doubtOf(hits: readonly Hit[], settings: StampSettings, formats: readonly ReadyFormat[]): Doubts {
  const uncertain = settings.zone === undefined ? hits.find((hit) => hit.doubtfulZone !== undefined) : undefined;
  if (uncertain?.doubtfulZone !== undefined)
    return { doubt: zoneDoubt(uncertain.doubtfulZone), manyZones: uncertain.doubtfulZone };
  const lower = hits[0]?.lowerZone;
  if (
    lower !== undefined &&
    settings.zone === undefined &&
    settings.abbreviations === undefined &&
    hits.every((hit) => hit.lowerZone === lower)
  )
    return { doubt: lowerDoubt(lower) };
  if (settings.zone === undefined && hits.some((hit) => hit.isSpacedZ)) return { doubt: Z_DOUBT };
  const [{ format }] = formats as [ReadyFormat];
  if (format.doubt !== undefined && settings.timeFormat === undefined)
    return { doubt: { what: format.doubt, hint: `give --time-format ${format.name} if that is right` } };
  const other = settings.timeFormat === undefined && hits.some((hit) => hit.isOtherWeekday);
  if (other) return { doubt: weekdayDoubt(format.name) };
  const counted = settings.anchor === undefined && hits.some((hit) => hit.lacks === LACKS_START);
  return counted ? { doubt: START_DOUBT } : {};
}

type Doubt = { what: string; hint: string };
type Doubts = Pick<StampPlan, 'doubt' | 'manyZones'>;

const Z_DOUBT: Doubt = { what: '"z" behind a blank was taken for UTC', hint: 'give --tz UTC if that is right' };

const START_DOUBT: Doubt = {
  what: 'the stamps count seconds from a start that the text does not tell; 1970-01-01T00:00:00Z was taken',
  hint: 'give --time-anchor with that instant',
};

const weekdayDoubt = (name: string): Doubt => ({
  what: 'the day of the week that stamps name is not that of their dates; the dates were taken',
  hint: `give --day-order if days and months changed places, else --time-format ${name}`,
});

const lowerDoubt = (word: string): Doubt => ({
  what: `"${word}" behind each time was not taken for a zone, since it is not in capitals`,
  hint: `if it is one, give --tz with what it means, or --tz-abbr ${word.toUpperCase()}=ZONE`,
});

function zoneDoubt(word: string): Doubt {
  const choices = AMBIGUOUS_ZONES[word] ?? [];
  const usual = USUAL_MINUTES[word] === undefined ? 'records that name it are not dated' : `${choices[0]} was taken`;
  return {
    what: `"${word}" is the name of several zones (${choices.join(', ')}); ${usual}`,
    hint: `say which with --tz-abbr ${word}=${choices[0] ?? 'ZONE'}, or --tz`,
  };
}
