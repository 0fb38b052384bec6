import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { TsalignError } from '../../src/core/problem.ts';
import type { MergeRequest } from '../../src/request.ts';
import { verifySlots } from '../../src/slots.ts';
import { bury, untilPowerFails, withError } from '../helpers/faults.ts';
import { SCRIPT_SLOTS, slotFiles, slotsOfScript } from '../helpers/script-slots.ts';
import { isKnown, Script, SOURCES, type Step, scripts } from '../helpers/scripts.ts';
import { jsonLine, type LogFolder, World } from '../helpers/simulation.ts';

/** How many scripts are tried; FULL=1 tries thousands. */
const RUNS = process.env.FULL ? 1000 : 10;

/** The power fails at this call of the file system, and the next run begins so much later: one that follows, or one that ends. */
interface Failure {
  call: number;
  downMs: number;
  follow: boolean;
}

const failures = fc.array(
  fc.record({
    call: fc.noBias(fc.nat({ max: 3000 })),
    downMs: fc.integer({ max: 3000, min: 0 }),
    follow: fc.boolean(),
  }),
  { minLength: 1, maxLength: 4 },
);

/** Follows the logs of a script while the power fails now and then. */
async function survive(steps: readonly Step[], fails: readonly Failure[], asked: Partial<MergeRequest>) {
  const script = new Script(steps, isKnown);
  const world = new World(script.happenings, script.endsAt);
  const { place, clock } = world;
  const request = { ...SCRIPT_SLOTS, state: 'state', checkpointInterval: '1s', ...asked };
  const { checkpointInterval: _, allowedLateness: __, watermarkDelay: ___, late: ____, ...once } = request;
  for (const name of SOURCES) place.append(name, '');
  try {
    for (const { call, downMs, follow } of fails) {
      const run = () => world.run(follow ? request : { ...once, follow: false });
      if (!(await untilPowerFails(call, run)) && follow) break;
      bury(place.folder);
      await clock.sleep(downMs);
    }
    await world.run(request);
    const { trouble } = await verifySlots('out', place.folder);
    return { script, written: slotFiles(place), trouble, unfinished: unfinishedIn(place) };
  } finally {
    fs.rmSync(place.folder, { recursive: true });
  }
}

/** Files that are left which are no slots; an empty folder may be. */
const unfinishedIn = (place: LogFolder): string[] =>
  fs
    .readdirSync(place.path('out/_tsalign'), { recursive: true, encoding: 'utf8' })
    .filter((name) => /^unfinished.*\//.test(name));

test('whenever the power fails, each record is in its slot once, wherever it came late', async () => {
  await fc.assert(
    fc.asyncProperty(scripts(8000), failures, async (steps, fails) => {
      const asked = { watermarkDelay: '500ms', allowedLateness: '3s', late: 'keep' } as const;
      const { script, written, trouble, unfinished } = await survive(steps, fails, asked);
      assert.deepEqual(written, slotsOfScript(script));
      assert.deepEqual([trouble, unfinished], [[], []]);
    }),
    { numRuns: RUNS, endOnFailure: true, includeErrorInReport: true },
  );
});

/** Logs of which some records come late for slots that are published, and one for the slot that is open. */
const story = (endsAt: number): World => {
  const add = (at: number, name: string, ...ms: number[]) => ({
    at,
    act: (place: LogFolder) => place.append(name, ms.map((each) => jsonLine(each, `${name} ${each}`)).join('')),
  });
  const happenings = [
    add(2000, 'a.log', 7000, 8000),
    add(2100, 'b.log', 11_000, 11_500),
    add(4000, 'a.log', 3000, 9000, 8500, 12_000),
    add(6000, 'b.log', 4000, 21_000),
    add(6100, 'a.log', 22_000, 20_000, 13_000),
  ];
  const world = new World(happenings, endsAt);
  for (const name of ['a.log', 'b.log']) world.place.append(name, jsonLine(0, `${name} 0`));
  return world;
};
const STORY = { ...SCRIPT_SLOTS, sources: ['a.log', 'b.log'], state: 'state', checkpointInterval: '1s' };

test('whichever call for slots is refused, the run says so, and the next one does all of it', {
  timeout: 600_000,
}, async (t) => {
  const undisturbed = story(9000);
  await undisturbed.run(STORY);
  const expected = slotFiles(undisturbed.place);
  fs.rmSync(undisturbed.place.folder, { recursive: true });
  let points = 0;
  for (let more = true; more; points += process.env.FULL ? 1 : 29) {
    const world = story(9000);
    const { place } = world;
    const inSlots = (path: unknown) => typeof path === 'string' && path.startsWith(place.path('out'));
    const { called, thrown } = await withError(
      points,
      points % 2 === 0 ? 'ENOSPC' : 'EIO',
      () => world.run(STORY),
      inSlots,
    );
    more = called !== undefined;
    const isSaid = thrown === undefined || thrown instanceof TsalignError;
    assert.ok(isSaid, `${points} ${called}: ${thrown instanceof Error ? thrown.stack : thrown}`);
    bury(place.folder);
    await world.run(STORY);
    assert.deepEqual(slotFiles(place), expected, `call ${points}, ${called}`);
    assert.deepEqual([(await verifySlots('out', place.folder)).trouble, unfinishedIn(place)], [[], []]);
    fs.rmSync(place.folder, { recursive: true });
  }
  t.diagnostic(`${points} calls`);
  assert.ok(points > 100);
});
