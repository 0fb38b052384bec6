import { isTable } from '../core/input-plan.ts';
import type { InputPlan, NdjsonPlan } from '../core/stages.ts';
import { isZoneOffset } from '../core/zone-offsets.ts';
import { allFields, sampledNames } from './other-times.ts';
import type { SampleView } from './sample.ts';
import { isZoneName } from './time-names.ts';

/** What is said of the zone of a source's times outside of them. */
export interface ToldZone {
  /** The field whose name says it, or whose values do. */
  field: string;
  /** The zone as it is written. */
  text: string;
  /** The same, but of an offset as a number what it means. */
  zone: string;
  by: 'name' | 'values';
  /** Whether not all values that were looked at are the same. */
  varies: boolean;
}

/** `Time (UTC-05:00)`, `TimeGenerated [UTC]`; units are written in small letters. */
const BRACKETED = /[([]([A-Z+-][^()[\]]+)[)\]]\s*$/;
/** `Date Time, GMT-05:00`, `timestamp_utc`. */
const BEHIND = /[\s,_]((?:UTC|GMT)(?:[+-]\d{1,2}(?::?\d\d)?)?)$/i;
/** Perfmon's: `(PDH-CSV 4.0) (Eastern Standard Time)(300)`, minutes west. */
const PERFMON = /^\(PDH-[CT]SV [\d.]+\) \(.*\)\((-?\d{1,3})\)$/;

/** The zone that the names of the columns of a table's time may say; what is no zone is there as well. */
export function zoneInNames(plan: InputPlan): ToldZone | undefined {
  if (!isTable(plan) || plan.zoneColumn !== undefined) return undefined;
  for (const field of plan.timeColumns.map((column) => plan.columns[column] as string)) {
    const minutes = PERFMON.exec(field)?.[1];
    const text = minutes ?? inName(field);
    const zone = minutes === undefined ? text : offsetText(-Number(minutes));
    if (text !== undefined && zone !== undefined) return { field, text, zone, by: 'name', varies: false };
  }
  return undefined;
}

const inName = (name: string): string | undefined => (BRACKETED.exec(name) ?? BEHIND.exec(name))?.[1]?.trim();

/** The fields beside the time that are called as zones are and not read with it, each with the plan in which it would be the time. */
export function zoneFields(view: SampleView, plan: InputPlan): [name: string, plan: InputPlan][] {
  if (plan.format === 'logfmt') {
    const read = plan.times.flatMap(({ keys, zone }) => [...keys, zone]);
    return sampledNames(view, plan)
      .filter((name) => isZoneName(name) && !read.includes(name))
      .map((name) => [name, { ...plan, times: [{ keys: [name], zone: undefined }] }]);
  }
  const parent = plan.format === 'ndjson' ? parentOf(plan) : '';
  return allFields(view, plan).filter(([name]) => name.startsWith(parent) && isZoneName(name.slice(parent.length)));
}

/** What stands before the names of the members beside the time. */
function parentOf({ timeParts = [], timePaths }: NdjsonPlan): string {
  const time = timeParts[0]?.[0] ?? timePaths[0] ?? [];
  return time
    .slice(0, -1)
    .map((name) => `${name}.`)
    .join('');
}

/** What the values of a field say together; undefined where there are none. */
export function zoneInValues(field: string, values: readonly Uint8Array[]): ToldZone | undefined {
  const texts = [...new Set(values.map((value) => Buffer.from(value).toString().trim()))].filter((text) => text !== '');
  const [text] = texts;
  return text === undefined ? undefined : { field, text, zone: asOffset(text), by: 'values', varies: texts.length > 1 };
}

const HOUR = 60;
const MINUTE = 60;

/** A number as the hours, minutes or seconds from UTC that it can be; other texts as they are, and 0530, which is hours and minutes. */
function asOffset(text: string): string {
  const number = /^[+-]?(0|[1-9]\d*)(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  const minutes = [number * HOUR, number, number / MINUTE].find((each) => isZoneOffset(each * MINUTE));
  return minutes === undefined ? text : offsetText(minutes);
}

function offsetText(minutes: number): string {
  const size = Math.abs(minutes);
  return `UTC${minutes < 0 ? '-' : '+'}${Math.floor(size / HOUR)}:${String(size % HOUR).padStart(2, '0')}`;
}
