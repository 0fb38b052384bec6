import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { listenToDisk } from '../../src/core/disk.ts';
import { textLine, World } from '../helpers/simulation.ts';

/** How many calls of the file system lie between two moments that are tried. */
const APART = process.env.FULL ? 1 : 13;

/** How long a log was not written to when it is taken for silent: what comes then may be late. */
const IDLE_MS = 500;

const linesOf = (text: string): string[] => text.split(/(?<=\n)/).filter((line) => line !== '');

/** A line a tenth of a second. */
const some = (from: number, to: number, what: string): string[] =>
  Array.from({ length: (to - from) / 100 }, (_, i) => textLine(from + 100 * i, `${what} ${i} ${'x'.repeat(40)}`));

const ASKED = { state: 'state', sources: ['a.log', 'b.log'] };

/** Two logs, of which one is copied and cut while it is written to, and runs that read them. */
class Logs {
  readonly world = new World([], 3000);
  readonly written: string[] = [];
  #rotations = 0;

  /** Time passes, so that each change is of another time. */
  write(name: string, lines: string[]): void {
    const { place, clock } = this.world;
    clock.now += 5;
    this.written.push(...lines);
    place.append(name, lines.join(''));
  }

  /** As logrotate does with copytruncate. */
  rotate(): void {
    const { place, clock } = this.world;
    clock.now += 5;
    for (let i = this.#rotations; i > 0; i--) place.rename(`a.log.${i}`, `a.log.${i + 1}`);
    this.#rotations++;
    place.copyAndTruncate('a.log', 'a.log.1');
  }

  /** A run has read them, and was killed; then more came. @param found what stands in the log that was cut */
  async begin(found: string[]): Promise<void> {
    for (const name of ASKED.sources) this.write(name, some(-20_000, -12_000, name));
    await this.world.run({ ...ASKED, follow: false });
    this.write('a.log', some(-12_000, -8000, 'unread'));
    this.write('b.log', some(-12_000, 0, 'b.log'));
    this.rotate();
    this.write('a.log', found);
  }
}

/** What is written before each time that the log is cut. */
const COPIED = [some(-6000, -4000, 'copied'), some(-4000, -2000, 'copied next')];

/** Restarts the run; at two calls of the file system the log is cut. Returns whether that was before it is silent. */
async function restart(logs: Logs, calls: readonly number[]): Promise<boolean> {
  const { world } = logs;
  const until = world.clock.now + IDLE_MS;
  let call = 0;
  let times = 0;
  const ignore = listenToDisk(() => {
    if (times === calls.length || call++ < calls[times] || world.clock.now > until) return;
    logs.write('a.log', COPIED[times++]);
    logs.rotate();
    if (times === calls.length) logs.write('a.log', some(-2000, 0, 'last'));
  });
  await world.run({ ...ASKED, watermarkDelay: '500ms' });
  ignore();
  return times === calls.length;
}

/** Every line has come once, in order, and nothing was said. */
function assertAllInOrder({ world: { place, warnings }, written }: Logs, when: string): void {
  const at = (line: string): string => line.slice(0, 24);
  const came = linesOf(place.read('out'));
  assert.deepEqual(came.toSorted(), written.toSorted(), when);
  assert.deepEqual(came.map(at), written.map(at).toSorted(), when);
  assert.deepEqual(warnings, [], when);
  fs.rmSync(place.folder, { recursive: true });
}

for (const [what, found] of Object.entries({ empty: [], 'written to': some(-8000, -6000, 'found') })) {
  for (const between of [0, 40, 120]) {
    test(`a log that a restart finds cut, and ${what}, and that is cut again at any moment, and ${between} calls later, comes in order`, async () => {
      for (let call = 0, isCut = true; isCut; call += APART) {
        const logs = new Logs();
        await logs.begin(found);
        isCut = await restart(logs, [call, call + between]);
        assertAllInOrder(logs, `at call ${call}`);
      }
    });
  }
}

/** A run has followed them, and died when it held what one log has before the other; then that one came further. */
async function followUntilDeath(logs: Logs): Promise<void> {
  const { clock } = logs.world;
  for (const name of ASKED.sources) logs.write(name, some(-20_000, -12_000, name));
  logs.write('a.log', some(-12_000, -8000, 'held'));
  const dies = (): never => {
    throw new Error('it dies');
  };
  clock.add({ at: clock.now + 300, act: dies });
  const dying = logs.world.run({ ...ASKED, watermarkDelay: '500ms', checkpointInterval: '100ms' });
  await assert.rejects(dying, /it dies/);
  logs.write('b.log', some(-12_000, 0, 'b.log'));
}

test('of a log that is cut when a restart reads again what was held of it, nothing is late', async () => {
  for (let call = 0, isCut = true; isCut; call += APART) {
    const logs = new Logs();
    await followUntilDeath(logs);
    isCut = await restart(logs, [call]);
    assertAllInOrder(logs, `at call ${call}`);
  }
});
