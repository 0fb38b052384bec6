/**
 * Nanoseconds a record for each output format, and for the parts of the text one. The records of four sources of 150
 * bytes alternate, some milliseconds apart: what a merge gives its writer, without the merge.
 * Run: node --import tsx bench/write.ts [records]
 */
import { highWord, lowWord } from '../src/core/instant.ts';
import { createMemory, type Memory } from '../src/core/memory.ts';
import type { InputPlan, RecordWriter, Sink, SourceInfo } from '../src/core/stages.ts';
import { createOutput, createWriter, type WriterSettings } from '../src/output/index.ts';
import { csvPlan } from '../test/helpers/csv-plan.ts';
import { SETTINGS } from '../test/output/written.ts';

const RECORDS = Number(process.argv[2] ?? 200_000);
const SOURCES = 4;
const REGION = 256 * 1024;

const CSV = csvPlan('time,host,method,path,status,bytes,agent');

const INPUTS: Record<string, { input: InputPlan; record: (stamp: string, n: number) => string }> = {
  text: {
    input: { format: 'text' },
    record: (stamp, n) =>
      `${stamp} web${n % 7} [worker-${n % 13}] INFO request "GET /items/${n}?page=2 HTTP/1.1" 200 ${n * 7} took 12.5 ms by agent of version 5.0 here`,
  },
  ndjson: {
    input: { format: 'ndjson', layout: 'lines', recordsAt: [], timePaths: [['ts']] },
    record: (stamp, n) =>
      `{"ts":"${stamp}","level":"info","host":"web${n % 7}","msg":"GET /items/${n}","status":200,"bytes":${n * 7},"user":{"id":${n},"name":"Ann"}}`,
  },
  csv: {
    input: CSV,
    record: (stamp, n) =>
      `${stamp},web${n % 7},GET,/items/${n}?page=2,200,${n * 7},"Mozilla/5.0 (X11, Linux) and more to fill"`,
  },
};

const nowhere: Sink = { write() {}, commit() {}, abort() {} };

function fill(memory: Memory, kind: string): Int32Array {
  const { record } = INPUTS[kind];
  const rows = new Int32Array(RECORDS);
  let at = memory.regions.take(RECORDS * 220);
  const first = memory.rows.take(RECORDS);
  for (let n = 0; n < RECORDS; n++) {
    const row = first + n;
    const instant = 1_710_054_000_000_000_000n + BigInt(n) * 3_000_000n;
    const stamp = new Date(Number(instant / 1_000_000n)).toISOString();
    const text = record(stamp, n);
    memory.keys[2 * row] = lowWord(instant);
    memory.keys[2 * row + 1] = highWord(instant);
    memory.start[row] = at;
    memory.end[row] = at += memory.buffer.write(text, at);
    memory.bytes[at++] = 10;
    memory.source[row] = n % SOURCES;
    memory.line[row] = n + 1;
    memory.stampAt[row] = text.indexOf(stamp);
    memory.stampLength[row] = stamp.length;
    rows[n] = row;
  }
  return rows;
}

function time(writer: RecordWriter, memory: Memory, region: number, rows: Int32Array): number {
  const out = createOutput(memory, nowhere, region, REGION);
  const begun = process.hrtime.bigint();
  writer.write(rows, rows.length, out);
  out.flush();
  return Number(process.hrtime.bigint() - begun) / rows.length;
}

for (const [kind, { input }] of Object.entries(INPUTS)) {
  const memory = createMemory(256 * 2 ** 20);
  const rows = fill(memory, kind);
  const region = memory.regions.take(REGION);
  const sources: SourceInfo[] = Array.from({ length: SOURCES }, (_, i) => ({ label: `web-${i}.log`, input }));
  const cases: [string, string, Partial<WriterSettings>][] = [
    ['text', 'text', {}],
    ['text replace', 'text', { stamp: 'replace' }],
    ['text numbered', 'text', { lineNumbers: true }],
    ['text, zone', 'text', { offsetAt: () => 330 }],
    ['raw', 'raw', {}],
    ['ndjson', 'ndjson', {}],
    ['csv', 'csv', {}],
  ];
  for (const [name, format, settings] of cases) {
    const writer = createWriter(format, { ...SETTINGS, ...settings }, sources, memory);
    const best = Math.min(...Array.from({ length: 7 }, () => time(writer, memory, region, rows)));
    console.log(`${kind.padEnd(6)} → ${name.padEnd(14)} ${best.toFixed(0).padStart(4)} ns a record`);
  }
}
