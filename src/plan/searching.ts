import { isResumable } from '../input/index.ts';
import type { MergeRequest } from '../request.ts';
import { standsAlone } from '../time/index.ts';
import type { SourcePlan } from './data.ts';

/** What shorter files hold is read sooner than searched. */
const WORTHWHILE = 1024 * 1024;

/**
 * Whether the part of a source that the range asks for is found by binary search over its bytes: it was promised to be in
 * order, can be read anywhere, and nothing is wanted that only reading all of it tells (warnings that end the run, undated
 * records, numbers of lines).
 */
export function isSearched(
  request: MergeRequest,
  { open, input, stamp }: Pick<SourcePlan, 'open' | 'input' | 'stamp'>,
): boolean {
  const { presorted, since, until, strict, lineNumber, undated = 'attach' } = request;
  if (!presorted || (since === undefined && until === undefined)) return false;
  if (strict || lineNumber || undated !== 'attach') return false;
  return (open.text?.length ?? 0) >= WORTHWHILE && isResumable(input) && stamp !== undefined && standsAlone(stamp);
}
