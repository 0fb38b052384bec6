import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { listenToDisk } from '../../src/core/disk.ts';
import { type ProblemCode, TsalignError } from '../../src/core/problem.ts';
import { line, makePlace, type Place } from '../helpers/unattended.ts';

const BIN = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', '..', 'bin', 'tsalign.js');
const HOUR_NANOS = 3_600_000_000_000n;

let place: Place;
beforeEach(() => {
  place = makePlace();
});
afterEach(() => place.remove());

const isProblem = (code: ProblemCode, what: RegExp) => (error: unknown) =>
  error instanceof TsalignError && error.problem.code === code && what.test(error.message);
const records = (): (string | undefined)[] =>
  place
    .read('out')
    .trimEnd()
    .split('\n')
    .map((text) => text.split(' ').at(-1));

type Errno = keyof typeof os.constants.errno;

/** Answers the calls that `isMeant` means with an error, while something runs. */
async function refusing(
  code: Errno,
  isMeant: (name: string, parameters: readonly unknown[]) => boolean,
  run: () => Promise<unknown>,
): Promise<void> {
  const end = listenToDisk((name, parameters) => {
    if (isMeant(name, parameters))
      throw Object.assign(new Error(`${code}: ${name}`), { code, errno: -os.constants.errno[code], syscall: name });
  });
  try {
    await run();
  } finally {
    end();
  }
}

/** What goes wrong around a run, by the error it ends with; nothing is taken then, and the next run does it all. */
const FAULTS: [
  name: string,
  error: ProblemCode,
  code: Errno,
  isMeant: (name: string, parameters: readonly unknown[]) => boolean,
][] = [
  [
    'a source that may not be read',
    'unreadable',
    'EACCES',
    (name, [file]) => name === 'open' && `${file}`.endsWith('.log'),
  ],
  ['no more descriptors', 'unreadable', 'EMFILE', (name, [file]) => name === 'open' && `${file}`.endsWith('.log')],
  [
    'an output folder that is read-only',
    'output',
    'EROFS',
    (name, [file]) => name === 'open' && /(state|out)[^/]*$/.test(`${file}`),
  ],
  ['a disk that fails where the state is put in place', 'output', 'EIO', (name) => name === 'rename'],
];

for (const [name, error, code, isMeant] of FAULTS) {
  test(`${name}: one sentence, and the next run does it all`, async () => {
    place.write('app.log', line(0, 'a'));
    await place.run();
    place.append('app.log', line(1, 'b'));
    const state = place.read('state');
    await assert.rejects(
      refusing(code, isMeant, () => place.run()),
      (thrown) => thrown instanceof TsalignError && [error, 'state', 'no-source'].includes(thrown.problem.code),
    );
    assert.equal(place.read('state'), state);
    await place.run();
    assert.deepEqual(records(), ['a', 'b']);
  });
}

test('a temporary folder that is gone is said, and nothing taken', async () => {
  place.write('app.log', Array.from({ length: 400_000 }, (_, i) => line(-i, 'x'.repeat(60))).join(''));
  await assert.rejects(place.run({ tempDir: place.path('gone') }), isProblem('usage', /gone/));
  fs.mkdirSync(place.path('gone'));
  const stop = listenToDisk((name) => {
    if (name === 'mkdtemp') fs.rmSync(place.path('gone'), { recursive: true, force: true });
  });
  try {
    await assert.rejects(place.run({ tempDir: place.path('gone') }), isProblem('output', /gone/));
  } finally {
    stop();
  }
  assert.ok(!fs.existsSync(place.path('out')));
});

test('a clock that steps back changes nothing', async () => {
  place.write('app.log', line(0, 'a'));
  await place.run();
  place.append('app.log', line(1, 'b'));
  place.now -= 48n * HOUR_NANOS;
  fs.utimesSync(place.path('app.log'), 1, 1);
  const { warnings } = await place.run();
  assert.deepEqual([records(), warnings], [['a', 'b'], []]);
});

test('a source that vanishes between being named and opened ends the run, and is taken when it is there again', async () => {
  place.write('app.log', line(0, 'a'));
  place.write('b.log', line(1, 'b'));
  const sources = ['app.log', 'b.log'];
  const gone = (name: string, [file]: readonly unknown[]) => {
    if (name === 'open' && `${file}`.endsWith('b.log')) fs.rmSync(place.path('b.log'), { force: true });
    return false;
  };
  await assert.rejects(
    refusing('EIO', gone, () => place.run({ sources })),
    isProblem('no-source', /b\.log/),
  );
  place.write('b.log', line(1, 'b'));
  await place.run({ sources });
  assert.deepEqual(records(), ['a', 'b']);
});

for (const [first, second] of [
  ['SIGHUP', undefined],
  ['SIGTERM', 'SIGTERM'],
] as const) {
  test(`${first}${second === undefined ? '' : `, and a second ${second}`}: the run dies of it, and leaves the state as it was`, async () => {
    place.write('app.log', Array.from({ length: 400_000 }, (_, i) => line(-i, 'x'.repeat(60))).join(''));
    const child = spawn(process.execPath, [BIN, 'merge', 'app.log', '--state', 'state', '-o', 'out'], {
      cwd: place.folder,
      stdio: 'ignore',
    });
    while (!fs.existsSync(place.path('state.lock'))) await new Promise((wake) => setTimeout(wake, 10));
    child.kill(first);
    if (second !== undefined) child.kill(second);
    const [, signal] = await once(child, 'exit');
    assert.equal(signal, first);
    await place.run({ memory: 2 ** 26 });
    assert.equal(records().length, 400_000);
  });
}

test('many sources with late records need no more memory than few', async () => {
  const sources = Array.from({ length: 120 }, (_, i) => `${i}.log`);
  for (const [i, name] of sources.entries()) place.write(name, line(i + 1, `${i}a`) + line(0, `${i}b`));
  await place.run({ sources, memory: 16 * 2 ** 20 });
  const expected = [...sources.map((_, i) => `${i}b`), ...sources.map((_, i) => `${i}a`)];
  assert.deepEqual(records(), expected);
});
