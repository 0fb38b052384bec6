/** Text → instants: the public face of this room. */
export { completeYear, type YearWalk } from './complete.ts';
export { noStamps, type StampCounters } from './counters.ts';
export { detectStamp, rateStamps } from './detect.ts';
export { TIME_FORMATS } from './formats.ts';
export { loadFormatsFile } from './formats-file.ts';
export { findImpossible } from './impossible.ts';
export { describePlace, type Place } from './place.ts';
export {
  areDatesAlone,
  type DstRule,
  describeStamp,
  formatNamed,
  formatNames,
  type PlannedFormat,
  readyFormats,
  type StampPlan,
  type StampSettings,
  standsAlone,
} from './plan.ts';
export type { DatingMemory, PlannedStamper } from './planned-stamper.ts';
export { parseQuery } from './query.ts';
export { parseDuration } from './shift.ts';
export { createStamper } from './stamper.ts';
export type { TimeFormat } from './time-format.ts';
export { parseZone, UTC, type Zone } from './zone.ts';
