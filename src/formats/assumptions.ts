import type { StampPlan } from '../time/index.ts';
import type { LineRecord } from './line.ts';
import type { LineReading } from './types.ts';

const dateOf = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10);

const TAKEN = {
  repeated: (zone: string) => ({ what: `the earlier of two instants: ${zone} had this hour twice`, hint: '--dst' }),
  skipped: (zone: string) => ({ what: `moved forward: ${zone} skipped this hour`, hint: 'check --tz' }),
};

/**
 * What a plan takes for true that neither the text nor the user said.
 * @param hour in which the time lies, where the user did not say what is to become of hours that clocks change
 */
export function assumptions(stamp: StampPlan, hour: LineRecord['hour'] | undefined): LineReading['assumed'] {
  const { naive, zoneFrom, zone, lacksYear, lacksDate, year, yearFrom, day, dayFrom, doubts } = stamp;
  const assumed: LineReading['assumed'] = [];
  if (naive && zoneFrom === 'default') assumed.push({ what: `zone ${zone}: the text names none`, hint: '--tz' });
  if (naive && zoneFrom === 'lines')
    assumed.push({ what: `zone ${zone}: a time later in the line tells it`, hint: '--tz' });
  if (lacksDate && day !== undefined && dayFrom === 'modified') {
    assumed.push({ what: `day ${dateOf(day)}: of a file, its modification time tells it`, hint: '--time-anchor' });
  } else if (lacksYear && year !== undefined && yearFrom === 'lines') {
    assumed.push({ what: `year ${year}: a time later in the line tells it`, hint: '--year' });
  } else if (lacksYear && year !== undefined && yearFrom === 'modified') {
    assumed.push({ what: `year ${year}: of a file, its modification time tells it`, hint: '--year' });
  }
  assumed.push(...doubts);
  if (hour !== undefined && hour.was !== 'ordinary') assumed.push(TAKEN[hour.was](hour.zone));
  return assumed;
}
