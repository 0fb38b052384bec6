import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import type { MergeRequest } from '../../src/request.ts';
import { bury, untilPowerFails } from '../helpers/faults.ts';
import { isKnown, Script, SOURCES, type Step, scripts } from '../helpers/scripts.ts';
import { World } from '../helpers/simulation.ts';

/** How many scripts are tried; FULL=1 tries thousands. */
const RUNS = process.env.FULL ? 1000 : 12;

/** The power fails at this call of the file system, and the next run begins so much later. */
interface Failure {
  call: number;
  downMs: number;
}

const failures = fc.array(
  fc.record({ call: fc.noBias(fc.nat({ max: 1500 })), downMs: fc.integer({ max: 3000, min: 0 }) }),
  {
    minLength: 1,
    maxLength: 4,
  },
);

/** Follows the logs of a script while the power fails now and then. */
async function survive(steps: readonly Step[], fails: readonly Failure[], asked: Partial<MergeRequest>) {
  const script = new Script(steps, isKnown);
  const world = new World(script.happenings, script.endsAt);
  const { place, clock } = world;
  const request = { sources: SOURCES, state: 'state', checkpointInterval: '1s', ...asked };
  for (const name of SOURCES) place.append(name, '');
  try {
    for (const { call, downMs } of fails) {
      if (!(await untilPowerFails(call, () => world.run(request)))) break;
      bury(place.folder);
      await clock.sleep(downMs);
    }
    await world.run(request);
    return { script, text: place.read('out'), warnings: world.warnings };
  } finally {
    fs.rmSync(place.folder, { recursive: true });
  }
}

test('whenever the power fails, the output is that of a run that nothing has disturbed', async () => {
  await fc.assert(
    fc.asyncProperty(scripts(2000), failures, async (steps, fails) => {
      const { text, script } = await survive(steps, fails, { watermarkDelay: '2200ms', idleTimeout: '0' });
      assert.equal(text, script.merged);
    }),
    { numRuns: RUNS, endOnFailure: true, includeErrorInReport: true },
  );
});

test('late or not, whenever the power fails every line is written once', async () => {
  await fc.assert(
    fc.asyncProperty(scripts(6000), failures, async (steps, fails) => {
      const { text, script } = await survive(steps, fails, { watermarkDelay: '500ms' });
      const lines = text.split('\n').slice(0, -1);
      assert.deepEqual(lines.toSorted(), script.lines.map((line) => line.text.trimEnd()).toSorted());
    }),
    { numRuns: RUNS, endOnFailure: true, includeErrorInReport: true },
  );
});
