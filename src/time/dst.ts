import type { StampCounters } from './counters.ts';
import type { DstRule } from './plan.ts';
import { NEVER, ONCE, TWICE, type Zone } from './zone.ts';

/**
 * A local time that steps back by less within a repeated hour is a late line, not the second pass of the clock: threads
 * that write one log are seconds late, the clock goes back by half an hour (Lord Howe) or more, less the log's pause.
 */
const LATE_LINE = 60;

type Unusual = Pick<StampCounters, 'gaps' | 'repeated' | 'unsettled'>;

export interface ClockSeen {
  previous: number | null;
  repeatedHour: number | null;
  secondPass: boolean;
}

/** Tells the offset of local times in the order of a file, by the rule for those that were twice or never. */
export class LocalClock {
  /** The zone of the last local time that was twice or never. */
  unusualZone = '';
  private readonly counters: Unusual;
  private readonly dst: DstRule;
  /** The local time that was read last, here or elsewhere. */
  previous = Number.NEGATIVE_INFINITY;
  private repeatedHour = Number.NaN;
  private secondPass = false;
  /** Times of the repeated hour at hand that were taken for its first pass: a second one shows that they were. */
  private first = 0;

  constructor(dst: DstRule, counters: Unusual) {
    this.dst = dst;
    this.counters = counters;
  }

  /** What the offset of the next local time depends on; plain data. */
  remember(): ClockSeen {
    const known = (value: number) => (Number.isFinite(value) ? value : null);
    const { previous, repeatedHour, secondPass } = this;
    return { previous: known(previous), repeatedHour: known(repeatedHour), secondPass };
  }

  recall(seen: ClockSeen): void {
    this.previous = seen.previous ?? Number.NEGATIVE_INFINITY;
    this.repeatedHour = seen.repeatedHour ?? Number.NaN;
    this.secondPass = seen.secondPass;
  }

  /** Seconds from UTC to local time, for a stamp that names no zone; NaN where the DST rule refuses it. */
  offsetOf(zone: Zone, local: number): number {
    if (local < zone.low || local >= zone.high) zone.locate(local);
    const previous = this.previous;
    this.previous = local;
    return zone.kind === ONCE ? zone.offset : this.unusualOffset(zone, local, previous);
  }

  private unusualOffset(zone: Zone, local: number, previous: number): number {
    this.unusualZone = zone.name;
    if (zone.kind === TWICE) this.counters.repeated++;
    if (zone.kind === NEVER) this.counters.gaps++;
    if (this.dst === 'reject') return Number.NaN;
    if (zone.kind === NEVER || this.dst === 'earlier') return zone.offset;
    if (this.dst === 'later') return zone.later;
    // The first time in this hour, or come to it from before: the clock has not been set back yet.
    if (this.repeatedHour !== zone.low || previous < zone.low) this.begin();
    else if (local < previous - LATE_LINE) this.goBack();
    this.repeatedHour = zone.low;
    if (this.secondPass) return zone.later;
    this.first++;
    this.counters.unsettled++;
    return zone.offset;
  }

  private begin(): void {
    this.secondPass = false;
    this.first = 0;
  }

  private goBack(): void {
    this.secondPass = true;
    this.counters.unsettled -= this.first;
    this.first = 0;
  }
}
