import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { FolderWatch } from '../../src/source/index.ts';

/** Does something again and again until the system has told of that path. */
async function untilTold(told: ReadonlySet<string>, path: string, action: () => void): Promise<void> {
  for (const until = Date.now() + 20_000; !told.has(path); await sleep(20)) {
    assert.ok(Date.now() < until, `nobody told of ${path}`);
    action();
  }
}

test('a folder that is removed and made again is watched again, and one that nobody asks for is not', async () => {
  const root = mkdtempSync(join(tmpdir(), 'tsalign-watch-'));
  const folder = join(root, 'logs');
  const log = join(folder, 'a.log');
  const told = new Set<string>();
  const watch = new FolderWatch((path) => told.add(path));
  try {
    mkdirSync(folder);
    writeFileSync(log, '');
    watch.renew([folder, join(root, 'missing')]);
    await untilTold(told, log, () => appendFileSync(log, 'x'));
    rmSync(folder, { recursive: true });
    await untilTold(told, folder.replace(/logs$/, 'logs/logs'), () => {});
    mkdirSync(folder);
    writeFileSync(log, '');
    watch.renew([folder]);
    told.clear();
    await untilTold(told, log, () => appendFileSync(log, 'x'));
    watch.renew([]);
    await sleep(50);
    told.clear();
    appendFileSync(log, 'x');
    await sleep(100);
    assert.deepEqual([...told], []);
  } finally {
    watch.close();
    rmSync(root, { recursive: true });
  }
});
