import { type Dirent, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { logOf, rotatedName } from './rotation.ts';
import { inByteOrder } from './search.ts';

/** Names of files by the log that they are of, for each folder that was looked into. */
export type Folders = Map<string, Map<string, string[]>>;

/** The names of the other files in a file's folder that are by their names of the same log, in byte order. */
export function rotatedNames(file: string, folders: Folders): string[] {
  const folder = dirname(file);
  const names = folders.get(folder) ?? namesByLog(folder);
  folders.set(folder, names);
  return (names.get(logOf(file)) ?? []).filter((name) => name !== basename(file)).sort(inByteOrder);
}

function namesByLog(folder: string): Map<string, string[]> {
  const names = new Map<string, string[]>();
  for (const entry of listed(folder)) {
    if (!entry.isFile() && !entry.isSymbolicLink()) continue;
    const log = logOf(join(folder, entry.name));
    // A compressed copy beside the log was not rotated.
    if (rotatedName(entry.name) === undefined && join(folder, entry.name) !== log) continue;
    const others = names.get(log);
    if (others === undefined) names.set(log, [entry.name]);
    else others.push(entry.name);
  }
  return names;
}

/** A folder whose files may be read but not listed gives none; what was named is read all the same. */
function listed(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
