import type { Stamper } from '../core/stages.ts';
import type { YearsSeen, YearWalk } from './complete.ts';
import type { StampCounters } from './counters.ts';
import type { DaysSeen, DayWalk } from './days.ts';
import type { ClockSeen, LocalClock } from './dst.ts';

/** A stamper that also tells what it saw. */
export interface PlannedStamper extends Stamper {
  readonly counters: StampCounters;
  /** The most fraction digits seen, 0 to 9. */
  digits: number;
  /** The years, and the days, of stamps without them; for completeYear. */
  readonly walk: YearWalk;
  readonly days: DayWalk;
  readonly clock: LocalClock;
  /** What it has to know of the file to go on with the rest of it; plain data. */
  remember(): DatingMemory;
}

/** What dating carries from one record of a file to the next. */
export interface DatingMemory {
  years: YearsSeen;
  days: DaysSeen;
  clock: ClockSeen;
}
