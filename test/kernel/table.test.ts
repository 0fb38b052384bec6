import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createMemory, type Memory } from '../../src/core/memory.ts';
import type { CsvPlan, Stamper } from '../../src/core/stages.ts';
import { type CountingFramer, createFramer } from '../../src/input/index.ts';
import { detectStamp } from '../../src/time/detect.ts';
import { createStamper } from '../../src/time/stamper.ts';

const fast = createMemory(1 << 18);
const slow = createMemory(1 << 18);

const COLUMNS = ['when', 'a', 'b', 'c'];
const plain = fc.oneof(
  fc.string({ maxLength: 20 }).map((text) => text.replace(/[",;\n]/g, '')),
  fc.constantFrom('', ' ', 'x', 'y'.repeat(15), 'z'.repeat(70), '\u00e9', '\u00ff', 'a\rb'),
);
/** What stands before a row where files were put together. */
const mark = fc.constantFrom('', '', '', '', '\ufeff');
const quoted = fc
  .tuple(fc.string({ maxLength: 20 }), fc.constantFrom('', '\n', ',\n;', 'q'.repeat(100), '""'))
  .map(([text, more]) => `"${text.replaceAll('"', '""')}${more}"`);
const strange = fc.constantFrom('"x" y', '"x"  ', ' "x"', '5" disk', '"open', '"a"b"', '#', '"\n" x', '""""');
const cell = fc.oneof({ weight: 12, arbitrary: plain }, { weight: 5, arbitrary: quoted }, strange);
const stamp = fc.tuple(fc.nat(90_000), fc.constantFrom('', '', '', ' ', '"', '" ', '[')).map(([ms, around]) => {
  const text = new Date(1_710_100_800_000 - 45_000 + ms).toISOString();
  return around === '[' ? `[${text}]` : `${around}${text}${[...around].reverse().join('')}`;
});
const timeCell = fc.oneof({ weight: 20, arbitrary: stamp }, cell);

const rowOf = (time: number, delimiter: string) =>
  fc.oneof(
    {
      weight: 30,
      arbitrary: fc
        .tuple(timeCell, fc.array(cell, { minLength: 3, maxLength: 3 }), fc.constantFrom('', '', '', '\r', '\r\r', ' '))

        .map(([when, others, behind]) => [...others.toSpliced(time, 0, when)].join(delimiter) + behind),
    },
    fc.array(fc.oneof(timeCell, cell), { maxLength: 6 }).map((cells) => cells.join(delimiter)),
    fc.constantFrom(
      '',
      '  ',
      '\ufeff',
      `# ${delimiter}a comment`,
      COLUMNS.join(delimiter),
      `${COLUMNS.join(delimiter)}\r`,
    ),
  );

const caseOf = fc.tuple(fc.nat(2), fc.constantFrom(',', ';', '\t')).chain(([time, delimiter]) =>
  fc.record({
    time: fc.constant(time),
    delimiter: fc.constant(delimiter),
    quotes: fc.constantFrom<CsvPlan['quotes']>('doubled', 'doubled', 'none', 'backslash'),
    header: fc.boolean(),
    commentsBelow: fc.boolean(),
    rows: fc.array(
      fc.tuple(mark, rowOf(time, delimiter)).map((parts) => parts.join('')),
      { minLength: 1, maxLength: 30, size: 'max' },
    ),
    ended: fc.boolean(),
    reads: fc.array(fc.integer({ min: 1, max: 1500 }), { minLength: 1, maxLength: 4 }),
    rowLimits: fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 3 }),
  }),
);

type Case = typeof caseOf extends fc.Arbitrary<infer T> ? T : never;

function planOf({ time, delimiter, quotes, header, commentsBelow }: Case): CsvPlan {
  const columns = COLUMNS.slice(1).toSpliced(time, 0, COLUMNS[0] as string);
  const headerText = header ? columns.join(delimiter) : '';
  const shape = { format: 'csv', delimiter, quotes, columns, header, headerText, commentsBelow } as const;
  return { ...shape, commentLines: 0, timeColumns: [time], zoneColumn: undefined };
}

/** The rows of a table, read in pieces at the end of the memory, and what the framer tells. */
function frame(memory: Memory, framer: CountingFramer, bytes: Buffer, { reads, rowLimits }: Case): unknown[] {
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

test('the kernel makes the rows of a table that the scanner makes', () => {
  const plan = detectStamp([Buffer.from('2024-03-10T07:00:00.000Z')], 'field', {});
  assert.ok(plan);
  let byKernel = 0;
  const framerOf = (memory: Memory, stamper: Stamper, input: CsvPlan, warned: string[]): CountingFramer => {
    const warn = ({ where, what }: { where?: string; what: string }) => void warned.push(`${where} ${what}`);
    return createFramer(input, { memory, stamper, source: 5, label: 'x', warn, lastKey: { high: 7, low: 8 } });
  };
  fc.assert(
    fc.property(caseOf, (one) => {
      const input = planOf(one);
      const bytes = Buffer.from(
        (one.header ? `${input.headerText}\n` : '') + one.rows.join('\n') + (one.ended ? '\n' : ''),
      );
      const quick = createStamper(plan, fast);
      const reference = createStamper(plan, slow);
      let byScanner = 0;
      const read = quick.read.bind(quick);
      quick.read = (start, end) => {
        const dated = read(start, end);
        if (dated) byScanner++;
        return dated;
      };
      const warned: [string[], string[]] = [[], []];
      // Without quick lines the kernel leaves every row to the scanner.
      const without = Object.create(reference, { quick: { value: undefined } }) as Stamper;
      const expected = frame(slow, framerOf(slow, without, input, warned[1]), bytes, one);
      assert.deepEqual(frame(fast, framerOf(fast, quick, input, warned[0]), bytes, one), expected);
      assert.deepEqual(warned[0], warned[1]);
      assert.equal(quick.counters.dated, reference.counters.dated);
      byKernel += quick.counters.dated - byScanner;
    }),
    { numRuns: 1500, endOnFailure: true },
  );
  assert.ok(byKernel > 1000, `only ${byKernel} rows were dated`);
});

test('a row that is longer than the kernel reads', () => {
  const plan = detectStamp([Buffer.from('2024-03-10T07:00:00.000Z')], 'field', {});
  assert.ok(plan);
  const memory = createMemory(1 << 22);
  const row = (middle: string) => `2024-03-10T07:00:00.000Z,${middle},b,c\n`;
  const text = [
    row('a'),
    row('a'),
    row('x'.repeat(4000)),
    row('y'.repeat(70_000)),
    row(`"${',\n'.repeat(50_000)}"`),
    row('z'),
  ];
  const input = planOf({ time: 0, delimiter: ',', quotes: 'doubled', header: false, commentsBelow: false } as Case);
  const never = ({ what }: { what: string }): void => assert.fail(what);
  const context = { memory, source: 0, label: 'x', warn: never, lastKey: undefined };
  const framer = createFramer(input, { ...context, stamper: createStamper(plan, memory) });
  const one = { reads: [9000], rowLimits: [10] } as unknown as Case;
  const seen = frame(memory, framer, Buffer.from(text.join('')), one);
  assert.equal(seen.length, 6 + 4);
  assert.deepEqual(seen.slice(6), [50_006, 0, 0, 0]);
});
