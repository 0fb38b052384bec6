import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CONTINUED, MULTILINE, UNDATED } from '../../src/core/memory.ts';
import { RECORD_CUT } from '../../src/input/text.ts';
import { type Cutting, type Framed, frameAll } from './harness.ts';

const frame = (source: string, cutting?: Cutting): Framed => frameAll(source, { format: 'text' }, cutting);

/** A line of so many bytes, its LF included. */
const lineOf = (length: number): string => `${'x'.repeat(length - 1)}\n`;

test('lines without a stamp join the record before them', () => {
  const { rows, line, undated, warnings } = frame('@1 a\n  at x\n\n@2 b\n\n');
  assert.deepEqual(rows, [
    { text: '@1 a\n  at x\n', seconds: 1, line: 1, flags: MULTILINE, stamp: '@1' },
    { text: '@2 b\n', seconds: 2, line: 4, flags: MULTILINE, stamp: '@2' },
  ]);
  assert.deepEqual([line, undated, warnings], [5, 0, []]);
});

test('lines before the first stamp join the first record', () => {
  assert.deepEqual(frame('banner\n\n@1 a\nmore\n').rows, [
    { text: 'banner\n\n@1 a\nmore', seconds: 1, line: 1, flags: MULTILINE, stamp: '@1' },
  ]);
});

test('a last line without a newline that ends in its stamp may be cut, and joins the record before it', () => {
  const texts = (source: string) => frame(source).rows.map(({ text, seconds }) => [text, seconds]);
  assert.deepEqual(texts('@1 a\n@2'), [['@1 a\n@2', 1]]);
  assert.deepEqual(texts('@1 a\n@2 b'), [
    ['@1 a', 1],
    ['@2 b', 2],
  ]);
  assert.deepEqual(texts('@1 a\n@2\n'), [
    ['@1 a', 1],
    ['@2', 2],
  ]);
  assert.deepEqual(texts('@2'), [['@2', 2]], 'there is no record before it');
  // The line before shows how long a stamp alone is.
  assert.deepEqual(texts('@1\n@2'), [
    ['@1', 1],
    ['@2', 2],
  ]);
  assert.deepEqual(texts('@10\n@2'), [['@10\n@2', 10]]);
});

test('without any stamp there is one undated record', () => {
  const { rows, undated } = frame('a\nb\n');
  assert.deepEqual(rows, [{ text: 'a\nb', seconds: 0, line: 1, flags: UNDATED | MULTILINE, stamp: '' }]);
  assert.equal(undated, 1);
});

test('an undated tail goes on in further rows of that instant', () => {
  const tail = lineOf(1000);
  const { rows, line } = frame(`@1 a\n${tail.repeat(2200)}@2 b\n`, { reads: [100_000], rowLimits: [1] });
  assert.deepEqual(
    rows.map((row) => [row.seconds, row.flags, row.stamp, row.line]),
    [
      [1, MULTILINE, '@1', 1],
      [1, CONTINUED | MULTILINE, '', 1050],
      [1, CONTINUED | MULTILINE, '', 2098],
      [2, 0, '@2', 2202],
    ],
  );
  assert.ok(rows.every(({ text }) => text.length <= RECORD_CUT));
  assert.equal(rows[0]?.text.length, 4 + 1048 * 1000);
  assert.equal(line, 2202);
});

test('a record to which no line can be added is not held beside the next line', () => {
  const long = `@1 ${lineOf(RECORD_CUT)}`;
  for (const [rest, expected] of [
    ['@2 b\n', [2, 0]],
    ['b\n', [1, CONTINUED]],
    ['@2', [1, CONTINUED]],
  ] as const) {
    const whole = frame(long + rest).rows;
    assert.deepEqual(
      whole.map((row) => [row.seconds, row.flags]),
      [[1, 0], expected],
    );
    assert.deepEqual(frame(long + rest, { reads: [long.length + 1, 1], rowLimits: [9] }).rows, whole);
  }
});

test('parts of a line that a container wrote are one record with its end, wherever the bytes are cut', () => {
  const lines = [
    '@1 stdout P a',
    '@2 stdout P b',
    '@3 stdout F c',
    '@4 stdout F d',
    '@5 stdout P e',
    '@6 stderr F f',
    '@7 stdout P g',
    'h',
    '@8 stdout F i',
    '@9',
    '@10 stdout P',
    '@11 stdout F P',
    '@12 stdout Pp j',
    '@13 stdout F k',
    '@14 stdout P l',
  ];
  const records = [[0, 1, 2], [3], [4], [5], [6, 7], [8], [9], [10], [11], [12], [13], [14]];
  const expected = records.map((record) => [record.map((i) => lines[i]).join('\n'), record[0]]);
  const source = `${lines.join('\n')}\n`;
  for (const read of [1, 2, 3, 5, 14, 15, 16, 1000]) {
    for (const rows of [1, 3, 100]) {
      const framed = frameAll(source, { format: 'text', parts: 'cri' }, { reads: [read], rowLimits: [rows] });
      assert.deepEqual(
        framed.rows.map(({ text, line }) => [text, line - 1]),
        expected,
      );
    }
  }
  assert.equal(frame(source).rows.length, 14);
});

test('a part of a line that is longer than a record may be is still one with its end', () => {
  const long = `@1 stdout P ${lineOf(RECORD_CUT)}`;
  const plan = { format: 'text', parts: 'cri' } as const;
  const whole = frameAll(`${long}@2 stdout F b\n`, plan).rows;
  assert.deepEqual(
    whole.map(({ seconds, flags }) => [seconds, flags]),
    [
      [1, 0],
      [1, CONTINUED],
    ],
  );
  assert.deepEqual(
    frameAll(`${long}@2 stdout F b\n`, plan, { reads: [long.length + 1, 1], rowLimits: [9] }).rows,
    whole,
  );
});

test('a line is not cut, however long', () => {
  const { rows } = frame(`@1 a\n${lineOf(RECORD_CUT + 10)}c\n@2 ${lineOf(RECORD_CUT * 2)}`);
  assert.deepEqual(
    rows.map((row) => [row.text.length, row.flags, row.seconds]),
    [
      [4, 0, 1],
      [RECORD_CUT + 9, CONTINUED, 1],
      [1, CONTINUED, 1],
      [RECORD_CUT * 2 + 2, 0, 2],
    ],
  );
});

test('of many lines before the first stamp, none joins a dated record', () => {
  const { rows, undated } = frame(`${lineOf(1000).repeat(1100)}@1 a\n`);
  assert.deepEqual(
    rows.map((row) => [row.flags, row.seconds, row.stamp]),
    [
      [UNDATED | MULTILINE, 0, ''],
      [UNDATED | CONTINUED | MULTILINE, 0, ''],
      [0, 1, '@1'],
    ],
  );
  assert.equal(undated, 2);
});

test('the stamper sees every line once', () => {
  const source = '@+1 a\nb\n@+1 c\n@+1 d\n\n@+1 e';
  const { reads, rows } = frame(source, { reads: [1], rowLimits: [1] });
  assert.equal(reads, 6);
  assert.deepEqual(
    rows.map((row) => row.seconds),
    [1, 2, 3, 4],
  );
});
