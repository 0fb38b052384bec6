import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { listenToDisk } from '../../src/core/disk.ts';
import { type LogFolder, textLine, World } from '../helpers/simulation.ts';

/** Each how many calls of the file system the log is rotated again, and up to which. */
const TRIED = process.env.FULL ? { every: 1, upTo: 400 } : { every: 3, upTo: 100 };

/** When the signal comes: what is rotated from then on may be left. */
const END_MS = 8000;

/** What gzip leaves of a file: one that was written when that was. */
function compress(place: LogFolder, name: string): void {
  const { atime, mtime } = fs.statSync(place.path(name));
  fs.writeFileSync(place.path(`${name}.gz`), gzipSync(fs.readFileSync(place.path(name))));
  fs.utimesSync(place.path(`${name}.gz`), atime, mtime);
  place.remove(name);
}

interface Way {
  /** Makes a.log.1 of a.log. */
  moveAside(place: LogFolder): void;
  /** Ending of what becomes of a.log.1 at once. */
  ending: string;
}

const RENAMED = (place: LogFolder): void => place.rename('a.log', 'a.log.1');
const COPIED = (place: LogFolder): void => place.copyAndTruncate('a.log', 'a.log.1');

/** What logrotate does: by another name, or with copytruncate, compressed at once or not. */
const WAYS: Readonly<Record<string, Way>> = {
  renamed: { moveAside: RENAMED, ending: '' },
  'copied and cut': { moveAside: COPIED, ending: '' },
  'renamed and compressed': { moveAside: RENAMED, ending: '.gz' },
  'copied, cut and compressed': { moveAside: COPIED, ending: '.gz' },
};

/** Each of another length: what is written at one instant, and as long, is the same to who looks at a file from outside. */
const lineOf = (times: number): string => `line ${times}${'.'.repeat(times)}`;

for (const [way, { moveAside, ending }] of Object.entries(WAYS)) {
  /** Each file of a log becomes the one behind it, and the log is written to again. */
  const rotate = (place: LogFolder, times: number): void => {
    for (let i = times; i > 1; i--) place.rename(`a.log.${i - 1}${ending}`, `a.log.${i}${ending}`);
    moveAside(place);
    if (ending !== '') compress(place, 'a.log.1');
    place.append('a.log', textLine(1000 * times, lineOf(times)));
  };

  test(`a log that is ${way} while a run finds out that it was, at any moment, loses nothing`, async () => {
    for (let call = 0, isReached = true; isReached; call += TRIED.every) {
      const world = new World([], END_MS);
      const { place, clock } = world;
      place.append('a.log', textLine(0, 'line 0, the longest of them'));
      place.append('b.log', textLine(0, 'other'));
      clock.add({ at: 1000, act: () => rotate(place, 1) });
      clock.add({ at: 7000, act: (there: LogFolder) => there.append('b.log', textLine(9000, 'other')) });
      let calls = 0;
      const end = listenToDisk(() => {
        if (clock.now >= 1000 && clock.now < END_MS && calls++ === call)
          for (const times of [2, 3]) rotate(place, times);
      });
      await world.run({ sources: ['a.log', 'b.log'], idleTimeout: '0' });
      end();
      const hasRotated = calls > call;
      isReached = hasRotated && call < TRIED.upTo;
      const expected = ['line 0, the longest of them', 'other', lineOf(1), lineOf(2), lineOf(3), 'other'];
      const times = [0, 0, 1000, 2000, 3000, 9000];
      if (hasRotated) {
        assert.equal(
          place.read('out'),
          expected.map((text, i) => textLine(times[i], text)).join(''),
          `${way}, call ${call}`,
        );
      }
      fs.rmSync(place.folder, { recursive: true });
    }
  });
}

test('a log that goes on in another file while names are looked at seldom is not taken for silent', async () => {
  const names = ['a.log', 'b.log'];
  const world = new World([], 14_000);
  const { place, clock } = world;
  const written: string[] = [];
  const write = (at: number): void => {
    for (const [i, name] of names.entries()) {
      const line = textLine(at + i, `${name} ${at}`);
      written.push(line);
      place.append(name, line);
    }
  };
  write(0);
  for (let at = 5500; at < 12_000; at += 500) clock.add({ at, act: () => write(at) });
  clock.add({ at: 5400, act: (there: LogFolder) => there.rename('a.log', 'a.log.1') });
  let isSlow = true;
  const end = listenToDisk((name, [file]) => {
    if (name !== 'stat' || file !== place.path('a.log') || clock.now < 1000 || !isSlow) return;
    isSlow = false;
    clock.now += 4000;
  });
  await world.run({ sources: names, watermarkDelay: '2s', idleTimeout: '3s' });
  end();
  assert.equal(place.read('out'), written.join(''));
  assert.deepEqual(world.warnings, []);
  fs.rmSync(place.folder, { recursive: true });
});

test('a log that is cut behind what its copy has, and again before it is read, loses nothing that is in a copy', async () => {
  const copy = (place: LogFolder) => fs.copyFileSync(place.path('a.log'), place.path('a.log.1'));
  const cut = (place: LogFolder) => fs.truncateSync(place.path('a.log'));
  const old = Array.from({ length: 50 }, (_, i) => textLine(i, `line ${i} ${'x'.repeat(40)}`)).join('');
  const world = new World(
    [
      { at: 1000, act: (place) => copy(place) },
      { at: 1200, act: (place) => place.append('a.log', textLine(1200, 'what no copy has')) },
      {
        at: 1700,
        act(place) {
          cut(place);
          place.append('a.log', textLine(1700, 'what the next copy has'));
          place.rename('a.log.1', 'a.log.2');
          copy(place);
          cut(place);
          place.append('a.log', textLine(1800, 'last'));
        },
      },
    ],
    5000,
  );
  const { place } = world;
  place.append('a.log', old);
  await world.run({ sources: ['a.log'] });
  const came = [textLine(1200, 'what no copy has'), textLine(1700, 'what the next copy has'), textLine(1800, 'last')];
  assert.equal(place.read('out'), old + came.join(''));
  assert.deepEqual(world.warnings, []);
  fs.rmSync(place.folder, { recursive: true });
});
