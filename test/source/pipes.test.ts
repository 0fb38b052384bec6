import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { connectPipes } from '../../src/source/connect.ts';
import { type OpenSource, openSource } from '../../src/source/open.ts';
import { named, never, problem, readAll, tempFolder } from './tools.ts';

const posix = { skip: process.platform === 'win32' };

interface Fifos {
  sources: OpenSource[];
  tempDir: string;
}

/** Opens `count` FIFOs, of which a script, run by sh in their folder, is the writer. */
async function openFifos(t: TestContext, count: number, script: string): Promise<Fifos> {
  const folder = tempFolder(t);
  const tempDir = tempFolder(t);
  const paths = Array.from({ length: count }, (_, i) => named(join(folder, `f${i}`)));
  execFileSync(
    'mkfifo',
    paths.map(({ file }) => file),
  );
  const writer: ChildProcess = spawn('sh', ['-c', script], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  t.after(() => writer.kill());
  const pipes = await connectPipes(paths, { stdin: 0, tempDir });
  const sources: OpenSource[] = [];
  for (const path of paths) {
    sources.push(await openSource(path, { label: 'l', stdin: 0, pipe: pipes.get(path) }));
  }
  t.after(() => {
    for (const source of sources) source.close();
  });
  return { sources, tempDir };
}

/** Reads the sources one behind the other. */
async function readInTurn({ sources }: Fifos): Promise<string[]> {
  const texts: string[] = [];
  for (const source of sources) texts.push((await readAll(source.open(never), 10_000)).toString('latin1'));
  return texts;
}

const numbers = (to: number) => Array.from({ length: to }, (_, i) => `${i + 1}\n`).join('');

test('one program that writes the same into 20 FIFOs does not wait for ever', posix, async (t) => {
  const others = Array.from({ length: 19 }, (_, i) => `f${i}`).join(' ');
  const fifos = await openFifos(t, 20, `seq 1 60000 | tee ${others} > f19`);
  const texts = await readInTurn(fifos);
  assert.equal(texts.length, 20);
  for (const text of texts) assert.ok(text === numbers(60_000));
  assert.deepEqual(readdirSync(fifos.tempDir), []);
});

test('20 writers of which each waits for the one behind it', posix, async (t) => {
  // Writer i goes on when writer i + 1 has written more than a FIFO holds.
  const script = Array.from({ length: 20 }, (_, i) => {
    const wait = i === 19 ? '' : `while [ ! -e done${i + 1} ]; do sleep 0.01; done;`;
    return `{ echo ${i}; ${wait} seq 1 30000; touch done${i}; } > f${i} &`;
  }).join('\n');
  const texts = await readInTurn(await openFifos(t, 20, `${script}\nwait`));
  for (const [i, text] of texts.entries()) assert.ok(text === `${i}\n${numbers(30_000)}`);
});

test('a program that opens its FIFOs one behind the other before it writes', posix, async (t) => {
  const fifos = await openFifos(t, 3, 'exec 3> f2 4> f1 5> f0; sleep 0.1; echo two >&3; echo one >&4; echo none >&5');
  assert.deepEqual(await readInTurn(fifos), ['none\n', 'one\n', 'two\n']);
});

test('a writer that is not waited for is held back', posix, async (t) => {
  const script = '(head -c 20000000 /dev/zero | tr "\\0" a; touch written) > f1 & seq 1 40000 > f0; wait';
  const { sources } = await openFifos(t, 2, script);
  const [first, second] = sources as [OpenSource, OpenSource];
  assert.equal((await readAll(first.open(never))).toString(), numbers(40_000));
  await new Promise((wake) => setTimeout(wake, 100));
  const { path } = second;
  assert.ok(!existsSync(join(path.file, '..', 'written')));
  assert.equal((await readAll(second.open(never), 1 << 20)).length, 20_000_000);
});

test('what is put aside but not wanted leaves nothing open', posix, async (t) => {
  const { sources } = await openFifos(t, 2, '(seq 1 100000 > f1; echo end) > f0');
  const [first, second] = sources as [OpenSource, OpenSource];
  assert.equal((await readAll(first.open(never))).toString(), 'end\n');
  second.close();
  first.close();
  const before = openSync('/dev/null', 'r');
  closeSync(before);
  assert.ok(before < 40, String(before));
});

test('a full disk for what is put aside is said', posix, async (t) => {
  const folder = tempFolder(t);
  const paths = [named(join(folder, 'a')), named(join(folder, 'b'))];
  execFileSync(
    'mkfifo',
    paths.map(({ file }) => file),
  );
  const writer = spawn('sh', ['-c', '(seq 1 200000 > b; echo end) > a'], { cwd: folder });
  t.after(() => writer.kill());
  const pipes = await connectPipes(paths, { stdin: 0, tempDir: join(folder, 'missing') });
  const [a, b] = [pipes.get(paths[0]), pipes.get(paths[1])] as [never, never];
  const first = await openSource(paths[0], { label: 'l', stdin: 0, pipe: a }).catch((error) => error);
  if (first instanceof Error) assert.match(first.message, /temporary files cannot be written/);
  await assert.rejects(
    openSource(paths[1], { label: 'l', stdin: 0, pipe: b }).then((source) => readAll(source.open(never), 1 << 20)),
    problem('output', /temporary files cannot be written here \(no such file or directory\)/),
  );
});
