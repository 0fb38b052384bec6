import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { TsalignError } from '../../src/core/problem.ts';
import { bury, withError } from '../helpers/faults.ts';
import { jsonLine, type LogFolder, World } from '../helpers/simulation.ts';

/** Each how many of the calls for outputs and state are refused; FULL=1 refuses each. */
const STEP = process.env.FULL ? 1 : 7;

const OUTPUTS = ['out', 'late', 'rejects'];
const UNDATED = '{"id":"nobody knows when"}\n';

/** Two logs, with records that come in time and late, and one without an instant. */
function story(): { world: World; lines: string[] } {
  const lines: string[] = [];
  const append = (place: LogFolder, name: string, line: string): void => {
    lines.push(line);
    place.append(name, line);
  };
  const happenings = Array.from({ length: 16 }, (_, i) => ({
    at: 400 * i + 300,
    act(place: LogFolder): void {
      append(place, 'a.log', jsonLine(400 * i + 300, `a ${i}`));
      append(place, 'b.log', jsonLine(400 * i + (i % 4 === 3 ? -2000 : 200), `b ${i}`));
      if (i === 9) append(place, 'a.log', UNDATED);
    },
  }));
  const world = new World(happenings, 7000);
  for (const name of ['a.log', 'b.log']) append(world.place, name, jsonLine(0, `${name} 0`));
  return { world, lines };
}

const ASKED = {
  sources: ['a.log', 'b.log'],
  watermarkDelay: '500ms',
  late: 'reject',
  lateOutput: 'late',
  undated: 'reject',
  rejects: 'rejects',
} as const;

const linesOf = (text: string): string[] => text.split(/(?<=\n)/);

/** All that is in the outputs, line by line; what is half is a line that nobody has written. */
const written = (place: LogFolder): string[] => OUTPUTS.flatMap((name) => linesOf(place.read(name))).filter(Boolean);

for (const state of [undefined, 'state']) {
  test(`whatever is refused to a run, it says so and leaves whole records${state === undefined ? '' : ', and the next one goes on'}`, {
    timeout: 600_000,
  }, async (t) => {
    let points = 0;
    for (let more = true; more; points += STEP) {
      const { world, lines } = story();
      const { place } = world;
      const asked = { ...ASKED, sources: [...ASKED.sources], ...(state && { state, checkpointInterval: '1s' }) };
      const isOurs = (path: unknown) =>
        typeof path === 'string' && path.startsWith(place.folder) && !path.endsWith('.log') && path !== place.folder;
      const code = points % 2 === 0 ? 'ENOSPC' : 'EIO';
      const { called, thrown } = await withError(points, code, () => world.run(asked), isOurs);
      more = called !== undefined;
      const where = `call ${points}, ${called}, ${code}`;
      const isSaid = thrown === undefined || thrown instanceof TsalignError;
      assert.ok(isSaid, `${where}: ${thrown instanceof Error ? thrown.stack : thrown}`);
      const kept = written(place);
      assert.deepEqual(
        kept.filter((line, i) => !lines.includes(line) || kept.indexOf(line) !== i),
        [],
        `${where}: ${thrown}`,
      );
      if (state !== undefined) {
        bury(place.folder);
        await world.run(asked);
        assert.deepEqual(written(place).sort(), lines.sort(), where);
      } else if (thrown === undefined) assert.deepEqual(kept.sort(), lines.sort(), where);
      const left = fs.readdirSync(place.folder).filter((name) => name.startsWith('.') || name.includes('lock'));
      assert.deepEqual(left, [], where);
      fs.rmSync(place.folder, { recursive: true });
    }
    t.diagnostic(`${points} calls`);
    assert.ok(points > 20);
  });
}
