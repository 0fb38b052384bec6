import { highWord, lowWord } from '../../src/core/instant.ts';
import { createMemory, type Memory, MULTILINE } from '../../src/core/memory.ts';
import type { CsvPlan, NdjsonPlan, Sink, SourceInfo } from '../../src/core/stages.ts';
import { createOutput, createWriter, memorySink, plainPalette, type WriterSettings } from '../../src/output/index.ts';
import { csvPlan } from '../helpers/csv-plan.ts';

/** A record as a test writes it down; what is left out is as for a plain line of the first source. */
export interface TestRecord {
  text: string | Uint8Array;
  instant?: bigint;
  source?: number;
  line?: number;
  flags?: number;
  /** The text of its stamp, which stands somewhere in `text`. */
  stamp?: string;
}

export const SETTINGS: WriterSettings = {
  stamp: 'prefix',
  withSource: true,
  lineNumbers: false,
  digits: 3,
  finer: 'full',
  palette: plainPalette,
  terminal: false,
};

/** 2024-03-10T06:59:58.120Z */
export const NOON = 1_710_053_998_120_000_000n;

/** What stands in front of a record of NOON. */
export const NOON_TEXT = '2024-03-10T06:59:58.120Z';

export const textSource = (label: string): SourceInfo => ({ label, input: { format: 'text' } });

export const ndjsonSource = (label: string, ...timePath: NdjsonPlan['timePaths'][0]): SourceInfo => ({
  label,
  input: { format: 'ndjson', layout: 'lines', recordsAt: [], timePaths: [timePath] },
});

export function csvSource(label: string, header: string, given: Partial<CsvPlan> = {}): SourceInfo {
  return { label, input: csvPlan(header, given) };
}

/** The memory of these records, and their rows, in the order given. Records of one source lie one behind the other, as read. */
export function rowsOf(records: readonly TestRecord[]): { memory: Memory; rows: Int32Array } {
  const memory = createMemory(4 * 2 ** 20);
  const first = memory.rows.take(records.length + 1);
  for (const [index, record] of records.entries()) fill(memory, first + index, index, record);
  return { memory, rows: Int32Array.from(records, (_, index) => first + index) };
}

function fill(memory: Memory, row: number, index: number, record: TestRecord): void {
  const { text, instant = NOON, source = 0, line = index + 1, flags = 0, stamp = '' } = record;
  const bytes = Buffer.from(text);
  const start = memory.regions.take(bytes.length + 1);
  memory.bytes.set(bytes, start);
  memory.bytes[start + bytes.length] = 10;
  memory.keys[2 * row] = lowWord(instant);
  memory.keys[2 * row + 1] = highWord(instant);
  memory.start[row] = start;
  memory.end[row] = start + bytes.length;
  memory.source[row] = source;
  memory.line[row] = line;
  memory.stampAt[row] = bytes.indexOf(stamp);
  memory.stampLength[row] = stamp.length;
  memory.flags[row] = flags | (bytes.includes(10) ? MULTILINE : 0);
}

/** The bytes that a format makes of these records. */
export function writtenBytes(
  format: string,
  sources: readonly SourceInfo[],
  records: readonly TestRecord[],
  settings: Partial<WriterSettings> = {},
): Buffer {
  const { memory, rows } = rowsOf(records);
  const sink = memorySink();
  write(format, sources, { memory, rows }, { ...SETTINGS, ...settings }, sink);
  return sink.bytes();
}

function write(
  format: string,
  sources: readonly SourceInfo[],
  { memory, rows }: { memory: Memory; rows: Int32Array },
  settings: WriterSettings,
  sink: Sink,
): void {
  const length = 32 * 1024;
  const out = createOutput(memory, sink, memory.regions.take(length), length);
  const writer = createWriter(format, settings, sources, memory);
  writer.begin(out);
  writer.write(rows, rows.length, out);
  out.flush();
}

/** The same as lines of text, the last newline taken away. */
export function written(
  format: string,
  sources: readonly SourceInfo[],
  records: readonly TestRecord[],
  settings: Partial<WriterSettings> = {},
): string[] {
  const text = writtenBytes(format, sources, records, settings).toString();
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}
