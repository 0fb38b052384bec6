import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { listenToDisk } from '../../src/core/disk.ts';
import { bury, PowerFailure } from '../helpers/faults.ts';
import { type LogFolder, textLine, World } from '../helpers/simulation.ts';

const linesOf = (text: string): string[] => text.split(/(?<=\n)/).filter((line) => line !== '');
const some = (from: number, name: string): string[] =>
  Array.from({ length: 30 }, (_, i) => textLine(from + 10 * i, `${name} ${i} ${'x'.repeat(40)}`));

/** What rotation does, step by step. */
const WAYS: Record<string, ((place: LogFolder) => void)[]> = {
  create: [
    (place) => place.rename('a.log.1', 'a.log.2'),
    (place) => place.rename('a.log', 'a.log.1'),
    (place) => place.append('a.log', ''),
  ],
  copytruncate: [
    (place) => place.rename('a.log.1', 'a.log.2'),
    (place) => fs.copyFileSync(place.path('a.log'), place.path('a.log.1')),
    (place) => fs.truncateSync(place.path('a.log')),
  ],
};

/** Calls of the file system between two steps. */
const APART = 4;

for (const [way, steps] of Object.entries(WAYS)) {
  test(`a log that is rotated while a run with a state begins, at any moment, comes once: ${way}`, async () => {
    for (let call = 1; call < 120; call += 3) {
      const written = [...some(-9000, 'oldest'), ...some(-5000, 'old'), ...some(-2000, 'more'), ...some(2500, 'new')];
      const append = { at: 2500, act: (place: LogFolder) => place.append('a.log', some(2500, 'new').join('')) };
      const world = new World([{ at: 1000, act: () => {} }, append], 6000);
      const { place } = world;
      const asked = { state: 'state' };
      place.append('a.log', some(-9000, 'oldest').join(''));
      await world.run({ ...asked, sources: ['a.log'], follow: false });
      place.rename('a.log', 'a.log.1');
      place.append('a.log', some(-5000, 'old').join(''));
      await world.run({ ...asked, sources: ['a.log'], follow: false });
      place.append('a.log', some(-2000, 'more').join(''));
      let calls = 0;
      const ignore = listenToDisk(() => {
        const step = (++calls - call) / APART;
        steps[step]?.(place);
      });
      try {
        await world.run({ ...asked, sources: ['a.log'] });
      } finally {
        ignore();
      }
      assert.deepEqual(linesOf(place.read('out')).toSorted(), written.toSorted(), `at call ${call}`);
      fs.rmSync(place.folder, { recursive: true });
    }
  });
}

test('what a log was before it was copied and truncated is not what is copied under that name next', async () => {
  const before = [...some(-9000, 'old'), ...some(-5000, 'more'), ...some(-2000, 'younger')];
  const later = some(2500, 'newest');
  const [rename, copy, truncate] = WAYS.copytruncate as ((place: LogFolder) => void)[];
  const happenings = [
    { at: 1000, act: (place: LogFolder) => rename?.(place) },
    { at: 1001, act: (place: LogFolder) => copy?.(place) },
    { at: 2000, act: (place: LogFolder) => truncate?.(place) },
    { at: 2500, act: (place: LogFolder) => place.append('a.log', later.join('')) },
  ];
  const world = new World(happenings, 6000);
  const { place } = world;
  const asked = { state: 'state', sources: ['a.log'] };
  place.append('a.log', before.slice(0, 30).join(''));
  await world.run({ ...asked, follow: false });
  place.append('a.log', before.slice(30, 60).join(''));
  copy?.(place);
  truncate?.(place);
  place.append('a.log', before.slice(60).join(''));
  await world.run(asked);
  assert.deepEqual(linesOf(place.read('out')), [...before, ...later]);
  fs.rmSync(place.folder, { recursive: true });
});

/** Logs that are written to twice a second, each line at an instant of its own. */
class Logs {
  readonly all: string[] = [];
  readonly #written = { 'a.log': 0, 'b.log': 0 };

  /** What is written to a log until then. */
  write(place: LogFolder, name: 'a.log' | 'b.log', until: number): void {
    const lines: string[] = [];
    const apart = name === 'a.log' ? 0 : 7;
    for (let ms = this.#written[name]; ms < until; ms += 50)
      lines.push(textLine(ms + apart, `${name} ${ms} ${'x'.repeat(40)}`));
    this.#written[name] = until;
    this.all.push(...lines);
    place.append(name, lines.join(''));
  }

  both(at: number) {
    const act = (place: LogFolder): void => {
      this.write(place, 'a.log', at);
      this.write(place, 'b.log', at);
    };
    return { at, act };
  }
}

const half = (from: number, to: number): number[] =>
  Array.from({ length: (to - from) / 500 }, (_, i) => from + 500 * i);

const shift = (place: LogFolder, number: number): void => {
  if (fs.existsSync(place.path(`a.log.${number}`))) place.rename(`a.log.${number}`, `a.log.${number + 1}`);
};

/** Each how many calls of the file system something happens in between, and how often that is tried. */
const TRIED = process.env.FULL ? { every: 1, upTo: 250 } : { every: 3, upTo: 70 };

for (const apart of [1, 4]) {
  test(`what stands in logs that are rotated twice while a run begins, which takes long, comes in order: ${apart} calls apart`, async () => {
    for (let call = 1; call < TRIED.upTo; call += TRIED.every) {
      const logs = new Logs();
      const kill = () => {
        listenToDisk(() => {
          throw new PowerFailure();
        });
      };
      const world = new World(
        [
          ...half(500, 4500).map((at) => logs.both(at)),
          { at: 4200, act: kill },
          ...half(12_000, 16_000).map((at) => logs.both(at)),
        ],
        20_000,
      );
      const { place, clock } = world;
      const asked = {
        state: 'state',
        sources: ['a.log', 'b.log'],
        checkpointInterval: '500ms',
        watermarkDelay: '2s',
        idleTimeout: '3s',
      };
      for (const name of asked.sources) place.append(name, '');
      await assert.rejects(world.run(asked), PowerFailure);
      bury(place.folder);
      logs.write(place, 'a.log', 4500);
      place.rename('a.log', 'a.log.1');
      logs.both(7000).act(place);
      const rotation = [
        () => shift(place, 2),
        () => shift(place, 1),
        () => place.rename('a.log', 'a.log.1'),
        () => place.append('a.log', ''),
      ];
      const steps = [
        ...rotation,
        () => logs.write(place, 'a.log', 7500),
        ...rotation,
        () => {
          clock.now += 4000;
          logs.both(11_000).act(place);
        },
      ];
      let calls = 0;
      const ignore = listenToDisk(() => steps[(++calls - call) / apart]?.());
      try {
        await world.run(asked);
      } finally {
        ignore();
      }
      assert.deepEqual(linesOf(place.read('out')), logs.all.toSorted(), `at call ${call}`);
      assert.deepEqual(
        world.warnings.filter(({ code }) => code !== 'note'),
        [],
      );
      fs.rmSync(place.folder, { recursive: true });
    }
  });
}

for (const way of ['create', 'copytruncate']) {
  test(`a log that is rotated after the first run with a state was killed, before it had taken anything, loses nothing: ${way}`, async () => {
    const world = new World([], 6000);
    const { place } = world;
    const asked = { state: 'state', sources: ['a.log'] };
    const written = [...some(-9000, 'old'), ...some(-5000, 'more')];
    const isState = (name: string, [file]: readonly unknown[]): boolean =>
      name === 'rename' && String(file).includes('.state.');
    place.append('a.log', some(-9000, 'old').join(''));
    let saved = 0;
    const end = listenToDisk((...call) => {
      if (saved === 2 || (isState(...call) && ++saved === 2)) throw new PowerFailure();
    });
    await assert.rejects(world.run(asked), PowerFailure);
    end();
    bury(place.folder);
    await world.clock.sleep(500);
    for (const step of WAYS[way] ?? [])
      if (fs.existsSync(place.path('a.log.1')) || step !== WAYS[way]?.[0]) step(place);
    place.append('a.log', some(-5000, 'more').join(''));
    await world.run(asked);
    assert.deepEqual(linesOf(place.read('out')), written);
    assert.deepEqual(world.warnings, []);
    fs.rmSync(place.folder, { recursive: true });
  });
}

test('of files of which nothing was taken, each is looked for under its own name, and none for another', async () => {
  const world = new World([], 6000);
  const { place, clock } = world;
  const asked = { state: 'state', sources: ['a.log'], follow: false };
  place.append('a.log', some(-9000, 'taken').join(''));
  await world.run(asked);
  // A run that was killed had seen two more; then the log was copied and cut once more.
  place.rename('a.log', 'a.log.3');
  place.append('a.log.2', some(-5000, 'seen moved').join(''));
  clock.now += 100;
  place.append('a.log.1', some(-2000, 'seen').join(''));
  place.append('a.log', some(-1000, 'new').join(''));
  const stored = (name: string) => {
    const { dev, ino, size, mtimeNs } = fs.statSync(place.path(name), { bigint: true });
    return { device: `${dev}`, inode: `${ino}`, size: Number(size), modified: `${mtimeNs}` };
  };
  const document = JSON.parse(place.read('state'));
  const [known] = document.sources;
  const none = { length: 0, hash: '' };
  const unread = { ...known, offset: 0, lines: 0, head: none, before: none };
  document.sources.push({ ...unread, id: 1, file: place.path('a.log.1'), ...stored('a.log.2'), moved: true });
  const seen = { ...stored('a.log'), size: stored('a.log.1').size, modified: stored('a.log.2').modified };
  document.sources.push({ ...unread, id: 2, ...seen });
  document.nextId = 3;
  fs.writeFileSync(place.path('state'), JSON.stringify(document));
  clock.now += 5;
  await world.run(asked);
  const written = [
    ...some(-9000, 'taken'),
    ...some(-5000, 'seen moved'),
    ...some(-2000, 'seen'),
    ...some(-1000, 'new'),
  ];
  assert.deepEqual(linesOf(place.read('out')), written);
  assert.deepEqual(world.warnings, []);
  fs.rmSync(place.folder, { recursive: true });
});
