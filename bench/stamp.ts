/**
 * Nanoseconds per record of reading stamps, for each family of the table: in the order of a file (steps of 5 ms to
 * 2 s), shuffled over a day, and by the slow reader alone.
 *
 *   node --import tsx bench/stamp.ts [name of a format]
 */
import { compilePattern } from '../src/time/compile.ts';
import { detectStamp } from '../src/time/detect.ts';
import { TIME_FORMATS } from '../src/time/formats.ts';
import type { PlannedStamper } from '../src/time/planned-stamper.ts';
import { StampReader } from '../src/time/reader.ts';
import { createStamper } from '../src/time/stamper.ts';
import type { TimeFormat } from '../src/time/time-format.ts';
import { whereOf, writeStamp } from '../test/time/write-stamp.ts';

const RECORDS = 100_000;
const ROUNDS = 9;

interface Lines {
  bytes: Uint8Array;
  ends: Int32Array;
}

function linesOf(texts: readonly string[]): Lines {
  const bytes = Buffer.from(`${texts.join('\n')}\n${' '.repeat(64)}`);
  const ends = new Int32Array(texts.length);
  let at = 0;
  texts.forEach((text, i) => {
    at += Buffer.byteLength(text);
    ends[i] = at++;
  });
  return { bytes, ends };
}

function best(run: () => void): number {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const start = process.hrtime.bigint();
    run();
    least = Math.min(least, Number(process.hrtime.bigint() - start) / RECORDS);
  }
  return least;
}

function readAll(stamper: PlannedStamper, { ends }: Lines): number {
  let start = 0;
  let dated = 0;
  for (let i = 0; i < ends.length; i++) {
    const end = ends[i]!;
    if (stamper.read(start, end)) dated++;
    start = end + 1;
  }
  return dated;
}

function measure(row: TimeFormat, texts: readonly string[]): string {
  const lines = linesOf(texts);
  const sample = texts.slice(0, 200).map((text) => Buffer.from(text));
  const plan = detectStamp(sample, whereOf(row), {
    timeFormat: row.name,
    dayOrder: row.order,
    year: 2023,
  });
  if (plan === undefined) return 'not found';
  let dated = 0;
  const nanos = best(() => {
    dated = readAll(createStamper(plan, lines), lines);
  });
  return dated === RECORDS ? nanos.toFixed(1) : `${nanos.toFixed(1)} (${RECORDS - dated} undated)`;
}

function measureSlow(row: TimeFormat, texts: readonly string[], head: number): string {
  const { bytes, ends } = linesOf(texts);
  const program = compilePattern(row.pattern);
  const reader = new StampReader();
  const nanos = best(() => {
    let start = 0;
    for (let i = 0; i < ends.length; i++) {
      reader.read(program, row.years, bytes, start + head, ends[i]!);
      start = ends[i]! + 1;
    }
  });
  return nanos.toFixed(0);
}

const DAY = 86_400_000_000_000n;
const NOON = 1_679_000_000_000_000_000n;
const inOrder = Array.from({ length: RECORDS }, (_, i) => NOON + BigInt(i) * 137_000_000n + BigInt(i % 7) * 5_000_000n);
const overDay = Array.from(
  { length: RECORDS },
  (_, i) => NOON - (NOON % DAY) + ((BigInt(i) * 48_271_000_003_119n) % DAY),
);

const wanted = process.argv[2];
console.log(['format', 'in order', 'over a day', 'slow reader'].map((word) => word.padEnd(18)).join(''));
for (const row of TIME_FORMATS.filter((each) => wanted === undefined || each.name === wanted)) {
  const [line] = row.samples[0]!;
  const { write: rewrite, head, writable } = writeStamp(row, line);
  // Weeks and ticks are not written by the test's writer: the same instant again and again.
  const write = writable ? rewrite : () => line;
  const columns = [
    measure(row, inOrder.map(write)),
    measure(row, overDay.map(write)),
    measureSlow(row, overDay.map(write), head),
  ];
  console.log([row.name, ...columns].map((word) => word.padEnd(18)).join(''));
}
