import { join, relative, resolve, sep } from 'node:path';
import { checkSlotPattern, OWN_FOLDER, slotFolder, slotLength, slotMatcher } from '../output/index.ts';
import type { MergeRequest } from '../request.ts';
import { realOutput } from '../source/index.ts';
import type { SlotsPlan } from './data.ts';

/** What --split-by asks for. @throws TsalignError 'usage' where a length or a pattern cannot be */
export function slotsOf(request: MergeRequest, cwd: string): SlotsPlan | undefined {
  if (request.splitBy === undefined) return undefined;
  const pattern = resolve(cwd, request.output as string);
  const length = slotLength(request.splitBy);
  checkSlotPattern(pattern, length);
  const folder = slotFolder(pattern);
  const names = relative(folder, pattern);
  return { folder, pattern, names, splitBy: request.splitBy, length, replace: request.replaceSlots };
}

/** Tells whether a real path is that of a file which this run writes; undefined where it writes none. */
export function outputMatcher(
  written: readonly { path: string }[],
  slots: SlotsPlan | undefined,
  cwd: string,
): ((real: string) => boolean) | undefined {
  if (written.length === 0 && slots === undefined) return undefined;
  const outputs = new Set(written.map(({ path }) => realOutput(resolve(cwd, path))));
  if (slots === undefined) return (real) => outputs.has(real);
  const folder = realOutput(slots.folder);
  const own = join(folder, OWN_FOLDER) + sep;
  const slot = slotMatcher(join(folder, slots.names));
  return (real) => outputs.has(real) || real.startsWith(own) || slot.test(real);
}
