import type { MergeRequest, OutputFormatName } from '../request.ts';

/** Options that were given together and have no meaning so: `option` is the one to blame, `what` says why. */
export interface Combination {
  option: string;
  what: string;
  hint: string;
  /** `format` is that of the output; rows that look at it are skipped while it is not known. */
  given(request: MergeRequest, format: OutputFormatName | undefined): boolean;
}
