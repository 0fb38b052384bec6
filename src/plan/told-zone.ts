import type { ToldZone } from '../input/index.ts';
import { type StampPlan, type Zone, zoneInText } from '../time/index.ts';

/**
 * The plan of stamps that name no zone, in the zone that a field tells. The name of a column speaks of all of them; values
 * are those of the records that were looked at, and where they are no zone, it is said that they were not used.
 */
export function inToldZone(stamp: StampPlan, told: ToldZone | undefined): StampPlan {
  if (told === undefined) return stamp;
  const zone = told.varies ? undefined : zoneInText(told.zone);
  if (told.by === 'name') return zone === undefined ? stamp : inZone(stamp, zone);
  if (zone === undefined) return { ...stamp, doubts: [...stamp.doubts, unread(told)] };
  const doubt = {
    what: `the stamps name no zone; ${zone.name} was taken for all of them, as "${told.field}" is "${told.text}"`,
    hint: `give --tz ${zone.name} if that is right`,
  };
  const found = inZone(stamp, zone);
  return { ...found, doubts: [...found.doubts, doubt] };
}

const inZone = (stamp: StampPlan, { name }: Zone): StampPlan => ({ ...stamp, zone: name, zoneFrom: 'fields' });

const unread = ({ field, text, varies }: ToldZone): StampPlan['doubts'][number] => ({
  what: `the stamps name no zone and were read as UTC; "${field}" is "${text}"${varies ? ' and others' : ''}, which is not read as one`,
  hint: 'give --tz with their zone, or --tz UTC',
});
