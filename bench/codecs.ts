import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMPRESSIONS } from '../src/source/compression.ts';
import { openSource } from '../src/source/open.ts';
import { median } from './table.ts';

const PROGRAMS: Readonly<Record<string, string>> = {
  gzip: 'gzip',
  zstd: 'zstd -q',
  xz: 'xz -T1',
  bzip2: 'bzip2',
  lz4: 'lz4 -q',
  brotli: 'brotli',
};
const ROUNDS = 3;
/** More text would take minutes and tell the same. */
const MOST_BYTES = 100e6;

/** Throughput of every decoder, by itself, beside the system's program for it: a table. */
export async function measureCodecs(folder: string, bytes: number): Promise<string[]> {
  const place = join(folder, 'codecs');
  mkdirSync(place);
  const text = lines(Math.min(bytes, MOST_BYTES));
  writeFileSync(join(place, 'text'), text);
  const rows = ['| codec | MB of text/s | its program, MB/s | time ratio (median) |', '| --- | --- | --- | --- |'];
  for (const { name, extensions } of COMPRESSIONS)
    rows.push(await measureCodec(name, extensions[0], place, text.length));
  rmSync(place, { recursive: true });
  return rows;
}

async function measureCodec(name: string, extension: string, place: string, size: number): Promise<string> {
  const program = PROGRAMS[name];
  const file = join(place, `text${extension}`);
  if (spawnSync('sh', ['-c', `${program} -c < '${join(place, 'text')}' > '${file}'`]).status !== 0) {
    return `| ${name} | – | not installed | – |`;
  }
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(await secondsOf(() => decode(file, size)));
    theirs.push(await secondsOf(() => execFileSync('sh', ['-c', `${program} -dc < '${file}' > /dev/null`])));
  }
  const ratio = median(ours.map((seconds, i) => seconds / theirs[i]));
  const [our, their] = [ours, theirs].map((seconds) => (size / 1e6 / median(seconds)).toFixed(0));
  return `| ${name} | ${our} | ${their} | ${ratio.toFixed(2)} |`;
}

async function secondsOf(work: () => unknown): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}

async function decode(file: string, size: number): Promise<void> {
  const source = await openSource({ path: file, file, origin: 'named' }, { label: 'bench', stdin: 0 });
  const stream = source.open();
  const bytes = new Uint8Array(131_072);
  let length = 0;
  for (let read = -1; read !== 0; length += read) read = await stream.read(bytes, 0, bytes.length);
  await stream.close();
  source.close();
  if (length !== size) throw new Error(`${file}: ${length} bytes of ${size}`);
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
