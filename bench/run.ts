/**
 * End to end: the built program beside GNU sort and whatever peer is installed. The outputs are compared first; then
 * the programs take turns, so that a busy machine disturbs all of them alike.
 *
 *   npm run bench -- [--bytes 512MiB] [--only JOB[,JOB…]] [--rounds 5] [--to file|null] [--dir DIR] [--peers DIR]
 *
 * They write to a file as people do; with `--to null` the system's work for that is left out of the figures.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { arch, cpus, tmpdir, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { formatSize, parseSize } from '../src/core/sizes.ts';
import { measureCodecs } from './codecs.ts';
import { type Digest, digestOf } from './compare.ts';
import { type GeneratedData, generate } from './generate.ts';
import { measureGrowth } from './growth.ts';
import { JOBS, type Job } from './jobs.ts';
import { measureLive } from './live.ts';
import { type Command, type Measured, measure } from './measure.ts';
import { commandOf, type JobData, type Peer } from './peers.ts';
import { measureStart } from './start.ts';
import { HEAD, type Runner, tableRows } from './table.ts';
import { takeTurns } from './turns.ts';

const PROGRAM = fileURLToPath(new URL('../bin/tsalign.js', import.meta.url));
const MIB = 2 ** 20;
const SEED = 1;

const say = (text: string): void => void process.stderr.write(`${text}\n`);

interface Settings {
  bytes: number;
  rounds: number;
  to: string;
  /** Folders of data and outputs, and of installed peers. */
  folder: string;
  peers: string;
}

function ourCommand({ args, descriptors, named }: Job, files: readonly string[], { folder }: Settings): Command {
  const into = named ? ['-o', join(folder, 'output')] : [];
  const words = [PROGRAM, 'merge', '-q', '-T', folder, ...into, ...args, ...files];
  if (descriptors === undefined) return { program: process.execPath, args: words };
  return { program: 'sh', args: ['-c', `ulimit -n ${descriptors}; exec "$@"`, 'sh', process.execPath, ...words] };
}

/** Ours first, then those peers that are installed and write what we write. */
async function comparedRunners(job: Job, data: GeneratedData, settings: Settings): Promise<Runner[]> {
  const output = join(settings.folder, 'output');
  const ours = ourCommand(job, data.files, settings);
  await measure(ours, output);
  const expected = digestOf(output, job.parts);
  if (!expected.ascending || expected.records !== data.records) {
    throw new Error(`${job.name}: our output is out of order or has ${expected.records} records`);
  }
  const runners: Runner[] = [{ name: 'tsalign', command: ours, runs: [] }];
  for (const peer of job.peers) {
    const files = peer.data === undefined ? data.files : dataOf(peer.data, settings).files;
    const command = commandOf(peer, { files, temp: settings.folder, peers: settings.peers });
    if (command === undefined) {
      say(`${job.name}: ${peer.name} is not installed`);
      continue;
    }
    const failure = await measure(command, output).catch((error: Error) => error);
    if (failure instanceof Error) say(`${job.name}: left out: ${failure.message}`);
    else if (!isSame(peer, expected, output)) say(`${job.name}: left out: ${peer.name} writes something else`);
    else runners.push({ name: peer.name, command, runs: [] });
  }
  return runners;
}

function isSame({ compared, parts }: Peer, expected: Digest, output: string): boolean {
  if (compared === 'no') return true;
  const { hash, unordered, records } = digestOf(output, parts);
  if (records !== expected.records) return false;
  return compared === 'order' ? hash === expected.hash : unordered === expected.unordered;
}

async function runJob(job: Job, data: GeneratedData, settings: Settings): Promise<string[]> {
  const runners = await comparedRunners(job, data, settings);
  const output = settings.to === 'null' && !job.named ? '/dev/null' : join(settings.folder, 'output');
  await takeTurns(runners, settings.rounds, output);
  const peak = Math.max(...runners[0].runs.map((run: Measured) => run.peak));
  if (peak > job.peakLimit) {
    say(`${job.name}: peak ${formatSize(peak)} is above ${formatSize(job.peakLimit)}`);
    process.exitCode = 1;
  }
  return tableRows(job, data.bytes, runners);
}

/** Data that were made and are kept for the next job, by their shape. */
const made = new Map<string, GeneratedData>();

const keyOf = (data: JobData): string =>
  [data.format, data.order, data.sources, data.mean ?? '', data.bytes ?? '', data.packed ? 'gzip' : ''].join('-');

function dataOf(wanted: JobData, { bytes, folder }: Settings): GeneratedData {
  const key = keyOf(wanted);
  const known = made.get(key);
  if (known !== undefined) return known;
  say(`making ${key}`);
  const { packed, ...shape } = wanted;
  const data = generate({ bytes, ...shape, seed: SEED }, join(folder, key));
  if (packed) {
    execFileSync('gzip', data.files);
    data.files = data.files.map((file) => `${file}.gz`);
  }
  made.set(key, data);
  return data;
}

/** Removes what the job does not read. */
function forget(job: Job, { folder }: Settings): void {
  const needed = [job.data, ...job.peers.flatMap(({ data }) => data ?? [])].map(keyOf);
  for (const key of made.keys()) {
    if (needed.includes(key)) continue;
    rmSync(join(folder, key), { recursive: true });
    made.delete(key);
  }
}

async function runJobs(jobs: readonly Job[], settings: Settings): Promise<void> {
  if (jobs.length > 0) console.log(HEAD.join('\n'));
  for (const job of jobs) {
    forget(job, settings);
    const data = dataOf(job.data, settings);
    say(`running ${job.name}`);
    for (const row of await runJob(job, data, settings)) console.log(row);
  }
}

/** What the figures depend on, as the line above the table. */
function machine({ bytes, rounds, to }: Settings): string {
  const date = new Date().toISOString().slice(0, 10);
  const [{ model } = { model: arch() }] = cpus();
  const parts = [date, `${cpus().length} × ${model}`, formatSize(totalmem()), `Node ${process.versions.node}`];
  return `${parts.join(', ')}; ${formatSize(bytes)} a job, ${rounds} rounds, output to ${to}\n`;
}

const { values } = parseArgs({
  options: {
    bytes: { type: 'string', default: '512MiB' },
    only: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    to: { type: 'string', default: 'file' },
    dir: { type: 'string', default: tmpdir() },
    peers: { type: 'string', default: '/nonexistent' },
  },
});
/** Beside the jobs: what starting takes, what following does, what decoding takes, and how time and memory grow. */
const SECTIONS: Readonly<Record<string, (settings: Settings) => Promise<string[]>>> = {
  start: ({ folder }) => measureStart(PROGRAM, folder),
  live: ({ folder, bytes }) => measureLive(PROGRAM, folder, bytes),
  codecs: ({ folder, bytes }) => measureCodecs(folder, bytes),
  growth: ({ folder, bytes }) => measureGrowth(PROGRAM, folder, bytes),
};

const all = [...JOBS.map(({ name }) => name), ...Object.keys(SECTIONS)];
const names = values.only?.split(',') ?? all;
const unknown = names.filter((name) => !all.includes(name));
if (unknown.length > 0) throw new Error(`no job ${unknown}; there are ${all.join(', ')}`);
const rounds = Number(values.rounds);
if (!(rounds >= 1) || !['file', 'null'].includes(values.to)) throw new Error('--rounds 5 --to file|null');
mkdirSync(values.dir, { recursive: true });
const folder = mkdtempSync(join(resolve(values.dir), 'tsalign-bench-'));
const bytes = parseSize(values.bytes, '--bytes', MIB);
const settings: Settings = { bytes, rounds, to: values.to, folder, peers: resolve(values.peers) };
const remove = (): void => rmSync(folder, { recursive: true, force: true });
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    remove();
    process.kill(process.pid, signal);
  });
}
try {
  console.log(machine(settings));
  await runJobs(
    JOBS.filter(({ name }) => names.includes(name)),
    settings,
  );
  for (const key of made.keys()) rmSync(join(folder, key), { recursive: true });
  for (const [name, section] of Object.entries(SECTIONS)) {
    if (!names.includes(name)) continue;
    say(`running ${name}`);
    console.log(['', ...(await section(settings))].join('\n'));
  }
} finally {
  remove();
}
