import assert from 'node:assert/strict';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { gatherSeries, rotatedName } from '../../src/source/rotation.ts';
import type { SourcePath } from '../../src/source/source-path.ts';

/** Rotated files of one log, the oldest first, as the programs that rotate call them. */
const FAMILIES: readonly (readonly [log: string, ...names: string[]])[] = [
  ['app.log', 'app.log.10', 'app.log.9.gz', 'app.log.2.zst', 'app.log.1', 'app.log'], // logrotate
  ['syslog', 'syslog.7.gz', 'syslog.3.gz', 'syslog.2.gz', 'syslog.1', 'syslog'],
  ['app.log', 'app.log-20231231.gz', 'app.log-20240309.gz', 'app.log-20240310', 'app.log'], // logrotate dateext
  ['app.log', 'app.log-1710000000.gz', 'app.log-1710053998', 'app.log'], // logrotate dateformat -%s
  ['app.log', 'app.log-2024031005.gz', 'app.log-2024031023.gz', 'app.log'], // logrotate hourly
  ['maillog', 'maillog.2.bz2', 'maillog.1.bz2', 'maillog.0.bz2', 'maillog'], // newsyslog, savelog
  ['app.log', 'app.log.2024-02-29', 'app.log.2024-03-09', 'app.log.2024-03-10', 'app.log'], // Python, log4j
  ['app.log', 'app.log.2024-03-10_05', 'app.log.2024-03-10_23', 'app.log'], // Python, hourly
  ['app.log', 'app.log.2024-03-10_06-59-58', 'app.log.2024-03-10_07-00-00', 'app.log'],
  ['app.log', 'app.2.log', 'app.1.log', 'app.log'], // log4j, winston
  [
    'app.log',
    'app-2024-03-09-1.log.gz',
    'app-2024-03-09-2.log.gz',
    'app-2024-03-09-10.log.gz',
    'app-2024-03-10-1.log.gz',
  ],
  ['app.log', 'app.2024-03-09.0.log', 'app.2024-03-09.1.log', 'app.2024-03-10.0.log'], // logback
  ['app.log', 'app-2024-03-09.log', 'app-2024-03-10.log', 'app-2024-03-10.log.1', 'app-2024-03-10.log.2'], // winston
  ['foo.log', 'foo-2024-03-09T06-59-58.555.log.gz', 'foo-2024-03-10T06-59-58.001.log', 'foo.log'], // lumberjack
  ['app-out.log', 'app-out__2024-03-09_00-00-00.log', 'app-out__2024-03-10_00-00-00.log', 'app-out.log'], // pm2-logrotate
  ['web.host.me.log.INFO', 'web.host.me.log.INFO.20240309-065958.998', 'web.host.me.log.INFO.20240310-065958.12'], // glog
  ['0.log', '0.log.20240309-065958.gz', '0.log.20240310-065958', '0.log'], // kubelet
  ['access.log', 'access.2023-12.log', 'access.2024-01.log', 'access.log'],
  ['kern.log', 'kern.log.1', 'kern.log.old', 'kern.log'],
  ['app.log', 'app.log.gz', 'app.log'], // packed, and begun anew or kept
  ['c1-json.log', 'c1-json.log.2', 'c1-json.log.1', 'c1-json.log'], // docker
];

/** Names that look alike but are no rotated files of one log. */
const STRANGERS: readonly (readonly string[])[] = [
  ['app.log', 'app.log.error', 'app.log.txt', 'app.logs.1', 'myapp.log.1', 'app.log1', 'app2.log'],
  ['node.1', 'node.2', 'node.3'], // hosts
  ['10.0.0.1', '10.0.0.2', '10.0.0.3.gz'],
  ['app.log.gz', 'app.log.xz'],
  ['web-10.0.0.1.gz', 'web-10.0.0.2.gz'],
  ['10.0.0.1.log', '10.0.0.2.log'],
  ['worker.1.log', 'worker.2.log'], // without worker.log
  ['app-1.log', 'app-2.log', 'app.log'], // instances
  ['db1.log', 'db2.log'],
  ['error-2024-03-10.log', 'access-2024-03-10.log'],
  ['v1.2', 'v1.3'],
  ['a.log.12345', 'a.log.12346'], // processes
  ['2024-03-09.log', '2024-03-10.log'],
  ['x-2024-13-01.log', 'x-2024-00-10.log'],
];

const paths = (names: readonly string[], origin: SourcePath['origin'] = 'named'): SourcePath[] =>
  names.map((path) => ({ path, file: resolve('/var/log', path), origin }));

const gathered = (sources: readonly SourcePath[], labels: readonly (string | undefined)[] = []) =>
  gatherSeries(sources.map((path, i) => ({ path, label: labels[i] }))).map(({ path }) => path);

for (const [log, ...names] of FAMILIES) {
  test(`rotated files of ${log}: ${names.join(' ')}`, () => {
    for (const given of [names, names.toReversed(), names.toSorted()]) {
      const found = gathered(paths(given));
      assert.deepEqual(
        found.map(({ path }) => path),
        names,
      );
      assert.deepEqual(new Set(found.map((path) => path.log)), new Set([log]));
    }
  });
}

for (const names of STRANGERS) {
  test(`no rotated files: ${names.join(' ')}`, () => {
    assert.deepEqual(gathered(paths(names)), paths(names));
  });
}

test('a series stands where its first file stood, and what is no part of it keeps its place', () => {
  const found = gathered(paths(['x.log', 'app.log', 'y.log', 'app.log.2.gz', 'z.log', 'app.log.1', 'y.log.1']));
  assert.deepEqual(
    found.map(({ path }) => path),
    ['x.log', 'app.log.2.gz', 'app.log.1', 'app.log', 'y.log.1', 'y.log', 'z.log'],
  );
  assert.deepEqual(
    found.map(({ log }) => log),
    [undefined, 'app.log', 'app.log', 'app.log', 'y.log', 'y.log', undefined],
  );
});

test('files of the same name in two folders are two logs', () => {
  const found = gathered(paths(['a/app.log', 'b/app.log', 'a/app.log.1', 'b/app.log.1']));
  assert.deepEqual(
    found.map(({ path, log }) => [path, log]),
    ['a', 'b'].flatMap((folder) =>
      ['app.log.1', 'app.log'].map((name) => [join(folder, name), join(folder, 'app.log')]),
    ),
  );
});

test('what the user called differently is no series', () => {
  const names = ['app.log', 'app.log.1', 'app.log.2'];
  const found = gathered(paths(names), ['now', undefined, undefined]);
  assert.deepEqual(
    found.map(({ path, log }) => [path, log]),
    [
      ['app.log', undefined],
      ['app.log.2', 'app.log'],
      ['app.log.1', 'app.log'],
    ],
  );
  assert.deepEqual(
    gathered(paths(names), ['x', 'x', 'x']).map(({ path }) => path),
    names.toReversed(),
  );
});

test('what was found as rotated needs no proof; stdin has no name', () => {
  assert.deepEqual(
    gathered(paths(['node.2', 'node.1'], 'rotated')).map(({ log }) => log),
    ['node', 'node'],
  );
  const stdin: SourcePath[] = [{ path: '-', file: '-', origin: 'stdin' }];
  assert.deepEqual(gathered(stdin), stdin);
});

test('a name of numbers alone has no log', () => {
  for (const name of ['1.2', '2024-03-10', '20240310.log', '1', '', '.1', '-20240310']) {
    assert.equal(rotatedName(name), undefined, name);
  }
});
