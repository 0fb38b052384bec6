import { formatCount } from '../core/count-text.ts';
import { formatInstant, NANOS_PER_SECOND, type Nanos } from '../core/instant.ts';
import type { LiveStatus, SourceStatus } from '../core/live-status.ts';
import { formatNanos } from './durations.ts';
import { visible } from './messages.ts';

/** From here on tenths of a second say nothing. */
const TENTHS = 100n;

/**
 * How a run stands, in one line: up to when records are written and how far that is behind the clock, what waits and was
 * late, and the sources that hold it back, the furthest behind first, as many as fit.
 * @param columns the width of the terminal
 * @example 'live: 06:00:03, lag 1.2 s, 5,420/s, 3,400 held, 12 late | db.log 1.3 s 120/s | web.log 0.2 s 5,300/s | 3 idle'
 */
export function statusLine(status: LiveStatus, columns: number): string {
  const awaited = status.sources.filter(({ isAwaited }) => isAwaited).toSorted(bySlowness);
  const idle = status.sources.length - awaited.length;
  const end = idle === 0 ? '' : ` | ${formatCount(idle)} idle`;
  const parts = awaited.map((source) => ` | ${sourcePart(source, status.now)}`);
  let line = headOf(status, awaited.length > 0);
  for (const [shown, part] of parts.entries()) {
    const left = parts.length - shown - 1;
    const rest = left === 0 ? end : ` | +${formatCount(left)}${end}`;
    if (line.length + part.length + rest.length >= columns)
      return fit(`${line} | +${formatCount(left + 1)}${end}`, columns);
    line += part;
  }
  return fit(line + end, columns);
}

const fit = (line: string, columns: number): string => line.slice(0, columns - 1);

/** Who has shown nothing yet holds all others back. */
function bySlowness(one: SourceStatus, other: SourceStatus): number {
  if (one.highest === undefined || other.highest === undefined)
    return Number(one.highest !== undefined) - Number(other.highest !== undefined);
  return one.highest < other.highest ? -1 : Number(one.highest > other.highest);
}

function headOf(status: LiveStatus, isWaiting: boolean): string {
  const { now, watermark, offset, held, totals } = status;
  const parts = [watermark === undefined ? 'nothing yet' : timeOfDay(watermark, offset)];
  if (!isWaiting) parts.push('all quiet');
  else if (watermark !== undefined) parts.push(`lag ${lag(now - watermark)}`);
  const rate = status.sources.reduce((sum, { recordsPerSecond }) => sum + recordsPerSecond, 0);
  if (rate > 0) parts.push(perSecond(rate));
  if (held > 0) parts.push(`${formatCount(held)} held`);
  if (totals.late > 0) parts.push(`${formatCount(totals.late)} late`);
  return `live: ${parts.join(', ')}`;
}

/** In the zone of the output. */
const timeOfDay = (instant: bigint, offset: number): string =>
  formatInstant(instant + BigInt(offset) * NANOS_PER_SECOND, 0).slice(11, 19);

function sourcePart({ label, highest, recordsPerSecond }: SourceStatus, now: bigint): string {
  const parts = [visible(label), highest === undefined ? 'nothing yet' : lag(now - highest)];
  if (recordsPerSecond > 0) parts.push(perSecond(recordsPerSecond));
  return parts.join(' ');
}

/** How far behind the clock. @example '1.2 s'; '-3 s' for stamps that lie ahead of it */
function lag(length: Nanos): string {
  const tenths = (length < 0n ? -length : length) / (NANOS_PER_SECOND / 10n);
  const rounded = tenths < TENTHS ? tenths * (NANOS_PER_SECOND / 10n) : (tenths / 10n) * NANOS_PER_SECOND;
  const text = rounded === 0n ? '0 s' : rounded < NANOS_PER_SECOND ? `0.${tenths} s` : formatNanos(rounded);
  return length < 0n && rounded > 0n ? `-${text}` : text;
}

const perSecond = (rate: number): string => `${rate < 10 ? rate.toFixed(1) : formatCount(Math.round(rate))}/s`;
