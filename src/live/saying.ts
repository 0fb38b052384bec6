import { basename } from 'node:path';
import type { Warn } from '../core/problem.ts';
import { type OpenSource, rotatedName } from '../source/index.ts';

/** Where no file is written that could be cut back. */
export const AGAIN = {
  code: 'note',
  where: 'stdout',
  what: 'after a crash, what was written to it since the last checkpoint is written once more',
  hint: '-o FILE has every record exactly once',
} as const;

/** Why what a source brings later cannot be read from where it was left. */
const kindOf = ({ encoding, lines }: OpenSource): string => encoding?.name ?? lines ?? 'an archive';

/** Of what rotation has compressed nobody expects that it grows. */
export function sayStill(warn: Warn, where: string, open: OpenSource): void {
  const { compression, path } = open;
  const isPacked = compression.length > 0;
  if (isPacked && rotatedName(basename(path.file)) !== undefined) return;
  const what = `is ${isPacked ? `compressed (${compression.join(', ')})` : `text in ${kindOf(open)}`}, which is not followed`;
  warn({ code: 'note', where, what, hint: 'what stands there was read' });
}

/** Feeds begin anew again and again; each trouble of a source is said once. */
export function sayOnce(warn: Warn): Warn {
  const said = new Set<string>();
  return (problem) => {
    const key = `${problem.code} ${problem.where?.replace(/:\d+$/, '')}`;
    if (said.has(key)) return;
    said.add(key);
    warn(problem);
  };
}
