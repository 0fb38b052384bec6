import type { Clock } from '../core/clock.ts';
import { FolderWatch } from '../source/index.ts';
import type { Followed } from './followed.ts';
import type { Reading } from './reading.ts';
import type { Sources } from './sources.ts';
import { Pace } from './turns.ts';
import type { Watermark } from './watermark.ts';

/** How often names are looked at where the system does not tell of changes: those of the sources, and new ones. */
const LOOK_MS = 250;
const LOOK_MOST_MS = 5000;
const DISCOVER_MS = 1000;
const DISCOVER_MOST_MS = 10_000;

interface Around {
  sources: Sources;
  reading: Reading;
  watermark: Watermark<Followed>;
  clock: Clock;
  /** The system says that a source has changed. */
  changed(followed: Followed): void;
}

/** Finds out now and then what has the names of the sources, and which new ones there are. */
export class Finding {
  readonly #around: Around;
  readonly #watch: FolderWatch;
  readonly #discovery = new Pace(DISCOVER_MS, DISCOVER_MOST_MS);
  readonly #looks = new Pace(LOOK_MS, LOOK_MOST_MS);

  constructor(around: Around) {
    const { sources, changed } = around;
    this.#around = around;
    this.#watch = new FolderWatch((path, what) => {
      const followed = sources.at(path);
      if (what === 'its name') (followed === undefined ? this.#discovery : this.#looks).hurry();
      if (followed !== undefined) changed(followed);
    });
  }

  /** Takes in new files, if it is time to. */
  async discover(): Promise<void> {
    const { sources, clock } = this.#around;
    const now = clock.elapsed();
    if (!sources.mayGrow || !this.#discovery.isDue(now)) return;
    await this.#takeIn();
    this.#watch.renew(sources.folders);
    this.#discovery.did(clock.elapsed(), clock.elapsed() - now);
  }

  /** Looks which files have the names of the sources, if it is time to. Returns whether it was. */
  async look(): Promise<boolean> {
    const { clock } = this.#around;
    const now = clock.elapsed();
    if (!this.#looks.isDue(now)) return false;
    await this.#lookAtAll();
    this.#looks.did(clock.elapsed(), clock.elapsed() - now);
    return true;
  }

  /** Does both at once. */
  async findAll(): Promise<void> {
    await this.#takeIn();
    await this.#lookAtAll();
  }

  close(): void {
    this.#watch.close();
  }

  async #takeIn(): Promise<void> {
    const { sources, watermark } = this.#around;
    for (const followed of await sources.discover()) watermark.join(followed);
  }

  async #lookAtAll(): Promise<void> {
    const { sources, reading } = this.#around;
    for (const followed of sources.all) if (!followed.isOver) await reading.look(followed);
  }
}
