import type { RateStamps } from '../core/stages.ts';
import { isZoneName, plainName, speaksOfOther, speaksOfTime, timeNameRank } from './time-names.ts';

/** Fields that hold a time together: their indexes in a list of names, and that of a zone which not every record has. */
export interface TimeParts {
  fields: number[];
  zone: number | undefined;
}

/** The records of a sample as lists of fields; undefined where a record lacks one. */
export type SampledFields = readonly (readonly (string | undefined)[])[];

/** Zones that mean one offset everywhere; letters may be the name of several. */
const OFFSET = /^(Z|(UTC|GMT)?[+-]\d\d?(:?\d\d)?|UTC|GMT)$/;

/** Share of stamps that tells a time. */
const ENOUGH = 0.5;

/**
 * Where a date and a time stand in two fields, with a zone in a third if there is one. None where the time field alone
 * is a stamp already.
 * @param zoneGiven whether the user said the zone of the source: then letters in a field do not decide it
 */
export function findDateAndTime(
  names: readonly string[],
  records: SampledFields,
  rate: RateStamps,
  zoneGiven: boolean,
): TimeParts | undefined {
  const pairs = datesAndTimes(names).filter(([, time]) => share(records, [time], rate) < ENOUGH);
  const fields = pairs.find((pair) => share(records, pair, rate) >= ENOUGH);
  return fields && { fields, zone: zoneBeside(fields, names, records, rate, zoneGiven) };
}

/** Whether some names are such of parts of a time: a date beside a time, or a zone. */
export function mayHaveParts(names: readonly string[]): boolean {
  return datesAndTimes(names).length > 0 || names.some(isZoneName);
}

/** What the time is called beside a date of these names. */
const BESIDE: Readonly<Record<string, readonly string[]>> = {
  d: ['t'],
  dt: ['tm'],
  day: ['time'],
  date: ['heure'],
  data: ['hora', 'ora', 'godzina', 'czas'],
  fecha: ['hora'],
  datum: ['uhrzeit', 'zeit', 'tijd', 'tid', 'cas'],
  dato: ['tid', 'tidspunkt', 'klokkeslett'],
};

/** Fields like `date` and `time`, `date-local` and `time-local`, by their plainest names first, those of an end last. */
export function datesAndTimes(names: readonly string[]): number[][] {
  const plain = names.map(plainName);
  const found = plain.flatMap((name, date) => {
    if (name.includes('datetime')) return [];
    const called = [...(name.includes('date') ? [name.replace('date', 'time')] : []), ...(BESIDE[name] ?? [])];
    const time = called.map((each) => plain.indexOf(each)).find((index) => index >= 0);
    return time === undefined ? [] : [[date, time]];
  });
  const isOther = (index: number): number => (speaksOfOther(names[index]) ? 1 : 0);
  return found.sort(([a], [b]) => isOther(a) - isOther(b) || plain[a].length - plain[b].length);
}

/** The zone field that makes more of a stamp of these fields, where its values are such. */
export function zoneBeside(
  fields: readonly number[],
  names: readonly string[],
  records: SampledFields,
  rate: RateStamps,
  zoneGiven: boolean,
): number | undefined {
  const zone = names.findIndex(isZoneName);
  if (zone < 0) return undefined;
  const having = records.filter((record) => (record[zone] ?? '').trim() !== '');
  if (zoneGiven && !having.every((record) => OFFSET.test((record[zone] as string).trim()))) return undefined;
  return share(having, [...fields, zone], rate) >= ENOUGH ? zone : undefined;
}

/** The share of records in which these fields are a stamp. */
export function share(records: SampledFields, fields: readonly number[], rate: RateStamps): number {
  if (records.length === 0) return 0;
  const texts = records.map((record) => fields.map((field) => record[field]));
  const whole = texts.filter((parts) => parts.every((part) => part !== undefined && part.trim() !== ''));
  return (rate(whole.map((parts) => Buffer.from(parts.join(' ')))) * whole.length) / records.length;
}

/** Fields whose names tell of a record's time, the most telling first, and then those that speak of some time, of another one last. */
export function byTellingNames(names: readonly string[]): number[] {
  const rank = (index: number): number => Math.min(timeNameRank(names[index]), speaksOfOther(names[index]) ? 2e6 : 1e6);
  return names
    .map((_, index) => index)
    .filter((index) => rank(index) < 1e6 || speaksOfTime(names[index]))
    .sort((a, b) => rank(a) - rank(b) || a - b);
}
