import { formatInstantShort, type Instant } from '../core/instant.ts';
import type { CsvPlan, InputPlan, NdjsonPlan, PairTime } from '../core/stages.ts';
import type { MergeRequest } from '../request.ts';
import type { OpenSource } from '../source/index.ts';
import { describeStamp } from '../time/index.ts';
import type { DedupPlan, OutputPlan, Plan, SourcePlan } from './data.ts';

/** The plan in words, a line for each thing decided, and for what was asked of the records. */
export function explainPlan(plan: Plan, { match, limit }: Pick<MergeRequest, 'match' | 'limit'>): string {
  const { range, output, dedup, memory } = plan;
  const lines = [
    ...plan.sources.flatMap((source) => explainSource(source, plan)),
    `order: by instant, then source, then line; up to ${Math.round(memory.total / 2 ** 20)} MiB in memory, more in ${plan.tempDir}`,
    ...explainRange(range.since, range.until),
    ...(match === undefined ? [] : [`records: those that match ${match}`]),
    ...(limit === undefined ? [] : [`limit: the first ${limit}`]),
    `duplicates: ${explainDedup(dedup)}`,
    `output: ${output.format}${output.compression === undefined ? '' : ` (${output.compression})`} to ${explainPlace(output)}, instants in ${output.zone.name} with ${output.digits} digits${output.finer === 'full' ? ' or more' : ''}`,
  ];
  return `${lines.join('\n')}\n`;
}

const explainPlace = ({ path, slots }: OutputPlan): string =>
  slots === undefined
    ? (path ?? 'stdout')
    : `${path}, a file for each ${slots.splitBy}${slots.replace ? ', written anew where there is one' : ''}`;

function explainSource(source: SourcePlan, plan: Plan): string[] {
  const { path, label, input, stamp, series } = source;
  const named = plan.sources[series]?.path === path ? '' : ` (one series with ${plan.sources[series]?.path})`;
  return [
    `${path}${label === path ? '' : ` as ${label}`}${named}`,
    `  ${explainOpened(source)}; ${explainInput(input)}`,
    `  ${stamp === undefined ? 'no records' : describeStamp(stamp)}`,
    ...(source.otherTimes.length === 0 ? [] : [`  other times, not used: ${source.otherTimes.join('; ')}`]),
    `  ${explainOrder(source, plan)}`,
  ];
}

/** How a source is opened. @example 'file, gzip' */
export const explainOpened = ({ open: { kind, archive, compression, encoding, lines } }: SourcePlan): string =>
  [archive ?? kind, ...compression, ...explainEncoding(encoding), ...(lines === undefined ? [] : [lines])].join(', ');

/** UTF-8 goes without saying. */
function explainEncoding(encoding: OpenSource['encoding']): string[] {
  if (encoding === undefined) return [];
  const by = { default: '', option: '', mark: ' (byte order mark)', evidence: ' (from where its NUL bytes stand)' };
  return [`${encoding.name}${by[encoding.by]}`];
}

/** How it is cut into records. */
export function explainInput(input: InputPlan): string {
  switch (input.format) {
    case 'text':
      return `text, a record from one stamp to the next${input.parts === undefined ? '' : ', parts of a line (P) with its end'}`;
    case 'w3c':
      return `w3c, time among the fields ${input.fields.join(' ')}`;
    case 'ndjson':
      return `ndjson${explainLayout(input)}, time in ${explainMembers(input)}`;
    case 'logfmt':
      return `logfmt, time in ${input.times.map(explainPairs).join(', else ')}`;
    case 'csv':
    case 'tsv':
      return `${input.format}, ${input.columns.length} columns${input.header ? '' : ' without a header'}, time in ${explainPairs(csvTime(input))}`;
  }
}

const explainMembers = ({ timePaths, timeParts = [] }: NdjsonPlan): string => {
  const name = (path: readonly string[]) => path.join('.');
  return [...timeParts.map((parts) => parts.map(name).join(' and ')), ...timePaths.map(name)].join(', else ');
};

/** How JSON records lie where they do not stand on a line each. */
function explainLayout({ layout, recordsAt }: NdjsonPlan): string {
  if (layout === 'lines') return '';
  return recordsAt.length === 0 ? ', objects over several lines or in arrays' : `, records in ${recordsAt.join('.')}`;
}

const csvTime = ({ columns, timeColumns, zoneColumn }: CsvPlan): PairTime => ({
  keys: timeColumns.map((column) => columns[column]),
  zone: zoneColumn === undefined ? undefined : columns[zoneColumn],
});

const explainPairs = ({ keys, zone }: PairTime): string =>
  `${keys.join(' and ')}${zone === undefined ? '' : `, its zone in ${zone}`}`;

const AS_IF_IN_ORDER =
  'streamed as if it were in order; where it is not, all is taken back and read again, to be sorted';

function explainOrder({ mayStream, open, searched }: SourcePlan, { presorted, assumesOrder }: Plan): string {
  if (!mayStream) return 'sorted, since there are more sources than can be read side by side';
  if (searched)
    return 'its part of the range found by binary search, then streamed; stops at the first record out of order';
  if (presorted) return 'streamed; stops at the first record out of order';
  if (assumesOrder) return AS_IF_IN_ORDER;
  if (open.seekable) return 'read once to see whether it is in order or nearly so, then streamed, or else sorted';
  if (open.rereadable) return 'sorted: to see first whether it is in order would take decompressing it twice';
  return 'sorted, since it cannot be read twice to see whether it is in order';
}

function explainRange(since: Instant | undefined, until: Instant | undefined): string[] {
  if (since === undefined && until === undefined) return [];
  const from = since === undefined ? '' : ` from ${formatInstantShort(since)}`;
  const to = until === undefined ? '' : ` to before ${formatInstantShort(until)}`;
  return [`range:${from}${to}`];
}

function explainDedup(dedup: DedupPlan): string {
  if (dedup.kind === 'none') return 'all kept';
  if (dedup.kind === 'key') return `the first of those with equal ${dedup.fields.join(', ')} is kept`;
  const where = dedup.within === 'all' ? 'of all sources' : 'inside each series';
  return dedup.kind === 'exact'
    ? `one of each kept ${where}`
    : `copies that an earlier source had too are removed ${where}`;
}
