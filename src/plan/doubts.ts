import { isTable, knownColumns, namesItsFields } from '../core/input-plan.ts';
import { namesFor, type Warn } from '../core/problem.ts';
import { didYouMean } from '../core/registry.ts';
import type { InputPlan, Sample } from '../core/stages.ts';
import type { Wanted } from '../input/index.ts';
import type { OutputFormatName } from '../request.ts';
import { linePrefixOf } from '../source/index.ts';
import { areDatesAlone } from '../time/index.ts';
import type { SourcePlan } from './data.ts';
import { settingText } from './settings.ts';

/** Says, once for each source, what its text does not decide. */
export function sayDoubts(sources: readonly SourcePlan[], format: OutputFormatName, warn: Warn): void {
  for (const source of sources) {
    const { open, stamp } = source;
    for (const doubt of stamp?.doubts ?? []) warn({ code: 'ambiguous', where: open.label, ...doubt });
    sayFewDated(source, warn);
    sayHours(source, warn);
    if (format === 'ndjson') sayNoUtf8(source, warn);
    sayEmptyStdin(source, warn);
  }
  sayNaive(sources, warn);
  if (format === 'raw') sayTables(sources, warn);
}

/** Records without columns of their own are one cell of a table, where one may have expected their members. */
export function sayWhole(sources: readonly SourcePlan[], warn: Warn): void {
  const whole = sources.filter(({ input }) => namesItsFields(input));
  if (whole.length === 0) return;
  warn({
    code: 'note',
    where: namesOf(whole),
    what: 'each record is one cell, in the column "message"',
    hint: 'name members or keys to have columns of them: --columns level,msg',
  });
}

/** The lines of several logs that stay one, as members of archives do, and what a run goes on in: what has no stamp may go to another log's record. */
export function saySeveralLogs(
  label: string,
  sample: Sample,
  { format }: InputPlan,
  settings: Wanted,
  warn: Warn,
): void {
  const [head] = sample.pieces;
  const prefix = head === undefined || format !== 'text' || settings.format ? undefined : linePrefixOf(head);
  if (prefix === undefined) return;
  warn({
    code: 'ambiguous',
    where: label,
    what: `it holds the lines of several logs (${prefix.program}), which are not told apart in archives, nor with --state or --follow: one without a timestamp goes to the record above it`,
    hint: 'give a file for each log, or --input-format text',
  });
}

/** A member that no sampled record has may come later; one that is nearly called like another is most likely that one. */
export function sayMisspelt(columns: readonly string[], sources: readonly SourcePlan[], warn: Warn): void {
  const columnsOf = ({ input, fieldNames }: SourcePlan) => (namesItsFields(input) ? fieldNames : knownColumns(input));
  const names = new Set(sources.flatMap(columnsOf));
  for (const column of columns) {
    const near = names.has(column) ? undefined : didYouMean(column, names);
    if (near === undefined || column === 'message') continue;
    const what = `no record that was looked at has "${column}"`;
    warn({ code: 'ambiguous', where: '--columns', what, hint: `did you mean "${near}"?` });
  }
}

const namesOf = (sources: readonly SourcePlan[]): string => namesFor(sources.map(({ open }) => open.label));

/** What is written as it was loses its header where that does not hold for all; rows of several tables then look alike. */
function sayTables(sources: readonly SourcePlan[], warn: Warn): void {
  const tables = sources.filter(({ input }) => textOf(input) !== '');
  const [first] = tables;
  const other = tables.find(({ input }) => textOf(input) !== textOf(first.input));
  if (first === undefined || other === undefined) return;
  const what = `its header is not that of ${first.open.label}: raw output has rows of both, and no header`;
  warn({ code: 'note', where: other.open.label, what, hint: 'make one table of them with -O csv' });
}

const textOf = (input: InputPlan): string => (isTable(input) ? input.headerText : '');

/** Only JSON cannot hold bytes as they are. */
function sayNoUtf8({ open: { label }, utf8 }: SourcePlan, warn: Warn): void {
  if (utf8) return;
  const what = 'not all of it is UTF-8, and what is not becomes U+FFFD in NDJSON';
  warn({ code: 'ambiguous', where: label, what, hint: 'give its --encoding, e.g. windows-1252' });
}

/** A program that wrote nothing has most likely failed. */
function sayEmptyStdin({ stamp, open, path, input }: SourcePlan, warn: Warn): void {
  if (stamp !== undefined || path !== '-' || open.kind !== 'pipe' || input.format !== 'text') return;
  warn({ code: 'note', where: 'stdin', what: 'there was nothing to read' });
}

/** Below this share of dated lines a stamp somewhere in the text is likelier than a log with long stack traces. */
const FEW_DATED = 0.1;

function sayFewDated({ open: { label }, input, stamp, timeFormatGiven }: SourcePlan, warn: Warn): void {
  if (stamp === undefined || input.format !== 'text' || stamp.dated >= FEW_DATED) return;
  const share = stamp.dated < 0.01 ? 'less than 1 %' : `${Math.round(stamp.dated * 100)} %`;
  const what = `only ${share} of the sampled lines have a timestamp; the others are taken for continuation lines`;
  const hint = timeFormatGiven
    ? 'see whether they are written as --time-format says'
    : 'give --time-format if they have one that was not found';
  warn({ code: 'ambiguous', where: label, what, hint });
}

/** Columns that may hold the hour of the date beside them, as a number. */
const HOURS = /^(hour|hr|hours|stunde|heure|hora|ora|uur|period|interval)([ _(.-].*)?$/i;

/** Dates without their hours are all of midnight. */
function sayHours({ open: { label }, input, stamp, timeFormatGiven }: SourcePlan, warn: Warn): void {
  if (stamp === undefined || timeFormatGiven || !areDatesAlone(stamp)) return;
  const hours = knownColumns(input).find((name) => HOURS.test(name.trim()));
  if (hours === undefined) return;
  const what = `its dates are read without the column "${hours}", so all records of a day are of its midnight`;
  warn({ code: 'ambiguous', where: label, what, hint: 'write date and time in one column, or give --time-format' });
}

/** Stamps without a zone beside sources that name theirs: the likeliest wrong instants of all. */
function sayNaive(sources: readonly SourcePlan[], warn: Warn): void {
  const dated = sources.filter((source) => source.stamp !== undefined);
  const naive = dated.filter(({ stamp }) => stamp?.naive && stamp.zoneFrom === 'default');
  const [first] = naive;
  if (first === undefined || dated.every(({ stamp }) => stamp?.naive)) return;
  warn({
    code: 'ambiguous',
    where: namesOf(naive),
    what: 'stamps without a zone were read as UTC, while those of other sources name theirs',
    hint: naive.length === 1 ? `give --tz, e.g. --tz ${zoneOfOne(first)}, or --tz UTC` : zonesOf(naive, dated),
  });
}

const zoneOfOne = (source: SourcePlan): string => settingText(source, 'Europe/Berlin');

/** What settles several, of which the sentence names the first only: --tz without a glob leaves stamps with a zone alone. */
function zonesOf(naive: readonly SourcePlan[], dated: readonly SourcePlan[]): string {
  const isGiven = dated.some(({ stamp }) => stamp?.naive && stamp.zoneFrom === 'given');
  const before = isGiven ? ' before the other --tz' : '';
  return `give --tz UTC or e.g. --tz Europe/Berlin${before} for all of them, --tz ${zoneOfOne(naive[0] as SourcePlan)} for one`;
}
