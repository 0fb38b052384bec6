import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatInstantShort } from '../../src/core/instant.ts';
import { listFormats, readLine } from '../../src/formats.ts';
import { type MergeRequest, NOTHING_ASKED } from '../../src/request.ts';
import { TIME_FORMATS } from '../../src/time/formats.ts';

/** 2024-06-01T12:00:00Z. */
const io = { cwd: '/nowhere', now: () => 1_717_243_200_000_000_000n };

const read = (line: string, asked: Partial<MergeRequest> = {}) => readLine(line, { ...NOTHING_ASKED, ...asked }, io);

const CASES: [line: string, format: string, stamp: string, instant: string][] = [
  ['2024-03-10T06:59:58.120Z up', 'iso', '2024-03-10T06:59:58.120Z', '2024-03-10T06:59:58.120Z'],
  ['Mar 10 06:59:58 gw kernel: up', 'syslog', 'Mar 10 06:59:58', '2024-03-10T06:59:58Z'],
  ['Aug 10 06:59:58 gw kernel: up', 'syslog', 'Aug 10 06:59:58', '2023-08-10T06:59:58Z'],
  ['  é 2024-03-10 06:59:58 up', 'iso', '2024-03-10 06:59:58', '2024-03-10T06:59:58Z'],
  ['{"a":"é","ts":"2024-03-10T07:00:00+01:00"}', 'iso', '2024-03-10T07:00:00+01:00', '2024-03-10T06:00:00Z'],
  ['level=info time=2024-03-10T06:59:58Z msg="a b"', 'iso', '2024-03-10T06:59:58Z', '2024-03-10T06:59:58Z'],
];

test('tells the row that reads a line, where its stamp stands, and the instant', async () => {
  for (const [line, format, stamp, instant] of CASES) {
    const reading = await read(line);
    assert.equal(reading.format.name, format);
    const { at, length } = reading.stamp as { at: number; length: number };
    assert.equal(line.slice(at, at + length), stamp);
    assert.equal(formatInstantShort(reading.instant), instant, line);
  }
});

test('tells what was assumed, until it is said', async () => {
  const line = 'Mar 10 06:59:58 gw kernel: up';
  assert.deepEqual(
    (await read(line)).assumed.map(({ hint }) => hint),
    ['--tz', '--year'],
  );
  assert.deepEqual((await read(line, { tz: ['Asia/Tokyo'], year: ['2020'] })).assumed, []);
});

test('rivals are what other rows would read, not parts of the stamp', async () => {
  assert.deepEqual((await read('2024-03-10T06:59:58Z up')).rivals, []);
  const { rivals } = await read('03/04/2024 10:00:00 started 2024-03-01 09:00:00');
  assert.deepEqual(
    rivals.map(({ format, text, instant }) => [format, text, formatInstantShort(instant)]),
    [
      ['iso', '2024-03-01 09:00:00', '2024-03-01T09:00:00Z'],
      ['dmy', '03/04/2024 10:00:00', '2024-04-03T10:00:00Z'],
    ],
  );
});

test('a line without a stamp, or with one that is not believed, says why', async () => {
  await assert.rejects(read('nothing'), { name: 'TsalignError', message: /^line: no timestamp was found in it; / });
  await assert.rejects(read('2024-03-10 06:59:58 IST up'), { message: /"IST" is the name of several zones/ });
  await assert.rejects(read(''), { message: /no timestamp/ });
});

test('the list is the table', async () => {
  const rows = await listFormats(NOTHING_ASKED, io);
  assert.deepEqual(
    rows.map(({ name }) => name),
    TIME_FORMATS.map(({ name }) => name),
  );
});
