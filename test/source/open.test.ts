import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  constants,
  openSync,
  readFileSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { stdinIsSource } from '../../src/cli/stdin.ts';
import { type OpenSource, openSource } from '../../src/source/open.ts';
import { SAMPLE_BYTES } from '../../src/source/sample.ts';
import { DeviceStream } from '../../src/source/streams.ts';
import { FIXTURES, named, never, problem, readAll, tempFolder, withoutPrivileges } from './tools.ts';

const posix = { skip: process.platform === 'win32' };
const text = readFileSync(join(FIXTURES, 'web.log'));
const lines = (count: number) => Buffer.from(Array.from({ length: count }, (_, i) => `line ${i}\n`).join(''));

async function opened(t: TestContext, bytes: Buffer | string): Promise<OpenSource & { file: string }> {
  const file = join(tempFolder(t), 'f.log');
  writeFileSync(file, bytes);
  const source = await openSource(named(file), { label: 'label', stdin: 0 });
  t.after(() => source.close());
  return { ...source, file };
}

test('a plain file is read at once, in chunks of any size, as often as wanted', async (t) => {
  const source = await opened(t, text);
  assert.deepEqual([source.kind, source.size, source.rereadable, source.seekable], ['file', text.length, true, true]);
  for (const step of [1, 13, 4096]) assert.deepEqual(await readAll(source.open(never), step), text);
  const [one, two] = [source.open(never), source.open(never)];
  const memory = new Uint8Array(20);
  assert.equal(one.read(memory, 0, 10), 10);
  assert.equal(two.read(memory, 10, 10), 10);
  assert.deepEqual(memory.subarray(0, 10), memory.subarray(10));
});

test('the time of modification keeps its nanoseconds', async (t) => {
  const file = join(tempFolder(t), 'f.log');
  writeFileSync(file, text);
  utimesSync(file, 1710053998.25, 1710053998.25);
  const source = await openSource(named(file), { label: 'l', stdin: 0 });
  assert.equal(source.modified, statSync(file, { bigint: true }).mtimeNs);
  assert.equal(source.modified / 1_000_000n, 1710053998250n);
  source.close();
});

test('a file is read to the length it had when it was opened', async (t) => {
  const source = await opened(t, text);
  appendFileSync(source.file, 'more\n');
  assert.deepEqual(await readAll(source.open(never)), text);
});

for (const compressed of [false, true]) {
  test(`a ${compressed ? 'compressed' : 'plain'} file that becomes shorter stops the run`, async (t) => {
    const bytes = lines(30_000);
    const source = await opened(t, compressed ? gzipSync(bytes, { level: 0 }) : bytes);
    const stream = source.open(never);
    await stream.read(new Uint8Array(100), 0, 100);
    truncateSync(source.file, 50_000);
    await assert.rejects(readAll(stream), problem('truncated', /^label: the file became shorter while it was read \(/));
    await stream.close();
  });
}

test('an empty file is an empty source', async (t) => {
  const source = await opened(t, '');
  assert.deepEqual(await source.sample(), { pieces: [new Uint8Array(0)], whole: true });
  assert.equal((await readAll(source.open(never))).length, 0);
});

test('a UTF-8 byte order mark is left out of stream and sample', async (t) => {
  for (const body of ['', 'a', 'line\n']) {
    const source = await opened(t, `\ufeff${body}`);
    assert.equal((await readAll(source.open(never), 1)).toString(), body);
    assert.equal(Buffer.from((await source.sample()).pieces[0]).toString(), body);
  }
});

test('a large file is sampled in three places, at line starts', async (t) => {
  const bytes = lines(100_000);
  const source = await opened(t, bytes);
  const { pieces, whole } = await source.sample();
  assert.equal(whole, false);
  assert.equal(pieces.length, 3);
  assert.deepEqual(Buffer.from(pieces[0]), bytes.subarray(0, SAMPLE_BYTES));
  const places = pieces.map((piece) => bytes.indexOf(piece));
  for (const place of places.slice(1)) assert.equal(bytes[place - 1], 10);
  assert.ok(places[1] > bytes.length * 0.4 && places[1] < bytes.length * 0.6);
  assert.equal(places[2] + pieces[2].length, bytes.length);
});

test('a file of three samples is sampled whole; one line without end gives the beginning only', async (t) => {
  const { pieces, whole } = await (await opened(t, Buffer.alloc(SAMPLE_BYTES * 3, 'x\n'))).sample();
  assert.deepEqual([pieces.length, pieces[0].length, whole], [1, SAMPLE_BYTES * 3, true]);
  const endless = await (await opened(t, Buffer.alloc(SAMPLE_BYTES * 4, 'x'))).sample();
  assert.deepEqual([endless.pieces.length, endless.whole], [1, false]);
});

test('what is missing or no file says so', async (t) => {
  const folder = tempFolder(t);
  const open = (file: string) => openSource(named(file), { label: 'l', stdin: 0 });
  await assert.rejects(open(join(folder, 'x.log')), problem('no-source', /x\.log: no such file/));
  await assert.rejects(open(folder), problem('no-source', /is a folder; -r reads/));
  await assert.rejects(
    openSource({ path: '-', file: '-', origin: 'stdin' }, { label: 'l', stdin: 9999 }),
    problem('unreadable', /^stdin: /),
  );
});

test('a file without permission says so', posix, async (t) => {
  const file = join(tempFolder(t), 'f.log');
  writeFileSync(file, text, { mode: 0o200 });
  await withoutPrivileges(() =>
    assert.rejects(
      openSource(named(file), { label: 'l', stdin: 0 }),
      problem('unreadable', /no permission to read it/),
    ),
  );
});

test('a FIFO is read once, its sample first, whatever sizes it is written in', posix, async (t) => {
  const file = join(tempFolder(t), 'fifo');
  execFileSync('mkfifo', [file]);
  const writer = spawn('sh', [
    '-c',
    `{ printf '\\357\\273\\277first '; sleep 0.05; echo half; sleep 0.05; seq 1 50000; } > '${file}'`,
  ]);
  const expected = `first half\n${Array.from({ length: 50_000 }, (_, i) => `${i + 1}\n`).join('')}`;
  const source = await openSource(named(file), { label: 'l', stdin: 0 });
  assert.deepEqual([source.kind, source.rereadable, source.seekable, source.size], ['pipe', false, false, undefined]);
  const { pieces, whole } = await source.sample();
  assert.deepEqual([pieces.length, whole], [1, false]);
  assert.equal(Buffer.from(pieces[0]).toString(), expected.slice(0, SAMPLE_BYTES - 3));
  assert.ok((await readAll(source.open(never), 5000)).equals(Buffer.from(expected)));
  writer.kill();
  source.close();
});

/** What a child process reads from the stdin that `redirect`, a piece of shell, gives it. */
function throughStdin(redirect: string, cwd: string): { source: Partial<OpenSource>; text: string; isSource: boolean } {
  const program = `
    import { openSource } from '${join(import.meta.dirname, '../../src/source/open.ts')}';
    import { stdinIsSource } from '${join(import.meta.dirname, '../../src/cli/stdin.ts')}';
    const isSource = stdinIsSource(0);
    const source = await openSource({ path: '-', file: '-', origin: 'stdin' }, { label: 'stdin', stdin: 0 });
    const stream = source.open(() => {});
    const bytes = Buffer.alloc(100000);
    let text = '';
    for (let n; (n = await stream.read(bytes, 0, 100)) > 0; ) text += bytes.toString('utf8', 0, n);
    const { kind, rereadable, compression } = source;
    console.log(JSON.stringify({ source: { kind, rereadable, compression }, text, isSource }));`;
  writeFileSync(join(cwd, 'read.mts'), program);
  const tsx = import.meta.resolve('tsx');
  const command = `${redirect.replace('READ', `'${process.execPath}' --import '${tsx}' '${join(cwd, 'read.mts')}'`)}`;
  return JSON.parse(execFileSync('sh', ['-c', command], { cwd, encoding: 'utf8' }));
}

test('a file on stdin is a file, and begins where the shell left it', posix, (t) => {
  const cwd = tempFolder(t);
  writeFileSync(join(cwd, 'f.log'), 'header\none\ntwo\n');
  const file = throughStdin('READ < f.log', cwd);
  assert.deepEqual(file, {
    source: { kind: 'file', rereadable: true, compression: [] },
    text: 'header\none\ntwo\n',
    isSource: true,
  });
  if (process.platform === 'linux') {
    assert.equal(throughStdin('{ dd bs=7 count=1 of=/dev/null 2>/dev/null; READ; } < f.log', cwd).text, 'one\ntwo\n');
  }
});

test('a pipe on stdin is read once, compressed or not; /dev/null is nothing', posix, (t) => {
  const cwd = tempFolder(t);
  writeFileSync(join(cwd, 'f.gz'), gzipSync('one\ntwo\n'));
  assert.deepEqual(throughStdin('printf "one\\ntwo\\n" | READ', cwd), {
    source: { kind: 'pipe', rereadable: false, compression: [] },
    text: 'one\ntwo\n',
    isSource: true,
  });
  assert.deepEqual(throughStdin('cat f.gz | READ', cwd), {
    source: { kind: 'pipe', rereadable: false, compression: ['gzip'] },
    text: 'one\ntwo\n',
    isSource: true,
  });
  assert.deepEqual(
    [throughStdin('READ < /dev/null', cwd).text, throughStdin('READ < /dev/null', cwd).isSource],
    ['', false],
  );
  assert.equal(stdinIsSource(9999), false);
});

test('damage in a compressed pipe is said when its stream is opened', posix, async (t) => {
  const folder = tempFolder(t);
  writeFileSync(join(folder, 'cut.gz'), gzipSync(text).subarray(0, -8));
  const fifo = join(folder, 'fifo');
  execFileSync('mkfifo', [fifo]);
  const writer = spawn('sh', ['-c', `cat '${folder}/cut.gz' > '${fifo}'`]);
  const source = await openSource(named(fifo), { label: 'l', stdin: 0 });
  const said: string[] = [];
  assert.deepEqual(await readAll(source.open(({ code }) => said.push(code))), text);
  assert.deepEqual(said, ['truncated']);
  source.close();
  writer.kill();
});

test('failed opening leaves no descriptor open', async (t) => {
  const file = join(tempFolder(t), 'f');
  writeFileSync(file, Buffer.alloc(100));
  const before = openSync(file, 'r');
  closeSync(before);
  await assert.rejects(openSource(named(file), { label: 'l', stdin: 0 }));
  const after = openSync(file, 'r');
  closeSync(after);
  assert.equal(after, before);
});

test('a device that answers "not now" is asked again', posix, async (t) => {
  const file = join(tempFolder(t), 'fifo');
  execFileSync('mkfifo', [file]);
  const descriptor = openSync(file, constants.O_RDWR | constants.O_NONBLOCK);
  const memory = Buffer.alloc(10);
  const reading = new DeviceStream(descriptor, 'l', () => {}).read(memory, 2, 8);
  setTimeout(() => writeSync(descriptor, 'late'), 30);
  assert.equal(await reading, 4);
  assert.equal(memory.toString('latin1', 2, 6), 'late');
  closeSync(descriptor);
});
