import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createMemory } from '../../src/core/memory.ts';
import type { CsvPlan } from '../../src/core/stages.ts';
import { createFramer } from '../../src/input/index.ts';
import { detectStamp } from '../../src/time/detect.ts';
import { createStamper } from '../../src/time/stamper.ts';
import { csvPlan } from '../helpers/csv-plan.ts';
import { compareWithScanner, frameInPieces } from './framing.ts';

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
  const columns = COLUMNS.slice(1).toSpliced(time, 0, COLUMNS[0]);
  const headerText = header ? columns.join(delimiter) : '';
  return csvPlan(columns.join(delimiter), {
    delimiter,
    quotes,
    header,
    headerText,
    commentsBelow,
    timeColumns: [time],
  });
}

test('the kernel makes the rows of a table that the scanner makes', () => {
  const plan = detectStamp([Buffer.from('2024-03-10T07:00:00.000Z')], 'field', {});
  assert.ok(plan);
  let byKernel = 0;
  fc.assert(
    fc.property(caseOf, (one) => {
      const input = planOf(one);
      const bytes = Buffer.from(
        (one.header ? `${input.headerText}\n` : '') + one.rows.join('\n') + (one.ended ? '\n' : ''),
      );
      byKernel += compareWithScanner(plan, input, bytes, one);
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
  const pieces = { reads: [9000], rowLimits: [10] };
  const seen = frameInPieces(memory, framer, Buffer.from(text.join('')), pieces);
  assert.equal(seen.length, 6 + 4);
  assert.deepEqual(seen.slice(6), [50_006, 0, 0, 0]);
});
