/**
 * The names that fields of a record get beside the ones we write: a name that is `reserved`, or that another field has
 * already, gets `_` at its end until it is free. Others stay as they are.
 * @example freeNames(['time', 'time_', 'a'], ['time', 'source']) // ['time__', 'time_', 'a']
 */
export function freeNames(names: readonly string[], reserved: readonly string[]): string[] {
  const taken = new Set([...reserved, ...names]);
  const used = new Set(reserved);
  return names.map((name) => {
    const free = used.has(name) ? firstFree(name, taken) : name;
    used.add(free);
    taken.add(free);
    return free;
  });
}

function firstFree(name: string, taken: ReadonlySet<string>): string {
  let free = `${name}_`;
  while (taken.has(free)) free += '_';
  return free;
}

/** What says that a record came late. */
export const LATE_NAME = 'late';

/** The names that we write ourselves, in the order in which they are written. */
export function ownNames(settings: {
  withSource: boolean;
  lineNumbers: boolean;
  marksLate?: boolean | undefined;
}): string[] {
  const names = ['time'];
  if (settings.withSource) names.push('source');
  if (settings.lineNumbers) names.push('line');
  if (settings.marksLate) names.push(LATE_NAME);
  return names;
}
