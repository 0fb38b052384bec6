import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BROKEN, UNDATED } from '../../src/core/memory.ts';
import type { FieldLayout, W3cPlan } from '../../src/core/stages.ts';
import { W3cFields, type W3cMemory } from '../../src/input/w3c-fields.ts';
import { GrowingLayouts } from '../../src/input/w3c-layouts.ts';
import { frameAll } from './harness.ts';

const planOf = (known: Partial<W3cMemory> = {}): W3cPlan => ({
  format: 'w3c',
  delimiter: ' ',
  fields: [],
  day: '',
  utc: true,
  columns: [],
  layouts: new GrowingLayouts(),
  ...known,
});

test('a line is a record; directives, comments and blank lines are none', () => {
  const source =
    '#Software: x\n#Fields: x timestamp y\na @1 b\na "@2" b\n#Date: 2024-03-10\n#Fields: timestamp\n\n@3\n-\na b\n@4\n';
  const { rows, framingLines, warnings, broken, undated } = frameAll(source, planOf());
  assert.deepEqual(
    rows.map(({ text, seconds, flags, stamp }) => [text, seconds, flags, stamp]),
    [
      ['a @1 b', 1, 0, '@1'],
      ['a "@2" b', 2, 0, '@2'],
      ['@3', 3, 0, '@3'],
      ['-', 3, UNDATED, ''],
      ['a b', 3, UNDATED | BROKEN, ''],
      ['@4', 4, 0, '@4'],
    ],
  );
  assert.deepEqual([framingLines, broken, undated], [5, 1, 2]);
  assert.deepEqual(
    warnings.map(({ where, what }) => `${where} ${what}`),
    ['src:9 no date and time in its fields'],
  );
});

test('what the fields of a line are is known by its number', () => {
  const plan = planOf({ fields: ['x', 'timestamp'] });
  frameAll('a @1\n#Fields: timestamp y\n@2 b\n#Fields: timestamp y\n@3 b\n', plan);
  const columns = (line: number) => plan.layouts.at(line)?.columns.join(' ');
  assert.deepEqual([1, 3, 5].map(columns), ['x timestamp', 'timestamp y', 'timestamp y']);
  assert.equal(plan.layouts.at(3), plan.layouts.at(5));
});

test('where lines are told anew, what was known of them and those behind is forgotten', () => {
  const layouts = new GrowingLayouts();
  const layoutOf = (name: string): FieldLayout => ({
    delimiter: ' ',
    quotes: 'doubled',
    columns: [name],
    timeColumns: [],
  });
  layouts.begin(0, layoutOf('a'));
  layouts.begin(10, layoutOf('b'));
  layouts.begin(20, layoutOf('c'));
  layouts.begin(10, layoutOf('a'));
  assert.deepEqual(
    [1, 10, 11, 21].map((line) => layouts.at(line)?.columns.join()),
    ['a', 'a', 'a', 'a'],
  );
});

test('what is remembered of a log does not grow without bound', () => {
  const layouts = new GrowingLayouts();
  const names = Array.from({ length: 4000 }, (_, i) => `name${i}`);
  for (let line = 0; line < 100; line++)
    layouts.begin(line, { delimiter: ' ', quotes: 'doubled', columns: [`a${line}`, ...names], timeColumns: [] });
  assert.equal(layouts.at(2)?.columns[0], 'a1');
  assert.ok(layouts.at(20) !== undefined);
  assert.equal(layouts.at(100), undefined);
});

test('a time with which an unfinished file ends is none', () => {
  const { rows } = frameAll('a @1\na @22', planOf({ fields: ['x', 'timestamp'] }));
  assert.deepEqual(
    rows.map(({ seconds, flags }) => [seconds, flags]),
    [
      [1, 0],
      [1, UNDATED],
    ],
  );
});

/** The dates and times that the lines hold. */
function follow(lines: readonly string[], known: Partial<W3cMemory> = {}): string[] {
  const bytes = new Uint8Array(Buffer.from(lines.join('')));
  const fields = new W3cFields(planOf({ fields: ['time'], ...known }), bytes);
  let end = 0;
  return lines.flatMap((line) => {
    const start = end;
    end += Buffer.byteLength(line);
    if (line.startsWith('#')) fields.direct(start, end);
    if (line.startsWith('#') || !fields.take(start, end)) return [];
    const text = (from: number, to: number): string => Buffer.from(bytes.subarray(from, to)).toString();
    const before = fields.dateEnd >= 0 ? text(fields.dateStart, fields.dateEnd) : Buffer.from(fields.dayBefore ?? []);
    return [`${before} ${text(fields.timeStart, fields.timeEnd)}`.trim()];
  });
}

test('times of day are on the day named last, and on the next one behind midnight', () => {
  const lines = [
    '10:00:00',
    '#Date: 2024-02-28 09:00:00',
    '23:59:59 x',
    '22:00:00',
    '00:00:01',
    '-',
    '#Date: 2024-03-10',
  ];
  assert.deepEqual(follow([...lines, '08:00:00']), [
    '2024-02-28 23:59:59',
    '2024-02-28 22:00:00',
    '2024-02-29 00:00:01',
    '2024-03-10 08:00:00',
  ]);
});

test('fields are separated by blanks, and stand in quotes if they hold some', () => {
  assert.deepEqual(follow(['#Fields: a date-local time-local', '"x ""y"" z"  2024-03-10   08:00:00 \r\r']), [
    '2024-03-10 08:00:00',
  ]);
  assert.deepEqual(follow(['#Fields: time-local date-local time date', '1 2 3 4']), ['4 3']);
  assert.deepEqual(follow(['#Fields: a date time', 'x 2024-03-10', 'x "" 1', '']), []);
  assert.deepEqual(follow(['#Fields: a date-time', 'x 2024-03-10T08:00:00Z']), ['2024-03-10T08:00:00Z']);
});

test('where tabs separate them, they may hold blanks', () => {
  const lines = ['#Fields: date time x-agent cs-uri', '2024-03-10\t08:00:00\tMozilla (x y)\t/a'];
  assert.deepEqual(follow(lines, { delimiter: '\t' }), ['2024-03-10 08:00:00']);
});
