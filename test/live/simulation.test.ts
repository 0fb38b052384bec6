import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { Script, SOURCES, type Step, scripts } from '../helpers/scripts.ts';
import { type LogFolder, simulate } from '../helpers/simulation.ts';

/** How many scripts are tried; FULL=1 tries thousands. */
const RUNS = process.env.FULL ? 3000 : 25;

async function follow(steps: readonly Step[], asked: Parameters<typeof simulate>[3]) {
  const script = new Script(steps);
  const before = (place: LogFolder): void => {
    for (const name of SOURCES) place.append(name, '');
  };
  const simulated = await simulate(before, script.happenings, script.endsAt, { sources: SOURCES, ...asked });
  fs.rmSync(simulated.place.folder, { recursive: true });
  return { script, ...simulated };
}

test('where no record is later than the delay, the output is the merge of all that was written', async () => {
  await fc.assert(
    fc.asyncProperty(scripts(2000), async (steps) => {
      const { text, script, report } = await follow(steps, { watermarkDelay: '2200ms', idleTimeout: '3s' });
      assert.equal(report.totals.late, 0);
      assert.equal(text, script.merged);
      assert.ok(report.proof.recordsAccountedFor && report.proof.linesAccountedFor);
    }),
    { numRuns: RUNS, endOnFailure: true, includeErrorInReport: true },
  );
});

test('late or not, every line is written once, and the same script gives the same bytes', async () => {
  await fc.assert(
    fc.asyncProperty(scripts(6000), async (steps) => {
      const { text, script, report } = await follow(steps, { watermarkDelay: '500ms' });
      const lines = text.split('\n').slice(0, -1);
      assert.deepEqual(lines.toSorted(), script.lines.map((line) => line.text.trimEnd()).toSorted());
      const again = await follow(steps, { watermarkDelay: '500ms' });
      assert.equal(again.text, text);
      assert.equal(again.report.totals.late, report.totals.late);
    }),
    { numRuns: RUNS, endOnFailure: true, includeErrorInReport: true },
  );
});

test('what is late is told exactly', async () => {
  const alone = fc.array(
    fc.record({
      log: fc.integer({ min: 0, max: 3 }),
      latenessMs: fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 1, maxLength: 3 }),
    }),
    { minLength: 1, maxLength: 20 },
  );
  await fc.assert(
    fc.asyncProperty(alone, async (steps) => {
      const apart = steps.map((step): Step => ({ ...step, gapMs: 400, action: 'write' }));
      const { script, report, text } = await follow(apart, {
        watermarkDelay: '1s',
        idleTimeout: '0',
        outputFormat: 'ndjson',
      });
      const late = lateIn(script, 1000);
      assert.equal(report.totals.late, late.length);
      const marked = text.split('\n').filter((line) => line.includes('"late":true'));
      assert.deepEqual(
        marked.map((line) => JSON.parse(line).id).toSorted((a: number, b: number) => a - b),
        late.toSorted((a, b) => a - b),
      );
    }),
    { numRuns: RUNS, endOnFailure: true, includeErrorInReport: true },
  );
});

/** The model: sources that are waited for once they exist; each step of the script is one reading. */
function lateIn(script: Script, delayMs: number): number[] {
  const highest = new Map<number, number>();
  const late: number[] = [];
  let watermark = Number.NEGATIVE_INFINITY;
  const times = [...new Set(script.lines.map(({ at }) => at))];
  for (const at of times) {
    const now = script.lines.map((line, id) => ({ ...line, id })).filter((line) => line.at === at);
    late.push(...now.filter(({ instant }) => instant <= watermark).map(({ id }) => id));
    for (const { log, instant } of now) highest.set(log, Math.max(highest.get(log) ?? instant, instant));
    if (highest.size < SOURCES.length) continue;
    watermark = Math.max(watermark, Math.min(...highest.values()) - delayMs - 1e-6);
  }
  return late;
}
