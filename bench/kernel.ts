/**
 * Processor nanoseconds a record of the kernel's loops, on records of four sources, 150 bytes in the mean, that alternate at
 * random: what a merge of sorted files does, and what sorting does besides. Processor time, so that a busy machine matters less.
 * Run: node --import tsx bench/kernel.ts [iso|ndjson|csv] [records]
 */
import { createMemory } from '../src/core/memory.ts';
import type { InputPlan, Sink } from '../src/core/stages.ts';
import { createFramer } from '../src/input/index.ts';
import { type Staging, stageRows } from '../src/kernel/gather.ts';
import { Lateness } from '../src/kernel/lateness.ts';
import { Merge } from '../src/kernel/merge.ts';
import { firstDescent, sortRows } from '../src/kernel/order.ts';
import { createOutput, createWriter } from '../src/output/index.ts';
import { createStamper, detectStamp } from '../src/time/index.ts';
import { csvPlan } from '../test/helpers/csv-plan.ts';
import { SETTINGS } from '../test/output/written.ts';
import { type Draft, LAYOUTS, type Pen, writeRecord } from './layouts.ts';
import { makePool, xorshift } from './words.ts';

/** How each format is read and written, and where the stamp stands in its records. */
const FORMATS: Record<string, { input: InputPlan; outputs: readonly string[]; stamp: [from: number, to: number] }> = {
  iso: { input: { format: 'text' }, outputs: ['text', 'raw'], stamp: [0, 24] },
  ndjson: {
    input: { format: 'ndjson', layout: 'lines', recordsAt: [], timePaths: [['ts']] },
    outputs: ['ndjson', 'text'],
    stamp: [7, 31],
  },
  csv: {
    input: csvPlan('time,id,level,host,message', { header: false, headerText: '' }),
    outputs: ['csv', 'text'],
    stamp: [0, 24],
  },
};
const [, , format = 'iso', records = '600000'] = process.argv;
const RECORDS = Number(records);
const ROUNDS = 7;
const SOURCES = 4;
const WINDOW = 128 * 1024;
const REGION = 256 * 1024;
const BATCH = 4096;
const CHUNK_ROWS = 32_768;

const memory = createMemory(400e6);
const { input, outputs, stamp } = FORMATS[format];
const nowhere: Sink = { write() {}, commit() {}, abort() {} };
const best = new Map<string, number>();

function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}

function measure(name: string, work: () => void): void {
  const begun = processorTime();
  work();
  const nanos = (processorTime() - begun) / RECORDS;
  best.set(name, Math.min(nanos, best.get(name) ?? Number.POSITIVE_INFINITY));
}

/** Puts the records of all sources into the memory; where each source begins and ends. */
function fill(): [number, number][] {
  const random = xorshift(1);
  const pool = makePool(random);
  const layout = LAYOUTS[format as keyof typeof LAYOUTS];
  const draft: Draft = { index: 0, instant: 0, layout, pool, random, mean: 150 };
  const pens: Pen[] = Array.from({ length: SOURCES }, () => ({ buffer: Buffer.alloc(80 * RECORDS + 1e6), at: 0 }));
  for (; draft.index < RECORDS; draft.index++) {
    draft.instant = 1_710_054_000_000 + draft.index * 25;
    writeRecord(draft, pens[random() % SOURCES]);
  }
  return pens.map(({ buffer, at }) => {
    const from = memory.regions.take(at);
    memory.bytes.set(buffer.subarray(0, at), from);
    return [from, from + at];
  });
}

const ranges = fill();
const [[begin, end]] = ranges as [[number, number]];
const lines = memory.buffer
  .toString('latin1', begin, Math.min(end, begin + 20_000))
  .split('\n')
  .slice(0, 100);
const plan = detectStamp(
  lines.map((line) => Buffer.from(format === 'iso' ? line : line.slice(...stamp))),
  format === 'iso' ? 'line' : 'field',
  {},
);
if (plan === undefined) throw new Error('no stamps');

/** Frames all sources; the rows of each. */
function frame(): [number, number][] {
  let row = 0;
  return ranges.map(([from, to], source) => {
    const stamper = createStamper(plan as NonNullable<typeof plan>, memory);
    const framer = createFramer(input, { memory, stamper, source, label: 'x', warn() {}, lastKey: undefined });
    const first = row;
    for (let at = from; at < to; at = framer.consumed) {
      const stop = Math.min(to, at + WINDOW);
      framer.frame(at, stop, stop === to, row, RECORDS);
      row += framer.rows;
    }
    return [first, row];
  });
}

const merged = new Int32Array(RECORDS);

function merge(rows: readonly [number, number][]): void {
  const inputs = new Merge(memory, SOURCES, BATCH);
  for (const [c, [from, to]] of rows.entries()) inputs.add(c, from, to);
  for (let count = 0; inputs.size > 0; ) {
    const taken = inputs.take();
    merged.set(inputs.picks.subarray(0, taken), count);
    count += taken;
    if (inputs.ended() >= 0) inputs.remove();
  }
  inputs.close();
}

const out = createOutput(memory, nowhere, memory.regions.take(REGION), REGION);
const sources = ranges.map((_, i) => ({ label: `source-${i}.log`, input }));
const writers = outputs.map((name) => ({ name, writer: createWriter(name, SETTINGS, sources, memory) }));
const place = memory.regions.take(REGION + 64);
const staging: Staging = {
  firstRow: RECORDS,
  rowLimit: 8192,
  offset: place,
  byteLimit: REGION,
  count: 0,
  position: place,
};

function stage(): void {
  for (let i = 0; i < RECORDS; ) {
    i = stageRows(memory, memory.order, i, RECORDS, staging);
    staging.count = 0;
    staging.position = place;
  }
}

/** Makes every chunk a random order of its rows. */
function shuffle(): void {
  for (let i = 0, random = 1; i < RECORDS; i++) {
    random = (Math.imul(random, 1_103_515_245) + 12_345) >>> 0;
    const chunk = i - (i % CHUNK_ROWS);
    const j = chunk + (random % (i - chunk + 1));
    memory.order[i] = memory.order[j];
    memory.order[j] = i;
  }
}

for (let round = 0; round < ROUNDS; round++) {
  let rows: [number, number][] = [];
  measure('records and their stamps', () => {
    rows = frame();
  });
  for (let i = 0; i < RECORDS; i++) memory.order[i] = i;
  measure('order check', () => {
    for (const [from, to] of rows) firstDescent(memory, from, to, -(2 ** 31), 0);
  });
  measure('order check with lateness', () => {
    for (const [from, to] of rows) {
      const lateness = new Lateness(memory);
      lateness.take(from, to);
      lateness.close();
    }
  });
  measure('merge', () => merge(rows));
  for (const { name, writer } of writers) measure(`write ${name}`, () => writer.write(merged, RECORDS, out));
  shuffle();
  measure('stage, chunks at random', stage);
  measure('sort, chunks at random', () => {
    for (let i = 0; i < RECORDS; i += CHUNK_ROWS) sortRows(memory, i, Math.min(RECORDS, i + CHUNK_ROWS));
  });
}
for (const [name, nanos] of best) console.log(`${name}: ${nanos.toFixed(1)} ns a record`);
