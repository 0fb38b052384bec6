import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { listenToDisk } from '../../src/core/disk.ts';
import type { RunReport } from '../../src/output/index.ts';
import { showState } from '../../src/stored.ts';
import { bury, PowerFailure } from '../helpers/faults.ts';
import { jsonLine, type LogFolder, textLine, World } from '../helpers/simulation.ts';

const ASKED = { sources: ['a.log', 'b.log'], state: 'state', checkpointInterval: '1s' } as const;

/** The moment at which a run is killed: it makes no call of the file system any more. */
const kill = (at: number) => ({
  at,
  act: () => {
    listenToDisk(() => {
      throw new PowerFailure();
    });
  },
});

async function untilKilled(world: World, asked: object): Promise<void> {
  await assert.rejects(world.run({ ...ASKED, sources: [...ASKED.sources], ...asked }), PowerFailure);
  listenToDisk(() => {})();
  bury(world.place.folder);
}

const run = (world: World, asked: object = {}) => world.run({ ...ASKED, sources: [...ASKED.sources], ...asked });

const done = ({ place }: World): void => fs.rmSync(place.folder, { recursive: true });

test('what a run held that was killed is read again, and what it wrote beside it is not', async () => {
  const world = new World([kill(4000)], 9000);
  const { place } = world;
  place.append('a.log', textLine(0, 'a 1') + textLine(9000, 'a 3') + textLine(2000, 'a 2') + textLine(9001, 'a 4'));
  place.append('b.log', textLine(1000, 'b 1') + textLine(6000, 'b 2') + textLine(7000, 'b 3'));
  await untilKilled(world, { idleTimeout: '0' });
  assert.equal(place.read('out'), textLine(0, 'a 1') + textLine(1000, 'b 1') + textLine(2000, 'a 2'));
  const [shown] = showState('state', place.folder).sources;
  assert.deepEqual([shown?.lines, shown?.again], [3, 0]);
  const { report } = await run(world);
  assert.equal(place.read('out').replaceAll(/.* (. .)\n/g, '$1 '), 'a 1 b 1 a 2 b 2 b 3 a 3 a 4 ');
  const { proof } = report as RunReport;
  assert.ok(proof.recordsAccountedFor && proof.linesAccountedFor);
  done(world);
});

test('a run that ends takes up what one held that was killed, and the other way round', async () => {
  const world = new World([kill(3000)], 12_000);
  const { place } = world;
  place.append('a.log', textLine(0, 'a 1') + textLine(9000, 'a 2') + textLine(9001, 'a 3'));
  place.append('b.log', textLine(1000, 'b 1') + textLine(8000, 'b 2') + textLine(8001, 'b 3'));
  await untilKilled(world, { idleTimeout: '0' });
  await run(world, { follow: false, checkpointInterval: undefined });
  assert.equal(place.read('out').replaceAll(/.* (. .)\n/g, '$1 '), 'a 1 b 1 b 2 b 3 a 2 a 3 ');
  place.append('a.log', textLine(9500, 'a 4'));
  await run(world);
  assert.equal(place.read('out').replaceAll(/.* (. .)\n/g, '$1 '), 'a 1 b 1 b 2 b 3 a 2 a 3 a 4 ');
  assert.deepEqual(world.warnings, []);
  done(world);
});

test('SIGINT writes what is held; an unfinished last line is left to the next run', async () => {
  const world = new World([], 1000);
  const { place } = world;
  place.append('a.log', textLine(0, 'first') + textLine(1, 'unfinished').slice(0, -5));
  place.append('b.log', '');
  await run(world, { idleTimeout: '0' });
  assert.equal(place.read('out'), textLine(0, 'first'));
  place.append('a.log', 'shed\n');
  await run(world);
  assert.equal(place.read('out'), textLine(0, 'first') + textLine(1, 'unfinished'));
  done(world);
});

test('a signal before what stands there is merged changes nothing, at whatever moment it comes', async () => {
  const logs = { 'a.log': textLine(0, 'one') + textLine(2, 'three'), 'b.log': textLine(1, 'two') };
  for (let call = 0, isReached = true; isReached; call += 5) {
    const world = new World([], 1000);
    const { place } = world;
    for (const [name, text] of Object.entries(logs)) place.append(name, text);
    let calls = 0;
    const end = listenToDisk(() => {
      if (calls++ === call) queueMicrotask(() => world.stop());
    });
    const stopped = await run(world).catch((reason: unknown) => assert.equal(reason, 'SIGINT'));
    end();
    isReached = calls > call;
    if (stopped === undefined) assert.deepEqual(fs.readdirSync(place.folder).sort(), Object.keys(logs));
    await run(world);
    assert.equal(place.read('out'), textLine(0, 'one') + textLine(1, 'two') + textLine(2, 'three'));
    done(world);
  }
});

test('what is held is written though a signal comes while the years of a new log are found', async () => {
  for (let call = 0, isReached = true; isReached; call += 3) {
    const world = new World([], 10_000);
    const { place } = world;
    const write = (at: number, name: string, text: string) =>
      world.clock.add({ at, act: () => place.append(name, text) });
    place.append('a.log', textLine(0, 'one'));
    write(900, 'a.log', textLine(900, 'held'));
    write(1000, 'b.log', 'Mar 10 06:00:01 host app: two\n');
    let calls = 0;
    const end = listenToDisk(() => {
      if (world.clock.now >= 1000 && calls++ === call) world.stop();
    });
    await world.run({ sources: ['a.log', 'b.log'], idleTimeout: '0' });
    end();
    isReached = calls > call && world.clock.now < 1500;
    assert.match(place.read('out'), /held/);
    done(world);
  }
});

test('a line that comes behind a record that was written belongs to none that is left out', async () => {
  // a 2 is written when it is read, since it is not later than b 2; a 3 is held, so that both are read again.
  const continued = { at: 1500, act: (place: LogFolder) => place.append('a.log', '  more of a 2\n') };
  const world = new World([kill(1400), continued], 6000);
  const { place } = world;
  place.append('b.log', textLine(-9000, 'b 1') + textLine(-2000, 'b 2') + textLine(-1500, 'b 3'));
  place.append('a.log', textLine(-8000, 'a 1') + textLine(5000, 'a 3') + textLine(-7000, 'a 2'));
  await untilKilled(world, { idleTimeout: '1s', watermarkDelay: '2s' });
  await world.clock.sleep(200);
  await run(world, { watermarkDelay: '2s' });
  const lines = place
    .read('out')
    .split('\n')
    .slice(0, -1)
    .map((line) => line.replace(/^\S+Z /, ''));
  assert.deepEqual(lines.toSorted(), ['  more of a 2', 'a 1', 'a 2', 'a 3', 'b 1', 'b 2', 'b 3']);
  done(world);
});

test('what a restart finds to be older than the end of the output is said when it comes, once', async () => {
  const world = new World([], 4000);
  const { place, clock } = world;
  const said: number[] = [];
  clock.add({ at: 2000, act: () => void said.push(world.warnings.length) });
  place.append('a.log', textLine(-9000, 'a 1'));
  place.append('b.log', textLine(-5000, 'b 1'));
  await run(world, { follow: false, checkpointInterval: undefined });
  place.append('a.log', textLine(-8000, 'a 2') + textLine(-7000, 'a 3') + textLine(-4000, 'a 4'));
  await run(world);
  assert.equal(place.read('out').replaceAll(/.* (. .)\n/g, '$1 '), 'a 1 b 1 a 2 a 3 a 4 ');
  assert.deepEqual(said, [1]);
  const what = 'this record is older than 2024-03-10T05:59:55Z, with which the output ended';
  const hint = 'written at once, out of order, like others that are (--late keep says that this is right)';
  assert.deepEqual(world.warnings, [{ code: 'late', where: 'a.log:2', what, hint }]);
  done(world);
});

test('late records, and those that were set aside, come once into the files for them', async () => {
  const late = { at: 2500, act: (place: LogFolder) => place.append('a.log', jsonLine(-5000, 'late')) };
  const broken = { at: 2600, act: (place: LogFolder) => place.append('b.log', '{"broken\n') };
  const world = new World([late, broken, kill(5000)], 9000);
  const { place } = world;
  place.append('a.log', jsonLine(0, 'a 1') + jsonLine(9000, 'a 2'));
  place.append('b.log', jsonLine(10, 'b 1') + jsonLine(2500, 'b 2'));
  const asked = {
    late: 'reject',
    lateOutput: 'late',
    undated: 'reject',
    rejects: 'bad',
    idleTimeout: '0',
    outputFormat: 'ndjson',
  };
  await untilKilled(world, asked);
  await run(world, asked);
  assert.equal(place.read('late'), jsonLine(-5000, 'late'));
  assert.equal(place.read('bad'), '{"broken\n');
  const ids = place.read('out').match(/"id":"[^"]*"/g);
  assert.deepEqual(ids, ['"id":"a 1"', '"id":"b 1"', '"id":"b 2"', '"id":"a 2"']);
  done(world);
});

test('a log that is away when a run begins is taken up where it was left', async () => {
  const away = { at: 3000, act: (place: LogFolder) => place.rename('elsewhere', 'a.log') };
  const world = new World([kill(2000), away], 9000);
  const { place } = world;
  place.append('a.log', textLine(0, 'a 1') + textLine(100, 'a 2'));
  place.append('b.log', textLine(50, 'b 1'));
  await untilKilled(world, {});
  place.rename('a.log', 'elsewhere');
  place.append('elsewhere', textLine(2500, 'a 3'));
  await run(world);
  assert.equal(place.read('out').replaceAll(/.* (. .)\n/g, '$1 '), 'a 1 b 1 a 2 a 3 ');
  done(world);
});

test('a record that is written when nothing has come for a while is in a checkpoint, too', async () => {
  const come = { at: 3000, act: (place: LogFolder) => place.append('a.log', textLine(3000, 'a 2')) };
  const world = new World([come, kill(9000)], 12_000);
  const { place } = world;
  place.append('a.log', textLine(0, 'a 1'));
  place.append('b.log', textLine(50, 'b 1'));
  await untilKilled(world, {});
  place.remove('a.log');
  await run(world);
  assert.equal(place.read('out').replaceAll(/.* (. .)\n/g, '$1 '), 'a 1 b 1 a 2 ');
  done(world);
});

test('what is held of a log that was away and came back is read again after a crash', async () => {
  const away = { at: 2000, act: (place: LogFolder) => place.rename('a.log', 'elsewhere') };
  const back = { at: 20_000, act: (place: LogFolder) => place.rename('elsewhere', 'a.log') };
  const more = { at: 22_000, act: (place: LogFolder) => place.append('a.log', textLine(22_000, 'a 3')) };
  const world = new World([away, back, more, kill(26_000)], 30_000);
  const { place } = world;
  place.append('a.log', textLine(0, 'a 1') + textLine(1900, 'a 2'));
  place.append('b.log', textLine(50, 'b 1'));
  await untilKilled(world, { idleTimeout: '0' });
  assert.equal(place.read('out'), '');
  await run(world);
  assert.equal(place.read('out').replaceAll(/.* (. .)\n/g, '$1 '), 'a 1 b 1 a 2 a 3 ');
  done(world);
});

test('while the copy of a truncated log is read, a state knows the log once', async () => {
  const rotate = { at: 3000, act: (place: LogFolder) => place.copyAndTruncate('a.log', 'a.log.1') };
  const more = { at: 5000, act: (place: LogFolder) => place.append('a.log', textLine(5000, 'a 2')) };
  const world = new World([rotate, more, kill(8000)], 20_000);
  const { place } = world;
  place.append('a.log', textLine(0, 'a 1'));
  place.append('b.log', textLine(50, 'b 1'));
  await untilKilled(world, {});
  const ids = [...place.read('state').matchAll(/"id":(\d+)/g)].map(([, id]) => id);
  assert.deepEqual(ids, [...new Set(ids)]);
  assert.ok(ids.length >= 3, place.read('state'));
  done(world);
});

test('a run whose output is moved away ends, and the next goes on in a new file', async () => {
  const away = { at: 3000, act: (place: LogFolder) => place.rename('out', 'out.1') };
  const world = new World([away], 9000);
  const { place } = world;
  place.append('a.log', textLine(0, 'a 1'));
  place.append('b.log', textLine(50, 'b 1'));
  await assert.rejects(run(world), /out: was moved away/);
  place.append('a.log', textLine(4000, 'a 2'));
  await run(world);
  assert.equal(place.read('out.1'), textLine(0, 'a 1') + textLine(50, 'b 1'));
  assert.equal(place.read('out'), textLine(4000, 'a 2'));
  done(world);
});

test('without a file as output, it is said that records may come twice', async () => {
  const world = new World([], 100);
  world.place.append('a.log', textLine(0, 'a'));
  await run(world, { sources: ['a.log'], output: undefined, match: 'nothing' });
  assert.deepEqual(
    world.warnings.map(({ where }) => where),
    ['stdout'],
  );
  done(world);
});

test('a log that was rotated between two runs is read to its end, and then closed', {
  skip: process.platform !== 'linux',
}, async () => {
  const open = (): number =>
    fs
      .readdirSync('/proc/self/fd')
      .map((name) => fs.existsSync(`/proc/self/fd/${name}`) && fs.readlinkSync(`/proc/self/fd/${name}`))
      .filter((file) => file === place.path('a.log.1')).length;
  const seen: number[] = [];
  const look = (at: number) => ({ at, act: () => seen.push(open()) });
  const world = new World([kill(3000), look(5000), look(18_000)], 20_000);
  const { place } = world;
  place.append('a.log', textLine(0, 'a'));
  place.append('b.log', textLine(100, 'b'));
  await untilKilled(world, {});
  place.append('a.log', textLine(3000, 'c'));
  place.rename('a.log', 'a.log.1');
  place.append('a.log', textLine(3100, 'd'));
  await run(world);
  assert.equal(place.read('out').replaceAll(/.* (.)\n/g, '$1'), 'abcd');
  assert.equal(seen[1], seen[0] - 1, 'another one is held by what was planned');
  done(world);
});

test('a log that was left out for a record that is too long is left out by the next run, too, which begins all the same', async () => {
  const more = { at: 500, act: (place: LogFolder) => place.append('a.log', textLine(400, 'x'.repeat(2_000_000))) };
  const world = new World([more], 3000);
  const { place, warnings } = world;
  place.append('a.log', textLine(0, 'a'));
  place.append('b.log', textLine(50, 'b'));
  const results = [await run(world)];
  place.append('b.log', textLine(3000, 'c'));
  results.push(await run(world));
  assert.equal(place.read('out').replaceAll(/.* (.)\n/g, '$1'), 'abc');
  assert.deepEqual(
    warnings.map(({ code, where, hint }) => [code, where, hint]),
    Array(2).fill(['too-large', 'a.log:2', 'left out']),
  );
  assert.ok(results.every(({ setAside }) => setAside));
  done(world);
});
