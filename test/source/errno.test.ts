import assert from 'node:assert/strict';
import { test } from 'node:test';
import { problemOf } from '../../src/source/errno.ts';

const systemError = (code: string) => Object.assign(new Error(`${code}: words of the system`), { code, errno: -1 });

test('what the system refuses is a sentence with a code', () => {
  const rows = [
    ['ENOENT', 'no-source', /no such file/],
    ['EISDIR', 'no-source', /is a folder/],
    ['EACCES', 'unreadable', /no permission/],
    ['EMFILE', 'unreadable', /too many files are open/],
    ['EIO', 'unreadable', /input\/output error/],
    ['EXDEV', 'unreadable', /cannot be read \(EXDEV: words of the system\)/],
  ] as const;
  for (const [errno, code, part] of rows) {
    const given = problemOf(systemError(errno), 'f.log');
    assert.deepEqual([given.code, given.where], [code, 'f.log']);
    assert.match(given.what, part);
  }
  assert.match(problemOf(systemError('EMFILE'), 'f').hint as string, /ulimit -n/);
});

test('our own mistakes are not dressed up', () => {
  assert.throws(() => problemOf(new RangeError('ours'), 'f.log'), RangeError);
});
