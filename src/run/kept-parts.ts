import { basename } from 'node:path';
import { TsalignError } from '../core/problem.ts';
import { type Codec, cutBack } from '../output/index.ts';
import type { PartState, SlotsState } from '../state/index.ts';
import type { SlotPart } from './slot-parts.ts';
import type { SlotStore } from './slot-store.ts';

/** A part of a slot that an earlier run has written and not put into its place. */
export interface KeptPart {
  part: SlotPart;
  covers: boolean;
}

/** A part as a state is to know it. */
export const partState = ({ slot, file, index, limits, isReady = false }: SlotPart, covers: boolean): PartState => ({
  slot,
  file: basename(file),
  index: basename(index),
  indexBytes: (limits as NonNullable<typeof limits>).index,
  covers,
  ready: isReady,
});

/**
 * The parts that a state knows of, cut back to what is valid of them, the oldest of a slot first. What was ready and is
 * gone was put into its place.
 * @throws TsalignError 'state' where one is damaged, or belongs to another folder
 */
export function keptParts(store: SlotStore, state: SlotsState | undefined, codec: Codec | undefined): KeptPart[] {
  if (state === undefined) return [];
  if (state.folder !== store.folder.root && state.parts.length > 0) throw otherFolder(state.folder);
  const isThere = (file: string) => store.folder.isThere(file);
  return state.parts.flatMap((known): KeptPart[] => {
    const { slot, covers, ready, indexBytes } = known;
    const file = store.folder.unfinished(known.file);
    const index = store.folder.unfinished(known.index);
    if (ready && store.has(slot.slot) && !isThere(file)) return [];
    const limits = { slot: slot.bytes, index: indexBytes };
    const isWhole =
      isThere(file) && isThere(index) && cutBack(file, slot.bytes, file) && cutBack(index, indexBytes, index);
    if (!isWhole) throw damaged(file);
    return [{ part: { slot, file, index, limits, codec: ready ? codec : undefined, isReady: ready }, covers }];
  });
}

function damaged(where: string): TsalignError {
  const what = 'does not hold what the run before has written of a slot';
  return new TsalignError({
    code: 'state',
    where,
    what,
    hint: 'write slots anew from all that the sources hold: --replace-slots',
  });
}

function otherFolder(folder: string): TsalignError {
  const what = `the state has slots in ${folder} that are not in their places yet`;
  return new TsalignError({ code: 'state', where: '--output', what, hint: 'give the same -o again' });
}
