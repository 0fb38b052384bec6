import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { labelSources } from '../../src/source/labels.ts';
import type { SourcePath } from '../../src/source/source-path.ts';

const sources = (...paths: string[]): SourcePath[] =>
  paths.map((path) => ({
    path,
    file: path === '-' ? '-' : resolve('/cwd', path),
    origin: path === '-' ? 'stdin' : 'named',
  }));

const ROWS: [paths: string[], labels: string[]][] = [
  [
    ['logs/web.log', './db.csv', '-'],
    ['web.log', 'db.csv', 'stdin'],
  ],
  [
    ['h1/app.log', 'h2/app.log', 'h2/db.log'],
    ['h1/app.log', 'h2/app.log', 'db.log'],
  ],
  [
    ['x/h1/app.log', 'y/h1/app.log', 'h2/app.log'],
    ['x/h1/app.log', 'y/h1/app.log', 'h2/app.log'],
  ],
  [
    ['app.log', 'old/app.log'],
    ['app.log', 'old/app.log'],
  ],
  [
    ['../app.log', './app.log'],
    ['../app.log', 'app.log'],
  ],
  [
    ['/var/log/a/x', '/srv/a/x'],
    ['log/a/x', 'srv/a/x'],
  ],
  [
    ['-', 'stdin'],
    ['stdin', './stdin'],
  ],
  [['two\nlines\u001b[1m'], ['two\\x0alines\\x1b[1m']],
];

for (const [paths, labels] of ROWS) {
  test(`labels of ${JSON.stringify(paths)}`, () => assert.deepEqual(labelSources(sources(...paths), []), labels));
}

test('given labels win, may coincide, and take no name away', () => {
  const given = ['app', 'app', undefined, undefined];
  assert.deepEqual(labelSources(sources('a/x.log', 'b/x.log', 'c/x.log', 'app'), given), [
    'app',
    'app',
    'x.log',
    'app',
  ]);
});

test('different paths never share a label that nobody gave', () => {
  const part = fc.constantFrom('a', 'b', '..', 'x.log', 'stdin');
  const path = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => [...parts, 'x.log'].join('/'));
  fc.assert(
    fc.property(fc.uniqueArray(path, { maxLength: 12, selector: (p) => resolve('/c/d/e/f/g', p) }), (paths) => {
      assert.equal(new Set(labelSources(sources(...paths), [])).size, paths.length);
    }),
  );
});
