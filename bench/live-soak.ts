/**
 * Three writers, logrotate (both of its ways) and `merge --follow`, as real processes: every line must come once, in order.
 * npm run live-soak -- --minutes 2
 */
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const BIN = fileURLToPath(new URL('../bin/tsalign.js', import.meta.url));
const LOGS = ['app0.log', 'app1.log', 'app2.log'];
const ROTATE_MS = 1500;

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '1' } } });
const seconds = Number(values.minutes) * 60;

for (const way of ['create', 'copytruncate']) {
  const wrong = await soak(way, seconds / 2);
  console.log(`${way}: ${wrong === undefined ? 'every line once, in order' : wrong}`);
  if (wrong !== undefined) process.exitCode = 1;
}

/** What was wrong; undefined: nothing. */
async function soak(way: string, length: number): Promise<string | undefined> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tsalign-soak-'));
  const at = (name: string) => path.join(folder, name);
  fs.chmodSync(folder, 0o755);
  for (const name of LOGS) fs.writeFileSync(at(name), '');
  const rules = `su root root\nrotate 10000\nsize 1\n${way}\nnocompress\nmissingok\n`;
  fs.writeFileSync(at('rules'), `${folder}/app*.log {\n${rules}}\n`, { mode: 0o644 });
  const words = ['merge', '--follow', ...LOGS.map(at), '-O', 'raw', '-o', at('out'), '--watermark-delay', '2s'];
  const follower = spawn(process.execPath, [BIN, ...words, '--idle-timeout', '3s'], { stdio: 'inherit' });
  const ended = new Promise<number | null>((resolve) => {
    follower.on('exit', resolve);
  });
  while (!fs.existsSync(at('out'))) await sleep(20);
  const written = await write(at, length * 1000);
  await sleep(6000);
  follower.kill('SIGTERM');
  const code = await ended;
  const wrong =
    code === 0 ? compare(written, fs.readFileSync(at('out'), 'utf8').split('\n').slice(0, -1)) : `exit ${code}`;
  if (wrong === undefined) fs.rmSync(folder, { recursive: true });
  return wrong === undefined ? undefined : `${wrong}; see ${folder}`;
}

/** Writes to the logs and rotates them. Returns the lines. */
async function write(at: (name: string) => string, milliseconds: number): Promise<string[]> {
  const written: string[] = [];
  const end = Date.now() + milliseconds;
  for (let rotated = Date.now(); Date.now() < end; await sleep(10)) {
    for (const name of LOGS) {
      const lines = Array.from({ length: Math.floor(Math.random() * 20) }, (_, i) => {
        const number = written.length + i;
        return number % 50 === 0 ? `  continues ${number}` : `${new Date().toISOString()} ${name} ${number}`;
      });
      written.push(...lines);
      fs.appendFileSync(at(name), lines.map((line) => `${line}\n`).join(''));
    }
    if (Date.now() - rotated < ROTATE_MS) continue;
    rotated = Date.now();
    // logrotate itself loses what is written between its copy and its truncation: nobody writes meanwhile.
    const { status, stderr } = spawnSync('logrotate', ['-f', '-s', at('state'), at('rules')], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`logrotate: ${stderr}`);
  }
  return written;
}

function compare(written: readonly string[], read: readonly string[]): string | undefined {
  const came = new Set(read);
  const lost = written.filter((line) => !came.has(line)).length;
  if (lost > 0 || read.length !== written.length)
    return `${written.length} lines written, ${read.length} came, ${lost} lost`;
  const stamps = read.filter((line) => !line.startsWith(' ')).map((line) => line.slice(0, 24));
  const disorder = stamps.findIndex((stamp, i) => i > 0 && stamp < (stamps[i - 1] as string));
  return disorder < 0 ? undefined : `line ${disorder + 1} is out of order`;
}
