import { totalCounts } from '../core/counts.ts';
import { MIN_INSTANT, NANOS_PER_SECOND } from '../core/instant.ts';
import type { LiveStatus } from '../core/live-status.ts';
import type { Plan } from '../plan.ts';
import type { Run } from '../run/run.ts';
import type { Thinning } from '../run/thinning.ts';
import type { Arrivals } from './arrivals.ts';
import type { Followed } from './followed.ts';
import type { Sources } from './sources.ts';
import { Pace } from './turns.ts';

/** How often people see it. */
const STATUS_MS = 1000;

/** What knows how a run stands. */
export interface Standing {
  run: Run;
  plan: Plan;
  thinning: Thinning;
  arrivals: Arrivals;
  sources: Sources;
}

/** Tells now and then how a run stands: whoever draws it, and whoever writes it down. */
export class Status {
  readonly #standing: Standing;
  readonly #listeners: Listener[];

  constructor(standing: Standing) {
    const { io } = standing.run;
    const { reportMs } = standing.plan.follow ?? {};
    this.#standing = standing;
    this.#listeners = [];
    if (io.status !== undefined) this.#listeners.push(new Listener(STATUS_MS, io.status));
    if (io.interim !== undefined && reportMs !== undefined) this.#listeners.push(new Listener(reportMs, io.interim));
  }

  /** Tells those whose time has come. @param now milliseconds of the run's clock */
  tick(now: number): void {
    for (const listener of this.#listeners) if (listener.pace.isDue(now)) listener.hear(this.#standing, now);
  }
}

class Listener {
  readonly pace: Pace;
  readonly #tell: (status: LiveStatus) => void;
  /** What was read of each source the last time, and when that was. */
  readonly #records = new WeakMap<Followed, number>();
  #at: number | undefined;

  constructor(everyMs: number, tell: (status: LiveStatus) => void) {
    this.pace = new Pace(everyMs, everyMs);
    this.#tell = tell;
  }

  hear(standing: Standing, now: number): void {
    const seconds = (now - (this.#at ?? now)) / 1000;
    this.#tell(this.#look(standing, seconds));
    this.#at = now;
    this.pace.did(now, 0);
  }

  #look({ run, plan, thinning, arrivals, sources }: Standing, seconds: number): LiveStatus {
    thinning.count();
    const { watermark, held } = arrivals;
    const isSet = watermark.instant > MIN_INSTANT;
    return {
      now: run.io.now(),
      watermark: isSet ? watermark.instant : undefined,
      offset: isSet ? offsetAt(plan, Number(watermark.instant / NANOS_PER_SECOND)) : 0,
      held: held.count,
      totals: totalCounts(plan.sources.map((_, source) => run.countsOf(source))),
      sources: sources.all.map((followed) => {
        const { label, path, index } = followed;
        const counts = index === undefined ? undefined : run.countsOf(index);
        return {
          label,
          path: path.path,
          isAwaited: !followed.isIdle && !followed.isOver,
          highest: watermark.highestOf(followed),
          recordsPerSecond: this.#rate(followed, counts?.records ?? 0, seconds),
          counts: counts && { ...counts },
        };
      }),
    };
  }

  #rate(followed: Followed, records: number, seconds: number): number {
    const before = this.#records.get(followed) ?? (seconds === 0 ? records : 0);
    this.#records.set(followed, records);
    return seconds === 0 ? 0 : Math.max(0, records - before) / seconds;
  }
}

const offsetAt = ({ output }: Plan, seconds: number): number => output.zone.toLocal(seconds) - seconds;
