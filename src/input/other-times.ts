import { isTable } from '../core/input-plan.ts';
import type { InputPlan, NdjsonPlan } from '../core/stages.ts';
import { pairsOf } from './logfmt-recognition.ts';
import { type SampleView, sampleLines, spread } from './sample.ts';
import { speaksOfTime } from './time-names.ts';

/** Lines in which the first object is looked for, and levels of it. */
const LOOKED_AT = 16;
const LEVELS = 3;
/** Only the first fields are looked at: each takes a reading of the sample. */
const MOST_FIELDS = 8;

/** The fields beside the time of a source whose names speak of time, each with the plan in which it would be the time. */
export const otherFields = (view: SampleView, plan: InputPlan): [name: string, plan: InputPlan][] =>
  allFields(view, plan)
    .filter(([name]) => speaksOfTime(name))
    .slice(0, MOST_FIELDS);

/** The fields beside the time of a source, those of JSON of the first levels. */
export function allFields(view: SampleView, plan: InputPlan): [name: string, plan: InputPlan][] {
  if (isTable(plan)) {
    return plan.columns.flatMap((name, column) =>
      plan.timeColumns.includes(column) || column === plan.zoneColumn
        ? []
        : [[name, { ...plan, timeColumns: [column], zoneColumn: undefined }]],
    );
  }
  return plan.format === 'ndjson' ? membersOf(view, plan) : [];
}

function membersOf(view: SampleView, plan: NdjsonPlan): [name: string, plan: InputPlan][] {
  const times = [...plan.timePaths, ...(plan.timeParts ?? []).flat()].map((path) => path.join('.'));
  return pathsIn(firstObject(view), LEVELS)
    .map((path): [string, InputPlan] => [path.join('.'), { ...plan, timePaths: [path], timeParts: [] }])
    .filter(([name]) => !times.includes(name));
}

/** Names of the members or keys of sampled records, as --columns names them; those of the first levels. */
export function sampledNames(view: SampleView, { format }: InputPlan): string[] {
  const lines = spread(sampleLines(view), LOOKED_AT);
  const namesOf = (line: Uint8Array): string[] =>
    format === 'logfmt' ? [...(pairsOf(line)?.keys() ?? [])] : membersIn(parsed(line), LEVELS);
  return [...new Set(lines.flatMap(namesOf))];
}

/** Names of all members, with dots those of objects inside. */
function membersIn(value: unknown, levels: number): string[] {
  if (typeof value !== 'object' || value === null || levels === 0) return [];
  return Object.entries(value).flatMap(([name, inner]) => [
    name,
    ...membersIn(inner, levels - 1).map((member) => `${name}.${member}`),
  ]);
}

/** Paths of the texts and numbers of an object. */
function pathsIn(value: unknown, levels: number): string[][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || levels === 0) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    typeof inner === 'string' || typeof inner === 'number'
      ? [[name]]
      : pathsIn(inner, levels - 1).map((path) => [name, ...path]),
  );
}

/** The first line that is JSON; objects over several lines are not looked into. */
function firstObject(view: SampleView): unknown {
  const lines = sampleLines(view);
  for (let i = 0; i < Math.min(LOOKED_AT, lines.length); i++) {
    const value = parsed(lines.at(i) as Uint8Array);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Undefined for a stray line, or one that was cut. */
function parsed(line: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(line).toString());
  } catch {
    return undefined;
  }
}
