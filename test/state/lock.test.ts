import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { tryLock } from '../../src/state/index.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tsalign-lock-'));
after(() => fs.rmSync(folder, { recursive: true }));
const file = path.join(folder, 'lock');

test('is held by one, and given back', () => {
  const lock = tryLock(file);
  assert.equal(lock?.isTakenOver, false);
  assert.equal(tryLock(file), undefined);
  lock.release();
  tryLock(file)?.release();
  assert.deepEqual(fs.readdirSync(folder), []);
});

test('is taken over from the dead, and from whoever has their number now', () => {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  for (const owner of [
    { pid, start: 'x', host: os.hostname() },
    { pid: process.pid, start: 'another', host: os.hostname() },
  ]) {
    fs.writeFileSync(file, JSON.stringify(owner));
    const lock = tryLock(file);
    assert.equal(lock?.isTakenOver, true);
    lock.release();
    assert.deepEqual(fs.readdirSync(folder), []);
  }
});

test('is put back as it was found: left by the dead, or not there', () => {
  const left = JSON.stringify({ pid: 2 ** 22 + 1, start: 'x', host: os.hostname() });
  fs.writeFileSync(file, left);
  tryLock(file)?.putBack();
  assert.equal(fs.readFileSync(file, 'utf8'), left);
  tryLock(file)?.release();
  tryLock(file)?.putBack();
  assert.deepEqual(fs.readdirSync(folder), []);
});

test('where no lock can be written, it is said why, and what to do', () => {
  const lost = path.join(folder, 'none', 'lock');
  assert.throws(() => tryLock(lost), {
    message: `${lost}: the lock cannot be written: its folder does not exist; make it first`,
  });
  fs.writeFileSync(file, '');
  assert.throws(() => tryLock(path.join(file, 'lock')), {
    message: `${file}/lock: the lock cannot be written: a part of this path is a file, not a folder`,
  });
  fs.rmSync(file);
});

test('what another machine holds is not judged', () => {
  fs.writeFileSync(file, JSON.stringify({ pid: 1, start: '', host: 'elsewhere' }));
  assert.equal(tryLock(file), undefined);
  fs.rmSync(file);
});

test('what a run has left that died while it took the lock is swept; what one is about to write is not', () => {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  fs.writeFileSync(`${file}.${pid}.0`, '');
  fs.writeFileSync(`${file}.${process.pid}.900`, '');
  tryLock(file)?.release();
  assert.deepEqual(fs.readdirSync(folder), [`lock.${process.pid}.900`]);
  fs.rmSync(`${file}.${process.pid}.900`);
});

test('of many that find a stale one, one gets it at a time', async () => {
  fs.writeFileSync(file, JSON.stringify({ pid: 2 ** 22 - 1, start: 'gone', host: os.hostname() }));
  const log = path.join(folder, 'log');
  const script = `
    import fs from 'node:fs';
    import { tryLock } from ${JSON.stringify(path.resolve('src/state/lock.ts'))};
    for (let i = 0; i < 20;) {
      const lock = tryLock(${JSON.stringify(file)});
      if (lock === undefined) { Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1); continue; }
      fs.appendFileSync(${JSON.stringify(log)}, 'in ');
      fs.appendFileSync(${JSON.stringify(log)}, 'out ');
      lock.release();
      i++;
    }`;
  const run = () =>
    new Promise((resolve) => {
      spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], { stdio: 'inherit' }).on(
        'close',
        resolve,
      );
    });
  assert.deepEqual(await Promise.all([run(), run(), run()]), [0, 0, 0]);
  assert.equal(fs.readFileSync(log, 'utf8'), 'in out '.repeat(60));
  assert.deepEqual(fs.readdirSync(folder), ['log']);
});
