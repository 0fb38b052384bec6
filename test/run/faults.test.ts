import assert from 'node:assert/strict';
import fs from 'node:fs';
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

const STORIES: Story[] = [{ name: 'an output that is appended to', defaults: append as never, steps }];

/** An error leaves less to chance than a power failure; all calls take half a minute. FULL=1 refuses each. */
const REFUSED_STEP = process.env.FULL ? 1 : 3;

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
  text.replace(/"(id|device|inode|modified|file|from|to|--output)": ?"[^"]*"/g, '"$1":""');

for (const { name, defaults, steps } of STORIES) {
  for (const disturbed of steps.keys()) {
    test(`${name}: run ${disturbed + 1} is stopped at each of its calls, and run again`, {
      timeout: 600_000,
    }, async (t) => {
      const expected = await tell(defaults, steps, disturbed, (place) => place.run());
      let points = 0;
      for (let more = true; more; points++) {
        const told = await tell(defaults, steps, disturbed, async (place) => {
          more = await untilPowerFails(points, () => place.run());
          bury(place.folder);
          await place.run();
        });
        assert.deepEqual(told, expected, `power failed at call ${points}`);
      }
      t.diagnostic(`${points - 1} calls`);
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
  const place = makePlace(defaults);
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
