import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, closeSync, linkSync, mkdirSync, openSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Problem, TsalignError } from '../../src/core/problem.ts';
import { type ExpandSettings, expandSources } from '../../src/source/expand.ts';
import { problem, tempFolder, withoutPrivileges } from './tools.ts';

const posix = { skip: process.platform === 'win32' };

const raise = (given: Problem) => {
  throw new TsalignError(given);
};

function folderWith(t: TestContext, ...files: string[]): string {
  const folder = tempFolder(t);
  for (const file of files) {
    mkdirSync(join(folder, file, '..'), { recursive: true });
    writeFileSync(join(folder, file), `${file}\n`);
  }
  return folder;
}

/** Paths of what the arguments expand to, and what was said. */
function expand(cwd: string, args: string[], settings: Partial<ExpandSettings> = {}) {
  const said: Problem[] = [];
  const warn = (given: Problem) => said.push(given);
  const found = expandSources(args, {
    recursive: false,
    rotated: false,
    listed: [],
    stdin: 9999,
    cwd,
    isOutput: () => false,
    warn,
    missing: raise,
    ...settings,
  });
  return { found, paths: found.map((source) => source.path), said };
}

test('globs expand in byte order of the whole path, arguments in their own', (t) => {
  const cwd = folderWith(
    t,
    'b.log',
    'a.log',
    'B.log',
    'é.log',
    'logs/z.log',
    'logs-old/z.log',
    'logs/.hidden.log',
    'a.txt',
  );
  assert.deepEqual(expand(cwd, ['*.log']).paths, ['B.log', 'a.log', 'b.log', 'é.log']);
  assert.deepEqual(expand(cwd, ['b.log', 'a.*']).paths, ['b.log', 'a.log', 'a.txt']);
  assert.deepEqual(expand(cwd, ['logs*/*.log']).paths, ['logs-old/z.log', 'logs/z.log']);
  assert.deepEqual(expand(cwd, ['{b,a}.log']).paths, ['a.log', 'b.log']);
  assert.deepEqual(expand(cwd, [`${cwd}/*.txt`]).paths, [join(cwd, 'a.txt')]);
  assert.deepEqual(expand(join(cwd, 'logs'), ['../a.*']).paths, ['../a.log', '../a.txt']);
});

test('names that UTF-16 would order otherwise are in byte order', (t) => {
  const cwd = folderWith(t, '\u{1f600}.log', '\uff21.log');
  assert.deepEqual(expand(cwd, ['*.log']).paths, ['\uff21.log', '\u{1f600}.log']);
});

test('what exists under the very name is no glob', (t) => {
  const cwd = folderWith(t, 'a[1].log', 'a1.log', 'b1.log');
  const { found } = expand(cwd, ['a[1].log', 'b[1].log']);
  assert.deepEqual(
    found.map(({ path, origin }) => [path, origin]),
    [
      ['a[1].log', 'named'],
      ['b1.log', 'glob'],
    ],
  );
  assert.equal(found[0].file, join(cwd, 'a[1].log'));
});

test('folders need -r, then give all but hidden files', (t) => {
  const cwd = folderWith(t, 'd/b.log', 'd/a/x.log', 'd/a.log', 'd/.git/config', 'e/1.log');
  assert.throws(() => expand(cwd, ['d']), problem('no-source', /^d: is a folder; -r reads/));
  assert.deepEqual(expand(cwd, ['d'], { recursive: true }).paths, ['d/a.log', 'd/a/x.log', 'd/b.log']);
  assert.deepEqual(expand(cwd, ['*'], { recursive: true }).paths.at(-1), 'e/1.log');
  assert.throws(() => expand(cwd, ['*']), problem('no-source', /no file matches this glob; .*-r/));
});

test('an empty folder is nothing to read', (t) => {
  const cwd = tempFolder(t);
  assert.throws(() => expand(cwd, ['.'], { recursive: true }), problem('no-source', /holds no files/));
});

test('what is missing is said with what may have been meant', (t) => {
  const cwd = folderWith(t, 'web.log');
  assert.throws(
    () => expand(cwd, ['wbe.log']),
    problem('no-source', /^wbe\.log: no such file or folder; did you mean "web.log"\?$/),
  );
  assert.throws(() => expand(cwd, ['nowhere/web.log']), problem('no-source', /there is no folder/));
  assert.throws(() => expand(cwd, ['web.log/x']), problem('no-source', /^web\.log\/x: /));
  assert.throws(() => expand(cwd, ['']), problem('no-source', /^"": no such file/));
  assert.throws(() => expand(cwd, ['*.gz']), problem('no-source', /^\*\.gz: no file matches/));
  assert.throws(() => expand(cwd, ['!*.gz']), problem('no-source', /no file matches/));
});

test('under keep-going every missing source is said and the others stay', (t) => {
  const cwd = folderWith(t, 'a.log', 'd/b.log');
  const missing: (string | undefined)[] = [];
  const settings = { missing: (given: Problem) => missing.push(given.where) };
  assert.deepEqual(expand(cwd, ['x', 'a.log', 'd', '*.csv'], settings).paths, ['a.log']);
  assert.deepEqual(missing, ['x', 'd', '*.csv']);
});

test('a file reached twice is read once, where it came first, and said', (t) => {
  const cwd = folderWith(t, 'a.log', 'b.log');
  linkSync(join(cwd, 'a.log'), join(cwd, 'hard.log'));
  symlinkSync('b.log', join(cwd, 'soft.log'));
  const twice = expand(cwd, ['b.log', './b.log']);
  assert.deepEqual(twice.paths, ['b.log']);
  assert.equal(twice.said.length, 1);
  const { paths, said } = expand(cwd, ['soft.log', '*.log']);
  assert.deepEqual(paths, ['soft.log', 'a.log']);
  assert.deepEqual(said, [
    {
      code: 'note',
      where: 'b.log',
      what: 'is the same file as soft.log',
      hint: 'read once, like 2 more that were named or found twice',
    },
  ]);
});

test('a circle of links ends', (t) => {
  const cwd = folderWith(t, 'd/a.log');
  symlinkSync('..', join(cwd, 'd/up'));
  symlinkSync('gone', join(cwd, 'd/dangling.log'));
  const { found } = expand(cwd, ['d'], { recursive: true });
  assert.deepEqual(
    found.map(({ file }) => realpathSync(file)),
    [realpathSync(join(cwd, 'd/a.log'))],
  );
});

test('a FIFO in a folder is left alone, a named one is a source', posix, (t) => {
  const cwd = folderWith(t, 'a.log');
  execFileSync('mkfifo', [join(cwd, 'b.log')]);
  assert.deepEqual(expand(cwd, ['*.log']).paths, ['a.log']);
  assert.deepEqual(expand(cwd, ['b.log']).paths, ['b.log']);
});

test('our own output is passed over where it was found, read where it was named', (t) => {
  const cwd = folderWith(t, 'a.log', 'day.log');
  const output = realpathSync(join(cwd, 'day.log'));
  const { paths, said } = expand(cwd, ['*.log'], { isOutput: (real) => real === output });
  assert.deepEqual(paths, ['a.log']);
  assert.deepEqual([said[0].code, said[0].where], ['note', 'day.log']);
  assert.deepEqual(expand(cwd, ['day.log'], { isOutput: (real) => real === output }).paths, ['day.log']);
});

test('stdin is named once at most', (t) => {
  const cwd = folderWith(t, 'a.log');
  assert.deepEqual(expand(cwd, ['-', 'a.log']).found[0], { path: '-', file: '-', origin: 'stdin' });
  assert.throws(() => expand(cwd, ['-', 'a.log', '-']), problem('usage', /stdin can be read only once/));
});

test('a folder inside that may not be listed is said, not left out in silence', posix, async (t) => {
  const cwd = folderWith(t, 'd/a.log', 'd/shut/b.log');
  chmodSync(join(cwd, 'd/shut'), 0o000);
  try {
    await withoutPrivileges(() => {
      assert.throws(() => expand(cwd, ['d'], { recursive: true }), problem('unreadable', /^d\/shut: no permission/));
      // What the glob does not ask for is not looked into.
      assert.deepEqual(expand(cwd, ['d/*.log']).paths, ['d/a.log']);
    });
  } finally {
    chmodSync(join(cwd, 'd/shut'), 0o700);
  }
});

test('--rotated takes the rotated files of what was named, not what looks alike, and not our own output', (t) => {
  const cwd = folderWith(
    t,
    ...['app.log', 'app.log.1', 'app.log.2.gz', 'app-2024-03-10.log', 'app.log.error', 'app.log.gz', 'app.1.log'],
    ...['myapp.log.1', 'sub/app.log.1', 'app.log.3/x.log', 'out.log', 'out.log.1'],
  );
  const rotated = true;
  const all = ['app.log', 'app-2024-03-10.log', 'app.1.log', 'app.log.1', 'app.log.2.gz'];
  const { found, paths, said } = expand(cwd, ['app.log'], { rotated });
  assert.deepEqual([paths, said], [all, []]);
  assert.deepEqual(
    found.map(({ origin }) => origin),
    ['named', 'rotated', 'rotated', 'rotated', 'rotated'],
  );
  assert.deepEqual(expand(cwd, ['app.log.1', 'app.log', './app.log.1'], { rotated }).said.length, 1);
  assert.deepEqual(new Set(expand(cwd, ['app.log.1'], { rotated }).paths), new Set(all));
  assert.deepEqual(expand(cwd, ['-', 'sub/*.1'], { rotated }).paths, ['-', 'sub/app.log.1']);
  const output = realpathSync(join(cwd, 'out.log'));
  assert.deepEqual(expand(cwd, ['out.log.1'], { rotated, isOutput: (real) => real === output }).paths, ['out.log.1']);
});

test('--rotated reads a log that was rotated and not begun anew', (t) => {
  const cwd = folderWith(t, 'app.log.1', 'app.log.2');
  assert.deepEqual(expand(cwd, ['app.log'], { rotated: true }).paths, ['app.log.1', 'app.log.2']);
  assert.throws(() => expand(cwd, ['app.log']), problem('no-source', /did you mean/));
  assert.throws(() => expand(cwd, ['other.log'], { rotated: true }), problem('no-source', /no such file/));
});

test('listed paths come behind the arguments and are no globs', (t) => {
  const cwd = folderWith(t, 'a.log', 'b.log', '*.txt', 'c.txt', 'logs/d.log');
  assert.deepEqual(expand(cwd, ['b.*'], { listed: ['*.txt', './a.log'] }).paths, ['b.log', '*.txt', './a.log']);
  assert.deepEqual(expand(cwd, [], { listed: ['logs'], recursive: true }).paths, ['logs/d.log']);
  assert.throws(() => expand(cwd, [], { listed: ['c*.txt'] }), problem('no-source', /c\*\.txt: no such file/));
  assert.throws(() => expand(cwd, ['-'], { listed: ['-'] }), problem('usage', /stdin can be read only once/));
});

test('what is hidden in a folder is counted', (t) => {
  const cwd = folderWith(
    t,
    'logs/a.log',
    'logs/.b.log',
    'logs/.git/x',
    'logs/.git/y',
    'logs/sub/.c.log',
    'one/.d',
    'one/e',
  );
  const { paths, said } = expand(cwd, ['logs', 'one'], { recursive: true });
  assert.deepEqual(paths, ['logs/a.log', 'one/e']);
  assert.deepEqual(
    said.map(({ code, where, what }) => [code, where, what]),
    [
      ['note', 'logs', '3 hidden files and folders in it'],
      ['note', 'one', '1 hidden file or folder in it'],
    ],
  );
  assert.deepEqual(expand(cwd, ['logs/*'], { recursive: true }).said, []);
});

test('a file on stdin that is also named is read once', posix, (t) => {
  const cwd = folderWith(t, 'a.log', 'b.log');
  const stdin = openSync(join(cwd, 'a.log'), 'r');
  const { paths, said } = expand(cwd, ['-', 'b.log', 'a.log'], { stdin });
  closeSync(stdin);
  assert.deepEqual(paths, ['-', 'b.log']);
  assert.deepEqual(
    said.map(({ where, what, hint }) => [where, what, hint]),
    [['a.log', 'is the same file as -', 'read once']],
  );
});
