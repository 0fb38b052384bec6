import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Problem, type ProblemCode, TsalignError } from '../../src/core/problem.ts';
import type { ByteStream } from '../../src/core/stages.ts';
import { endingAtTrouble } from '../../src/run/keep-going.ts';

/** Gives 3 bytes, then fails. */
function failing(fail: () => number | Promise<number>): ByteStream {
  let reads = 0;
  return { read: () => (reads++ === 0 ? 3 : fail()), close: () => {} };
}

const trouble = (code: ProblemCode) =>
  new TsalignError({ code, where: 'a.log', what: 'happened', hint: 'do it again' });

const atOnce = (error: Error) => (): number => {
  throw error;
};
const later = (error: Error) => (): Promise<number> => Promise.reject(error);

for (const fails of [atOnce, later]) {
  test(`trouble with a source ends it with one warning (${fails.name})`, async () => {
    for (const code of ['truncated', 'unreadable'] as const) {
      const said: Problem[] = [];
      const stream = endingAtTrouble(failing(fails(trouble(code))), (problem) => said.push(problem));
      const counts: number[] = [];
      for (let i = 0; i < 4; i++) counts.push(await stream.read(new Uint8Array(8), 0, 8));
      assert.deepEqual(counts, [3, 0, 0, 0]);
      const hint = 'what stands before that was read (--keep-going)';
      assert.deepEqual(said, [{ code, where: 'a.log', what: 'happened', hint }]);
    }
  });

  test(`other trouble ends the run (${fails.name})`, async () => {
    for (const error of [trouble('disk-full'), trouble('usage'), new Error('a defect')]) {
      const stream = endingAtTrouble(failing(fails(error)), () => assert.fail('no warning'));
      await stream.read(new Uint8Array(8), 0, 8);
      await assert.rejects(async () => stream.read(new Uint8Array(8), 0, 8), error);
    }
  });
}
