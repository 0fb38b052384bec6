import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { HAPPENINGS, logWriter } from './log-writer.ts';

const BIN = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', '..', 'bin', 'tsalign.js');
const LOGS = ['app.log', 'db.log'];
const HOUR = 3_600_000;
const ENDINGS = ['SIGKILL', 'SIGKILL', 'SIGKILL', 'SIGTERM', 'SIGHUP', undefined] as const;

/** Numbers in [0, 1) that a seed decides (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Runs the command; kills it after some milliseconds where a signal is named. */
function run(cwd: string, words: readonly string[], signal?: NodeJS.Signals, after = 0): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [BIN, ...words], { cwd, stdio: ['ignore', 'inherit', 'pipe'] });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text) => {
      said += text;
    });
    const kill = signal && setTimeout(() => child.kill(signal), after);
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(kill);
      if (signal !== undefined || code === 0) resolve(code);
      else reject(new Error(`exit ${code}: ${said}`));
    });
  });
}

const slotsIn = (folder: string): Record<string, string> =>
  Object.fromEntries(
    fs
      .readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => !name.startsWith('_tsalign') && fs.statSync(path.join(folder, name)).isFile())
      .sort()
      .map((name) => [name, fs.readFileSync(path.join(folder, name), 'latin1')]),
  );

/**
 * Lets logs grow and be rotated while real processes that merge them are killed; in the end slots must be, byte for byte,
 * those of one merge of all that was ever written, and an output that was appended to must hold every line once.
 * @param more asked before each round
 * @returns how many processes were ended
 */
export async function crash(seed: number, more: (round: number) => boolean): Promise<number> {
  const random = randomOf(seed);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)];
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tsalign-crash-'));
  const at = (name: string) => path.join(folder, name);
  let now = Date.UTC(2024, 2, 10, 6);
  let ended = 0;
  fs.mkdirSync(at('ledger'));
  const writers = LOGS.map((name) => logWriter(at(name), at(`ledger/${name}`), () => now));
  const slots = ['--split-by', 'hour', '--no-dedup', '-q'];
  const jobs = [
    ['merge', ...LOGS, '--state', 's1', '-o', 'out/%F/%H.txt', ...slots],
    ['merge', ...LOGS, '--state', 's2', '-o', 'all.txt', '--late', 'keep', '-q'],
  ];
  for (const writer of writers) writer.happen('grow');
  for (const job of jobs) await run(folder, job);
  for (let round = 0; more(round); round++) {
    now += pick([0.1, 1, 5]) * HOUR;
    for (const writer of writers) writer.happen(pick(HAPPENINGS));
    const signal = pick(ENDINGS);
    if (signal !== undefined) ended++;
    await run(folder, pick(jobs), signal, 50 + random() * 500);
  }
  for (const writer of writers) writer.finish();
  for (const job of jobs) await run(folder, job);
  const ledger = LOGS.map((name) => `ledger/${name}`);
  await run(folder, ['merge', ...ledger, '-o', 'full/%F/%H.txt', ...slots]);
  await run(folder, ['merge', ...ledger, '-o', 'full.txt', '--no-dedup', '-q']);
  await run(folder, ['verify', 'out', '-q']);
  const lines = (name: string) => fs.readFileSync(at(name), 'utf8').split('\n').sort();
  assert.deepEqual(slotsIn(at('out')), slotsIn(at('full')), `seed ${seed}, see ${folder}`);
  assert.deepEqual(lines('all.txt'), lines('full.txt'), `seed ${seed}, see ${folder}`);
  const left = fs.readdirSync(folder).filter((name) => name.includes('.tmp') || name.includes('.lock'));
  assert.deepEqual(left, [], `seed ${seed}, see ${folder}`);
  fs.rmSync(folder, { recursive: true });
  return ended;
}
