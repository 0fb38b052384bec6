import { isTable, namesItsFields } from '../core/input-plan.ts';
import { TsalignError } from '../core/problem.ts';
import type { InputPlan } from '../core/stages.ts';
import type { MergeRequest } from '../request.ts';
import type { SourcePlan } from './data.ts';

/** An option that speaks of fields or columns, and the formats that have them. */
interface Applicable {
  option: string;
  given(request: MergeRequest): boolean;
  applies(input: InputPlan): boolean;
  what: string;
}

const APPLICABLE: readonly Applicable[] = [
  {
    option: '--time-field',
    given: ({ timeField }) => timeField.length > 0,
    applies: (input) => isTable(input) || namesItsFields(input),
    what: 'the sources have no fields to choose from',
  },
  {
    option: '--no-header',
    given: ({ noHeader }) => noHeader,
    applies: isTable,
    what: 'no source is a table',
  },
  {
    option: '--delimiter',
    given: ({ delimiter }) => delimiter.length > 0,
    applies: isTable,
    what: 'no source is a table whose cells it separates',
  },
];

/**
 * Refuses options that none of the sources has a use for, as one of a source that is not there is refused.
 * @throws TsalignError 'usage'
 */
export function checkApplicable(request: MergeRequest, sources: readonly SourcePlan[]): void {
  // Of an empty file nobody knows what it will be.
  if (sources.length === 0 || sources.some(({ stamp }) => stamp === undefined)) return;
  for (const { option, given, applies, what } of APPLICABLE) {
    if (!given(request) || sources.some(({ input }) => applies(input))) continue;
    const formats = [...new Set(sources.map(({ input }) => input.format))].join(' and ');
    const hint = `leave it out, or say with --input-format what the sources are, which were taken for ${formats}`;
    throw new TsalignError({ code: 'usage', where: option, what, hint });
  }
}
