/**
 * Reading a merge in batches beside the command writing it nowhere: the library makes an object and a string of every
 * record, the command none.
 *
 *   npm run build && node --import tsx bench/library.ts FILE…
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { merge } from '../src/index.ts';

const PROGRAM = fileURLToPath(new URL('../bin/tsalign.js', import.meta.url));
const ROUNDS = 3;

const files = process.argv.slice(2);
if (files.length === 0) throw new Error('name files to merge');

const seconds = (begin: number): number => (performance.now() - begin) / 1000;

async function readBatches(): Promise<number> {
  let count = 0;
  for await (const batch of merge(files).batches()) count += batch.length;
  return count;
}

async function readRecords(): Promise<number> {
  let count = 0;
  for await (const { text } of merge(files)) if (text !== '') count++;
  return count;
}

const WAYS: Record<string, () => Promise<unknown>> = {
  command: async () =>
    spawnSync(process.execPath, [PROGRAM, 'merge', '-q', ...files], { stdio: ['ignore', 'ignore', 'inherit'] }),
  batches: readBatches,
  records: readRecords,
};

for (const [name, run] of Object.entries(WAYS)) {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const begin = performance.now();
    await run();
    times.push(seconds(begin));
  }
  console.log(`${name}: ${times.map((time) => time.toFixed(2)).join(', ')} s`);
}
