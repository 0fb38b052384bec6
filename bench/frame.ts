/**
 * Nanoseconds a record that framing takes for each input format, with a stamper that does next to nothing, so that the
 * stamper's own time (bench/stamp.ts) is not in it. Last, a single line of 50 MB that arrives in growing windows.
 * Run: node --import tsx bench/frame.ts [records]
 */
import { createMemory, type Memory } from '../src/core/memory.ts';
import type { InputPlan, Stamper } from '../src/core/stages.ts';
import { type CountingFramer, createFramer } from '../src/input/index.ts';
import { csvPlan } from '../test/helpers/csv-plan.ts';

const RECORDS = Number(process.argv[2] ?? 200_000);
const ROUNDS = 7;
const WINDOW = 256 * 1024;
const FILLER = 'GET /items?page=2 HTTP/1.1 200 took 12.5 ms by agent of version 5.0 here and there and some more of it';

const CSV = csvPlan('time,host,method,status,bytes,what,x', { header: false, headerText: '' });

const INPUTS: { name: string; plan: InputPlan; record: (n: number) => string }[] = [
  { name: 'text', plan: { format: 'text' }, record: (n) => `2024-03-10T07:00:00.000Z web${n % 7} ${FILLER} ${n}` },
  {
    name: 'text, 9 of 10 lines undated',
    plan: { format: 'text' },
    record: (n) => (n % 10 === 0 ? `2024-03-10T07:00:00.000Z ${FILLER}` : `    at x (file.js:${n}) ${FILLER}`),
  },
  {
    name: 'ndjson',
    plan: { format: 'ndjson', layout: 'lines', recordsAt: [], timePaths: [['ts']] },
    record: (n) =>
      `{"ts":"2024-03-10T07:00:00.000Z","level":"info","host":"web${n % 7}","msg":"GET /items/${n} HTTP/1.1","status":200,"bytes":${n},"user":{"id":${n}}}`,
  },
  { name: 'csv', plan: CSV, record: (n) => `2024-03-10T07:00:00.000Z,web${n % 7},GET,200,${n},"${FILLER}",x` },
  {
    name: 'csv, no quotes',
    plan: CSV,
    record: (n) => `2024-03-10T07:00:00.000Z,web${n % 7},GET,200,${n},${FILLER},x`,
  },
];

/** Takes every line or field that begins with a digit for a stamp. */
function quickStamper(memory: Memory): Stamper {
  const { bytes } = memory;
  return {
    high: 0,
    low: 0,
    at: 0,
    length: 24,
    read(start) {
      this.at = start;
      return bytes[start] >= 48 && bytes[start] <= 57;
    },
  };
}

function framerOf(memory: Memory, plan: InputPlan): CountingFramer {
  const context = { memory, stamper: quickStamper(memory), source: 0, label: 'x', warn() {}, lastKey: undefined };
  return createFramer(plan, context);
}

/** Frames all bytes in windows of WINDOW bytes that begin where the last one stopped. Nanoseconds it took. */
function pass(memory: Memory, plan: InputPlan, size: number): number {
  const framer = framerOf(memory, plan);
  const begun = process.hrtime.bigint();
  for (let from = 0; from < size; from = framer.consumed) {
    const to = Math.min(size, from + WINDOW);
    framer.frame(from, to, to === size, 0, 100_000);
  }
  return Number(process.hrtime.bigint() - begun);
}

/** The same for one record that never fits: each window is the one before and as much again. */
function growing(memory: Memory, plan: InputPlan, size: number): number {
  const framer = framerOf(memory, plan);
  const begun = process.hrtime.bigint();
  for (let to = WINDOW; framer.rows === 0; to += WINDOW) framer.frame(0, Math.min(size, to), to >= size, 0, 10);
  return Number(process.hrtime.bigint() - begun);
}

const memory = createMemory(400e6);
for (const { name, plan, record } of INPUTS) {
  const text = `${Array.from({ length: RECORDS }, (_, n) => record(n)).join('\n')}\n`;
  const size = memory.buffer.write(text);
  const best = Math.min(...Array.from({ length: ROUNDS }, () => pass(memory, plan, size)));
  const perByte = (best / size).toFixed(2);
  console.log(
    `${name}: ${(best / RECORDS).toFixed(0)} ns a record, ${perByte} ns a byte (${(size / RECORDS).toFixed(0)} B)`,
  );
}
for (const { name, plan, record } of INPUTS.filter((_, i) => i !== 1)) {
  const line = Buffer.from(record(1));
  const at = line.indexOf('GET');
  memory.buffer.fill('x', 0, 50e6);
  memory.buffer.set(line.subarray(0, at), 0);
  memory.buffer.set(line.subarray(at), 50e6 - line.length + at);
  console.log(`${name}, one line of 50 MB: ${(growing(memory, plan, 50e6) / 1e6).toFixed(0)} ms`);
}
