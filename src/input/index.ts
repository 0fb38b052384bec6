import { isDocuments } from '../core/input-plan.ts';
import type { InputPlan, RateStamps, Texts } from '../core/stages.ts';
import { CSV, TSV } from './csv.ts';
import type { InputFormat } from './format.ts';
import type { CountingFramer, FramerContext } from './framer.ts';
import { LOGFMT } from './logfmt.ts';
import { NDJSON } from './ndjson.ts';
import { otherFields, sampledNames } from './other-times.ts';
import { recogniseAmong, type Wanted } from './recognise.ts';
import type { SampleView } from './sample.ts';
import { TEXT } from './text.ts';
import { W3C } from './w3c.ts';
import { type ToldZone, zoneFields, zoneInNames, zoneInValues } from './zone-told.ts';

export { parseFields } from './csv-header.ts';
export type { InputFormat } from './format.ts';
export type { CountingFramer, FramerContext } from './framer.ts';
export type { Wanted } from './recognise.ts';
export { type SampleView, viewSample } from './sample.ts';
export type { ToldZone } from './zone-told.ts';

/** The formats, in the order in which they are asked whether a source is theirs. Text takes what is left. */
export const INPUT_FORMATS: readonly InputFormat[] = [NDJSON, W3C, CSV, TSV, LOGFMT, TEXT];

/** Texts that are enough to tell the formats of stamps, and between which zones and years show. */
const MOST_TEXTS = 2000;

function formatNamed(name: InputPlan['format']): InputFormat {
  return INPUT_FORMATS.find((format) => format.name === name) as InputFormat;
}

/**
 * Plans by which records are told from any line on, whatever stands before it, by all of their properties: one that gets
 * another (records over several lines, say) is none of these until somebody has thought of it.
 */
const RESUMABLE: Readonly<Partial<Record<InputPlan['format'], readonly string[]>>> = {
  text: ['format'],
  logfmt: ['format', 'times'],
  ndjson: ['format', 'layout', 'recordsAt', 'timePaths', 'timeParts'],
};

/** Whether the records of a source can be told from any of its lines on. Where quotes or objects span lines they cannot. */
export const isResumable = (plan: InputPlan): boolean =>
  Object.keys(plan).every((name) => RESUMABLE[plan.format]?.includes(name)) && !isDocuments(plan);

/** What cuts a source's bytes into records, by its plan. One for each pass over the source. */
export function createFramer(plan: InputPlan, context: FramerContext): CountingFramer {
  return formatNamed(plan.format).createFramer(plan, context);
}

/**
 * Finds out how a source is to be cut into records, from bytes of several of its places.
 * @param name the source's file name, whose ending may promise a format
 * @throws TsalignError 'no-timestamp' where the format is sure and no field holds a time; 'usage' for an unknown time field
 */
export function recogniseInput(sample: SampleView, wanted: Wanted, name: string, rate: RateStamps): InputPlan {
  return recogniseAmong(INPUT_FORMATS, sample, wanted, name, rate);
}

/** Values that are looked at of each other field, and the share of them that must be times. */
const LOOKED_AT = 16;
const ENOUGH = 0.8;

/** Names of the fields beside the time of a recognised source that hold times, too. */
export function otherTimes(sample: SampleView, plan: InputPlan, rate: RateStamps): string[] {
  return otherFields(sample, plan)
    .filter(([, other]) => rate([...formatNamed(plan.format).timeTexts(sample, other, LOOKED_AT)]) >= ENOUGH)
    .map(([name]) => name);
}

/** What the names or the values of fields say of the zone of a recognised source's times, and is not read with them. */
export function zoneTold(sample: SampleView, plan: InputPlan): ToldZone | undefined {
  for (const [name, other] of zoneFields(sample, plan)) {
    const told = zoneInValues(name, [...formatNamed(plan.format).timeTexts(sample, other, LOOKED_AT)]);
    if (told !== undefined) return told;
  }
  return zoneInNames(plan);
}

/** Names of the members or keys that a recognised source's records have, as far as a few of them tell. */
export const fieldNames = (sample: SampleView, plan: InputPlan): string[] => sampledNames(sample, plan);

/** The texts in which a recognised source's stamps stand, at most 2,000, from all pieces of the sample, in file order. */
export function sampleTexts(sample: SampleView, plan: InputPlan): Texts {
  return formatNamed(plan.format).timeTexts(sample, plan, MOST_TEXTS);
}
