import assert from 'node:assert/strict';
import { appendFileSync, linkSync, renameSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { DESCRIPTORS, DescriptorPool, PlainFile } from '../../src/source/descriptors.ts';
import { problem, tempFolder } from './tools.ts';

const posix = { skip: process.platform === 'win32' };

function files(t: TestContext, count: number, pool: DescriptorPool): { paths: string[]; files: PlainFile[] } {
  const folder = tempFolder(t);
  const paths = Array.from({ length: count }, (_, i) => join(folder, `${i}.log`));
  for (const [i, path] of paths.entries()) writeFileSync(path, `this is ${i}`);
  const opened = paths.map((path, i) => new PlainFile(path, `${i}.log`, pool));
  t.after(() => {
    for (const file of opened) file.release();
  });
  return { paths, files: opened };
}

function textOf(file: PlainFile): string {
  const bytes = Buffer.alloc(100);
  return bytes.toString('latin1', 0, file.read(bytes, 0, 100, 0));
}

/** Counts what is open at once. */
class CountingPool extends DescriptorPool {
  readonly now = new Set<PlainFile>();
  most = 0;

  override open(file: PlainFile, path: string): number {
    const descriptor = super.open(file, path);
    this.now.add(file);
    this.most = Math.max(this.most, this.now.size);
    return descriptor;
  }

  override closed(file: PlainFile): void {
    super.closed(file);
    this.now.delete(file);
  }
}

test('more files are read than may be open at once, in any order', (t) => {
  const pool = new CountingPool(3);
  const opened = files(t, 20, pool).files;
  for (const step of [1, 7, 13]) {
    for (let i = 0; i < 20; i++) assert.equal(textOf(opened[(i * step) % 20]), `this is ${(i * step) % 20}`);
  }
  assert.equal(pool.most, 3);
  for (const file of opened) file.release();
  assert.equal(pool.now.size, 0);
});

test('the one that was not read for the longest time is closed', (t) => {
  const pool = new CountingPool(2);
  const [a, b, c] = files(t, 3, pool).files as [PlainFile, PlainFile, PlainFile];
  textOf(b);
  textOf(c);
  textOf(b);
  textOf(a);
  assert.deepEqual([...pool.now], [b, a]);
});

test('a file that was renamed while it was closed is found again', posix, (t) => {
  const opened = files(t, 3, new DescriptorPool(1));
  const [path] = opened.paths as [string];
  renameSync(path, `${path}.1`);
  writeFileSync(path, 'another log begins');
  assert.equal(textOf(opened.files[0]), 'this is 0');
});

test('a file that was removed or replaced while it was closed is an error', posix, (t) => {
  const opened = files(t, 3, new DescriptorPool(1));
  const [gone, replaced] = opened.paths as [string, string];
  // The links in another folder keep the inodes from being given to others.
  for (const [i, path] of [gone, replaced].entries()) linkSync(path, join(tempFolder(t), `kept-${i}`));
  unlinkSync(gone);
  unlinkSync(replaced);
  writeFileSync(replaced, 'another file');
  const lost = /^\d\.log: was removed or replaced while it was read/;
  for (const i of [0, 1]) assert.throws(() => textOf(opened.files[i]), problem('unreadable', lost));
});

test('a file that changed while it was closed is read as it is now', (t) => {
  const opened = files(t, 2, new DescriptorPool(1));
  appendFileSync(opened.paths[0], ', longer');
  assert.equal(textOf(opened.files[0]), 'this is 0, longer');
  truncateSync(opened.paths[1], 4);
  assert.equal(textOf(opened.files[1]), 'this');
});

test('the limit of the system is kept', () => {
  assert.ok(DESCRIPTORS.limit >= 4 && DESCRIPTORS.limit <= 16_384, String(DESCRIPTORS.limit));
});
