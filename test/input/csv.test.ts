import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BROKEN, MULTILINE, UNDATED } from '../../src/core/memory.ts';
import { sentence } from '../../src/core/problem.ts';
import type { CsvPlan } from '../../src/core/stages.ts';
import { QUOTED_LIMIT } from '../../src/input/csv-field.ts';
import { columnNames, parseFields } from '../../src/input/csv-header.ts';
import { csvPlan } from '../helpers/csv-plan.ts';
import { type Framed, frameAll, type SeenRow } from './harness.ts';

const COMMAS = { delimiter: ',', quotes: 'doubled' } as const;

const PLAN = csvPlan('a,when,c', { timeColumns: [1] });

const frame = (body: string, plan: Partial<CsvPlan> = {}): Framed =>
  frameAll(plan.header === false ? body : `a,when,c\n${body}`, { ...PLAN, ...plan });

const flagsOf = (rows: readonly SeenRow[]): [string, number, number][] =>
  rows.map(({ text, flags, seconds }) => [text, flags, seconds]);

test('quoted fields hold delimiters, quotes and line ends', () => {
  const { rows, line } = frame('"x, ""y""\r\nz",@1,"\n"\n"","@2",\n');
  assert.deepEqual(rows, [
    { text: '"x, ""y""\r\nz",@1,"\n"', seconds: 1, line: 2, flags: MULTILINE, stamp: '@1' },
    { text: '"","@2",', seconds: 2, line: 5, flags: 0, stamp: '@2' },
  ]);
  assert.equal(line, 5);
});

test('blanks around the time and its quotes do not count', () => {
  const { rows } = frame('a, "@1" ,c\na,  @2  ,c\n');
  assert.deepEqual(
    rows.map((row) => [row.seconds, row.stamp]),
    [
      [1, '@1'],
      [2, '@2'],
    ],
  );
});

test('text behind a closing quote stays in the field', () => {
  assert.deepEqual(flagsOf(frame('"a"b,@1,c"d"\n').rows), [['"a"b,@1,c"d"', 0, 1]]);
});

test('a row that does not fit the header is broken, dated if its time column says', () => {
  const { rows, warnings } = frame('a,@1\na,@2,c,d\nx\na,@3,c\n');
  assert.deepEqual(flagsOf(rows), [
    ['a,@1', BROKEN, 1],
    ['a,@2,c,d', BROKEN, 2],
    ['x', BROKEN | UNDATED, 2],
    ['a,@3,c', 0, 3],
  ]);
  assert.deepEqual(warnings.map(sentence), [
    'src:2: 2 columns where 3 are expected; kept as text (--undated reject sets such records aside)',
  ]);
});

test('an unclosed quote at the end costs its line only', () => {
  const { rows, warnings } = frame('a,@1,"c\na,@2,c\na,@3,c\n');
  assert.deepEqual(flagsOf(rows), [
    ['a,@1,"c', BROKEN, 1],
    ['a,@2,c', 0, 2],
    ['a,@3,c', 0, 3],
  ]);
  assert.deepEqual(warnings.map(sentence), [
    'src:2: unclosed quote; kept as text (--undated reject sets such records aside)',
  ]);
});

test('an unclosed quote before or in the time leaves the line undated', () => {
  assert.deepEqual(flagsOf(frame('a,@1,c\n"a,@2,c\na,@3,c\n').rows), [
    ['a,@1,c', 0, 1],
    ['"a,@2,c', BROKEN | UNDATED, 1],
    ['a,@3,c', 0, 3],
  ]);
  assert.deepEqual(flagsOf(frame('a,"@2,c\na,@3,c\n').rows)[0], ['a,"@2,c', BROKEN | UNDATED, 0]);
});

test('the record of an unclosed quote ends with the line of the quote', () => {
  const { rows, warnings } = frame('"a\nb",@1,"c\na,@2,c\n');
  assert.deepEqual(flagsOf(rows), [
    ['"a\nb",@1,"c', BROKEN | MULTILINE, 1],
    ['a,@2,c', 0, 2],
  ]);
  assert.equal(warnings[0]?.where, 'src:3');
});

test('a quote that a later row seems to close costs its line only', () => {
  const { rows, warnings } = frame('a,@1,"c\na,@2,c\na,@3,"c"\na,@4,c\n');
  assert.deepEqual(flagsOf(rows), [
    ['a,@1,"c', BROKEN, 1],
    ['a,@2,c', 0, 2],
    ['a,@3,"c"', 0, 3],
    ['a,@4,c', 0, 4],
  ]);
  assert.deepEqual(
    warnings.map(({ where, what }) => [where, what]),
    [['src:2', 'unclosed quote']],
  );
});

test('so does one whose row does not fit, if the line below it does', () => {
  assert.deepEqual(flagsOf(frame('"a,@1,c\na,@2,5"\na,@3,"c"\n').rows), [
    ['"a,@1,c', BROKEN | UNDATED, 0],
    ['a,@2,5"', 0, 2],
    ['a,@3,"c"', 0, 3],
  ]);
  assert.deepEqual(flagsOf(frame('x,@1,"a\nb"\nx,@2,"a\nb",y\n').rows), [
    ['x,@1,"a\nb"', MULTILINE, 1],
    ['x,@2,"a\nb",y', MULTILINE | BROKEN, 2],
  ]);
});

test('comments below the header, where there are such', () => {
  const { rows, framingLines } = frame('a,@1,c\n#close "x\na,@2,c\n', { commentsBelow: true });
  assert.deepEqual(
    [flagsOf(rows), framingLines],
    [
      [
        ['a,@1,c', 0, 1],
        ['a,@2,c', 0, 2],
      ],
      2,
    ],
  );
});

test('a quote that stays open too long does not eat the file', () => {
  const count = Math.ceil((QUOTED_LIMIT * 2) / 7);
  const body = `a,@1,"c\n${'a,@2,c\n'.repeat(count)}`;
  const { rows } = frameAll(`a,when,c\n${body}`, PLAN, { reads: [300_000], rowLimits: [50_000] });
  assert.equal(rows.length, count + 1);
  assert.deepEqual(flagsOf(rows.slice(0, 2)), [
    ['a,@1,"c', BROKEN, 1],
    ['a,@2,c', 0, 2],
  ]);
  assert.ok(rows.slice(1).every((row) => row.flags === 0));
});

test('the line of a stray quote may itself be longer than the limit', () => {
  const long = `a,@1,"${'x'.repeat(QUOTED_LIMIT + 5000)}`;
  const { rows } = frameAll(`a,when,c\n${long}\na,@2,c\n`, PLAN, { reads: [65_536], rowLimits: [9] });
  assert.deepEqual(
    rows.map((row) => [row.text.length, row.flags, row.seconds]),
    [
      [long.length, BROKEN, 1],
      [6, 0, 2],
    ],
  );
});

test('without a header the first row is a record', () => {
  assert.deepEqual(flagsOf(frame('a,@1,c\n', { header: false }).rows), [['a,@1,c', 0, 1]]);
});

test('date and time in two columns, their zone in a third', () => {
  const plan = { columns: ['date', 'time', 'tz'], timeColumns: [1, 0], zoneColumn: 2 };
  const { rows, warnings } = frame('x,@1,UTC\n"y ", "@2",\n,@3,UTC\nx,,UTC\nx,@4\n', plan);
  assert.deepEqual(
    rows.map(({ text, seconds, flags, stamp }) => [text, seconds, flags, stamp]),
    [
      ['x,@1,UTC', 1, 0, ''],
      ['"y ", "@2",', 2, 0, ''],
      [',@3,UTC', 2, UNDATED, ''],
      ['x,,UTC', 2, UNDATED, ''],
      ['x,@4', 4, BROKEN, ''],
    ],
  );
  assert.deepEqual(
    warnings.map(({ what }) => what),
    ['no time in columns "time" and "date"'],
  );
});

test('a header that stands again is no record', () => {
  const { rows, framingLines } = frame('a,@1,c\na,when,c\r\na,@2,c\na,when,c');
  assert.deepEqual([rows.length, framingLines], [2, 3]);
});

test('comments before the header are framing, others are broken records', () => {
  const plan = { ...PLAN, commentLines: 2, headerText: '# "x\n#y\na,when,c' };
  const source = '# "x\n\n#y\na,when,c\n#z\na,@1,c\na,when,c\n';
  for (const reads of [[1], [100]]) {
    const { rows, framingLines, outside } = frameAll(source, plan, { reads, rowLimits: [9] });
    assert.deepEqual(flagsOf(rows), [
      ['#z', BROKEN | UNDATED, 0],
      ['a,@1,c', 0, 1],
    ]);
    assert.deepEqual([framingLines, outside], [5, '# "x\n\n#y\na,when,c\na,when,c\n']);
  }
});

test('a header may have line ends in its names', () => {
  const { rows, framingLines } = frameAll('a,"when\nUTC",c\n1,@1,3\n', PLAN);
  assert.deepEqual([rows.length, rows[0]?.line, framingLines], [1, 3, 2]);
});

test('the fields of a header', () => {
  assert.deepEqual(parseFields('a,"b, ""c""\nd",\r', COMMAS), ['a', 'b, "c"\nd', '']);
  assert.deepEqual(parseFields('a;5" disk', { ...COMMAS, delimiter: ';' }), ['a', '5" disk']);
  assert.deepEqual(parseFields('a\rb,c', COMMAS), ['a\rb', 'c']);
  assert.deepEqual(parseFields('a,"b', COMMAS), []);
  assert.deepEqual(parseFields('', COMMAS), []);
  assert.deepEqual(columnNames([' a', '', 'a', 'a', 'column2']), ['a', 'column2', 'a_2', 'a_3', 'column2_2']);
});
