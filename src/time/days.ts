import { DAY_SECONDS } from '../core/instant.ts';
import { dayNumber } from '../kernel/calendar.ts';
import { NO_OFFSET } from '../kernel/stamp-layout.ts';
import { FRAME_START } from './reader.ts';

/** A step back by less is a late line, or a clock that was set right, not the next day. */
export const LATE = 1800;

export interface DaysSeen {
  day: number;
  last: number;
  offset: number;
  records: number;
}

/**
 * Gives the date to stamps that have only a time, by the order of the file: a step back is the next day, a step forward
 * by nearly a day is a late line of the day before. Without a first day it counts from day 0.
 */
export class DayWalk {
  /** Days since 1970 of the current record, or counted from the first where that is not known. */
  day: number;
  /** Seconds of the day of the last record, its offset from UTC (NO_OFFSET where it names none), and how many there were. */
  last = 0;
  offset = NO_OFFSET;
  records = 0;

  constructor(start: number | undefined) {
    this.day = start ?? 0;
  }

  /** What the day of the next stamp depends on; plain data. */
  remember(): DaysSeen {
    const { day, last, offset, records } = this;
    return { day, last, offset, records };
  }

  recall(seen: DaysSeen): void {
    Object.assign(this, seen);
  }

  /** Takes note of `count` more stamps, each less than LATE from all others and from the last one, at `frame`, that were read elsewhere. */
  passed(frame: number, count: number): void {
    this.records += count;
    this.last = frame - FRAME_START;
  }

  /** The local seconds of a stamp that was read in the frame date. */
  complete(frame: number): number {
    const time = frame - FRAME_START;
    if (this.records++ > 0) {
      const step = time - this.last;
      if (step < -LATE) this.day++;
      else if (step > DAY_SECONDS - LATE) this.day--;
    }
    this.last = time;
    return this.day * DAY_SECONDS + time;
  }
}

/** Year, month and day with or without a separator, as rotated files are named; not inside a longer number. */
const NAMED_DATE = /(?<![0-9])((?:19|20)\d\d)([-_.]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?![0-9])/g;

/** The date that stands in the name of a source, as days since 1970: the last one, where there are several. */
export function dayInName(name: string): number | undefined {
  const found = [...name.matchAll(NAMED_DATE)].at(-1);
  return found && dayNumber(Number(found[1]), Number(found[3]), Number(found[4]));
}
