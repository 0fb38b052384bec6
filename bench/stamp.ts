/**
 * Nanoseconds per record of reading stamps, for each family of the table: in the order of a file (steps of 5 ms to
 * 2 s), shuffled over a day, and by the slow reader alone; the least of several rounds, and beside the row of ISO 8601.
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
    const end = ends[i];
    if (stamper.read(start, end)) dated++;
    start = end + 1;
  }
  return dated;
}

function measure(row: TimeFormat, texts: readonly string[]): number | undefined {
  const lines = linesOf(texts);
  const sample = texts.slice(0, 200).map((text) => Buffer.from(text));
  const plan = detectStamp(sample, whereOf(row), {
    timeFormat: row.name,
    dayOrder: row.order,
    year: 2023,
  });
  if (plan === undefined) return undefined;
  let dated = 0;
  const nanos = best(() => {
    dated = readAll(createStamper(plan, lines), lines);
  });
  return dated === RECORDS ? nanos : undefined;
}

function measureSlow(row: TimeFormat, texts: readonly string[], head: number): number {
  const { bytes, ends } = linesOf(texts);
  const program = compilePattern(row.pattern);
  const reader = new StampReader();
  return best(() => {
    let start = 0;
    for (let i = 0; i < ends.length; i++) {
      reader.read(program, row.years, bytes, start + head, ends[i]);
      start = ends[i] + 1;
    }
  });
}

const DAY = 86_400_000_000_000n;
const NOON = 1_679_000_000_000_000_000n;
const inOrder = Array.from({ length: RECORDS }, (_, i) => NOON + BigInt(i) * 137_000_000n + BigInt(i % 7) * 5_000_000n);
const overDay = Array.from(
  { length: RECORDS },
  (_, i) => NOON - (NOON % DAY) + ((BigInt(i) * 48_271_000_003_119n) % DAY),
);

/** Nanoseconds per record of a row; undefined where not all records were dated. */
function figuresOf(row: TimeFormat): (number | undefined)[] {
  const [line] = row.samples[0];
  const { write: rewrite, head, outside } = writeStamp(row, line);
  // What the test's writer cannot write is the same instant again and again.
  const write = outside === undefined ? rewrite : () => line;
  return [
    measure(row, inOrder.map(write)),
    measure(row, overDay.map(write)),
    measureSlow(row, overDay.map(write), head),
  ];
}

const wanted = process.argv[2];
const [iso] = TIME_FORMATS;
const ofIso = figuresOf(iso);
const beside = (nanos: number | undefined, other: number | undefined): string =>
  nanos === undefined || other === undefined
    ? 'not all dated'
    : `${nanos.toFixed(1)} (${(nanos / other).toFixed(1)})${nanos > 3 * other ? ' !' : ''}`;
console.log(['format', 'in order', 'over a day', 'slow reader'].map((word) => word.padEnd(18)).join(''));
for (const row of TIME_FORMATS.filter((each) => wanted === undefined || each.name === wanted)) {
  const figures = row === iso ? ofIso : figuresOf(row);
  console.log(
    [row.name, ...figures.map((nanos, i) => beside(nanos, ofIso[i]))].map((word) => word.padEnd(18)).join(''),
  );
}
