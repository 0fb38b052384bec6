import type { NdjsonPlan } from '../core/stages.ts';
import { nameOf, type Path, valuesAt } from './ndjson-values.ts';
import { type NamedTime, namedTime, unknownTimeField } from './time-names.ts';

/** What a member is called in messages. */
export const KIND = 'member';

type NamedPlaces = Pick<NdjsonPlan, 'timePaths' | 'timeParts'>;

/** The members that the user means. */
export function namedPaths(timeField: string, objects: readonly Uint8Array[], members: readonly Path[], where: string) {
  const named = namedTime(timeField, (name) => pathOf(name, objects, members) !== undefined);
  return timesAt(named, (name) => namedPath(name, objects, members, where));
}

/** Where the time stands: in one member, or in several, of which not every object has the zone. */
export function timesAt({ fields, zone }: NamedTime, pathTo: (name: string) => string[]): NamedPlaces {
  const paths = fields.map(pathTo);
  const without = paths.length === 1 ? { timePaths: paths } : { timePaths: [], timeParts: [paths] };
  if (zone === undefined) return without;
  return { ...without, timeParts: [[...paths, pathTo(zone)], ...(without.timeParts ?? [])] };
}

function namedPath(name: string, objects: readonly Uint8Array[], members: readonly Path[], where: string): string[] {
  const path = pathOf(name, objects, members);
  if (path !== undefined) return path;
  throw unknownTimeField(where, KIND, name, members.map(nameOf));
}

/** A member of this very name before the same name taken as a dotted path. */
function pathOf(name: string, objects: readonly Uint8Array[], members: readonly Path[]): string[] | undefined {
  const known = members.find((path) => nameOf(path) === name);
  if (known !== undefined) return [...known];
  const path = name.split('.');
  return valuesAt(objects, path).texts.length > 0 ? path : undefined;
}
