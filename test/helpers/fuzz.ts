import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { randomOf } from './crash.ts';

const ROOT = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const BIN = path.join(ROOT, 'bin', 'tsalign.js');
const TIMEOUT_MS = 60_000;
const MEMORY_MIB = 16;
/** --memory, and what the process may take beside it. */
const MOST_KIB = (MEMORY_MIB + 96) * 1024;
const STAMP = '2024-03-10T06:00:00Z';

/** Values at which JSON readers stumble; each is tried as a line, and as a member beside a time. */
const TORTURE = [
  ...['', ' ', '{', '}', '[', ']', '[]', '{}', '[[', '{"a"', '{"a":', '{"a":1', '{"a":1,', '{"a":1,}', '[1,]', '{a:1}'],
  ...['nul', 'NaN', '-', '-0', '01', '1.', '.1', '1e', '1e999', '-1e-999', '123456789012345678901234567890', '+1'],
  ...['"', '"\\', '"\\u', '"\\u12', '"\\uD800"', '"\\uDEAD\\uD800"', '"\\x"', '"\t"', '"\u0000"', '"\\u0000"', "'a'"],
  ...['{"time":"x"}', `{"time":"${STAMP}","time":"${STAMP}"}`, `{"t\\u0069me":"${STAMP}"}`, `{"":"${STAMP}"}`],
  ...['{"__proto__":{"time":1}}', '{"constructor":1}', '\ufeff{}', '/* a */{}', '{}{}', '{}x', '[{}]', '"a"', 'true'],
  ...['['.repeat(5000), '{"a":'.repeat(5000), `${'['.repeat(3000)}${']'.repeat(3000)}`, `"${'a'.repeat(70_000)}"`],
];

/** Texts that have broken programs that read texts. */
const NAUGHTY = [
  ...[
    'undefined',
    'null',
    '__proto__',
    '%s%n%x',
    '{{7*7}}',
    '$(id)',
    '`id`',
    '../../etc/passwd',
    'C:\\nul',
    '--',
    '-o x',
  ],
  ...[
    '\u202etxt.exe',
    'Z\u0351\u036b\u0343',
    '\u{1f469}\u200d\u{1f4bb}',
    '\ud83d',
    '\ufffe',
    '\u0007\u001b[31m\u001b]0;x\u0007',
  ],
  ...['0000-00-00', '2024-02-30T25:61:61Z', '9999999999999999999', '-1', '1e308', '24:00:00', 'Feb 29 23:59:60', STAMP],
  ...[
    'a\rb',
    'a\u2028b',
    '"',
    '""',
    '",',
    "'",
    '\\',
    '\\"',
    '#',
    '=',
    'a=b c="d',
    '\t',
    ' '.repeat(300),
    'x'.repeat(3000),
  ],
];

const FIXTURES = ['app.log', 'app.ndjson', 'db.csv', 'sensors.tsv', 'service.log', 'syslog', 'web.log', 'newyork.log'];
const OPTIONS = [
  ...[[], ['-O', 'raw'], ['-O', 'ndjson'], ['-O', 'csv'], ['-O', 'tsv'], ['-O', 'text', '--stamp', 'replace']],
  ...[
    ['-O', 'csv', '--columns', 'level,msg,m,m.a'],
    ['-O', 'ndjson', '--line-number'],
  ],
  ...[['--undated', 'reject'], ['--dedup'], ['--dedup', 'exact'], ['--presorted'], ['--since', '2024-03-10T07:00Z']],
  ...[['--split-by', 'hour'], ['--split-by', 'day', '--state', 's'], ['--state', 's'], ['--keep-going'], ['--explain']],
];
/** How a file may be packed, by the ending of its name. */
const PACKED: readonly (readonly [string, (bytes: Buffer) => Buffer])[] = [
  ['', (bytes) => bytes],
  ['', (bytes) => bytes],
  ['.gz', (bytes) => gzipSync(bytes)],
  ['.gz', (bytes) => Buffer.concat([gzipSync(bytes.subarray(0, 500)), gzipSync(bytes.subarray(500))])],
  ['.br', (bytes) => brotliCompressSync(bytes)],
];
const FORMATS = ['text', 'csv', 'tsv', 'ndjson', 'logfmt', 'w3c'];

interface Ended {
  code: number | null;
  stderr: string;
  /** Most memory that it was seen to have, KiB. */
  memory: number;
}

function run(cwd: string, words: readonly string[]): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [BIN, ...words], { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
    let stderr = '';
    let memory = 0;
    const look = setInterval(() => {
      memory = Math.max(memory, memoryOf(child.pid as number));
    }, 20);
    const end = setTimeout(() => child.kill('SIGKILL'), TIMEOUT_MS);
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      clearInterval(look);
      clearTimeout(end);
      resolve({ code, stderr, memory });
    });
  });
}

/** proc(5): the peak of what it has had in memory; 0 where the system does not tell. */
function memoryOf(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

type Random = () => number;
const pick = <T>(random: Random, values: readonly T[]): T => values[Math.floor(random() * values.length)];

/** Bytes with some of them cut out, doubled, changed, or put in the place of others. */
function mutated(bytes: Buffer, random: Random): Buffer {
  let result = bytes;
  for (let i = 0; i < 1 + random() * 5; i++) {
    const at = Math.floor(random() * result.length);
    const to = Math.min(result.length, at + Math.floor(random() ** 3 * 400));
    const between = pick<() => Buffer>(random, [
      () => Buffer.alloc(0),
      () => Buffer.concat([result.subarray(at, to), result.subarray(at, to)]),
      () => Buffer.from([Math.floor(random() * 256)]),
      () => Buffer.from(pick(random, NAUGHTY)),
      () => Buffer.from(pick(random, TORTURE)),
      () => Buffer.from(pick(random, ['\n', '\r\n', '\0', '"', ',', '{', '\t'])),
    ])();
    result = Buffer.concat([result.subarray(0, at), between, result.subarray(to)]);
  }
  return result;
}

function torture(random: Random): string {
  const lines = Array.from({ length: 1 + Math.floor(random() * 30) }, () => {
    const value = pick(random, random() < 0.6 ? TORTURE : NAUGHTY);
    return pick(random, [
      value,
      `{"time":"${STAMP}","m":${value}}`,
      `${STAMP} ${value}`,
      `${STAMP},${value}`,
      `ts=${STAMP} m=${value}`,
    ]);
  });
  return `{"time":"${STAMP}"}\n${lines.join('\n')}`;
}

/** Gives one input that nobody would write to the whole command. Returns the words that were tried. */
async function fuzzOnce(random: Random, seed: number): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tsalign-fuzz-'));
  const names = ['a.log', 'b.log'].map((name) => {
    const fixture = fs.readFileSync(path.join(ROOT, 'fixtures', pick(random, FIXTURES)));
    const text = random() < 0.5 ? mutated(fixture, random) : Buffer.from(torture(random));
    const [ending, pack] = pick(random, PACKED);
    const packed = pack(text);
    fs.writeFileSync(path.join(folder, name + ending), random() < 0.5 ? mutated(packed, random) : packed);
    return name + ending;
  });
  const asked = pick(random, OPTIONS);
  const output = asked.includes('--split-by') ? 'out/%F/%H.x' : 'out.x';
  const format = random() < 0.4 ? ['--input-format', pick(random, FORMATS)] : [];
  const report = asked.includes('--explain') ? [] : ['--report', 'r.json'];
  const words = ['merge', ...names, ...asked, ...format, ...report, '-o', output, '-S', `${MEMORY_MIB}MiB`];
  const { code, stderr, memory } = await run(folder, words);
  const where = `seed ${seed}: tsalign ${words.join(' ')} in ${folder}\n${stderr}`;
  assert.ok(code === 0 || code === 1 || code === 2, `exit ${code}; ${where}`);
  for (const line of stderr.split('\n'))
    assert.ok(line === '' || line.startsWith('tsalign: '), `no sentence; ${where}`);
  assert.ok(memory <= MOST_KIB, `${memory} KiB; ${where}`);
  if (code !== 2 && report.length > 0) {
    const { proof } = JSON.parse(fs.readFileSync(path.join(folder, 'r.json'), 'utf8'));
    assert.deepEqual(proof, { recordsAccountedFor: true, linesAccountedFor: true }, where);
  }
  if (code !== 2 && asked.includes('--split-by') && fs.existsSync(path.join(folder, 'out')))
    assert.equal((await run(folder, ['verify', 'out'])).code, 0, `verify; ${where}`);
  fs.rmSync(folder, { recursive: true });
}

/** @param more asked before each input. @returns how many there were */
export async function fuzz(first: number, more: (count: number) => boolean): Promise<number> {
  let count = 0;
  for (; more(count); count++) await fuzzOnce(randomOf(first + count), first + count);
  return count;
}
