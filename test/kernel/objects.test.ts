import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createMemory, type Memory } from '../../src/core/memory.ts';
import type { NdjsonPlan, Stamper } from '../../src/core/stages.ts';
import { type CountingFramer, createFramer } from '../../src/input/index.ts';
import { detectStamp } from '../../src/time/detect.ts';
import { createStamper } from '../../src/time/stamper.ts';

const fast = createMemory(1 << 18);
const slow = createMemory(1 << 18);

const PATHS: readonly string[][] = [['ts'], ['meta', 'time'], ['list', '0', 'at'], ['a', '0'], ['ts', '0'], ['é']];
const space = fc.constantFrom('', '', '', ' ', '\t', '  ');
const text = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom('x'.repeat(15), 'x'.repeat(16), 'x'.repeat(17), 'y'.repeat(200), '"', '\\', '\n', '\u0001'),
);
const scalar = fc.oneof(
  text.map((value) => JSON.stringify(value)),
  fc.double().map((value) => JSON.stringify(value)),
  fc.constantFrom('true', 'false', 'null', '-0', '1e5', '0.5E-3', '"\\u00e9\\/"', '[]', '{}', '[1,[2,{"ts":3}]]'),
  // What no JSON is.
  fc.constantFrom('01', '1.', 'tru', 'nulll', "'x'", '"\\x"', '"\\u00g0"', '-', '[1,]', '{"a"}', '"\t"', ''),
);
const stamp = fc.nat(90_000).map((ms) => JSON.stringify(new Date(1_710_100_800_000 - 45_000 + ms).toISOString()));
const millis = fc.nat(90_000).map((ms) => String(1_710_100_800_000 + ms));
/** By the stamp that tells how they are written. */
const KINDS = { '2024-03-10T07:00:00.000Z': stamp, '1710053998120': millis };
type Kind = keyof typeof KINDS;
const timeValueOf = (kind: Kind) => fc.oneof({ weight: 20, arbitrary: KINDS[kind] }, scalar);
const name = fc.oneof(
  fc.constantFrom('level', 'msg', 't', 'tss', 'meta', 'list', 'a', 'ts', 'time'),
  text.map((value) => JSON.stringify(value).slice(1, -1)),
);

/** The value at a path below the first level. */
function nested(path: readonly string[], value: string): string {
  const [first, ...rest] = path;
  if (first === undefined) return value;
  return first === '0' ? `[${nested(rest, value)},7]` : `{"x":{},"${first}":${nested(rest, value)}}`;
}

const member = fc.tuple(name, fc.oneof({ weight: 12, arbitrary: text.map((value) => JSON.stringify(value)) }, scalar));

const lineOf = (path: readonly string[], kind: Kind) =>
  fc
    .record({
      before: fc.array(member, { maxLength: 4 }),
      time: fc.array(timeValueOf(kind), { minLength: 1, maxLength: 2 }),
      after: fc.array(member, { maxLength: 4 }),
      gap: space,
      cut: fc.option(fc.nat(120), { freq: 12 }),
      behind: fc.oneof({ weight: 15, arbitrary: fc.constant('') }, fc.constantFrom(' ', '\r', 'x', '}', ',')),
    })
    .map(({ before, time, after, gap, cut, behind }) => {
      const own = time.map((value): [string, string] => [path[0] as string, nested(path.slice(1), value)]);
      const members = [...before, ...own, ...after].map(([key, value]) => `"${key}"${gap}:${gap}${value}`);
      const line = `${gap}{${gap}${members.join(`${gap},${gap}`)}${gap}}${behind}`;
      return cut === null ? line : line.slice(0, cut);
    });

const caseOf = fc
  .tuple(fc.constantFrom(...PATHS), fc.constantFrom(...(Object.keys(KINDS) as Kind[])))
  .chain(([path, kind]) =>
    fc.record({
      path: fc.constant(path as string[]),
      kind: fc.constant(kind),
      lines: fc.array(lineOf(path, kind), { minLength: 1, maxLength: 30, size: 'max' }),
      ended: fc.boolean(),
      reads: fc.array(fc.integer({ min: 1, max: 1500 }), { minLength: 1, maxLength: 4 }),
      rowLimits: fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 3 }),
    }),
  );

type Case = typeof caseOf extends fc.Arbitrary<infer T> ? T : never;

/** The rows of the lines, read in pieces at the end of the memory, and what the framer tells. */
function frame(memory: Memory, framer: CountingFramer, { lines, ended, reads, rowLimits }: Case): unknown[] {
  const bytes = Buffer.from(lines.join('\n') + (ended ? '\n' : ''));
  const seen: unknown[] = [];
  let taken = 0;
  let given = 0;
  for (let turn = 0; taken < bytes.length; turn++) {
    given = Math.min(bytes.length, given + (reads[turn % reads.length] as number));
    const from = memory.bytes.length - (given - taken);
    memory.bytes.set(bytes.subarray(taken, given), from);
    framer.frame(from, memory.bytes.length, given === bytes.length, 2, rowLimits[turn % rowLimits.length] as number);
    for (let row = 2; row < 2 + framer.rows; row++) {
      const place = [memory.start, memory.end].map((column) => (column[row] as number) - from + taken);
      const columns = [memory.line, memory.source, memory.stampAt, memory.stampLength, memory.flags];
      seen.push([...place, memory.keys[2 * row], memory.keys[2 * row + 1], ...columns.map((column) => column[row])]);
    }
    taken += framer.consumed - from;
  }
  return [...seen, framer.line, framer.framingLines, framer.broken, framer.undated];
}

test('the kernel makes the rows of JSON lines that the scanner makes', () => {
  let byKernel = 0;
  const framerOf = (memory: Memory, stamper: Stamper, input: NdjsonPlan, warned: string[]): CountingFramer => {
    const warn = ({ where, what }: { where?: string; what: string }) => void warned.push(`${where} ${what}`);
    return createFramer(input, { memory, stamper, source: 5, label: 'x', warn, lastKey: { high: 7, low: 8 } });
  };
  fc.assert(
    fc.property(caseOf, (one) => {
      const plan = detectStamp([Buffer.from(one.kind)], 'field', {});
      assert.ok(plan);
      const input: NdjsonPlan = { format: 'ndjson', layout: 'lines', recordsAt: [], timePaths: [one.path, ['level']] };
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
      // Without quick lines the kernel leaves every line to the scanner.
      const reference = Object.create(plain, { quick: { value: undefined } }) as Stamper;
      const expected = frame(slow, framerOf(slow, reference, input, warned[1]), one);
      assert.deepEqual(frame(fast, framerOf(fast, quick, input, warned[0]), one), expected);
      assert.deepEqual(warned[0], warned[1]);
      assert.equal(quick.counters.dated, plain.counters.dated);
      byKernel += quick.counters.dated - byScanner;
    }),
    { numRuns: 1500, endOnFailure: true },
  );
  assert.ok(byKernel > 1000, `only ${byKernel} lines were dated`);
});
