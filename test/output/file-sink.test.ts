import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { type ProblemCode, TsalignError } from '../../src/core/problem.ts';
import { fileSink } from '../../src/output/index.ts';

const root = mkdtempSync(join(tmpdir(), 'tsalign-file-'));
after(() => rmSync(root, { recursive: true }));

let folder = root;
let count = 0;
beforeEach(() => {
  folder = join(root, String(++count));
  mkdirSync(folder);
});

const at = (name: string) => join(folder, name);
const posix = { skip: process.platform === 'win32' };
const linux = { skip: process.platform !== 'linux' };

function writeTo(path: string, text: string): void {
  const sink = fileSink(path);
  sink.write(Buffer.from(text));
  sink.commit();
}

const isProblem = (code: ProblemCode, what: RegExp) => (error: unknown) =>
  error instanceof TsalignError && error.problem.code === code && what.test(error.message);

test('appears when committed, complete, and leaves nothing beside it', () => {
  const sink = fileSink(at('out.log'));
  sink.write(Buffer.from('one\n'));
  assert.equal(existsSync(at('out.log')), false);
  assert.match(readdirSync(folder).join(), /^\.out\.log\.tsalign-\d+-\d+\.tmp$/);
  sink.write(Buffer.from('two\n'));
  sink.commit();
  sink.abort();
  assert.deepEqual(readdirSync(folder), ['out.log']);
  assert.equal(readFileSync(at('out.log'), 'utf8'), 'one\ntwo\n');
});

test('after abort the old file is as it was', () => {
  writeFileSync(at('out.log'), 'old');
  const sink = fileSink(at('out.log'));
  sink.write(Buffer.from('new'));
  sink.abort();
  sink.abort();
  assert.deepEqual(readdirSync(folder), ['out.log']);
  assert.equal(readFileSync(at('out.log'), 'utf8'), 'old');
});

test('a new file has the mode that umask says, a replaced one its own', posix, () => {
  const before = process.umask(0o027);
  try {
    writeTo(at('new'), 'x');
    writeFileSync(at('old'), 'old');
    chmodSync(at('old'), 0o606);
    const sink = fileSink(at('old'));
    sink.write(Buffer.from('x'));
    sink.commit();
  } finally {
    process.umask(before);
  }
  assert.equal(statSync(at('new')).mode & 0o777, 0o640);
  assert.equal(statSync(at('old')).mode & 0o777, 0o606);
});

test('symbolic links stay, and what they lead to is replaced', posix, () => {
  mkdirSync(at('real'));
  writeFileSync(at('real/file'), 'old');
  symlinkSync('real/file', at('one'));
  symlinkSync('one', at('two'));
  writeTo(at('two'), 'new');
  assert.ok(lstatSync(at('two')).isSymbolicLink());
  assert.equal(readFileSync(at('real/file'), 'utf8'), 'new');
  assert.deepEqual(readdirSync(folder).sort(), ['one', 'real', 'two']);
});

test('a link to a file that is not there yet makes that file', posix, () => {
  mkdirSync(at('real'));
  symlinkSync('real/later', at('link'));
  writeTo(at('link'), 'new');
  assert.ok(lstatSync(at('link')).isSymbolicLink());
  assert.equal(readFileSync(at('real/later'), 'utf8'), 'new');
});

test('links in a circle, a missing folder, a folder: a sentence', posix, () => {
  symlinkSync('b', at('a'));
  symlinkSync('a', at('b'));
  mkdirSync(at('folder'));
  writeFileSync(at('file'), '');
  assert.throws(() => fileSink(at('a')), isProblem('output', /circle/));
  assert.throws(() => fileSink(at('none/x')), isProblem('output', /folder of the output does not exist/));
  assert.throws(() => fileSink(at('folder')), isProblem('output', /is a folder/));
  assert.throws(() => fileSink(at('file/x')), isProblem('output', /is not a folder/));
});

test('a file that may not be written is not replaced', { skip: process.getuid?.() === 0 }, () => {
  writeFileSync(at('kept'), 'old');
  chmodSync(at('kept'), 0o444);
  assert.throws(() => fileSink(at('kept')), isProblem('output', /no permission/));
});

test('a device is written directly', linux, () => {
  writeTo('/dev/null', 'x');
  assert.ok(statSync('/dev/null').isCharacterDevice());
  const sink = fileSink('/dev/full');
  assert.throws(() => sink.write(Buffer.from('x')), isProblem('disk-full', /no space/));
  sink.abort();
});

test('a FIFO is written directly', posix, async () => {
  execFileSync('mkfifo', [at('pipe')]);
  const reader = spawn('sh', ['-c', `cat < "${at('pipe')}" > "${at('read')}"`]);
  const done = new Promise((resolve) => reader.once('close', resolve));
  writeTo(at('pipe'), 'through');
  await done;
  assert.equal(readFileSync(at('read'), 'utf8'), 'through');
  assert.ok(statSync(at('pipe')).isFIFO());
});

test('what a killed run left is swept, what a living one writes is not', () => {
  const dead = spawnSync(process.execPath, ['-e', '']).pid;
  const living = process.ppid;
  const kept = [
    `.out.log.tsalign-${living}-1.tmp`,
    `.other.log.tsalign-${dead}-1.tmp`,
    `.out.log.tsalign-${dead}-1.tmp.txt`,
    `.out.log.tsalign-x-1.tmp`,
  ];
  for (const name of [...kept, `.out.log.tsalign-${dead}-1.tmp`, `.out.log.tsalign-${dead}-22.tmp`])
    writeFileSync(at(name), '');
  writeTo(at('out.log'), 'x');
  assert.deepEqual(readdirSync(folder).sort(), [...kept, 'out.log'].sort());
});

test('names as long as the file system allows', () => {
  const name = `${'ß'.repeat(120)}.log`;
  writeTo(at(name), 'x');
  assert.deepEqual(readdirSync(folder), [name]);
});

test('two sinks for one file: the last to commit wins, whole', () => {
  const first = fileSink(at('out'));
  const second = fileSink(at('out'));
  first.write(Buffer.from('first'));
  second.write(Buffer.from('second'));
  second.commit();
  first.commit();
  assert.equal(readFileSync(at('out'), 'utf8'), 'first');
  assert.deepEqual(readdirSync(folder), ['out']);
});
