import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import { test } from 'node:test';
import { TsalignError } from '../../src/core/problem.ts';
import { bury, untilPowerFails, withError } from '../helpers/faults.ts';
import { line, makePlace, type Place } from '../helpers/unattended.ts';

/** What happens to the logs before each run, and how it is run. */
interface Story {
  name: string;
  defaults: Parameters<typeof makePlace>[0];
  steps: ((place: Place) => void)[];
}

const append = {
  sources: ['app.log', 'b.log'],
  state: 'state',
  output: 'out',
  outputFormat: 'text',
  late: 'keep',
} as const;

const steps: Story['steps'] = [
  (place) => {
    place.write('app.log', line(0, 'a') + line(2, 'b'));
    place.write('b.log', line(1, 'x'));
  },
  (place) => {
    place.append('app.log', line(3, 'c'));
    fs.renameSync(place.path('app.log'), place.path('app.log.1'));
    place.write('app.log', line(5, 'd') + line(6, 'unfinished').trimEnd());
    place.append('b.log', line(4, 'y'));
  },
];

/** Slots that are new, stay, and are added to, each run. */
const slotSteps: Story['steps'] = [
  (place) => {
    place.write('app.log', line(0, 'a') + line(3600, 'b'));
    place.write('b.log', line(1, 'x'));
  },
  (place) => {
    place.append('app.log', line(2, 'late') + line(7200, 'c'));
    fs.renameSync(place.path('app.log'), place.path('app.log.1'));
    place.write('app.log', line(7201, 'd'));
    place.append('b.log', line(3600, 'y'));
  },
];

const slots = { ...append, late: undefined, output: 'out/%F/%H.txt', splitBy: 'hour' } as const;

const STORIES: Story[] = [
  { name: 'an output that is appended to', defaults: append as never, steps },
  { name: 'slots that are added to', defaults: slots as never, steps: slotSteps },
  {
    name: 'slots that are written anew',
    defaults: { ...slots, state: undefined, sources: ['app.log*', 'b.log'], replaceSlots: true } as never,
    steps: slotSteps,
  },
];

/** What stands behind each call of a run is tried with FULL=1; else with each of the first story, and some of the others. */
const STOPPED_STEP = process.env.FULL ? 1 : 4;
/** An error leaves less to chance than a power failure. */
const REFUSED_STEP = process.env.FULL ? 1 : 5;

/** Where syncing costs nothing: what a power failure takes away is taken away by hand. */
const FAST = fs.existsSync('/dev/shm') ? '/dev/shm' : os.tmpdir();

const isOurs = (name: string): boolean => !name.endsWith('.log') && !name.includes('.log.');

/** All that runs have written, by name. */
const written = (place: Place): Record<string, string> =>
  Object.fromEntries(
    place
      .files()
      .filter(isOurs)
      .map((name) => [name, stable(place.read(name))]),
  );

/** Without what differs from one machine and run to another. */
const stable = (text: string): string =>
  text.replace(/"(id|state|device|inode|modified|file|from|to|--output)": ?"[^"]*"/g, '"$1":""');

for (const { name, defaults, steps } of STORIES) {
  for (const disturbed of steps.keys()) {
    test(`${name}: run ${disturbed + 1} is stopped at each of its calls, and run again`, {
      timeout: 600_000,
    }, async (t) => {
      const expected = await tell(defaults, steps, disturbed, (place) => place.run());
      let points = 0;
      for (let more = true; more; points += STOPPED_STEP) {
        const told = await tell(defaults, steps, disturbed, async (place) => {
          more = await untilPowerFails(points, () => place.run());
          bury(place.folder);
          await place.run();
        });
        assert.deepEqual(told, expected, `power failed at call ${points}`);
      }
      t.diagnostic(`${points - STOPPED_STEP} calls, each ${STOPPED_STEP}th stopped`);
      assert.ok(points > 20);
    });

    test(`${name}: run ${disturbed + 1} is refused each of its calls, and run again`, {
      timeout: 600_000,
    }, async (t) => {
      const expected = await tell(defaults, steps, disturbed, (place) => place.run());
      let points = 0;
      for (let more = true; more; points += REFUSED_STEP) {
        const told = await tell(defaults, steps, disturbed, async (place) => {
          const code = points % 2 === 0 ? 'ENOSPC' : 'EIO';
          const { called, thrown } = await withError(points, code, () => place.run());
          more = called !== undefined;
          assert.ok(
            thrown === undefined || thrown instanceof TsalignError,
            `${called}: ${thrown instanceof Error ? thrown.stack : thrown}`,
          );
          bury(place.folder);
          await place.run();
        });
        assert.deepEqual(told, expected, `call ${points} failed`);
      }
      t.diagnostic(`${points} calls, each ${REFUSED_STEP}th refused`);
      assert.ok(points > 20);
    });
  }
}

/** Tells a story in which one run is disturbed. Returns all that was written in the end. */
async function tell(
  defaults: Story['defaults'],
  steps: Story['steps'],
  disturbed: number,
  run: (place: Place) => Promise<unknown>,
): Promise<Record<string, string>> {
  const place = makePlace(defaults, FAST);
  try {
    for (const [index, step] of steps.entries()) {
      step(place);
      await (index === disturbed ? run(place) : place.run());
    }
    return written(place);
  } finally {
    place.remove();
  }
}
