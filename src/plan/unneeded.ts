import type { Warn } from '../core/problem.ts';
import type { MergeRequest, RunIo } from '../request.ts';
import { hasDayOrder, parseZone, type StampPlan } from '../time/index.ts';
import type { SourcePlan } from './data.ts';

/** An option that says what stamps leave open, and the stamps that do. */
interface Settling {
  option: string;
  given(request: MergeRequest): boolean;
  isOpen(stamp: StampPlan, source: SourcePlan, request: MergeRequest): boolean;
  what: string;
  hint?: string;
}

const SETTLING: readonly Settling[] = [
  {
    option: '--tz',
    // Who says UTC says what is taken anyway.
    given: ({ tz }) => tz.some((text) => !/(^|=)(utc|z)$/i.test(text)),
    isOpen: ({ naive, manyZones }) => naive || manyZones !== undefined,
    what: 'no stamp needs it: all that were looked at name their zone',
    hint: '--output-tz sets the zone of what is written',
  },
  {
    option: '--tz-abbr',
    given: ({ tzAbbr }) => tzAbbr.length > 0,
    isOpen: (_, { abbreviations }) => abbreviations.length > 0,
    what: 'no record that was looked at has such an abbreviation',
  },
  {
    option: '--dst',
    given: ({ dst }) => dst !== undefined,
    isOpen: ({ naive, zone }, { firstText }, { tzAbbr }) =>
      (naive && !parseZone(zone).isFixed) || tzAbbr.length > 0 || mayNameZone(firstText),
    what: 'no stamp that was looked at is of a zone whose clocks change',
    hint: '--tz says which zone stamps without one are of',
  },
  {
    option: '--day-order',
    given: ({ dayOrder }) => dayOrder.length > 0,
    isOpen: hasDayOrder,
    what: 'no stamp needs it: what is day and what is month does not depend on it',
  },
  {
    option: '--year',
    given: ({ year }) => year.length > 0,
    isOpen: ({ lacksYear }) => lacksYear,
    what: 'no stamp needs it: all that were looked at name their year',
  },
  {
    option: '--time-anchor',
    given: ({ timeAnchor }) => timeAnchor.length > 0,
    isOpen: ({ lacksDate, lacksStart }) => lacksDate || lacksStart,
    what: 'no stamp needs it: all that were looked at name their date',
  },
];

/** Says which options settle nothing, as no source leaves open what they say: they may have been meant otherwise. */
export function sayUnneeded(request: MergeRequest, sources: readonly SourcePlan[], warn: Warn): void {
  // Of an empty file nobody knows what its stamps will be.
  if (sources.length === 0 || sources.some(({ stamp }) => stamp === undefined)) return;
  for (const { option, given, isOpen, what, hint } of SETTLING) {
    if (!given(request) || sources.some((source) => isOpen(source.stamp as StampPlan, source, request))) continue;
    warn({ code: 'note', where: option, what, ...(hint === undefined ? {} : { hint }) });
  }
}

/** Says, to a person at a terminal, that --duplicates stays empty: of a job that is run every hour, tomorrow's files may be a series. */
export function sayNoCopies({ duplicates }: MergeRequest, { stderrIsTerminal, warn }: RunIo): void {
  if (duplicates === undefined || !stderrIsTerminal) return;
  const what = 'no copies are looked for, as every source has a label of its own';
  warn({ code: 'note', where: '--duplicates', what, hint: 'add --dedup, which compares all sources' });
}

/** Whether there may be the name of a zone in it, Area/City. */
const mayNameZone = (text: Uint8Array | undefined): boolean =>
  text !== undefined && /[A-Z][a-z]+\/[A-Z]/.test(Buffer.from(text).toString('latin1'));
