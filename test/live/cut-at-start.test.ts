import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { listenToDisk } from '../../src/core/disk.ts';
import { type LogFolder, textLine, World } from '../helpers/simulation.ts';

const linesOf = (text: string): string[] => text.split(/(?<=\n)/).filter((line) => line !== '');
const some = (from: number, name: string): string[] =>
  Array.from({ length: 30 }, (_, i) => textLine(from + 10 * i, `${name} ${i} ${'x'.repeat(40)}`));

/** Each file of a log becomes the one behind it. */
function shift(place: LogFolder, log: string): void {
  for (let i = 100; i > 0; i--) {
    if (fs.existsSync(place.path(`${log}.${i}`))) place.rename(`${log}.${i}`, `${log}.${i + 1}`);
  }
}

/** The name of what a call of the file system reads. */
const readFrom = (name: string, [descriptor]: readonly unknown[]): string | undefined =>
  name === 'read' ? path.basename(fs.readlinkSync(`/proc/self/fd/${descriptor}`)) : undefined;

test('a log that is copied and cut whenever a run that begins looks at it ends no run, and all comes once', async () => {
  const cuts = 30;
  const world = new World([{ at: 1000, act: (place) => place.append('a.log', some(2500, 'new').join('')) }], 6000);
  const { place, warnings } = world;
  const asked = { state: 'state', sources: ['a.log'] };
  const written = [...some(-90_000, 'old'), ...some(2500, 'new')];
  place.append('a.log', some(-90_000, 'old').join(''));
  await world.run({ ...asked, follow: false });
  let times = 0;
  const ignore = listenToDisk((name, parameters) => {
    const log = place.path('a.log');
    if (name === 'open' && parameters[0] === log && fs.statSync(log).size === 0) {
      const more = some(-80_000 + 2000 * times, `cut ${times}`);
      place.append('a.log', more.join(''));
      written.push(...more);
    }
    if (times === cuts || readFrom(name, parameters) !== 'a.log') return;
    times++;
    shift(place, 'a.log');
    place.copyAndTruncate('a.log', 'a.log.1');
  });
  try {
    await world.run({ ...asked, watermarkDelay: '2s' });
  } finally {
    ignore();
  }
  assert.equal(times, cuts);
  assert.deepEqual(linesOf(place.read('out')), written.toSorted());
  assert.deepEqual(
    warnings.map(({ code, where, hint }) => ({ code, where, hint })),
    [{ code: 'note', where: 'a.log', hint: 'looked at again, until nothing truncates it' }],
  );
  fs.rmSync(place.folder, { recursive: true });
});

test('of hundreds of rotated files, those that were read are not opened when a run begins', async () => {
  const world = new World([], 3000);
  const { place } = world;
  const asked = { state: 'state', sources: ['a.log'] };
  const rotated = 20;
  for (let i = 0; i <= rotated; i++) {
    place.append('a.log', some(-90_000 + 1000 * i, `file ${i}`).join(''));
    await world.run({ ...asked, follow: false });
    if (i === rotated) break;
    shift(place, 'a.log');
    place.rename('a.log', 'a.log.1');
  }
  shift(place, 'a.log');
  place.rename('a.log', 'a.log.1');
  place.append('a.log', some(-1000, 'last').join(''));
  const opened: string[] = [];
  const ignore = listenToDisk((name, [file]) => {
    if (name === 'open' && /a\.log\.\d+$/.test(String(file))) opened.push(path.basename(String(file)));
  });
  try {
    await world.run(asked);
  } finally {
    ignore();
  }
  assert.deepEqual([...new Set(opened)], ['a.log.1'], opened.join(' '));
  assert.equal(linesOf(place.read('out')).length, 30 * (rotated + 2));
  fs.rmSync(place.folder, { recursive: true });
});
