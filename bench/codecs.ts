/**
 * Throughput of every decoder beside the system's program for it, in MB of text a second.
 * node --import tsx bench/codecs.ts [MiB]
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COMPRESSIONS } from '../src/source/compression.ts';
import { openSource } from '../src/source/open.ts';

const PROGRAMS: Readonly<Record<string, string>> = {
  gzip: 'gzip',
  zstd: 'zstd -q',
  xz: 'xz -T1',
  bzip2: 'bzip2',
  lz4: 'lz4 -q',
  brotli: 'brotli',
};

const megabytes = Number(process.argv[2] ?? 100);
const folder = mkdtempSync(join(tmpdir(), 'tsalign-bench-'));
try {
  const text = join(folder, 'text');
  writeFileSync(text, lines(megabytes * 1e6));
  console.log(`${'codec'.padEnd(8)}tsalign  program`);
  for (const { name, extensions } of COMPRESSIONS) {
    const program = PROGRAMS[name] as string;
    const file = join(folder, `text${extensions[0]}`);
    if (spawnSync('sh', ['-c', `${program} -c < '${text}' > '${file}'`]).status !== 0) {
      console.log(`${name.padEnd(8)}(no program)`);
      continue;
    }
    const ours = await rateOf(() => decode(file));
    const theirs = await rateOf(async () => void execFileSync('sh', ['-c', `${program} -dc < '${file}' > /dev/null`]));
    console.log(`${name.padEnd(8)}${ours.padStart(7)}  ${theirs.padStart(7)}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The best of three, MB/s. */
async function rateOf(work: () => Promise<void>): Promise<string> {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 3; i++) {
    const start = performance.now();
    await work();
    best = Math.min(best, performance.now() - start);
  }
  return (megabytes / (best / 1000)).toFixed(0);
}

async function decode(file: string): Promise<void> {
  const source = await openSource({ path: file, file, origin: 'named' }, { label: 'bench', stdin: 0 });
  const stream = source.open();
  const bytes = new Uint8Array(131_072);
  while ((await stream.read(bytes, 0, bytes.length)) > 0);
  await stream.close();
  source.close();
}

/** Lines of a log that compress like one. */
function lines(size: number): Buffer {
  const parts: string[] = [];
  let length = 0;
  let state = 1;
  for (let i = 0; length < size; i++) {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    const line = `${new Date(1710054000000 + i * 7).toISOString()} host-${state % 9} svc[${state % 9973}]: request ${state.toString(36)} took ${(state >> 8) % 1000} ms\n`;
    parts.push(line);
    length += line.length;
  }
  return Buffer.from(parts.join(''));
}
