import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import type { RunReport } from '../../src/output/index.ts';
import { runMerge } from '../../src/pipeline.ts';
import { type MergeRequest, NOTHING_ASKED } from '../../src/request.ts';
import { verifySlots } from '../../src/slots.ts';
import { SCRIPT_SLOTS, slotFiles, slotsOfScript } from '../helpers/script-slots.ts';
import { Script, SOURCES, type Step, scripts } from '../helpers/scripts.ts';
import { BEGIN_MS, type Happening, type LogFolder, quietIo, textLine, World } from '../helpers/simulation.ts';

const MINUTE = 60_000;
const ASKED: Partial<MergeRequest> = { sources: ['a.log', 'b.log'], splitBy: 'minute', output: 'out/%F-%H%M' };

const manifestOf = ({ place }: World) => JSON.parse(place.read('out/_tsalign/manifest.json'));
const done = ({ place }: World): void => fs.rmSync(place.folder, { recursive: true });

/** The minutes of the slots that are there. */
const slotNames = (place: LogFolder): string => Object.keys(slotsOf({ place })).join(' ');

/** What lies in the folder of slots, by the minute of its name. */
function slotsOf({ place }: Pick<World, 'place'>, folder = 'out'): Record<string, string> {
  const names = fs.existsSync(place.path(folder)) ? fs.readdirSync(place.path(folder)) : [];
  const slots = names.filter((name) => name !== '_tsalign').sort();
  return Object.fromEntries(
    slots.map((name) => [
      name.slice(-4),
      place
        .read(`${folder}/${name}`)
        .replaceAll(/^\S+Z /gm, '')
        .replaceAll('\n', ' '),
    ]),
  );
}

const statuses = (world: World): string =>
  manifestOf(world)
    .slots.map((slot: { status: string }) => slot.status)
    .join(' ');

test('a slot is published when the watermark has passed its end, and final when no more is taken for it', async () => {
  const seen: unknown[] = [];
  const say = (at: number, name: string, text: string) => ({
    at,
    act: (place: LogFolder) => place.append(name, textLine(at, text)),
  });
  const look = (at: number) => ({
    at,
    act: () =>
      seen.push([slotsOf(world), fs.existsSync(world.place.path('out/_tsalign/manifest.json')) ? statuses(world) : '']),
  });
  const world = new World(
    [
      say(30_000, 'a.log', 'a2'),
      say(40_000, 'b.log', 'b2'),
      look(59_000),
      say(MINUTE + 5000, 'a.log', 'a3'),
      say(MINUTE + 6000, 'b.log', 'b3'),
      look(MINUTE + 9000),
      { at: MINUTE + 20_000, act: (place) => place.append('a.log', textLine(35_000, 'late')) },
      look(MINUTE + 25_000),
      say(4 * MINUTE, 'a.log', 'a4'),
      say(4 * MINUTE, 'b.log', 'b4'),
      look(4 * MINUTE + 5000),
    ],
    4 * MINUTE + 6000,
  );
  world.place.append('a.log', textLine(0, 'a1'));
  world.place.append('b.log', textLine(1000, 'b1'));
  const { report } = await world.run({ ...ASKED, allowedLateness: '2m' });
  assert.deepEqual(seen, [
    [{}, ''],
    [{ '0600': 'a1 b1 a2 b2 ' }, 'open'],
    [{ '0600': 'a1 b1 a2 late b2 ' }, 'open'],
    [{ '0600': 'a1 b1 a2 late b2 ', '0601': 'a3 b3 ' }, 'final final'],
  ]);
  assert.deepEqual(slotsOf(world), { ...(seen[3] as [object])[0], '0604': 'a4 b4 ' });
  assert.equal(statuses(world), 'final final open');
  assert.equal((report as { totals: { late: number } }).totals.late, 1);
  assert.deepEqual(world.warnings, []);
  assert.deepEqual((await verifySlots('out', world.place.folder)).trouble, []);
  assert.equal(BEGIN_MS % MINUTE, 0);
  done(world);
});

/** A run that ends, over the same logs, in the middle of one that follows them. */
const batch = (place: LogFolder, asked: Partial<MergeRequest>) => {
  const warnings: string[] = [];
  const io = { ...quietIo(place.folder), warn: ({ what }: { what: string }) => warnings.push(what) };
  const request = { ...NOTHING_ASKED, memory: 16 * 2 ** 20, outputFormat: 'raw', ...ASKED, ...asked } as MergeRequest;
  return runMerge(request, io).then(() => warnings.join());
};

test('a run that ends replaces slots that are final, and leaves the others to the run that follows', async () => {
  const told: string[] = [];
  const again = { replaceSlots: true };
  const world = new World(
    [
      { at: 1000, act: (place) => place.append('a.log', textLine(5 * MINUTE, 'a2')) },
      {
        at: 8000,
        async act(place) {
          await assert.rejects(
            batch(place, again),
            /0603: process \d+ follows.*06:03:00Z is final: --until 2024-03-10T06:03:00Z/,
          );
          fs.appendFileSync(place.path('a.log'), textLine(30_000, 'rewritten'));
          told.push(await batch(place, { ...again, until: '2024-03-10T06:03:00Z' }));
        },
      },
    ],
    20_000,
  );
  world.place.append('a.log', textLine(0, 'a1') + textLine(3 * MINUTE, 'a3'));
  world.place.append('b.log', textLine(4 * MINUTE, 'b'));
  await world.run({ ...ASKED, allowedLateness: '2m' });
  assert.deepEqual(told, ['1 slot differs from before: 2024-03-10-0600 2 records (before: 1)']);
  assert.deepEqual(
    world.warnings.map(({ where, what }) => `${where} ${what}`),
    ['a.log:4 this record, of 2024-03-10T06:00:30Z, came when another run had written its slot'],
  );
  assert.equal(slotsOf(world)['0600'], 'a1 rewritten ');
  done(world);
});

for (const outputFormat of ['text', 'raw', 'ndjson', 'csv', 'tsv'] as const) {
  for (const ending of ['', '.gz']) {
    test(`slots to which something was added hold the bytes of one merge: ${outputFormat}${ending}`, async () => {
      const row = (ms: number, text: string) => `${textLine(ms, '').trim()},${text}\n`;
      const add = (at: number, name: string, rows: string) => ({
        at,
        act: (place: LogFolder) => place.append(name, rows),
      });
      const world = new World(
        [
          add(1000, 'a.csv', row(1000, 'a2') + row(500, '"a\n3"')),
          add(2000, 'c.csv', `ts,msg\n${row(900, 'joined')}`),
          add(5000, 'a.csv', row(MINUTE, 'a4') + row(400, 'a5') + row(MINUTE + 1, 'a6')),
          add(8000, 'b.csv', row(2 * MINUTE, 'b2') + row(450, 'b3') + row(MINUTE + 1, 'b4')),
          add(12_000, 'c.csv', row(450, 'c2')),
        ],
        20_000,
      );
      const { place } = world;
      place.append('a.csv', `ts,msg\n${row(0, 'a1')}`);
      place.append('b.csv', `ts,msg\n${row(10, 'b1')}`);
      const asked = { ...ASKED, sources: ['*.csv'], output: `out/%F-%H%M${ending}`, outputFormat };
      await world.run(asked);
      await batch(place, { ...asked, output: `full/%F-%H%M${ending}` });
      const bytesIn = (folder: string) =>
        fs
          .readdirSync(place.path(folder))
          .filter((name) => name !== '_tsalign')
          .map((name) => [name, fs.readFileSync(place.path(`${folder}/${name}`), 'hex')]);
      assert.deepEqual(bytesIn('out'), bytesIn('full'));
      assert.equal(bytesIn('out').length, 3);
      assert.deepEqual((await verifySlots('out', place.folder)).trouble, []);
      done(world);
    });
  }
}

test('a slot is published when its time is over though nobody writes any more', async () => {
  const seen: string[] = [];
  const look = (at: number): Happening => ({ at, act: (place) => void seen.push(slotNames(place)) });
  const world = new World([look(MINUTE - 2000), look(MINUTE + 3000)], MINUTE + 4000);
  world.place.append('a.log', textLine(0, 'a'));
  world.place.append('b.log', textLine(10, 'b'));
  await world.run(ASKED);
  assert.deepEqual(seen, ['', '0600']);
  done(world);
});

test('a run that begins again finds slots that exist, and writes them anew where it is told to', async () => {
  const world = new World([], 1000);
  world.place.append('a.log', textLine(0, 'a') + textLine(MINUTE, 'a2'));
  world.place.append('b.log', textLine(10, 'b'));
  await world.run(ASKED);
  const before = slotsOf(world);
  await assert.rejects(world.run(ASKED), /this slot exists; --replace-slots/);
  assert.deepEqual(slotsOf(world), before);
  await world.run({ ...ASKED, replaceSlots: true });
  assert.deepEqual(slotsOf(world), before);
  assert.deepEqual(fs.readdirSync(world.place.path('out/_tsalign')).sort(), ['index', 'manifest.json']);
  done(world);
});

test('two runs do not follow into one folder; while another run writes slots, what has ended waits', async () => {
  const other = { pid: process.pid + 1, start: '', host: 'elsewhere' };
  const lock = (name: string) => (place: LogFolder) => place.append(`out/_tsalign/${name}`, JSON.stringify(other));
  const seen: string[] = [];
  const look = (at: number): Happening => ({ at, act: (place) => void seen.push(slotNames(place)) });
  const world = new World(
    [
      { at: 100, act: lock('slots.lock') },
      look(5000),
      { at: 6000, act: (place) => place.remove('out/_tsalign/slots.lock') },
      look(9000),
    ],
    10_000,
  );
  world.place.append('a.log', textLine(0, 'a'));
  world.place.append('b.log', textLine(5 * MINUTE, 'b'));
  await world.run(ASKED);
  assert.deepEqual(seen, ['', '0600']);
  assert.deepEqual(
    world.warnings.map(({ what, hint }) => `${what}, ${hint}`),
    [`process ${other.pid} on elsewhere is writing slots, waiting for it`],
  );
  lock('follow.lock')(world.place);
  await assert.rejects(world.run({ ...ASKED, replaceSlots: true }), /on elsewhere is at work on it/);
  done(world);
});

/** How many scripts are tried; FULL=1 tries thousands. */
const RUNS = process.env.FULL ? 1000 : 12;

async function followSlots(steps: readonly Step[], asked: Partial<MergeRequest>) {
  const script = new Script(steps);
  const world = new World(script.happenings, script.endsAt);
  for (const name of SOURCES) world.place.append(name, '');
  const { report } = await world.run({ ...SCRIPT_SLOTS, ...asked });
  const { trouble } = await verifySlots('out', world.place.folder);
  const written = slotFiles(world.place);
  done(world);
  return { script, written, trouble, warnings: world.warnings, report: report as RunReport };
}

test('whatever comes late, slots are those of all that was written, each record in its place', async () => {
  await fc.assert(
    fc.asyncProperty(scripts(4000), fc.constantFrom('0', '500ms', '3s'), async (steps, watermarkDelay) => {
      const asked = { watermarkDelay, allowedLateness: '5s', late: 'reject' } as const;
      const { script, written, trouble, warnings, report } = await followSlots(steps, asked);
      assert.deepEqual(written, slotsOfScript(script));
      assert.deepEqual([trouble, warnings], [[], []]);
      assert.equal(report.totals.rejected, 0);
      assert.ok(report.proof.recordsAccountedFor && report.proof.linesAccountedFor);
    }),
    { numRuns: RUNS, endOnFailure: true, includeErrorInReport: true },
  );
});

test('what comes after the allowed lateness is set aside, or its slot is published again', async () => {
  await fc.assert(
    fc.asyncProperty(scripts(60_000), fc.constantFrom('keep', 'reject'), async (steps, late) => {
      const asked = { watermarkDelay: '200ms', allowedLateness: '3s', late } as const;
      const { script, written, trouble, report } = await followSlots(steps, asked);
      const all = slotsOfScript(script);
      assert.deepEqual(trouble, []);
      if (late === 'keep') assert.deepEqual(written, all);
      const lines = Object.values(written).join('').split('\n').slice(0, -1);
      assert.equal(lines.length + report.totals.rejected, script.lines.length);
      for (const [name, text] of Object.entries(written))
        assert.ok(text.split('\n').every((line) => all[name]?.includes(line)));
    }),
    { numRuns: RUNS, endOnFailure: true, includeErrorInReport: true },
  );
});
