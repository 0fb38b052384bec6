import { highWord, instantOf, lowWord, NANOS_PER_SECOND } from '../../src/core/instant.ts';
import { createMemory, type Memory } from '../../src/core/memory.ts';
import type { Problem } from '../../src/core/problem.ts';
import type { InputPlan, RateStamps, Stamper } from '../../src/core/stages.ts';
import { type CountingFramer, createFramer } from '../../src/input/index.ts';

/**
 * A stamper of `@SECONDS` and of `@+SECONDS`, which counts from the stamp before: it notices a line that it is shown
 * twice, or not at all, or out of turn.
 */
export function createTestStamper(memory: Memory): Stamper & { reads: number } {
  let seconds = 0;
  return {
    high: 0,
    low: 0,
    at: 0,
    length: 0,
    reads: 0,
    read(start, end) {
      this.reads++;
      const match = /^@(\+?)(\d{1,9})/.exec(memory.buffer.toString('latin1', start, Math.min(end, start + 40)));
      if (match === null) return false;
      seconds = Number(match[2]) + (match[1] === '+' ? seconds : 0);
      const instant = BigInt(seconds) * NANOS_PER_SECOND;
      this.high = highWord(instant);
      this.low = lowWord(instant);
      this.at = start;
      this.length = match[0].length;
      return true;
    },
  };
}

/** Rates the stamps of the test stamper. */
export const rateTestStamps: RateStamps = (texts) =>
  texts.filter((text) => /^@\+?\d{1,9}$/.test(Buffer.from(text).toString('latin1'))).length / Math.max(1, texts.length);

/** A row as tests compare it. */
export interface SeenRow {
  text: string;
  seconds: number;
  line: number;
  flags: number;
  stamp: string;
}

export interface Framed {
  rows: SeenRow[];
  warnings: Problem[];
  line: number;
  framingLines: number;
  broken: number;
  undated: number;
  reads: number;
  /** Bytes of the source that lie in no record and are no final LF of one. */
  outside: string;
  /** What lies in and between the records, put together again. */
  rebuilt: string;
}

/** How the caller cuts the bytes: sizes of the reads and of the row limits, taken in turn, over and over. */
export interface Cutting {
  reads: readonly number[];
  rowLimits: readonly number[];
}

export const WHOLE: Cutting = { reads: [Number.MAX_SAFE_INTEGER], rowLimits: [1 << 20] };

/** Frames a source as a caller does: unframed bytes are moved to the front of a window somewhere else. */
export function frameAll(source: string | Uint8Array, plan: InputPlan, cutting: Cutting = WHOLE): Framed {
  const bytes = Buffer.from(source as string);
  const memory = createMemory(Math.max(1 << 21, bytes.length * 6));
  const warnings: Problem[] = [];
  const stamper = createTestStamper(memory);
  const framer = createFramer(plan, {
    memory,
    stamper,
    source: 7,
    label: 'src',
    warn: (problem) => warnings.push(problem),
    lastKey: { high: 0, low: 0 },
  });
  const seen: SeenRow[] = [];
  const bytesSeen = drive(bytes, memory, framer, cutting, seen);
  const { line, framingLines, broken, undated } = framer;
  return { rows: seen, warnings, line, framingLines, broken, undated, reads: stamper.reads, ...bytesSeen };
}

const FIRST_ROW = 3;

function drive(bytes: Buffer, memory: Memory, framer: CountingFramer, cutting: Cutting, seen: SeenRow[]) {
  let given = 0;
  let taken = 0;
  let outside = '';
  let rebuilt = '';
  const windows = [100, bytes.length + 200];
  for (let turn = 0; ; turn++) {
    const from = windows[turn % 2];
    given = Math.min(bytes.length, given + cutting.reads[turn % cutting.reads.length]);
    memory.bytes.fill(64, 0, bytes.length * 2 + 400); // what lies around the window must not be looked at
    memory.bytes.set(bytes.subarray(taken, given), from);
    const last = given === bytes.length;
    const rowLimit = cutting.rowLimits[turn % cutting.rowLimits.length];
    framer.frame(from, from + given - taken, last, FIRST_ROW, rowLimit);
    const text = (start: number, end: number): string => memory.buffer.toString('latin1', start, end);
    let at = from;
    for (let row = FIRST_ROW; row < FIRST_ROW + framer.rows; row++) {
      const end = memory.end[row];
      const next = end < framer.consumed && memory.bytes[end] === 10 ? end + 1 : end;
      outside += text(at, memory.start[row]);
      rebuilt += text(at, next);
      seen.push(seenRow(memory, row));
      at = next;
    }
    outside += text(at, framer.consumed);
    rebuilt += text(at, framer.consumed);
    taken += framer.consumed - from;
    if (last && taken === bytes.length) return { outside, rebuilt };
  }
}

function seenRow(memory: Memory, row: number): SeenRow {
  const start = memory.start[row];
  const stampAt = start + memory.stampAt[row];
  const instant = instantOf(memory.keys[2 * row + 1], memory.keys[2 * row]);
  if (memory.source[row] !== 7) throw new Error('the source column is not filled');
  return {
    text: memory.buffer.toString('latin1', start, memory.end[row]),
    seconds: Number(instant / 1_000_000_000n),
    line: memory.line[row],
    flags: memory.flags[row],
    stamp: memory.buffer.toString('latin1', stampAt, stampAt + memory.stampLength[row]),
  };
}
