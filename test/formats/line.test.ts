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

test('a second stamp is a rival as a whole, whichever row reads it', async () => {
  const { instant, rivals } = await read('[2024-03-10 06:59:58] é job begun at 2024-03-10 05:00:00 is done');
  assert.equal(formatInstantShort(instant), '2024-03-10T06:59:58Z');
  assert.deepEqual(
    rivals.map(({ format, text, instant }) => [format, text, formatInstantShort(instant)]),
    [['iso', '2024-03-10 05:00:00', '2024-03-10T05:00:00Z']],
  );
});

test('what is a time only as a whole field is read as one, and says so', async () => {
  for (const [line, format, instant] of [
    ['133545275981200000', 'filetime', '2024-03-10T06:59:58.120Z'],
    ['3/31/2014', 'date-mdy', '2014-03-31T00:00:00Z'],
    ['20140601', 'date-compact', '2014-06-01T00:00:00Z'],
  ] as const) {
    const reading = await read(line);
    assert.deepEqual([reading.format.name, formatInstantShort(reading.instant)], [format, instant]);
    assert.deepEqual(reading.stamp, { at: 0, length: line.length });
    assert.match(reading.framed, /^the whole line is one/);
  }
  assert.match((await read('2024-03-10 06:59:58 x')).framed, /^text/);
});

test('a stamp of a day or time that does not exist says so', async () => {
  const lines = [
    '2024-02-30 12:00:00 x',
    '2024-03-01 25:00:00 x',
    'INFO 2024-03-01 12:61:00 x',
    'Feb 30 10:00:00 gw x',
  ];
  for (const line of lines) {
    await assert.rejects(read(line), { message: 'line: its stamp names no instant (its day or time does not exist)' });
  }
  await assert.rejects(read('1500-01-01 00:00:00 x'), { message: /names an instant before 1678 or after 2262$/ });
  await assert.rejects(read('port 10.0.0.1:8080 is 5'), { message: /no timestamp was found in it/ });
});

test('an hour that a zone repeats or skips is said, with the other instant', async () => {
  const tz = ['America/New_York'];
  const told = async (line: string, asked: Partial<MergeRequest> = {}) => {
    const { instant, assumed, rivals } = await read(line, { tz, ...asked });
    const others = rivals.map((rival) => `${rival.format}: ${rival.text} ${formatInstantShort(rival.instant)}`);
    return [formatInstantShort(instant), assumed.map(({ what }) => what), others];
  };
  const twice = '2024-11-03 01:30:00 x';
  const later = 'iso with --dst later: 2024-11-03 01:30:00 2024-11-03T06:30:00Z';
  const earlier = 'iso with --dst earlier: 2024-11-03 01:30:00 2024-11-03T05:30:00Z';
  const assumed = 'the earlier of two instants: America/New_York had this hour twice';
  assert.deepEqual(await told(twice), ['2024-11-03T05:30:00Z', [assumed], [later]]);
  assert.deepEqual(await told(twice, { dst: 'order' }), ['2024-11-03T05:30:00Z', [], [later]]);
  assert.deepEqual(await told(twice, { dst: 'later' }), ['2024-11-03T06:30:00Z', [], [earlier]]);
  const never = '2024-03-10 02:30:00 x';
  const moved = 'moved forward: America/New_York skipped this hour';
  assert.deepEqual(await told(never), ['2024-03-10T07:30:00Z', [moved], []]);
  assert.deepEqual(await told('2024-03-10 03:30:00 x'), ['2024-03-10T07:30:00Z', [], []]);
  await assert.rejects(read(never, { tz, dst: 'reject' }), {
    message:
      /lies in an hour that America\/New_York skipped, and --dst reject refuses it; give --dst earlier or later$/,
  });
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
