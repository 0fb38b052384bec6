/**
 * End to end: the built program beside GNU sort and whatever peer is installed. The outputs are compared first; then
 * the programs take turns, so that a busy machine disturbs all of them alike.
 *
 *   npm run bench -- [--bytes 512MiB] [--only JOB[,JOB…]] [--rounds 5] [--to file|null] [--dir DIR]
 *
 * They write to a file as people do; with `--to null` the system's work for that is left out of the figures.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { arch, cpus, tmpdir, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { formatSize, parseSize } from '../src/cli/sizes.ts';
import { digestOf } from './compare.ts';
import { type DataShape, type GeneratedData, generate } from './generate.ts';
import { JOBS, type Job } from './jobs.ts';
import { type Command, type Measured, measure } from './measure.ts';
import { commandOf } from './peers.ts';
import { HEAD, type Runner, tableRows } from './table.ts';

const PROGRAM = fileURLToPath(new URL('../bin/tsalign.js', import.meta.url));
const MIB = 2 ** 20;
const SEED = 1;

const say = (text: string): void => void process.stderr.write(`${text}\n`);

interface Settings {
  bytes: number;
  rounds: number;
  to: string;
}

/** Where the job's data, outputs and temporary files lie. */
interface Place {
  data: GeneratedData;
  folder: string;
}

function ourCommand(job: Job, { data, folder }: Place): Command {
  return { program: process.execPath, args: [PROGRAM, 'merge', '-q', '-T', folder, ...job.args, ...data.files] };
}

/** Ours first, then those peers that are installed and write the same records in the same order. */
async function comparedRunners(job: Job, place: Place): Promise<Runner[]> {
  const output = join(place.folder, 'output');
  const ours = ourCommand(job, place);
  await measure(ours, output);
  const expected = digestOf(output, job.parts);
  if (!expected.ascending || expected.records !== place.data.records) {
    throw new Error(`${job.name}: our output is out of order or has ${expected.records} records`);
  }
  const runners: Runner[] = [{ name: 'tsalign', command: ours, runs: [] }];
  for (const peer of job.peers) {
    const command = commandOf(peer, place.data.files, place.folder);
    if (command === undefined) {
      say(`${job.name}: ${peer.program} is not installed`);
      continue;
    }
    const failure = await measure(command, output).catch((error: Error) => error);
    if (failure instanceof Error) say(`${job.name}: left out: ${failure.message}`);
    else if (digestOf(output, peer.parts).hash !== expected.hash) throw new Error(`${job.name}: ${peer.name} differs`);
    else runners.push({ name: peer.name, command, runs: [] });
  }
  return runners;
}

async function runJob(job: Job, place: Place, settings: Settings): Promise<string[]> {
  const runners = await comparedRunners(job, place);
  const output = settings.to === 'null' ? '/dev/null' : join(place.folder, 'output');
  for (let round = 0; round < settings.rounds; round++) {
    for (const { command, runs } of runners) runs.push(await measure(command, output));
  }
  const peak = Math.max(...(runners[0] as Runner).runs.map((run: Measured) => run.peak));
  if (peak > job.peakLimit) {
    say(`${job.name}: peak ${formatSize(peak)} is above ${formatSize(job.peakLimit)}`);
    process.exitCode = 1;
  }
  return tableRows(job, place.data.bytes, runners);
}

const shapeKey = (shape: DataShape): string => `${shape.format}-${shape.order}-${shape.sources}`;

async function runJobs(jobs: readonly Job[], settings: Settings, folder: string): Promise<void> {
  let held = '';
  let data: GeneratedData | undefined;
  console.log(HEAD.join('\n'));
  for (const job of jobs) {
    const shape: DataShape = { ...job.data, bytes: settings.bytes, seed: SEED };
    const key = shapeKey(shape);
    if (data === undefined || key !== held) {
      if (held !== '') rmSync(join(folder, held), { recursive: true });
      say(`making ${key}`);
      data = generate(shape, join(folder, key));
      held = key;
    }
    say(`running ${job.name}`);
    for (const row of await runJob(job, { data, folder }, settings)) console.log(row);
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
  },
});
const names = values.only?.split(',') ?? JOBS.map(({ name }) => name);
const unknown = names.filter((name) => !JOBS.some((job) => job.name === name));
if (unknown.length > 0) throw new Error(`no job ${unknown}; there are ${JOBS.map(({ name }) => name).join(', ')}`);
const settings = { bytes: parseSize(values.bytes, '--bytes', MIB), rounds: Number(values.rounds), to: values.to };
if (!(settings.rounds >= 1) || !['file', 'null'].includes(settings.to)) throw new Error('--rounds 5 --to file|null');
mkdirSync(values.dir, { recursive: true });
const folder = mkdtempSync(join(resolve(values.dir), 'tsalign-bench-'));
const remove = (): void => rmSync(folder, { recursive: true, force: true });
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    remove();
    process.kill(process.pid, signal);
  });
}
try {
  console.log(machine(settings));
  const jobs = JOBS.filter(({ name }) => names.includes(name));
  await runJobs(jobs, settings, folder);
} finally {
  remove();
}
