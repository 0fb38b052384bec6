/** Text → instants: the public face of this room. */
export { completeYear } from './complete.ts';
export { noStamps } from './counters.ts';
export { detectStamp, rateStamps } from './detect.ts';
export { parseDuration } from './duration.ts';
export { TIME_FORMATS } from './formats.ts';
export { loadFormatsFile } from './formats-file.ts';
export { findImpossible } from './impossible.ts';
export {
  areDatesAlone,
  type DstRule,
  describeStamp,
  formatNamed,
  formatNames,
  hasDayOrder,
  type StampPlan,
  type StampSettings,
  standsAlone,
} from './plan.ts';
export type { DatingMemory, PlannedStamper } from './planned-stamper.ts';
export { parseQuery } from './query.ts';
export { createStamper } from './stamper.ts';
export type { TimeFormat } from './time-format.ts';
export { parseZone, UTC, type Zone, zoneInText } from './zone.ts';
