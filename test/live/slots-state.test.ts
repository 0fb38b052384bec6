import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import type { MergeRequest } from '../../src/request.ts';
import { verifySlots } from '../../src/slots.ts';
import { bury, untilPowerFails } from '../helpers/faults.ts';
import { SCRIPT_SLOTS, slotFiles, slotsOfScript } from '../helpers/script-slots.ts';
import { Script, SOURCES, type Step, scripts } from '../helpers/scripts.ts';
import { type LogFolder, World } from '../helpers/simulation.ts';

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

/** What is rotated before a state knows of it is nowhere to be found. */
const isKnown = (place: LogFolder, name: string): boolean =>
  fs.existsSync(place.path(name)) && new RegExp(`/${name}".*"offset":[1-9]`).test(place.read('state'));

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

const unfinishedIn = (place: LogFolder): string[] =>
  fs.readdirSync(place.path('out/_tsalign')).filter((name) => name.startsWith('unfinished'));

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
