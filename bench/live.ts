import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BEGIN_MS, type Happening, simulate } from '../test/helpers/simulation.ts';

const MIB = 2 ** 20;
const RATES = [10, 1000, 100_000] as const;
const SECONDS = 5;
const TICK_MS = 10;
const PATIENCE_MS = 30_000;
const DELAY_MS = 100;
const TIMING = ['--watermark-delay', `${DELAY_MS}ms`, '--idle-timeout', '500ms'];

/** What following takes: how long a line is under way, how many go through, and what an hour does to the memory. */
export async function measureLive(program: string, folder: string, bytes: number): Promise<string[]> {
  const rows = [
    `Load ${loadavg()[0]?.toFixed(1)}. From write to output, ms, ${DELAY_MS} of which are the --watermark-delay:`,
    '',
    '| sources | lines/s | p50 | p99 |',
    '| --- | --- | --- | --- |',
  ];
  for (const sources of [1, 3]) {
    for (const rate of RATES) rows.push(await latencyRow(program, folder, sources, rate));
  }
  rows.push('', '| sustained | MB/s |', '| --- | --- |');
  const log = join(folder, 'sustained.log');
  const followers = [
    ['`tsalign merge --follow -O raw`', [process.execPath, program, 'merge', '--follow', log, '-O', 'raw', ...TIMING]],
    ['`tail -F \\| cat`', ['sh', '-c', `tail -n +1 -F ${log} | cat`]],
  ] as const;
  for (const [name, words] of followers) rows.push(`| ${name} | ${await sustained(words, log, bytes)} |`);
  return [...rows, '', await memoryOfAnHour()];
}

const stamp = (ms: number): string => new Date(ms).toISOString();

/** Starts what follows, and waits until it has shown the first line of its files. */
async function follow([program, ...args]: readonly string[], first: readonly string[]): Promise<ChildProcess> {
  for (const file of first) writeFileSync(file, `${stamp(Date.now() - 60_000)} first\n`);
  // In a group of its own: of `sh -c 'tail | cat'`, both are to end with it.
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  await new Promise((resolve) => child.stdout?.once('data', resolve));
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  process.kill(-(child.pid as number), 'SIGTERM');
  await ended;
}

async function latencyRow(program: string, folder: string, sources: number, rate: number): Promise<string> {
  const logs = Array.from({ length: sources }, (_, i) => join(folder, `latency${i}.log`));
  const child = await follow([process.execPath, program, 'merge', '--follow', ...logs, '-O', 'raw', ...TIMING], logs);
  const written = new Float64Array(rate * SECONDS);
  const latencies: number[] = [];
  let rest = '';
  child.stdout?.setEncoding('latin1').on('data', (text: string) => {
    const now = performance.now();
    const lines = (rest + text).split('\n');
    rest = lines.pop() as string;
    for (const line of lines) {
      const id = Number(line.slice(25));
      if (!Number.isNaN(id)) latencies.push(now - written[id]);
    }
  });
  await write(logs, rate, written);
  for (let waited = 0; latencies.length < written.length && waited < PATIENCE_MS; waited += 100) await sleep(100);
  await end(child);
  for (const log of logs) rmSync(log);
  if (latencies.length !== written.length) throw new Error(`${latencies.length} of ${written.length} lines came`);
  latencies.sort((a, b) => a - b);
  const at = (share: number) => latencies[Math.floor(latencies.length * share)].toFixed(0);
  return `| ${sources} | ${rate.toLocaleString('en')} | ${at(0.5)} | ${at(0.99)} |`;
}

/** Writes numbered lines to the logs in turn, so many a second. */
async function write(logs: readonly string[], rate: number, written: Float64Array): Promise<void> {
  const begin = performance.now();
  for (let id = 0; id < written.length; await sleep(TICK_MS)) {
    const due = Math.min(written.length, Math.floor(((performance.now() - begin) / 1000) * rate));
    const texts = logs.map(() => '');
    for (; id < due; id++) texts[id % logs.length] += `${stamp(Date.now())} ${id}\n`;
    const now = performance.now();
    written.fill(now, written.findLastIndex((at) => at > 0) + 1, id);
    for (const [i, log] of logs.entries()) if (texts[i] !== '') appendFileSync(log, texts[i]);
  }
}

/** Appends as fast as the disk takes it. Returns what of it has come through a pipe, MB/s. */
async function sustained(words: readonly string[], log: string, bytes: number): Promise<string> {
  const pieces = Array.from({ length: Math.ceil(bytes / MIB) }, (_, i) => ascendingLines(i));
  const child = await follow(words, [log]);
  let came = 0;
  // The last records wait for what follows them.
  const enough = pieces.slice(1).reduce((sum, { length }) => sum + length, 0);
  const done = new Promise<void>((resolve) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      came += chunk.length;
      if (came >= enough) resolve();
    });
  });
  const begin = performance.now();
  for (const piece of pieces) {
    appendFileSync(log, piece);
    await new Promise(setImmediate);
  }
  await done;
  const seconds = (performance.now() - begin) / 1000;
  await end(child);
  truncateSync(log);
  return (enough / 1e6 / seconds).toFixed(0);
}

/** A piece of a log, of lines of 150 bytes that are a millisecond apart. */
function ascendingLines(piece: number): Buffer {
  const count = Math.floor(MIB / 150);
  const begin = Date.now() + piece * count;
  return Buffer.from(Array.from({ length: count }, (_, i) => `${stamp(begin + i)} ${'x'.repeat(124)}\n`).join(''));
}

/** An hour of three logs with 100 lines a second each, renamed every ten minutes, on a clock that passes while the run sleeps. */
async function memoryOfAnHour(): Promise<string> {
  const hour = 3_600_000;
  const peaks: number[] = [];
  const happenings: Happening[] = [];
  for (let at = 0; at < hour; at += 200) {
    happenings.push({
      at,
      act(place) {
        const minute = Math.floor(at / 60_000);
        for (const name of ['a.log', 'b.log', 'c.log']) {
          if (at > 0 && at % 600_000 === 0) place.rename(name, `${name}.old`);
          const lines = Array.from({ length: 20 }, (_, i) => `${stamp(BEGIN_MS + at + i)} ${name} ${at}\n`);
          place.append(name, lines.join(''));
        }
        peaks[minute] = Math.max(peaks[minute] ?? 0, process.memoryUsage.rss());
      },
    });
  }
  const { place, report } = await simulate(() => {}, happenings, hour, {
    sources: ['a.log', 'b.log', 'c.log'],
    output: '/dev/null',
  });
  rmSync(place.folder, { recursive: true });
  const between = (from: number, to: number) => Math.round(Math.max(...peaks.slice(from, to)) / MIB);
  const { written, late } = report.totals;
  return (
    `An hour of simulated time, ${written.toLocaleString('en')} records (${late} late): ` +
    `${between(5, 10)} MiB at most in the minutes 5 to 10, ${between(50, 60)} MiB in the last ten.`
  );
}
