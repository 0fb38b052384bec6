import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sentence } from '../../src/core/problem.ts';
import type { ByteStream } from '../../src/core/stages.ts';
import { merge } from '../helpers/merge.ts';

/** A pipe whose writer lets its reader wait once. */
function slow(text: string): ByteStream {
  let rest = Buffer.from(text);
  return {
    async read(bytes, offset, length) {
      await new Promise(setImmediate);
      const count = rest.copy(bytes, offset, 0, length);
      rest = rest.subarray(count);
      return count;
    },
    close() {},
  };
}

/** All time passes at once. */
const clock = { elapsed: () => 0, sleep: async () => {}, wake() {} };

test('somebody at a terminal is told what a slow pipe is waited for, a job is not', async () => {
  const said = async (stderrIsTerminal: boolean, presorted: boolean) => {
    const streams = new Map([['pipe', slow('2024-03-10T06:00:00Z a\n')]]);
    const io = { stderrIsTerminal, clock, streams };
    const { text, warnings } = await merge('/', { sources: ['pipe'], presorted }, io);
    assert.match(text, /06:00:00.000Z pipe \| /);
    return warnings.map(sentence);
  };
  const way = 'with --follow they are written as they come';
  assert.deepEqual(await said(true, false), [`pipe: the end is waited for, to put the records in order; ${way}`]);
  assert.deepEqual(await said(true, true), [`pipe: the first 64 KiB of records, or the end, are waited for; ${way}`]);
  assert.deepEqual(await said(false, false), []);
});
