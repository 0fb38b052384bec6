import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { median, type Runner, ratiosTo } from './table.ts';
import { takeTurns } from './turns.ts';

const ROUNDS = 30;
const THREE_LINES = ['00.000Z a', '01.000Z b', '02.000Z c'].map((rest) => `2024-03-10T07:00:${rest}\n`).join('');

/** What it takes to start, beside node itself: a table. */
export async function measureStart(program: string, folder: string): Promise<string[]> {
  const file = join(folder, 'three.log');
  writeFileSync(file, THREE_LINES);
  const runner = (name: string, args: readonly string[]): Runner => ({
    name,
    command: { program: process.execPath, args },
    runs: [],
  });
  const node = runner('`node -e 0`', ['-e', '0']);
  const others = [
    runner('`tsalign --version`', [program, '--version']),
    runner('`tsalign merge`, three lines', [program, 'merge', file]),
  ];
  await takeTurns([node, ...others], ROUNDS, '/dev/null');
  return [
    '| command | ms | peak MiB | beside `node -e 0` (min–median–max) |',
    '| --- | --- | --- | --- |',
    ...[node, ...others].map((each) => {
      const ms = (median(each.runs.map(({ seconds }) => seconds)) * 1000).toFixed(0);
      const peak = (Math.max(...each.runs.map((run) => run.peak)) / 2 ** 20).toFixed(0);
      return `| ${each.name} | ${ms} | ${peak} | ${each === node ? '1' : ratiosTo(each, node)} |`;
    }),
  ];
}
