import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { createMemory, type Memory } from '../../src/core/memory.ts';
import { TsalignError } from '../../src/core/problem.ts';
import { copyRow } from '../../src/kernel/gather.ts';
import { BlockReader, type Pass } from '../../src/sort/block-reader.ts';
import { checkOrder, OrderCheck } from '../../src/sort/check.ts';
import { type MergeInput, mergeInputs } from '../../src/sort/merge.ts';
import { reduceRuns } from '../../src/sort/reduce.ts';
import { RunReader, takeStaging } from '../../src/sort/run.ts';
import { RunFile } from '../../src/sort/run-file.ts';
import { Sorter } from '../../src/sort/sorter.ts';
import { WindowReader, windowSize } from '../../src/sort/window-reader.ts';
import { inOrder, lineFramer, type Seen, seenRow, streamOf } from '../helpers/lines.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'tsalign-test-'));
after(() => rmSync(folder, { recursive: true }));
const noPause = async (): Promise<void> => {};

function passOver(memory: Memory, text: string, source: number, chunk: number): Pass {
  return {
    label: `s${source}`,
    stream: streamOf(text, chunk),
    framer: lineFramer(memory, source),
    filter: (_, count) => count,
    pause: noPause,
    recordLimit: memory.bytes.length >> 2,
  };
}

async function drain(memory: Memory, inputs: MergeInput[]): Promise<Seen[]> {
  const seen: Seen[] = [];
  const take = (rows: Int32Array, count: number): boolean => {
    for (const row of rows.subarray(0, count)) seen.push(seenRow(memory, row));
    return true;
  };
  await mergeInputs(memory, inputs, take, noPause);
  return seen;
}

const texts = fc.array(
  fc.array(fc.tuple(fc.integer({ min: -20, max: 20 }), fc.string({ unit: 'binary-ascii', maxLength: 60 })), {
    maxLength: 60,
    size: 'max',
  }),
  { maxLength: 5, size: 'max' },
);

function textOf(records: [number, string][]): string {
  return records.map(([instant, text]) => `${instant} ${text.replaceAll('\n', '.')}\n`).join('');
}

function expectedOf(sources: string[]): Seen[] {
  return sources
    .flatMap((text, source) =>
      text
        .split('\n')
        .slice(0, -1)
        .map((line, i) => ({ instant: BigInt(line.split(' ')[0]), source, line: i + 1, text: line })),
    )
    .sort(inOrder);
}

/** Many runs of few records, far apart in size, with ties: what an external sort meets, made small. */
const manyRecords = fc.array(
  fc.array(fc.tuple(fc.integer({ min: -20, max: 20 }), fc.string({ unit: 'binary-ascii', maxLength: 60 })), {
    minLength: 150,
    maxLength: 400,
  }),
  { minLength: 2, maxLength: 4 },
);

test('an external sort in a tiny memory, with many runs and several passes, is the stable sort', async () => {
  let runs = 0;
  let passes = 0;
  const property = async (records: [number, string][][], budget: number, chunk: number): Promise<void> => {
    const sources = records.map(textOf);
    const expectedBytes = chunk % 2 === 0 ? undefined : sources.reduce((sum, text) => sum + text.length, 0);
    const memory = createMemory(budget);
    const stage = takeStaging(memory, 200);
    const files: RunFile[] = [];
    const makeRunFile = (): RunFile => {
      files.push(new RunFile(folder));
      return files.at(-1) as RunFile;
    };
    const sorter = new Sorter(memory, { staging: stage, makeRunFile, expectedBytes });
    for (const [source, text] of sources.entries()) await sorter.add(passOver(memory, text, source, chunk));
    const sorted = sorter.finish({ bytes: 0, rows: 0 });
    runs += sorted.runs.length;
    const room = { bytes: memory.regions.largest >> 1, rows: memory.rows.largest >> 1 };
    const reduced = await reduceRuns(memory, sorted.runs, room, stage, makeRunFile, noPause);
    passes += Math.max(0, files.length - 1);
    const inputs = [...sorted.inMemory, ...reduced.map((run) => new RunReader(memory, run))];
    assert.deepEqual(await drain(memory, inputs), expectedOf(sources));
  };
  await fc.assert(
    fc.asyncProperty(manyRecords, fc.integer({ min: 6000, max: 20_000 }), fc.integer({ min: 1, max: 500 }), property),
    { numRuns: 60, seed: 7, endOnFailure: true },
  );
  assert.ok(runs > 200, `only ${runs} runs were spilled`);
  assert.ok(passes > 20, `only ${passes} extra passes were needed`);
  assert.deepEqual(readdirSync(folder), []);
});

test('a block reader gives every record once, whatever the window and the chunks', async () => {
  await fc.assert(
    fc.asyncProperty(
      texts,
      fc.integer({ min: 64, max: 700 }),
      fc.integer({ min: 1, max: 300 }),
      async (records, window, chunk) => {
        const memory = createMemory(1 << 16);
        const sources = records.map((source) => textOf([...source].sort((a, b) => a[0] - b[0])));
        const readers = sources.map((text, i) => new BlockReader(memory, passOver(memory, text, i, chunk), window));
        assert.deepEqual(await drain(memory, readers), expectedOf(sources));
        assert.equal(memory.regions.largest, memory.bytes.length, 'all bytes were given back');
        assert.equal(memory.rows.largest, memory.flags.length, 'all rows were given back');
      },
    ),
  );
});

test('the order check tells whether a source is sorted, and its longest record', async () => {
  const memory = createMemory(1 << 16);
  const facts = (text: string) =>
    checkOrder(memory, new BlockReader(memory, passOver(memory, text, 0, 7), 64), 500, noPause);
  const inOrder = { bytes: 0, rows: 0 };
  assert.deepEqual(await facts('1 a\n2 b\n2 ccc\n9 d\n'), { late: inOrder, longest: 5 });
  assert.deepEqual((await facts('1 a\n5 b\n4 c\n5 d\n')).late, { bytes: 8, rows: 2 });
  assert.deepEqual(await facts(''), { late: inOrder, longest: 0 });
  assert.equal((await facts(`9 a\n${'9 b\n'.repeat(200)}8 c\n`)).late, undefined);
});

/** Records in order but for some that come later than they should. */
const lateRecords = fc.array(fc.tuple(fc.nat(3), fc.nat(12), fc.string({ unit: 'binary-ascii', maxLength: 120 })), {
  minLength: 1,
  maxLength: 400,
  size: 'max',
});

/** Puts each record behind as many of those that follow it as it is late. */
function delayed(records: [number, number, string][]): [number, string][] {
  let instant = 0;
  const due = records.map(([step, late, text], i): [number, number, string] => {
    instant += step;
    return [i + late + (late > 10 ? 60 : 0), instant, text];
  });
  return due.sort((a, b) => a[0] - b[0]).map(([, at, text]) => [at, text]);
}

test('a window brings a source in order whose records are late by what the check has found', async () => {
  let held = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(lateRecords, { minLength: 1, maxLength: 3 }),
      fc.integer({ min: 64, max: 4000 }),
      fc.integer({ min: 1, max: 3000 }),
      fc.boolean(),
      async (sources, block, chunk, filtered) => {
        const memory = createMemory(1 << 20);
        const texts = sources.map((records) => textOf(delayed(records)));
        const inputs: MergeInput[] = [];
        for (const [i, text] of texts.entries()) {
          const reader = new BlockReader(memory, passOver(memory, text, i, chunk), 4000);
          const { late, longest } = await checkOrder(memory, reader, 1 << 20, noPause);
          await reader.close();
          assert.ok(late !== undefined);
          held += late.rows;
          const pass = passOver(memory, text, i, chunk);
          if (filtered) pass.filter = evenLines(memory);
          inputs.push(new WindowReader(memory, pass, windowSize(late, block, 2 * longest + 100)));
        }
        const expected = expectedOf(texts).filter(({ line }) => !filtered || line % 2 === 0);
        assert.deepEqual(await drain(memory, inputs), expected);
        assert.equal(memory.regions.largest, memory.bytes.length, 'all bytes were given back');
        assert.equal(memory.rows.largest, memory.flags.length, 'all rows were given back');
      },
    ),
    { numRuns: 100, endOnFailure: true },
  );
  assert.ok(held > 1000, `records were late by ${held} rows only`);
});

/** Keeps every second record. */
const evenLines = (memory: Memory) => (firstRow: number, count: number) => {
  let kept = firstRow;
  for (let row = firstRow; row < firstRow + count; row++) {
    if (memory.line[row] % 2 === 0) copyRow(memory, row, kept++);
  }
  return kept - firstRow;
};

test('a source that is less in order than it was when it was checked is an error', async () => {
  const memory = createMemory(1 << 18);
  const late = { bytes: 20, rows: 4 };
  const lines = Array.from({ length: 2000 }, (_, i): [number, string] => [i === 1500 ? 3 : i, 'x'.repeat(40)]);
  const reader = new WindowReader(memory, passOver(memory, textOf(lines), 0, 500), windowSize(late, 1000, 200));
  await assert.rejects(drain(memory, [reader]), /s0: the file changed while it was read/);
});

test('the order check names the line of the first record out of order', () => {
  const memory = createMemory(1 << 16);
  const check = new OrderCheck(memory);
  const lines = [1, 5, 5, 4, 6];
  for (const [row, key] of lines.entries()) {
    memory.keys[2 * row] = key;
    memory.line[row] = row + 1;
    memory.order[row] = row;
  }
  assert.equal(check.take(0, 0), undefined);
  assert.equal(check.take(0, 3), undefined);
  assert.equal(check.take(3, 5), 4, 'compared with the block before');
});

test('a record beyond the limit is an error with its line, in a window and in the arena', async () => {
  const text = `1 a\n2 ${'x'.repeat(5000)}\n`;
  const tooLarge = (error: unknown): boolean => error instanceof TsalignError && error.problem.where === 's0:2';
  const memory = createMemory(20_000);
  const pass = { ...passOver(memory, text, 0, 100), recordLimit: 2000 };
  const reader = new BlockReader(memory, pass, 256);
  await assert.rejects(drain(memory, [reader]), tooLarge);
  const sorter = new Sorter(memory, {
    staging: takeStaging(memory, 64),
    makeRunFile: () => new RunFile(folder),
    expectedBytes: undefined,
  });
  await assert.rejects(sorter.add({ ...passOver(memory, text.repeat(5), 0, 100), recordLimit: 2000 }), tooLarge);
});

test('a temporary folder that cannot be written to is an error that names it', () => {
  assert.throws(
    () => new RunFile(path.join(folder, 'missing')),
    (error) => error instanceof TsalignError && /missing: temporary files cannot be written here/.test(error.message),
  );
});
