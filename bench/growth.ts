import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type DataShape, generate } from './generate.ts';
import { median, type Runner } from './table.ts';
import { takeTurns } from './turns.ts';

const ROUNDS = 3;
const MIB = 2 ** 20;

type Growing = Pick<DataShape, 'order' | 'sources'> & { factor: number; mean: number };

const USUAL: Growing = { order: 'sorted', sources: 4, factor: 1, mean: 150 };

/** What grows, one thing at a time; sizes as multiples of the bench's (512 MiB: from 64 MiB to 4 GiB). */
const STEPS: readonly (readonly [what: string, steps: readonly Growing[]])[] = [
  ['bytes, sorted', [1 / 8, 1, 8].map((factor) => ({ ...USUAL, factor }))],
  ['bytes, shuffled', [1 / 8, 1, 8].map((factor) => ({ ...USUAL, order: 'shuffled', factor }))],
  ['sources', [2, 10, 100, 1000].map((sources) => ({ ...USUAL, sources }))],
  ['bytes a record', [60, 150, 500, 1500].map((mean) => ({ ...USUAL, mean }))],
];

/** How time and memory grow: a table. */
export async function measureGrowth(program: string, folder: string, bytes: number): Promise<string[]> {
  const rows = [
    '| what grows | MiB | sources | bytes a record | s | MB/s | cpu s | peak MiB |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
  ];
  for (const [what, steps] of STEPS) {
    for (const step of steps) rows.push(await measureStep(what, step, { program, folder, bytes }));
  }
  return rows;
}

interface Place {
  program: string;
  folder: string;
  bytes: number;
}

async function measureStep(what: string, step: Growing, { program, folder, bytes }: Place): Promise<string> {
  const data = join(folder, 'growth');
  const { order, sources, factor, mean } = step;
  const made = generate({ format: 'iso', order, sources, mean, bytes: bytes * factor, seed: 1 }, data);
  const args = [program, 'merge', '-q', '-T', folder, ...made.files];
  const runner: Runner = { name: what, command: { program: process.execPath, args }, runs: [] };
  await takeTurns([runner], ROUNDS, '/dev/null');
  rmSync(data, { recursive: true });
  const seconds = median(runner.runs.map((run) => run.seconds));
  const cpu = median(runner.runs.map((run) => run.cpu));
  const peak = Math.max(...runner.runs.map((run) => run.peak));
  const speed = made.bytes / 1e6 / seconds;
  const cells = [what, made.bytes / MIB, sources, mean, seconds.toFixed(2), speed, cpu.toFixed(2), peak / MIB];
  return `| ${cells.map((cell) => (typeof cell === 'number' ? cell.toFixed(0) : cell)).join(' | ')} |`;
}
