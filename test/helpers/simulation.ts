import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Clock } from '../../src/core/clock.ts';
import type { Problem } from '../../src/core/problem.ts';
import type { RunReport } from '../../src/output/index.ts';
import { runMerge } from '../../src/pipeline.ts';
import { type MergeRequest, type MergeResult, NOTHING_ASKED, type RunIo } from '../../src/request.ts';

/** Something that happens to the logs, so many milliseconds after the run has begun. */
export interface Happening {
  at: number;
  act(place: LogFolder): void | Promise<void>;
}

/** When a simulated run begins. */
export const BEGIN_MS = Date.UTC(2024, 2, 10, 6, 0, 0);

/** Where syncing costs nothing. */
const FAST = fs.existsSync('/dev/shm') ? '/dev/shm' : os.tmpdir();

/** A folder of logs whose files are modified when the clock of the simulation says so. */
export class LogFolder {
  readonly folder = fs.mkdtempSync(path.join(FAST, 'tsalign-live-'));
  readonly clock: () => number;

  constructor(clock: () => number) {
    this.clock = clock;
  }

  path(name: string): string {
    return path.join(this.folder, name);
  }

  append(name: string, text: string): void {
    fs.appendFileSync(this.path(name), text);
    this.#touch(name);
  }

  rename(from: string, to: string): void {
    fs.renameSync(this.path(from), this.path(to));
  }

  /** As logrotate does with copytruncate. */
  copyAndTruncate(from: string, to: string): void {
    fs.copyFileSync(this.path(from), this.path(to));
    this.#touch(to);
    fs.truncateSync(this.path(from));
    this.#touch(from);
  }

  remove(name: string): void {
    fs.rmSync(this.path(name));
  }

  read(name: string): string {
    return fs.existsSync(this.path(name)) ? fs.readFileSync(this.path(name), 'utf8') : '';
  }

  #touch(name: string): void {
    const seconds = (BEGIN_MS + this.clock()) / 1000;
    fs.utimesSync(this.path(name), seconds, seconds);
  }
}

/** A clock on which time passes only while the run sleeps. */
class ScriptedClock implements Clock {
  now = 0;
  readonly #happenings: Happening[] = [];
  readonly #place: () => LogFolder;

  constructor(happenings: readonly Happening[], place: () => LogFolder) {
    this.#place = place;
    for (const happening of happenings) this.add(happening);
  }

  add(happening: Happening): void {
    this.#happenings.push(happening);
    this.#happenings.sort((a, b) => a.at - b.at);
  }

  elapsed(): number {
    return this.now;
  }

  async sleep(milliseconds: number): Promise<void> {
    const until = this.now + milliseconds;
    for (let next = this.#happenings[0]; next !== undefined && next.at <= until; next = this.#happenings[0]) {
      this.#happenings.shift();
      this.now = Math.max(this.now, next.at);
      await next.act(this.#place());
    }
    this.now = until;
  }

  wake(): void {}
}

export interface Simulated {
  text: string;
  warnings: Problem[];
  result: MergeResult;
  place: LogFolder;
  report: RunReport;
}

/** The world of a run that says nothing and hears nothing. */
export const quietIo = (cwd: string): RunIo => ({
  cwd,
  env: { TMPDIR: os.tmpdir() },
  stdin: 0,
  stdout: 1,
  stdoutIsTerminal: false,
  stderrIsTerminal: false,
  now: () => BigInt(BEGIN_MS) * 1_000_000n,
  warn: () => {},
  progress: () => {},
  signal: new AbortController().signal,
});

/** Logs, and what happens to them while runs follow them, one after the other. */
export class World {
  readonly place: LogFolder;
  readonly clock: ScriptedClock;
  /** What all runs have said. */
  readonly warnings: Problem[] = [];
  #abort = new AbortController();

  /** @param endsAt when the signal comes */
  constructor(happenings: readonly Happening[], endsAt: number) {
    const end: Happening = { at: endsAt, act: () => this.stop() };
    this.clock = new ScriptedClock([...happenings, end], () => this.place);
    this.place = new LogFolder(() => this.clock.now);
  }

  /** The signal comes now. */
  stop(): void {
    this.#abort.abort('SIGINT');
  }

  async run(
    asked: Partial<MergeRequest>,
    told: Pick<RunIo, 'status' | 'interim' | 'streams'> = {},
  ): Promise<MergeResult> {
    const { place, clock, warnings } = this;
    // The signal came to a run before: it comes to this one a little later.
    if (this.#abort.signal.aborted) {
      this.#abort = new AbortController();
      clock.add({ at: clock.now + 1000, act: () => this.stop() });
    }
    return await runMerge(
      { ...NOTHING_ASKED, memory: 16 * 2 ** 20, outputFormat: 'raw', output: 'out', follow: true, ...asked },
      {
        ...quietIo(place.folder),
        now: () => BigInt(Math.round(BEGIN_MS + clock.now)) * 1_000_000n,
        clock,
        warn: (problem) => warnings.push(problem),
        signal: this.#abort.signal,
        ...told,
      },
    );
  }
}

/**
 * Runs `merge --follow` in a simulation: nothing sleeps, and the same script gives the same run.
 * @param before what stands in the logs when it begins
 * @param endsAt when the signal comes
 */
export async function simulate(
  before: (place: LogFolder) => void,
  happenings: readonly Happening[],
  endsAt: number,
  asked: Partial<MergeRequest>,
  told: Pick<RunIo, 'status' | 'interim' | 'streams'> = {},
): Promise<Simulated> {
  const world = new World(happenings, endsAt);
  const { place, warnings } = world;
  before(place);
  const result = await world.run(asked, told);
  return { text: place.read('out'), warnings, result, report: result.report as RunReport, place };
}

/** A record of text at an instant, milliseconds after the beginning. */
export const textLine = (ms: number, text: string): string => `${new Date(BEGIN_MS + ms).toISOString()} ${text}\n`;

/** The same as an object. */
export const jsonLine = (ms: number, id: string): string =>
  `{"ts":"${new Date(BEGIN_MS + ms).toISOString()}","id":"${id}"}\n`;
