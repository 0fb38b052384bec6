import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { resolveSettings } from '../../src/source/settings.ts';
import type { SourcePath } from '../../src/source/source-path.ts';
import { problem } from './tools.ts';

const SOURCES: SourcePath[] = ['a.log', 'logs/b.log', '-', './logs/k=v.csv', 'a[1].log'].map((path) => ({
  path,
  file: path === '-' ? '-' : resolve('/cwd', path),
  origin: path === '-' ? 'stdin' : 'named',
}));

const ROWS: [values: string[], resolved: (string | undefined)[]][] = [
  [[], [undefined, undefined, undefined, undefined, undefined]],
  [['UTC'], ['UTC', 'UTC', 'UTC', 'UTC', 'UTC']],
  [['b.log=America/New_York'], [undefined, 'America/New_York', undefined, undefined, undefined]],
  [
    ['UTC', '*.log=+02:00', 'a.log=local'],
    ['local', '+02:00', 'UTC', 'UTC', '+02:00'],
  ],
  [
    ['a.log=local', 'UTC'],
    ['UTC', 'UTC', 'UTC', 'UTC', 'UTC'],
  ],
  [['logs/*=x'], [undefined, 'x', undefined, 'x', undefined]],
  [['./logs/b.log=x'], [undefined, 'x', undefined, undefined, undefined]],
  [['/cwd/**/b.log=x'], [undefined, 'x', undefined, undefined, undefined]],
  [['-=x'], [undefined, undefined, 'x', undefined, undefined]],
  [['k=v.csv=x'], [undefined, undefined, undefined, 'x', undefined]],
  [['*=a=b'], ['a=b', 'a=b', 'a=b', 'a=b', 'a=b']],
  [['a.log=='], ['=', undefined, undefined, undefined, undefined]],
  [['a.log='], ['', undefined, undefined, undefined, undefined]],
  [['a[1].log=x'], [undefined, undefined, undefined, undefined, 'x']],
];

for (const [values, resolved] of ROWS) {
  test(`settings ${JSON.stringify(values)}`, () =>
    assert.deepEqual(resolveSettings('--tz', values, SOURCES), resolved));
}

test('a glob that matches no source is a mistake, with the name that may have been meant', () => {
  const fail = (value: string) => () => resolveSettings('--tz', [value], SOURCES);
  assert.throws(
    fail('b.lgo=UTC'),
    problem('usage', /^--tz: "b\.lgo" in "b\.lgo=UTC" matches no source; did you mean "b\.log"\?$/),
  );
  assert.throws(fail('x=y'), problem('usage', /"x" in "x=y" matches no source; to give all .* --tz '\*=…'$/));
  assert.throws(fail('=UTC'), problem('usage', /matches no source/));
  assert.throws(fail('!a.log=UTC'), problem('usage', /matches no source/));
});
