import { formatCount } from '../core/count-text.ts';
import { DAY_SECONDS } from '../core/instant.ts';
import { namesFor, TsalignError } from '../core/problem.ts';
import { settingText } from '../plan/settings.ts';
import type { SourcePlan } from '../plan.ts';
import type { Run } from './run.ts';
import type { PassTotals } from './totals.ts';

/** Says, after all sources were read, which instants their text and order leave open. */
export function sayDating(run: Run, sources: readonly SourcePlan[], passes: readonly PassTotals[]): void {
  for (const [index, pass] of passes.entries()) {
    const source = sources[index];
    sayTrouble(run, index);
    sayOpen(run, source, pass);
    sayRefused(run, source, pass);
  }
  sayCut(run, sources, passes);
}

/** Says the first record of a source that is broken or has no instant, and how many there are. */
export function sayTrouble({ io, troubles, countsOf }: Run, index: number): void {
  const problem = troubles[index];
  if (problem === undefined) return;
  const { broken, undated } = countsOf(index);
  const all = [
    ...(broken > 0 ? [`${broken} ${broken === 1 ? 'record is' : 'records are'} broken`] : []),
    ...(undated > 0 ? [`${undated} ${undated === 1 ? 'has' : 'have'} no instant`] : []),
  ].join(', ');
  io.warn(Math.max(broken, undated) > 1 ? { ...problem, what: `${problem.what} (in all, ${all})` } : problem);
}

/** Says what one source leaves open, after it was read to its end. */
export function sayOpen(run: Run, source: SourcePlan, pass: PassTotals): void {
  sayGaps(run, source, pass);
  sayRepeated(run, source, pass);
  sayMixed(run, source, pass);
  sayYears(run, source, pass);
  sayLeft(run, source, pass);
}

/** Local times that did not exist are the best sign of a wrong --tz; who gave --dst knows of them. */
function sayGaps(run: Run, { open: { label } }: SourcePlan, { stamper }: PassTotals): void {
  const { gaps } = stamper.counters;
  if (gaps === 0 || run.request.dst !== undefined) return;
  const what = `${gaps} ${gaps === 1 ? 'stamp lies' : 'stamps lie'} in an hour that ${stamper.clock.unusualZone} skipped, and moved forward`;
  run.io.warn({ code: 'ambiguous', where: label, what, hint: 'check --tz; --dst order says that it is right' });
}

/** A repeated hour in which the file never steps back may be either. */
function sayRepeated(run: Run, { open: { label } }: SourcePlan, { stamper }: PassTotals): void {
  const { unsettled } = stamper.counters;
  if (unsettled === 0 || run.request.dst !== undefined) return;
  const what =
    `${unsettled} ${unsettled === 1 ? 'stamp lies' : 'stamps lie'} in an hour that ${stamper.clock.unusualZone} had twice, ` +
    'and the order of the records does not tell which; the earlier was taken';
  run.io.warn({ code: 'ambiguous', where: label, what, hint: 'give --dst earlier if that is right, else --dst later' });
}

/** Stamps without a zone beside such with one in the same source: two programs, or one that was set up anew. */
function sayMixed(run: Run, source: SourcePlan, { stamper }: PassTotals): void {
  const { naive, dated } = stamper.counters;
  const { open, stamp } = source;
  if (naive === 0 || naive >= dated || stamp?.zoneFrom === 'given') return;
  const what = `${formatCount(naive)} of ${formatCount(dated)} stamps ${naive === 1 ? 'names no zone and was' : 'name no zone and were'} read as UTC, while the others name theirs`;
  const hint = `give --tz, e.g. --tz ${settingText(source, 'Europe/Berlin')}, or --tz UTC`;
  run.io.warn({ code: 'ambiguous', where: open.label, what, hint });
}

/** Zones that no sampled line has: a log that began to write them, or messages that begin with such words. */
function sayLeft(run: Run, { open: { label }, stamp }: SourcePlan, { stamper }: PassTotals): void {
  const { leftZones } = stamper.counters;
  if (leftZones === 0 || stamp?.zoneFrom === 'given') return;
  const what = `${leftZones} ${leftZones === 1 ? 'stamp is' : 'stamps are'} followed by what may be the name of a zone, and read without it, as no line that was looked at has one`;
  run.io.warn({ code: 'ambiguous', where: label, what, hint: 'give --tz, and --time-format if they are zones' });
}

/** A record that lies further back than this in a file without years is not just late. */
const MONTH = 31 * DAY_SECONDS;
/** Nor is one that lies so far back, where a step back by half a year was taken for a new year. */
const WEEK = 7 * DAY_SECONDS;

const SPLIT = 'split the file where its order breaks';

/** Years are told by the order of a file: one that goes back and forth through the months has none. */
function sayYears(run: Run, { open: { label }, stamp }: SourcePlan, { stamper }: PassTotals): void {
  if (!stamp?.lacksYear || stamp.lacksDate) return;
  const { newYears, silences, latest } = stamper.walk;
  const isBackAndForth = newYears > 0 && silences > 0;
  // Where all lie in the year that was given, nothing was inferred.
  const isSaid = stamp.yearFrom === 'given' && newYears === 0;
  if (!isBackAndForth && (isSaid || latest <= (newYears > 0 ? WEEK : MONTH))) return;
  const steps = isBackAndForth
    ? `go back and forth by more than half a year (${newYears === 1 ? 'once back, taken' : `${newYears} times back, each taken`} for a new year)`
    : `go back by up to ${Math.round(latest / DAY_SECONDS)} days within what was taken for one year`;
  const [stamps, those] = stamp.yearFrom === 'stamps' ? ['some stamps', 'these'] : ['the stamps', 'its'];
  const what = `${stamps} have no year, and ${steps}: the years of ${those} records are uncertain`;
  run.io.warn({
    code: 'ambiguous',
    where: label,
    what,
    hint: newYears > 0 ? `${SPLIT}, and give --year` : `give --year if all are of one year, else ${SPLIT}`,
  });
}

const becomeOf = ({ request }: Run): string =>
  request.undated === 'reject'
    ? 'set aside (--undated reject)'
    : 'kept behind the record before it (--undated reject sets such records aside)';

/** Lines whose stamp names no instant are records without one, which must be said; other formats say it themselves. */
function sayRefused(run: Run, { open: { label }, input, stamp }: SourcePlan, { stamper, framer }: PassTotals): void {
  const { dated, refused, outOfRange, ambiguous } = stamper.counters;
  const isText = input.format === 'text' || input.format === 'logfmt';
  // What the sample showed was said before, with what the abbreviation may mean.
  const wasSaid = dated > 0 && stamp?.manyZones !== undefined;
  const why = [
    ...(ambiguous > 0 && !wasSaid ? ['its zone is an abbreviation of several zones'] : []),
    ...(refused > 0 ? ['its day or time does not exist or exists twice'] : []),
    ...(outOfRange > 0 ? ['it lies before 1678 or after 2262'] : []),
  ].join(', or ');
  if (!isText || why === '') return;
  const lines = `${formatCount(refused + outOfRange + (wasSaid ? 0 : ambiguous))} of ${formatCount(framer.line)} lines`;
  const zone = ambiguous > 0 ? { hint: `say which with --tz-abbr ${stamp?.manyZones ?? 'NAME'}=ZONE, or --tz` } : {};
  if (dated === 0) {
    const what = `in ${lines} the stamp names no instant (${why}), and no other line has one`;
    throw new TsalignError({ code: 'no-timestamp', where: label, what, ...zone });
  }
  const what = `in ${lines} the stamp names no instant (${why})`;
  run.io.warn({
    code: 'undated',
    where: label,
    what,
    hint: [becomeOf(run), ...Object.values(zone)].join('; '),
  });
}

/** Digits that an instant has no room for. */
function sayCut(run: Run, sources: readonly SourcePlan[], passes: readonly PassTotals[]): void {
  const cut = [...passes.entries()].filter(([, { stamper }]) => stamper.counters.cut > 0);
  if (cut.length === 0) return;
  const where = namesFor(cut.map(([index]) => sources[index].open.label));
  const count = cut.reduce((sum, [, { stamper }]) => sum + stamper.counters.cut, 0);
  const what = `${formatCount(count)} ${count === 1 ? 'stamp has' : 'stamps have'} more than nine digits of a second; those behind the ninth were not read`;
  run.io.warn({ code: 'note', where, what });
}
