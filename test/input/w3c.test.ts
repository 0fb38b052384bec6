import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MULTILINE } from '../../src/core/memory.ts';
import { W3cFields } from '../../src/input/w3c-fields.ts';
import { frameAll } from './harness.ts';

test('directives join the record before them, and those at the beginning the first', () => {
  const source = '#Fields: x date time\na @1 b\na "@2" b\n#Date: 2024-03-10\n#Fields: time date\n\nb @3\n-\n';
  assert.deepEqual(
    frameAll(source, { format: 'w3c', fields: [], day: '' }).rows.map(({ text, seconds, flags, stamp }) => [
      text,
      seconds,
      flags,
      stamp,
    ]),
    [
      ['#Fields: x date time\na @1 b', 1, MULTILINE, '@1'],
      ['a "@2" b\n#Date: 2024-03-10\n#Fields: time date\n', 2, MULTILINE, ''],
      ['b @3\n-', 3, MULTILINE, ''],
    ],
  );
});

/** The dates and times that the lines hold. */
function follow(lines: readonly string[]): string[] {
  const fields = new W3cFields(['time'], '');
  return lines.flatMap((line) => {
    const bytes = new Uint8Array(Buffer.from(line));
    if (!fields.take(bytes, 0, bytes.length)) return [];
    const text = (from: number, to: number): string => Buffer.from(bytes.subarray(from, to)).toString();
    const date = fields.dateEnd < 0 ? Buffer.from(fields.day).toString() : text(fields.dateStart, fields.dateEnd);
    return [`${date} ${text(fields.timeStart, fields.timeEnd)}`];
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
  assert.deepEqual(follow(['#Fields: a date-local time-local', '"x ""y"" z"\t 2024-03-10   08:00:00\r']), [
    '2024-03-10 08:00:00',
  ]);
  assert.deepEqual(follow(['#Fields: time-local date-local time date', '1 2 3 4']), ['4 3']);
  assert.deepEqual(follow(['#Fields: a date time', 'x 2024-03-10', '"x 1 2', '']), []);
});
