import assert from 'node:assert/strict';
import { createMemory, type Memory } from '../../src/core/memory.ts';
import type { InputPlan, Stamper } from '../../src/core/stages.ts';
import { type CountingFramer, createFramer } from '../../src/input/index.ts';
import type { StampPlan } from '../../src/time/index.ts';
import { createStamper } from '../../src/time/stamper.ts';

/** In which portions bytes are read, and how many rows there is room for, in turns. */
export interface Pieces {
  reads: readonly number[];
  rowLimits: readonly number[];
}

const fast = createMemory(1 << 18);
const slow = createMemory(1 << 18);

/** The rows that a framer makes of bytes, each portion at the very end of the memory, and what it tells. */
export function frameInPieces(
  memory: Memory,
  framer: CountingFramer,
  bytes: Buffer,
  { reads, rowLimits }: Pieces,
): unknown[] {
  const seen: unknown[] = [];
  let taken = 0;
  let given = 0;
  for (let turn = 0; taken < bytes.length; turn++) {
    given = Math.min(bytes.length, given + reads[turn % reads.length]);
    const from = memory.bytes.length - (given - taken);
    memory.bytes.set(bytes.subarray(taken, given), from);
    framer.frame(from, memory.bytes.length, given === bytes.length, 2, rowLimits[turn % rowLimits.length]);
    for (let row = 2; row < 2 + framer.rows; row++) {
      const place = [memory.start, memory.end].map((column) => column[row] - from + taken);
      const columns = [memory.line, memory.source, memory.stampAt, memory.stampLength, memory.flags];
      seen.push([...place, memory.keys[2 * row], memory.keys[2 * row + 1], ...columns.map((column) => column[row])]);
    }
    taken += framer.consumed - from;
  }
  return [...seen, framer.line, framer.framingLines, framer.broken, framer.undated];
}

/** Holds what the kernel makes of bytes against what the scanner makes alone. Returns how many rows the kernel dated. */
export function compareWithScanner(plan: StampPlan, input: InputPlan, bytes: Buffer, pieces: Pieces): number {
  const quick = createStamper(plan, fast);
  const plain = createStamper(plan, slow);
  let byScanner = 0;
  const read = quick.read.bind(quick);
  quick.read = (start, end) => {
    const dated = read(start, end);
    if (dated) byScanner++;
    return dated;
  };
  const warned: [string[], string[]] = [[], []];
  const framed = (memory: Memory, stamper: Stamper, said: string[]): unknown[] => {
    const warn = ({ where, what }: { where?: string; what: string }) => void said.push(`${where} ${what}`);
    const lastKey = { high: 7, low: 8 };
    return frameInPieces(
      memory,
      createFramer(input, { memory, stamper, source: 5, label: 'x', warn, lastKey }),
      bytes,
      pieces,
    );
  };
  // Without quick lines the kernel leaves everything to the scanner.
  const reference = Object.create(plain, { quick: { value: undefined } }) as Stamper;
  const expected = framed(slow, reference, warned[1]);
  assert.deepEqual(framed(fast, quick, warned[0]), expected);
  assert.deepEqual(warned[0], warned[1]);
  assert.equal(quick.counters.dated, plain.counters.dated);
  return quick.counters.dated - byScanner;
}
