import type { SourcePlan } from '../plan.ts';
import { createStamper } from '../time/index.ts';

/** Whether the stamps of a file are read by what reads those of the file before it. */
export function canRead({ stamp }: SourcePlan, { firstText }: SourcePlan): boolean {
  if (stamp === undefined || firstText === undefined) return false;
  return createStamper(stamp, { bytes: firstText }).read(0, firstText.length);
}
