import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { rotatedFiles, type SourceState } from '../../src/state/index.ts';

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tsalign-rotated-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

/** Names of rotated files, the oldest first; each was modified after the one before it. */
const ROWS: [name: string, written: string[], oldestFirst: string[]][] = [
  ['numbers', ['app.log.1', 'app.log.3.gz', 'app.log.10'], ['app.log.10', 'app.log.3.gz', 'app.log.1']],
  [
    'dates',
    ['app.log-20240311', 'app.log-20240309.gz', 'app.log-20240310-2', 'app.log-20240310'],
    ['app.log-20240309.gz', 'app.log-20240310', 'app.log-20240310-2', 'app.log-20240311'],
  ],
  [
    'dates with separators',
    ['app.log.2024-03-10.gz', 'app.log.2024-02-28'],
    ['app.log.2024-02-28', 'app.log.2024-03-10.gz'],
  ],
  ['both, by time', ['app.log-20240311', 'app.log.1', 'app.log.2'], ['app.log-20240311', 'app.log.1', 'app.log.2']],
  ['others', ['app.log.1', 'app.logger', 'app.log.old', 'b.log.1'], ['app.log.1']],
];

for (const [name, written, oldestFirst] of ROWS) {
  test(`rotated files, the oldest first: ${name}`, () => {
    for (const [i, file] of written.entries()) {
      fs.writeFileSync(path.join(folder, file), '');
      fs.utimesSync(path.join(folder, file), i + 1, i + 1);
    }
    const source = { file: path.join(folder, 'app.log'), offset: 0, device: '', inode: '' } as SourceState;
    assert.deepEqual(
      rotatedFiles(source).map(({ file }) => path.basename(file)),
      oldestFirst,
    );
  });
}
