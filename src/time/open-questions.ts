import { NANOS_PER_SECOND } from '../core/instant.ts';
import { LACKS_START } from '../kernel/stamp-layout.ts';
import type { Evidence } from './evidence.ts';
import type { Candidate, Hit } from './hit.ts';
import type { Doubt, ReadyFormat, StampPlan, StampSettings } from './plan.ts';
import { offsetName, yearOf } from './zone.ts';
import { AMBIGUOUS_ZONES, USUAL_MINUTES } from './zone-names.ts';

/** The stamps of a sample, and what other stamps in their lines tell of them. */
interface Open extends Pick<Candidate, 'hits' | 'formats' | 'zoneless'> {
  evidence: Evidence;
}

/** What the stamps of a sample do not decide and nobody said. */
export function openQuestions(
  { hits, formats, zoneless, evidence }: Open,
  settings: StampSettings,
): Pick<StampPlan, 'doubts' | 'manyZones'> {
  const { zone, timeFormat, anchor } = settings;
  const manyZones = zone === undefined ? hits.find((hit) => hit.doubtfulZone !== undefined)?.doubtfulZone : undefined;
  const doubts = [
    ...(zone === undefined ? zoneDoubts(hits, settings, manyZones) : []),
    ...(evidence.isDoubtful && evidence.offset ? [offsetDoubt(evidence.offset)] : []),
    ...(timeFormat === undefined ? formatDoubts(hits, formats, settings) : []),
    ...(timeFormat === undefined ? [...zoneless.values()].flatMap(({ word }) => word ?? []).map(dataDoubt) : []),
    ...(anchor === undefined && hits.some((hit) => hit.lacks === LACKS_START) ? [START_DOUBT] : []),
  ];
  return { doubts, ...(manyZones === undefined ? {} : { manyZones }) };
}

function zoneDoubts(hits: readonly Hit[], { abbreviations }: StampSettings, manyZones: string | undefined): Doubt[] {
  const word = abbreviations === undefined ? hits[0]?.unreadZone : undefined;
  return [
    ...(manyZones === undefined ? [] : [zoneDoubt(manyZones)]),
    ...(word !== undefined && areAlike(hits, word) ? [unreadDoubt(word)] : []),
    ...(hits.some((hit) => hit.isSpacedZ) ? [Z_DOUBT] : []),
  ];
}

function offsetDoubt(offset: number): Doubt {
  const zone = offsetName(offset / 60);
  const what = `the stamps name no zone; ${zone} was taken, by which they are within two minutes of times later in their lines`;
  return { what, hint: `give --tz ${zone} if that is right` };
}

const dataDoubt = (word: string): Doubt => ({
  what: `"${word}" and the like stand behind some times only, and were not taken for zones`,
  hint: /^[A-Z]/.test(word)
    ? `give --tz-abbr ${word}=ZONE if it is one`
    : 'give --time-format if they are zones, as a pattern that ends in Z',
});

/** A year between a time and a tag, where syslog has the name of its host (RFC 3164, 4.1.2). */
const YEAR_OR_HOST = /^[A-Z][a-z]{2} [ \d]?\d [\d:.]+ (\d{4}) \S+:(?: |$)/;

/** What is said of a host that may be called as a year is, and not the one in which the file was written. */
function yearDoubts(hits: readonly Hit[], { modified }: StampSettings, name: string): Doubt[] {
  if (modified === undefined) return [];
  const written = yearOf(Number(modified / NANOS_PER_SECOND));
  const isOther = ({ text, at }: Hit) => {
    const year = Number(YEAR_OR_HOST.exec(Buffer.from(text.subarray(at, at + 80)).toString('latin1'))?.[1] ?? written);
    return Math.abs(year - written) > 1;
  };
  if (!hits.every(isOther)) return [];
  const what = 'the number behind each time was taken for its year, and may be the name of a host';
  return [{ what, hint: `give --time-format ${name} if it is one, "MMM d HH:mm:ss" if it is none` }];
}

/** Six digits, of which the first two or the last two are the year: 240310, 100324. */
const SIX_DIGITS = /^yymmdd/;

/** What is said of six digits that end, rather than begin, with the year in which the file was written. */
function digitsDoubts(hits: readonly Hit[], { modified }: StampSettings, name: string): Doubt[] {
  if (modified === undefined || !SIX_DIGITS.test(name)) return [];
  const written = yearOf(Number(modified / NANOS_PER_SECOND)) % 100;
  const isWritten = ({ text, at }: Hit, from: number) => {
    const year = Number(Buffer.from(text.subarray(at + from, at + from + 2)).toString('latin1'));
    return year === written || year === written - 1;
  };
  if (!hits.every((hit) => isWritten(hit, 4) && !isWritten(hit, 0))) return [];
  const what = 'six digits were read as year, month and day, and end with the year in which the file was written';
  return [{ what, hint: `give --time-format ${name} if that is right, else a pattern such as "ddMMyy HH:mm:ss"` }];
}

function formatDoubts(hits: readonly Hit[], formats: readonly ReadyFormat[], settings: StampSettings): Doubt[] {
  const [{ format }] = formats as [ReadyFormat];
  const guess = { what: format.doubt ?? '', hint: `give --time-format ${format.name} if that is right` };
  return [
    ...(format.doubt === undefined ? [] : [guess]),
    ...(hits.some((hit) => hit.isOtherWeekday) ? [weekdayDoubt(format.name)] : []),
    ...(isTwelveHours(hits) ? [halfDoubt(format.name)] : []),
    ...unreadHalves(hits),
    ...apartDoubts(hits, format.name),
    ...yearDoubts(hits, settings, format.name),
    ...digitsDoubts(hits, settings, format.name),
  ];
}

const HOUR_SECONDS = 3600;

/**
 * Whether hours go from 12 back to 1, and none is above 12 or 0: a clock of twelve hours whose AM and PM were not
 * written.
 */
function isTwelveHours(hits: readonly Hit[]): boolean {
  if (hits.length < 3 || hits.some(({ bareHour }) => bareHour > 12 || bareHour < 1)) return false;
  return hits.some((hit, i) => {
    const before = hits[i - 1];
    const back = before === undefined ? 0 : (before.seconds - hit.seconds) / HOUR_SECONDS;
    return before?.bareHour === 12 && hit.bareHour === 1 && back > 10 && back < 12;
  });
}

/** What is said of halves of the day in a language of which they are not read. */
function unreadHalves(hits: readonly Hit[]): Doubt[] {
  const words = new Set(hits.map(({ unreadHalf }) => unreadHalf));
  const isTwelve = hits.every(({ bareHour }) => bareHour >= 0 && bareHour <= 12);
  const [word] = words;
  if (word === undefined || words.has(undefined) || words.size > 2 || !isTwelve) return [];
  const what = `"${word}" behind each time may be the half of a day, and was not taken for one; hours were read as of 24`;
  return [{ what, hint: 'if it is one, write AM and PM in its place' }];
}

const halfDoubt = (name: string): Doubt => ({
  what: 'hours go from 12 back to 1, as on a clock of twelve hours, and nothing says AM or PM; they were read as of 24',
  hint: `give --time-format ${name} if that is right`,
});

/** What is said of zones that would be words of the message as well. */
function apartDoubts(hits: readonly Hit[], name: string): Doubt[] {
  const apart = hits.filter(({ zoneApart }) => zoneApart !== '');
  const [first] = apart;
  if (first === undefined || !apart.every(({ isDoubtfulApart }) => isDoubtfulApart)) return [];
  const what = `"${first.zoneApart}" behind each time was taken for a zone, and may be the first word of a message`;
  return [{ what, hint: `give --time-format ${name} if it is one, a pattern of date and time alone if it is none` }];
}

const Z_DOUBT: Doubt = { what: '"z" behind a blank was taken for UTC', hint: 'give --tz UTC if that is right' };

const START_DOUBT: Doubt = {
  what: 'the stamps count seconds from a start that the text does not tell; 1970-01-01T00:00:00Z was taken',
  hint: 'give --time-anchor with that instant',
};

const weekdayDoubt = (name: string): Doubt => ({
  what: 'the day of the week that stamps name is not that of their dates; the dates were taken',
  hint: `give --day-order if days and months changed places, else --time-format ${name}`,
});

/** Whether all are followed by such a word, or by a number of hours that changes no more than summer and winter do. */
function areAlike(hits: readonly Hit[], word: string): boolean {
  const words = new Set(hits.map(({ unreadZone }) => unreadZone));
  return (
    words.size === 1 ||
    (IS_HOURS.test(word) && words.size === 2 && [...words].every((each) => each && IS_HOURS.test(each)))
  );
}

const IS_HOURS = /^[+-]/;
const IS_OFFSET = /[+-]\d/;
const IS_WINDOWS = / Standard Time$/;

function unreadDoubt(word: string): Doubt {
  if (IS_HOURS.test(word)) {
    const what = `"${word}" behind each time was not taken for a zone, since it may be a number`;
    return { what, hint: 'give --tz with the zone if it is one, --tz UTC if it is none' };
  }
  if (IS_OFFSET.test(word) || !/^[a-z]{3,5}$/.test(word)) {
    const zone = IS_WINDOWS.test(word) ? `"${word}"` : 'with the zone that it means';
    return { what: `"${word}" behind each time may be a zone, and was not taken for one`, hint: `give --tz ${zone}` };
  }
  return {
    what: `"${word}" behind each time was not taken for a zone, since it is not in capitals`,
    hint: `if it is one, give --tz with what it means, or --tz-abbr ${word.toUpperCase()}=ZONE`,
  };
}

function zoneDoubt(word: string): Doubt {
  const choices = AMBIGUOUS_ZONES[word] ?? [];
  const usual = USUAL_MINUTES[word] === undefined ? 'records that name it are not dated' : `${choices[0]} was taken`;
  return {
    what: `"${word}" is the name of several zones (${choices.join(', ')}); ${usual}`,
    hint: `say which with --tz-abbr ${word}=${choices[0] ?? 'ZONE'}, or --tz`,
  };
}
