import fs from 'node:fs';
import fc from 'fast-check';
import { BEGIN_MS, type Happening, type LogFolder } from './simulation.ts';

/** What a script does next: waits, and then does something to one of its logs. */
export interface Step {
  gapMs: number;
  log: number;
  action: 'write' | 'write' | 'rename' | 'copy' | 'write twice';
  /** How far behind the clock the stamps of its lines are. */
  latenessMs: number[];
}

const stepOf = (latestMs: number): fc.Arbitrary<Step> =>
  fc.record({
    gapMs: fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 300, max: 4000 })),
    log: fc.integer({ min: 0, max: 3 }),
    action: fc.constantFrom('write', 'write', 'write', 'write twice', 'rename', 'copy'),
    latenessMs: fc.array(fc.integer({ min: 0, max: latestMs }), { minLength: 1, maxLength: 5 }),
  }) as fc.Arbitrary<Step>;

/** Lines that no other run of the script has, each at an instant of its own. */
export class Script {
  readonly happenings: Happening[] = [];
  readonly lines: { text: string; instant: number; log: number; at: number }[] = [];
  endsAt = 0;

  readonly #mayRotate: (place: LogFolder, name: string) => boolean;

  /** @param mayRotate whether a log that is to be rotated may be, by then */
  constructor(steps: readonly Step[], mayRotate: (place: LogFolder, name: string) => boolean = isThere) {
    this.#mayRotate = mayRotate;
    let at = 200;
    for (const step of steps) {
      at += step.gapMs;
      // What is truncated before anybody has read a byte of it cannot be told from a log that was never written.
      if (step.action === 'copy') at += 300;
      this.#add(at, step);
    }
    this.endsAt = at + 500;
  }

  #add(at: number, { log, action, latenessMs }: Step): void {
    const text = latenessMs.map((lateness) => this.#line(at, log, lateness)).join('');
    const more = action === 'write twice' ? this.#line(at, log, 0) : '';
    const name = `${log}.ndjson`;
    const mayRotate = this.#mayRotate;
    this.happenings.push({
      at,
      act(place: LogFolder) {
        const old = `${name}.${at}-${place.read('count').length}`;
        if (action === 'rename' && mayRotate(place, name)) place.rename(name, old);
        if (action === 'copy' && mayRotate(place, name)) place.copyAndTruncate(name, old);
        place.append('count', '.');
        place.append(name, text);
        if (more !== '') place.append(name, more);
      },
    });
  }

  #line(at: number, log: number, lateness: number): string {
    const id = this.lines.length;
    const instant = at - lateness;
    const stamp = new Date(BEGIN_MS + instant).toISOString().replace('Z', `${String(id % 1000).padStart(3, '0')}Z`);
    const text = `{"ts":"${stamp}","id":${id},"log":${log}}\n`;
    this.lines.push({ text, instant: instant + (id % 1000) / 1000, log, at });
    return text;
  }

  /** All lines in the order of their instants. */
  get merged(): string {
    return this.lines
      .toSorted((a, b) => a.instant - b.instant)
      .map(({ text }) => text)
      .join('');
  }
}

const isThere = (place: LogFolder, name: string): boolean => fs.existsSync(place.path(name));

export const SOURCES = ['0.ndjson', '1.ndjson', '2.ndjson', '3.ndjson'];

export const scripts = (latestMs: number) => fc.array(stepOf(latestMs), { minLength: 1, maxLength: 25 });

/** Whether the state knows of a log: what is rotated before is nowhere to be found. */
export const isKnown = (place: LogFolder, name: string): boolean =>
  isThere(place, name) && new RegExp(`/${name}".*"offset":[1-9]`).test(place.read('state'));
