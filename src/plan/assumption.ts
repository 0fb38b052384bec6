import path from 'node:path';
import { appearsWhole } from '../output/index.ts';
import type { MergeRequest, RunIo } from '../request.ts';
import type { SourcePlan } from './data.ts';

/** Decoders that work side by side where compressed sources stream; each may take 10 MiB. What else is compressed is sorted, one by one. */
export const MOST_DECODERS = 8;

/**
 * Whether sources are merged as if they were in order before that is known: where all that is written can be taken back,
 * and where sources can be read again. Not where the result would be another one: under --limit a source is not read to
 * its end, and --rejects holds records in the order of reading.
 */
export function assumesOrder(request: MergeRequest, io: RunIo, sources: readonly SourcePlan[]): boolean {
  const { output, duplicates, presorted, follow, strict, keepGoing, limit, rejects, splitBy, state } = request;
  if (output === undefined || io.sink !== undefined || io.receiver !== undefined) return false;
  if (presorted || follow || strict || keepGoing || [limit, rejects, splitBy, state].some((each) => each !== undefined))
    return false;
  if (!sources.every(({ open, mayStream }) => open.rereadable && mayStream)) return false;
  if (sources.filter(({ open }) => open.compression.length > 0).length > MOST_DECODERS) return false;
  return [output, duplicates].every((file) => file === undefined || appearsWhole(path.resolve(io.cwd, file)));
}
