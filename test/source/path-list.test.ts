import assert from 'node:assert/strict';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { readPathList } from '../../src/source/path-list.ts';
import { problem, tempFolder } from './tools.ts';

const LINES = { stdin: 9999, separator: '\n' } as const;
const NULS = { stdin: 9999, separator: '\0' } as const;

function listWith(t: TestContext, text: string): string {
  const file = join(tempFolder(t), 'list');
  writeFileSync(file, text);
  return file;
}

test('a list has a path on each line, as it is written', async (t) => {
  const list = listWith(t, 'a.log\n\n b*.log \nü/c d.log\nlast');
  assert.deepEqual(await readPathList(list, LINES), ['a.log', ' b*.log ', 'ü/c d.log', 'last']);
});

test('with NUL behind each path it may hold line ends', async (t) => {
  assert.deepEqual(await readPathList(listWith(t, 'a\nb.log\0c.log\0'), NULS), ['a\nb.log', 'c.log']);
});

test('a list on stdin', async (t) => {
  const stdin = openSync(listWith(t, 'a.log\nb.log\n'), 'r');
  assert.deepEqual(await readPathList('-', { ...LINES, stdin }), ['a.log', 'b.log']);
  closeSync(stdin);
});

test('what is no list of paths is said', async (t) => {
  const list = (text: string) => listWith(t, text);
  await assert.rejects(readPathList(list('\n'), LINES), problem('no-source', /--files-from: the list names no file/));
  await assert.rejects(readPathList(list('a\0b\0'), LINES), problem('usage', /NUL characters; add --null/));
  await assert.rejects(readPathList(list('a\nb\n'), NULS), problem('usage', /no NUL characters; leave out --null/));
  assert.deepEqual(await readPathList(list('a'), NULS), ['a']);
  await assert.rejects(readPathList(join(list(''), 'x'), LINES), problem('no-source', /^--files-from: .*x: a part of/));
  await assert.rejects(readPathList('-', LINES), problem('unreadable', /--files-from: stdin/));
  const stdin = openSync(list('a\n-\n'), 'r');
  await assert.rejects(readPathList('-', { ...LINES, stdin }), problem('usage', /stdin is the list/));
  closeSync(stdin);
});
