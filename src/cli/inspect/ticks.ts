import { type Instant, NANOS_PER_SECOND } from '../../core/instant.ts';
import type { OffsetAt } from './stamps.ts';

const DAY = 86_400;
/** In the mean; ticks themselves stand at the beginnings of months. */
const MONTH = 30.436875 * DAY;

/** Steps between ticks, in seconds: those that people count in. */
const STEPS = [
  ...[0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30],
  ...[60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200],
  ...[1, 2, 7, 14].map((days) => days * DAY),
  ...[1, 2, 3, 6, 12, 24, 60, 120, 600].map((months) => months * MONTH),
];

/** From one tick to the next, so that the labels stay apart. */
const COLUMNS_PER_TICK = 14;

/** How the label of a tick is cut from `2024-03-10T06:59:58.120`, by the step. */
const LABELS = [
  { below: 1, from: 11, to: 23 },
  { below: 60, from: 11, to: 19 },
  { below: DAY, from: 11, to: 16 },
  { below: MONTH, from: 0, to: 10 },
  { below: 12 * MONTH, from: 0, to: 7 },
  { below: Number.POSITIVE_INFINITY, from: 0, to: 4 },
];

/** A line of ticks below lanes of `columns` characters that span [from, to]: `|06:00        |07:00`. */
export function tickLine(from: Instant, to: Instant, columns: number, offsetAt: OffsetAt): string {
  const begin = toSeconds(from);
  const length = toSeconds(to) - begin;
  const step = STEPS.find((each) => each / length >= COLUMNS_PER_TICK / columns);
  if (length <= 0 || step === undefined) return '';
  const offset = offsetAt(Math.floor(begin));
  let line = '';
  for (const local of ticksOf(step, begin + offset, begin + offset + length)) {
    const column = Math.floor(((local - offset - begin) / length) * columns);
    const tick = `|${labelOf(local, step)}`;
    if (column >= line.length && column + tick.length <= columns) line = `${line.padEnd(column)}${tick}`;
  }
  return line;
}

/** Where ticks stand in [begin, end], in local seconds. */
function ticksOf(step: number, begin: number, end: number): number[] {
  const ticks: number[] = [];
  if (step < MONTH) {
    for (let tick = Math.ceil(begin / step) * step; tick <= end; tick += step) ticks.push(tick);
    return ticks;
  }
  const months = Math.round(step / MONTH);
  const date = new Date(begin * 1000);
  let month = date.getUTCFullYear() * 12 + date.getUTCMonth();
  for (month -= month % months; startOf(month) <= end; month += months) {
    if (startOf(month) >= begin) ticks.push(startOf(month));
  }
  return ticks;
}

/** Seconds since 1970 at which a month begins, counted from that of the year 0. */
const startOf = (month: number): number => Date.UTC(2000, month - 24_000) / 1000;

/** Midnight shows its day, where the others show the time. */
function labelOf(local: number, step: number): string {
  const text = new Date(Math.round(local * 1000)).toISOString();
  if (step < DAY && step >= 60 && Math.round(local) % DAY === 0) return text.slice(5, 10);
  const label = LABELS.find(({ below }) => step < below) as (typeof LABELS)[number];
  return text.slice(label.from, label.to);
}

const toSeconds = (instant: Instant): number => Number(instant) / Number(NANOS_PER_SECOND);
