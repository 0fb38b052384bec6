import { formatCount, plural } from '../../core/count-text.ts';
import { sentence } from '../../core/problem.ts';
import { formatSize } from '../../core/sizes.ts';
import type { Inspection, SourceInspection } from '../../inspect.ts';
import { formatNanos } from '../durations.ts';
import { visible } from '../messages.ts';
import { BLANK, wrap } from '../wrap.ts';
import type { Drawing } from './lanes.ts';
import { type OffsetAt, zonedStamp } from './stamps.ts';

/** What a source's paragraph says: a word and a text a line; a line without text is left out. */
type Fact = readonly [name: string, text: string];

/** A paragraph for each source, and one line for each that cannot be read. */
export function describeSources(inspection: Inspection, drawing: Drawing): string[] {
  const { sources, unread, zone } = inspection;
  const offsetAt: OffsetAt = (seconds) => zone.toLocal(seconds) - seconds;
  return [
    ...sources.flatMap((source) => describeSource(source, sources, offsetAt, drawing)),
    ...unread.flatMap((problem) => [`${drawing.alarm('not read:')} ${visible(sentence(problem))}`, '']),
  ];
}

function describeSource(
  source: SourceInspection,
  all: readonly SourceInspection[],
  offsetAt: OffsetAt,
  drawing: Drawing,
): string[] {
  const { label, path, bytes, opened, series } = source;
  const named = path === label ? '' : ` (${visible(path)})`;
  const size = bytes === undefined ? '' : `, ${formatSize(bytes)}`;
  const joined = all[series] === source ? '' : `, one series with ${visible(all[series]?.path ?? '')}`;
  const facts: Fact[] = [
    ['format', source.framed],
    ['stamps', source.dated],
    ['example', describeExample(source, offsetAt)],
    ['unused', source.otherTimes.length === 0 ? '' : `times also in ${source.otherTimes.join('; ')}`],
    ['records', describeCounts(source)],
    ['time', describeTime(source, offsetAt)],
    ['order', describeOrder(source)],
    ['gaps', describeGaps(source, offsetAt)],
    ['overlap', describeOverlap(source, all.length - 1)],
  ];
  const [first = '', ...more] = wrap(
    `${visible(label)}${named}: ${opened}${size}${joined}`,
    drawing.columns - 2,
    BLANK,
  );
  return [
    `${drawing.bold(first.slice(0, visible(label).length))}${first.slice(visible(label).length)}`,
    ...more.map((line) => `  ${line}`),
    ...facts
      .filter(([, text]) => text !== '')
      .flatMap(([name, text]) => wrapFact(name, visible(text), drawing.columns)),
    '',
  ];
}

const INDENT = 11;

const wrapFact = (name: string, text: string, columns: number): string[] =>
  wrap(text, Math.max(40, columns - INDENT), BLANK).map(
    (line, i) => `  ${(i === 0 ? name : '').padEnd(INDENT - 2)}${line}`,
  );

/** The first stamp, as it is written and read; not where both are the same. */
function describeExample({ example }: SourceInspection, offsetAt: OffsetAt): string {
  if (example === undefined) return '';
  const read = zonedStamp(example.instant, offsetAt);
  return read === example.text ? '' : `"${example.text}" is ${read}`;
}

function describeCounts({ counts }: SourceInspection): string {
  const { records, recordLines, framingLines, undated, broken, outside } = counts;
  const others: (readonly [number, string])[] = [
    [recordLines - records, `${plural(recordLines - records, 'continuation line')}`],
    [framingLines, `${plural(framingLines, 'line')} around them (a header, blank lines)`],
    [undated, `${formatCount(undated)} without an instant`],
    [broken, `${formatCount(broken)} broken`],
    [outside, `${formatCount(outside)} outside the range`],
  ];
  return [formatCount(records), ...others.filter(([count]) => count > 0).map(([, text]) => text)].join('; ');
}

function describeTime({ first, last }: SourceInspection, offsetAt: OffsetAt): string {
  if (first === undefined || last === undefined) return '';
  if (first === last) return `${zonedStamp(first, offsetAt)}, all of them`;
  return `${zonedStamp(first, offsetAt)} to ${zonedStamp(last, offsetAt)}, ${formatNanos(last - first)}`;
}

function describeOrder({ counts, late, firstLate, worst, first }: SourceInspection): string {
  if (first === undefined) return '';
  if (worst === undefined) return 'in order';
  const share = ((late / counts.records) * 100).toFixed(1).replace(/\.0$/, '');
  const worstText = `the worst by ${formatNanos(worst.by)} (line ${worst.line})`;
  return `${formatCount(late)} out of order (${share} %), from line ${firstLate} on; ${worstText}`;
}

function describeGaps({ gaps }: SourceInspection, offsetAt: OffsetAt): string {
  const [longest, ...others] = gaps;
  if (longest === undefined) return '';
  const length = ({ from, to }: SourceInspection['gaps'][number]) => to - from;
  // What is written at an interval has no longest one.
  if (others[1] !== undefined && length(others[1]) === length(longest))
    return `none longer than ${formatNanos(length(longest))}`;
  const next = others.slice(0, 2).map((gap) => formatNanos(length(gap)));
  const then = next.length === 0 ? '' : `; then ${next.join(', ')}`;
  return `longest ${formatNanos(length(longest))}, after ${zonedStamp(longest.from, offsetAt)}${then}`;
}

/** Offsets of zones differ by quarters of an hour: what is nearer goes on where the other ends. No two zones are further apart; no year is shorter. */
const LEAST_OF_ZONES = 900n * 1_000_000_000n;
const MOST_OF_ZONES = 26n * 3600n * 1_000_000_000n;
const LEAST_OF_YEARS = 300n * 86_400n * 1_000_000_000n;

/** The option that could settle it, where sources lie apart that should not. */
function wayOut({ nearest, zoneAssumed, yearAssumed }: SourceInspection): string {
  if (nearest === undefined) return '';
  if (yearAssumed && nearest.apart >= LEAST_OF_YEARS) return '; if that is wrong, give --year';
  const mayBeZone = zoneAssumed && nearest.apart >= LEAST_OF_ZONES && nearest.apart <= MOST_OF_ZONES;
  return mayBeZone ? '; if that is wrong, give --tz' : '';
}

function describeOverlap(source: SourceInspection, others: number): string {
  const { overlaps, nearest, first } = source;
  if (others <= 0 || first === undefined) return '';
  if (overlaps.count > 0) return describeOverlapping(overlaps, others);
  if (nearest === undefined) return 'none of the others has records';
  const where = nearest.isBefore
    ? `begins ${formatNanos(nearest.apart)} after ${nearest.label} ends`
    : `ends ${formatNanos(nearest.apart)} before ${nearest.label} begins`;
  return `none; ${where}${wayOut(source)}`;
}

/** More names than these tell less than how many there are. */
const MOST_NAMED = 3;

function describeOverlapping({ count, labels }: SourceInspection['overlaps'], others: number): string {
  const names = labels.length === 0 || labels.length > MOST_NAMED ? '' : ` (${labels.join(', ')})`;
  if (count === others && others === 1) return `with ${labels[0] ?? 'the other source'}`;
  if (count === others) return `with ${others === 2 ? 'both' : `all ${others}`} other sources`;
  return `with ${count} of ${others} other sources${names}`;
}
