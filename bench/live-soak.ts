/**
 * Three writers, logrotate (both of its ways) and `merge --follow`, as real processes, with a state that is killed now and
 * then, and without: every line that is in the logs at the end must have come once, in order.
 * npm run live-soak -- --minutes 10 --only create,state [--every SECONDS, between rotations in the mean]
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const BIN = fileURLToPath(new URL('../bin/tsalign.js', import.meta.url));
const LOGS = ['app0.log', 'app1.log', 'app2.log'];
/** Of a run that is killed: counted from its start, or, so that it gets somewhere on any machine, from when it follows. */
const LONGEST_LIFE_MS = 6000;
const LONGEST_PAUSE_MS = 2000;
/** Longer than the delay and the idle timeout together: what is held is written by then. */
const SETTLE_MS = 8000;

const WAYS = ['create', 'copytruncate'];
const KINDS = ['stateless', 'state'];

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '2' },
    only: { type: 'string' },
    every: { type: 'string', default: '1.5' },
  },
});
const ROTATE_MS = Number(values.every) * 1000;
const only = values.only?.split(',') ?? [];
const isAsked = (name: string, among: readonly string[]) =>
  only.includes(name) || !only.some((each) => among.includes(each));
const jobs = WAYS.filter((way) => isAsked(way, WAYS)).flatMap((way) =>
  KINDS.filter((kind) => isAsked(kind, KINDS)).map((kind) => ({ way, kind })),
);

/** A folder of logs that are written to and rotated. */
interface Place {
  folder: string;
  at(name: string): string;
}

async function soak(way: string, kind: string, milliseconds: number): Promise<{ wrong?: string; told: string }> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tsalign-soak-'));
  const place: Place = { folder, at: (name) => path.join(folder, name) };
  fs.chmodSync(folder, 0o755);
  for (const name of LOGS) fs.writeFileSync(place.at(name), '');
  const rules = `su root root\nrotate 10000\nsize 1\n${way}\nnocompress\nmissingok\n`;
  fs.writeFileSync(place.at('rules'), `${folder}/app*.log {\n${rules}}\n`, { mode: 0o644 });
  const follower = new Follower(place, kind === 'state');
  await follower.start();
  const until = Date.now() + milliseconds;
  const writers = new Writers(place);
  const [rotations, kills] = await Promise.all([
    rotate(place, writers, until),
    kind === 'state' ? killNowAndThen(follower, until) : 0,
    writers.write(until),
  ]);
  await follower.untilFollowing();
  await sleep(SETTLE_MS);
  const code = await follower.end();
  const stored = linesStored(place);
  const told = `${stored.length} lines, ${writers.lines.size - stored.length} lost by logrotate, ${rotations} rotations, ${kills} kills`;
  const output = fs.readFileSync(place.at('out'), 'utf8');
  // Where logrotate loses lines, a run that is killed then says so.
  const mayWarn = way === 'copytruncate' && kind === 'state';
  const wrong =
    code === 0 || (mayWarn && code === 1) ? compare(stored, writers.lines, linesOf(output)) : `exit ${code}`;
  if (wrong === undefined) fs.rmSync(folder, { recursive: true });
  return wrong === undefined ? { told } : { told, wrong: `${wrong}; see ${folder}` };
}

/** `merge --follow`, started again and again. */
class Follower {
  readonly #words: readonly string[];
  readonly #output: string;
  /** Is written when a run begins to follow. */
  readonly #report: string;
  #child: ChildProcess | undefined;

  constructor({ at }: Place, hasState: boolean) {
    this.#output = at('out');
    this.#report = at('report');
    this.#words = [
      ...[BIN, 'merge', '--follow', ...LOGS.map(at), '-O', 'raw', '-o', this.#output],
      ...['--watermark-delay', '2s', '--idle-timeout', '3s', '--report', this.#report, '--report-interval', '1s'],
      ...(hasState ? ['--state', at('state'), '--checkpoint-interval', '500ms'] : []),
    ];
  }

  async start(): Promise<void> {
    fs.rmSync(this.#report, { force: true });
    this.#child = spawn(process.execPath, this.#words, { stdio: 'inherit' });
    while (!fs.existsSync(this.#output) && this.#child.exitCode === null) await sleep(20);
  }

  /** Waits until it has merged what stood there. */
  async untilFollowing(): Promise<void> {
    while (!fs.existsSync(this.#report) && this.#child?.exitCode === null) await sleep(20);
  }

  /** @returns whether it was still running */
  async kill(): Promise<boolean> {
    const child = this.#child as ChildProcess;
    if (child.exitCode !== null) return false;
    child.kill('SIGKILL');
    await once(child, 'exit');
    return true;
  }

  /** Ends it as a service manager does. Returns its exit code. */
  async end(): Promise<number | null> {
    const child = this.#child as ChildProcess;
    if (child.exitCode !== null) return child.exitCode;
    child.kill('SIGTERM');
    const [code] = (await once(child, 'exit')) as [number | null];
    return code;
  }
}

/** Kills it and starts it again. Returns how often; a run that ended by itself is not begun again, so that its exit code is seen. */
async function killNowAndThen(follower: Follower, until: number): Promise<number> {
  let kills = 0;
  for (;;) {
    if (kills % 2 === 1) await follower.untilFollowing();
    await sleep(Math.random() * LONGEST_LIFE_MS);
    if (Date.now() > until || !(await follower.kill())) return kills;
    kills++;
    await sleep(Math.random() ** 3 * LONGEST_PAUSE_MS);
    await follower.start();
  }
}

/** What writes to the logs, as services do that hold them open. */
class Writers {
  /** All lines, each with what it does not have in common with others. */
  readonly lines = new Set<string>();
  readonly #place: Place;
  #open: number[];

  constructor(place: Place) {
    this.#place = place;
    this.#open = this.#openLogs();
  }

  async write(until: number): Promise<void> {
    for (; Date.now() < until; await sleep(10)) {
      for (const [i, name] of LOGS.entries()) {
        const lines = Array.from({ length: Math.floor(Math.random() * 20) }, () => this.#line(name));
        fs.writeSync(this.#open[i], lines.join(''));
      }
    }
  }

  /** What a service does when it is told that its log was rotated. */
  reopen(): void {
    for (const descriptor of this.#open) fs.closeSync(descriptor);
    this.#open = this.#openLogs();
  }

  #openLogs(): number[] {
    return LOGS.map((name) => fs.openSync(this.#place.at(name), 'a'));
  }

  #line(name: string): string {
    const number = this.lines.size;
    const line = number % 50 === 0 ? `  continues ${number}` : `${new Date().toISOString()} ${name} ${number}`;
    this.lines.add(line);
    return `${line}\n`;
  }
}

/** Rotates the logs while they are written to. Returns how often. */
async function rotate({ at }: Place, writers: Writers, until: number): Promise<number> {
  let rotations = 0;
  // What is copied and truncated before anybody has read it is nowhere to be found.
  await sleep(2 * ROTATE_MS);
  for (; Date.now() < until; rotations++) {
    const child = spawn('logrotate', ['-f', '-s', at('rotated'), at('rules')], { stdio: 'inherit' });
    const [code] = await once(child, 'exit');
    if (code !== 0) throw new Error(`logrotate: exit ${code}`);
    writers.reopen();
    await sleep(Math.random() * 2 * ROTATE_MS);
  }
  return rotations;
}

/** The lines of all logs and of what rotation made of them: what was written between copying and truncating is in none. */
function linesStored({ folder, at }: Place): string[] {
  const names = fs.readdirSync(folder).filter((name) => /^app\d\.log/.test(name));
  return names.flatMap((name) => linesOf(fs.readFileSync(at(name), 'utf8')));
}

const linesOf = (text: string): string[] => text.split('\n').slice(0, -1);

/**
 * What is wrong with the lines that came; undefined: nothing. What logrotate has lost may have come: it was read before.
 */
function compare(stored: readonly string[], written: ReadonlySet<string>, came: readonly string[]): string | undefined {
  const seen = new Set<string>();
  const again = came.filter((line) => seen.size === seen.add(line).size);
  const lost = stored.filter((line) => !seen.has(line));
  const unknown = came.filter((line) => !written.has(line));
  const all = { lost, 'more than once': again, 'never written': unknown };
  const wrong = Object.entries(all).flatMap(([what, lines]) =>
    lines.length === 0 ? [] : [`${lines.length} lines ${what}, the first: ${lines[0]}`],
  );
  const stamps = came.filter((line) => !line.startsWith(' ')).map((line) => line.slice(0, 24));
  const disorder = stamps.findIndex((stamp, i) => i > 0 && stamp < stamps[i - 1]);
  if (disorder >= 0) wrong.push(`out of order: ${stamps[disorder]}`);
  return wrong.length === 0 ? undefined : wrong.join('; ');
}

for (const { way, kind } of jobs) {
  const { wrong, told } = await soak(way, kind, (Number(values.minutes) * 60_000) / jobs.length);
  console.log(`${way}, ${kind}: ${told}: ${wrong ?? 'every line once, in order'}`);
  if (wrong !== undefined) process.exitCode = 1;
}
