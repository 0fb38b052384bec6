import assert from 'node:assert/strict';
import fs from 'node:fs';
import { afterEach, beforeEach, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { TsalignError } from '../../src/core/problem.ts';
import { line, makePlace, type Place } from '../helpers/unattended.ts';

let place: Place;
beforeEach(() => {
  place = makePlace();
});
afterEach(() => place.remove());

/** What the records say, in the order of the output. */
const records = (): string[] =>
  place
    .read('out')
    .split('\n')
    .flatMap((text) => /(record \d+)/.exec(text)?.[1] ?? []);
const said = (warnings: readonly { what: string; hint?: string }[]) =>
  warnings.map(({ what, hint }) => `${what}; ${hint}`).join('\n');

const lines = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, i) => line(from + i, `record ${from + i} ${'x'.repeat((i * 7) % 60)}`)).join(
    '',
  );
const numbered = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, i) => `record ${from + i}`);

const asked = { sources: ['app.log.1.gz'] };

test('what is compressed and only half there is taken up when it is whole, at every length', async () => {
  const text = lines(0, 40);
  const whole = gzipSync(text);
  for (let length = 1; length < whole.length; length += 17) {
    fs.writeFileSync(place.path('app.log.1.gz'), whole.subarray(0, length));
    const { warnings } = await place.run(asked);
    const before = fs.existsSync(place.path('out')) ? records() : [];
    assert.deepEqual(before, numbered(0, before.length), `${length} bytes`);
    if (length > 20)
      assert.match(said(warnings), /ends early.*the next run that finds more takes it/, `${length} bytes`);
    assert.deepEqual((await place.run(asked)).warnings, [], 'said once');
    fs.writeFileSync(place.path('app.log.1.gz'), whole);
    assert.deepEqual((await place.run(asked)).warnings, []);
    assert.deepEqual(records(), numbered(0, 40), `${length} bytes`);
    for (const name of ['out', 'state']) fs.rmSync(place.path(name));
  }
});

test('a half file that another takes the place of is taken up in it', async () => {
  const whole = gzipSync(lines(0, 2000));
  fs.writeFileSync(place.path('app.log.1.gz'), whole.subarray(0, whole.length >> 1));
  await place.run(asked);
  assert.ok(records().length > 500);
  fs.writeFileSync(place.path('other'), whole);
  fs.renameSync(place.path('other'), place.path('app.log.1.gz'));
  assert.deepEqual((await place.run(asked)).warnings, []);
  assert.deepEqual(records(), numbered(0, 2000));
});

test('--final takes what there is of a half file', async () => {
  const whole = gzipSync(lines(0, 2000));
  fs.writeFileSync(place.path('app.log.1.gz'), whole.subarray(0, whole.length >> 1));
  await place.run(asked);
  const count = records().length;
  await place.run({ ...asked, final: true });
  assert.equal(records().length, count + 2, 'the last whole one, which might have gone on, and half of one');
});

test('JSON documents that are only half there are not taken before they are whole', async () => {
  const rows = lines(0, 300)
    .trim()
    .split('\n')
    .map((text) => ({ time: text.slice(0, 24), message: text.slice(25) }));
  const whole = gzipSync(JSON.stringify(rows, null, 1));
  fs.writeFileSync(place.path('app.json.gz'), whole.subarray(0, whole.length - 100));
  const json = { sources: ['app.json.gz'] };
  const isCut = (error: unknown) => error instanceof TsalignError && error.problem.code === 'truncated';
  await assert.rejects(place.run(json), isCut);
  fs.writeFileSync(place.path('app.json.gz'), whole);
  await place.run(json);
  assert.deepEqual(records(), numbered(0, 300));
});

for (const length of [1, 40]) {
  test(`a log and what is compressed of it, side by side: once (${length} records)`, async () => {
    place.write('app.log', line(9000, 'record 9000'));
    place.write('app.log.1', lines(0, length));
    fs.writeFileSync(place.path('app.log.1.gz'), gzipSync(lines(0, length)));
    const { warnings } = await place.run({ rotated: true });
    assert.match(said(warnings), /is a copy of app\.log\.1, from which its records are taken/);
    assert.deepEqual(records(), [...numbered(0, length), 'record 9000']);
    fs.rmSync(place.path('app.log.1'));
    assert.deepEqual((await place.run({ rotated: true })).warnings, []);
    assert.deepEqual(records(), [...numbered(0, length), 'record 9000']);
  });
}
