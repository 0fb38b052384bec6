import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import { test } from 'node:test';
import fc from 'fast-check';
import type { MergeRequest } from '../../src/request.ts';
import { verifySlots } from '../../src/slots.ts';
import { bury, untilPowerFails } from '../helpers/faults.ts';
import { HAPPENINGS, type Happening, logWriter, type Naming } from '../helpers/log-writer.ts';
import { makePlace, type Place } from '../helpers/unattended.ts';

const FAST = fs.existsSync('/dev/shm') ? '/dev/shm' : os.tmpdir();
const LOGS = ['app.log', 'db.log'];
const NAMING: Readonly<Record<string, Naming>> = { 'app.log': 'numbered', 'db.log': 'dated' };
const HOUR = 3_600_000;
const MINUTE = 60_000;

/** What happens before a run, and the call of it at which the power fails, if it does. */
interface Step {
  app: Happening;
  db: Happening;
  hours: number;
  /** `missed`: no run. */
  fails: number | 'missed' | undefined;
}

const slots = { splitBy: 'hour', output: 'out/%F/%H.txt', outputFormat: 'text', noDedup: true } as const;
const JOBS: Partial<MergeRequest>[] = [
  { ...slots, sources: LOGS, state: 'slots.state' },
  { sources: ['app.log*', 'db.log*'], state: 'all.state', output: 'all.txt', outputFormat: 'text', late: 'keep' },
] as never;

const step: fc.Arbitrary<Step> = fc.record({
  app: fc.constantFrom(...HAPPENINGS),
  db: fc.constantFrom(...HAPPENINGS),
  hours: fc.constantFrom(0, 0.2, 1, 30),
  fails: fc.oneof(fc.constant(undefined), fc.constant('missed' as const), fc.integer({ min: 0, max: 220 })),
});

/** Runs both jobs; where the power fails, what they leave is what the next ones find. */
async function runJobs(place: Place, fails: Step['fails']): Promise<void> {
  if (fails === 'missed') return;
  for (const job of JOBS) {
    if (fails === undefined) assert.deepEqual(lostIn(await place.run(job)), []);
    else if (await untilPowerFails(fails, () => place.run(job))) bury(place.folder);
  }
}

const lostIn = ({ warnings }: Awaited<ReturnType<Place['run']>>): string[] =>
  warnings.flatMap(({ code, where, what }) => (code === 'truncated' ? [`${where}: ${what}`] : []));

const linesOf = (text: string): string[] => text.split('\n').sort();

/** Slots by name. */
const slotsIn = (place: Place, folder: string): Record<string, string> =>
  Object.fromEntries(
    place
      .files()
      .filter((name) => name.startsWith(`${folder}/2`))
      .map((name) => [name.slice(folder.length), place.read(name)]),
  );

async function live(steps: readonly Step[]): Promise<void> {
  const place = makePlace({}, FAST);
  let now = Date.UTC(2024, 2, 10, 6);
  place.now = BigInt(now) * 1_000_000n;
  try {
    fs.mkdirSync(place.path('ledger'));
    const writers = LOGS.map((name) =>
      logWriter(place.path(name), place.path(`ledger/${name}`), () => now, NAMING[name]),
    );
    for (const writer of writers) writer.happen('grow');
    // What was rotated away before the first run is not looked for.
    await runJobs(place, undefined);
    for (const { app, db, hours, fails } of steps) {
      now += hours * HOUR + MINUTE;
      place.now = BigInt(now) * 1_000_000n;
      writers[0]?.happen(app);
      writers[1]?.happen(db);
      await runJobs(place, fails);
    }
    for (const writer of writers) writer.finish();
    await runJobs(place, undefined);
    const ledger = LOGS.map((name) => `ledger/${name}`);
    await place.run({ ...slots, sources: ledger, output: 'full/%F/%H.txt' } as never);
    assert.deepEqual(slotsIn(place, 'out'), slotsIn(place, 'full'));
    assert.deepEqual((await verifySlots('out', place.folder)).trouble, []);
    await place.run({ sources: ledger, output: 'all', outputFormat: 'text', noDedup: true } as never);
    assert.deepEqual(linesOf(place.read('all.txt')), linesOf(place.read('all')));
  } finally {
    place.remove();
  }
}

/** So many histories, by chance with WEEKS=number, else always the same few. */
const { WEEKS } = process.env;

test('weeks of runs over logs that grow and are rotated, some of them stopped: slots are those of one merge of all', {
  timeout: 600_000,
}, async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), live), {
    ...(WEEKS === undefined ? { numRuns: 8, seed: 6 } : { numRuns: Number(WEEKS) }),
    endOnFailure: true,
  });
});
