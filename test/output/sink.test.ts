import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { TsalignError } from '../../src/core/problem.ts';
import { ClosedPipe, descriptorSink } from '../../src/output/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'tsalign-sink-'));
after(() => rmSync(folder, { recursive: true }));

test('a descriptor gets every byte and stays open', () => {
  const path = join(folder, 'plain');
  const descriptor = openSync(path, 'w');
  const sink = descriptorSink(descriptor, 'stdout');
  sink.write(Buffer.from('one '));
  sink.write(Buffer.alloc(0));
  sink.write(Buffer.from('two'));
  sink.commit();
  sink.abort();
  closeSync(descriptor);
  assert.equal(readFileSync(path, 'utf8'), 'one two');
});

test('a full disk is a sentence', { skip: process.platform !== 'linux' }, () => {
  const descriptor = openSync('/dev/full', 'w');
  assert.throws(
    () => descriptorSink(descriptor, 'stdout').write(Buffer.from('x')),
    (error: unknown) =>
      error instanceof TsalignError &&
      error.problem.code === 'disk-full' &&
      error.message === 'stdout: no space is left for the output; free some or write elsewhere',
  );
  closeSync(descriptor);
});

test('a descriptor that cannot be written is an output problem with its name', () => {
  const descriptor = openSync(fileURLToPath(import.meta.url), 'r');
  assert.throws(
    () => descriptorSink(descriptor, 'stdout').write(Buffer.from('x')),
    (error: unknown) =>
      error instanceof TsalignError && error.problem.code === 'output' && /bad file descriptor/.test(error.message),
  );
  closeSync(descriptor);
});

test('a pipe that nobody reads any more is a ClosedPipe', { skip: process.platform === 'win32' }, () => {
  const path = join(folder, 'closed');
  execFileSync('mkfifo', [path]);
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writer = openSync(path, constants.O_WRONLY);
  closeSync(reader);
  assert.throws(() => descriptorSink(writer, 'stdout').write(Buffer.from('x')), ClosedPipe);
  closeSync(writer);
});

test('a full pipe that returns at once is waited for', { skip: process.platform === 'win32' }, async () => {
  const path = join(folder, 'slow');
  const result = join(folder, 'read');
  execFileSync('mkfifo', [path]);
  const reader = spawn('sh', ['-c', `{ sleep 0.2; cat; } < "${path}" > "${result}"`]);
  const done = new Promise((resolve) => reader.once('close', resolve));
  // Opening waits for the reader; only then may the pipe be set to return at once.
  closeSync(openSync(path, constants.O_RDWR));
  const blocking = openSync(path, constants.O_WRONLY);
  const descriptor = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  const bytes = Buffer.alloc(1_000_000, 'abcdefg\n');
  descriptorSink(descriptor, 'stdout').write(bytes);
  closeSync(descriptor);
  closeSync(blocking);
  await done;
  assert.ok(readFileSync(result).equals(bytes));
});
