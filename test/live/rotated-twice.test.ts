import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { listenToDisk } from '../../src/core/disk.ts';
import { type LogFolder, textLine, World } from '../helpers/simulation.ts';

/** Each how many calls of the file system the log is rotated again, and up to which. */
const TRIED = process.env.FULL ? { every: 1, upTo: 400 } : { every: 3, upTo: 100 };

/** Each file of a log becomes the one behind it, as logrotate does, and a new one is written to. */
function rotate(place: LogFolder, times: number): void {
  for (let i = times; i >= 1; i--) place.rename(i === 1 ? 'a.log' : `a.log.${i - 1}`, `a.log.${i}`);
  place.append('a.log', textLine(1000 * times, `file ${times}`));
}

test('a log that is rotated while a run looks what has its name, at any moment, loses nothing', async () => {
  for (let call = 0, isReached = true; isReached; call += TRIED.every) {
    const world = new World([], 8000);
    const { place, clock } = world;
    place.append('a.log', textLine(0, 'file 0'));
    place.append('b.log', textLine(0, 'other'));
    clock.add({ at: 1000, act: () => rotate(place, 1) });
    const next = { at: 7000, act: (there: LogFolder) => there.append('b.log', textLine(9000, 'other')) };
    clock.add(next);
    let calls = 0;
    const end = listenToDisk(() => {
      if (clock.now >= 1000 && calls++ === call) rotate(place, 2);
    });
    await world.run({ sources: ['a.log', 'b.log'], idleTimeout: '0' });
    end();
    isReached = calls > call && clock.now < 9000 && call < TRIED.upTo;
    const lines = place.read('out').split('\n').slice(0, -1);
    const expected = ['file 0', 'other', 'file 1', 'file 2', 'other'];
    const times = [0, 0, 1000, 2000, 9000];
    assert.deepEqual(
      lines,
      expected.map((text, i) => textLine(times[i], text).trimEnd()),
      `call ${call}`,
    );
    fs.rmSync(place.folder, { recursive: true });
  }
});
