import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openSource } from '../../src/source/open.ts';
import { spoolSource } from '../../src/source/spool.ts';
import { FIXTURES, named, never, problem, readAll, tempFolder } from './tools.ts';

const posix = { skip: process.platform === 'win32' };

test('a pipe that was spooled is read twice, sampled everywhere, and leaves no file', posix, async (t) => {
  const folder = tempFolder(t);
  const fifo = join(tempFolder(t), 'fifo');
  execFileSync('mkfifo', [fifo]);
  const writer = spawn('sh', ['-c', `seq 1 100000 > '${fifo}'`]);
  const expected = Buffer.from(Array.from({ length: 100_000 }, (_, i) => `${i + 1}\n`).join(''));
  const source = await openSource(named(fifo), { label: 'l', stdin: 0 });
  const spooled = await spoolSource(source, folder, never);
  t.after(() => spooled.close());
  assert.deepEqual(readdirSync(folder), []);
  assert.deepEqual([spooled.label, spooled.kind, spooled.rereadable, spooled.seekable], ['l', 'pipe', true, true]);
  for (const step of [4096, 99_999]) assert.ok((await readAll(spooled.open(never), step)).equals(expected));
  assert.equal((await spooled.sample()).pieces.length, 3);
  writer.kill();
});

test('where nothing can be written the folder is named, with the option', async () => {
  const source = await openSource(named(join(FIXTURES, 'web.log')), { label: 'l', stdin: 0 });
  const folder = join(FIXTURES, 'no-such-folder');
  await assert.rejects(spoolSource(source, folder, never), problem('output', /no-such-folder: .*-T/));
  source.close();
});

test('the two members of the compressed fixture are one text', async () => {
  const file = join(FIXTURES, 'edge.log.gz');
  const source = await openSource(named(file), { label: 'l', stdin: 0 });
  const text = (await readAll(source.open(never))).toString();
  assert.equal(text.split('\n').length, 10);
  assert.ok(readFileSync(file).indexOf(Buffer.from([0x1f, 0x8b, 8]), 1) > 0);
  source.close();
});
