import { formatCount } from '../../core/count-text.ts';
import { type Instant, NANOS_PER_SECOND } from '../../core/instant.ts';
import { axisOf, countTogether, type Inspection, type Lane, laneOf, type SourceInspection } from '../../inspect.ts';
import { visible } from '../messages.ts';
import { type OffsetAt, zonedStamp } from './stamps.ts';
import { tickLine } from './ticks.ts';

/** What a screen is drawn with. */
export interface Drawing {
  /** Characters in a line. */
  columns: number;
  /** Few to many records, nothing between the first and the last, and late records. */
  levels: readonly string[];
  silence: string;
  late: string;
  bold: (text: string) => string;
  dim: (text: string) => string;
  alarm: (text: string) => string;
}

type Paints = Pick<Drawing, 'bold' | 'dim' | 'alarm'>;

/** For a terminal that shows more than ASCII, and for everything else. */
export const blockDrawing = (columns: number, paints: Paints): Drawing => ({
  columns,
  levels: [...'▁▂▃▄▅▆▇█'],
  silence: '·',
  late: '!',
  ...paints,
});
export const plainDrawing = (columns: number, paints: Paints): Drawing => ({
  columns,
  levels: [...'.:+*#'],
  silence: '-',
  late: '!',
  ...paints,
});

const LONGEST_LABEL = 24;
const NARROWEST_LANE = 20;

/** The coverage picture: a lane for each source over a common time, how many sources there are at once, and the time. */
export function drawLanes(inspection: Inspection, drawing: Drawing): string[] {
  const { sources, zone } = inspection;
  const axis = axisOf(sources);
  if (axis === undefined) return [];
  const { from, to } = axis;
  const offsetAt: OffsetAt = (seconds) => zone.toLocal(seconds) - seconds;
  const labels = namesOf(sources).map((name) => shorten(visible(name)));
  const left = Math.max(...[...labels, TOGETHER].map((label) => label.length)) + 2;
  const counts = sources.map(({ counts }) => formatCount(counts.records - counts.outside));
  const right = Math.max(...counts.map((count) => count.length)) + 2;
  const columns = Math.max(NARROWEST_LANE, drawing.columns - left - right);
  const lanes = sources.map(({ density }) => laneOf(density, from, to, columns));
  const far = sources.map(({ first, last }) => describeFar(first, last, axis, offsetAt));
  const near = lanes.filter((_, i) => far[i] === undefined);
  const margin = ' '.repeat(left);
  return [
    margin + ends(zonedStamp(from, offsetAt), zonedStamp(to, offsetAt), columns),
    ...lanes.map((lane, i) => {
      const drawn = far[i]?.padStart(far[i].startsWith('<') ? 0 : columns).padEnd(columns) ?? drawLane(lane, drawing);
      return `${drawing.bold(labels[i].padEnd(left))}${drawn}${counts[i].padStart(right)}`;
    }),
    ...(sources.length > 1 ? [TOGETHER.padEnd(left) + drawTogether(countTogether(near, columns))] : []),
    ...[tickLine(from, to, columns, offsetAt)].filter((line) => line !== '').map((line) => margin + line),
    '',
    drawing.dim(legendOf(drawing, sources.length > 1)),
    ...(near.length < lanes.length ? [drawing.dim('< > begins so far away that it is not drawn')] : []),
  ];
}

const TOGETHER = 'together';

/** Files of one series have one label, and are told apart by their paths. */
function namesOf(sources: readonly SourceInspection[]): string[] {
  const shared = new Set(sources.filter(({ series }, i) => series !== i).map(({ series }) => series));
  return sources.map(({ label, path, series }) => (shared.has(series) ? path : label));
}

/** Where records are that lie outside the axis: an arrow, and when they begin. */
function describeFar(
  first: Instant | undefined,
  last: Instant | undefined,
  { from, to }: { from: Instant; to: Instant },
  offsetAt: OffsetAt,
): string | undefined {
  if (first === undefined || last === undefined || (last >= from && first <= to)) return undefined;
  const stamp = zonedStamp(first - (first % NANOS_PER_SECOND), offsetAt);
  return first > to ? `${stamp} >` : `< ${stamp}`;
}

function ends(first: string, last: string, columns: number): string {
  const between = columns - first.length - last.length;
  return between < 1 ? `${first} ${last}` : first + ' '.repeat(between) + last;
}

/** Its end tells more of a long name than its beginning: that is where files of one folder differ. */
function shorten(label: string): string {
  return label.length <= LONGEST_LABEL ? label : `..${label.slice(2 - LONGEST_LABEL)}`;
}

/** Each lane is measured by its own busiest part. */
function drawLane({ counts, late }: Lane, drawing: Drawing): string {
  const most = Math.max(...counts);
  const begin = counts.findIndex((count) => count > 0);
  const end = counts.findLastIndex((count) => count > 0);
  return counts
    .map((count, column) => {
      if (count === 0) return begin >= 0 && column > begin && column < end ? drawing.dim(drawing.silence) : ' ';
      if (late[column] > 0) return drawing.alarm(drawing.late);
      return drawing.levels[Math.ceil((count / most) * drawing.levels.length) - 1];
    })
    .join('');
}

const drawTogether = (counts: readonly number[]): string =>
  counts.map((count) => (count === 0 ? ' ' : count > 9 ? '+' : String(count))).join('');

function legendOf({ levels, silence, late }: Drawing, isShared: boolean): string {
  const together = isShared ? '   1-9+ sources at once' : '';
  return `${levels.join('')} few to many   ${silence} none   ${late} some out of order${together}`;
}
