import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatInstant, instantOf } from '../../src/core/instant.ts';
import { completeYear } from '../../src/time/complete.ts';
import { detectStamp } from '../../src/time/detect.ts';
import { createStamper } from '../../src/time/stamper.ts';
import { parseZone } from '../../src/time/zone.ts';

const nanos = (text: string): bigint => BigInt(Date.parse(text)) * 1_000_000n;

/** Dates of year-less lines, with the year from the modification time, or from `year`. */
function dates(days: readonly string[], modified: string | undefined, year?: number, zone?: string) {
  const lines = days.map((day) => `${day} host app: x`);
  const bytes = new Uint8Array(Buffer.from(`${lines.join('\n')}\n`));
  const texts = lines.map((line) => new TextEncoder().encode(line));
  let plan = detectStamp(texts, 'line', { year, zone: zone === undefined ? undefined : parseZone(zone) })!;
  const pass = () => {
    const stamper = createStamper(plan, { bytes });
    let at = 0;
    const read = lines.map((line) => {
      const start = at;
      at += line.length + 1;
      return stamper.read(start, start + line.length) ? instantOf(stamper.high, stamper.low) : undefined;
    });
    return { stamper, read };
  };
  if (modified !== undefined) plan = completeYear(plan, pass().stamper, nanos(modified));
  const read = pass().read.map((instant) =>
    instant === undefined ? undefined : formatInstant(instant, 0).slice(0, 13),
  );
  return { read, plan };
}

test('the last record is within a day of the modification time; December leads to January', () => {
  const { read, plan } = dates(
    ['Dec 30 10:00:00', 'Dec 31 23:59:59', 'Jan  1 00:00:00', 'Jan  3 10:00:00'],
    '2019-01-03T11:00:00Z',
  );
  assert.deepEqual(read, ['2018-12-30T10', '2018-12-31T23', '2019-01-01T00', '2019-01-03T10']);
  assert.equal(plan.year, 2018);
  assert.deepEqual(plan.doubts, []);
});

test('a given year is the first record’s', () => {
  const { read, plan } = dates(['Nov 30 10:00:00', 'Jan  3 10:00:00', 'Feb 29 10:00:00'], undefined, 2007);
  assert.deepEqual(read, ['2007-11-30T10', '2008-01-03T10', '2008-02-29T10']);
  assert.equal(plan.yearFrom, 'given');
});

test('29 February is in a leap year, and the doubt says how far the modification time is', () => {
  const { read, plan } = dates(['Feb 28 10:00:00', 'Feb 29 10:00:00', 'Mar  1 10:00:00'], '2023-05-01T00:00:00Z');
  assert.deepEqual(read, ['2020-02-28T10', '2020-02-29T10', '2020-03-01T10']);
  assert.match(plan.doubts[0]?.what ?? '', /2020 was taken .* 1156 days from the last record/);
  assert.equal(plan.doubts[0]?.hint, 'give --year');
});

test('29 February in a given year that has none is no stamp', () => {
  assert.deepEqual(dates(['Feb 28 10:00:00', 'Feb 29 10:00:00', 'Mar  1 10:00:00'], undefined, 2023).read, [
    '2023-02-28T10',
    undefined,
    '2023-03-01T10',
  ]);
});

test('a clock at 1 January until the network sets it, and a late line of December, do not move the years', () => {
  const boot = dates(
    ['Nov 19 10:00:00', 'Jan  1 00:00:05', 'Jan  1 00:00:06', 'Nov 20 10:00:00', 'Dec 31 10:00:00'],
    '2020-12-31T11:00:00Z',
  );
  assert.deepEqual(boot.read, ['2020-11-19T10', '2021-01-01T00', '2021-01-01T00', '2020-11-20T10', '2020-12-31T10']);
  const late = dates(
    ['Dec 31 23:59:58', 'Jan  1 00:00:01', 'Dec 31 23:59:59', 'Jan  1 00:00:02'],
    '2021-01-01T01:00:00Z',
  );
  assert.deepEqual(late.read, ['2020-12-31T23', '2021-01-01T00', '2020-12-31T23', '2021-01-01T00']);
});

test('stamps that name their year tell that of the others, before and behind them, across new years', () => {
  const mixed = [
    'Dec 30 10:00:00',
    '2022-01-02 10:00:00',
    '2022-02-27 10:00:00',
    'Mar  1 10:00:00',
    'Dec 31 10:00:00',
    '2023-01-01 10:00:00',
    '2023-01-01 10:00:00',
    '2023-01-01 10:00:01',
    'Dec 31 23:00:00',
    'Jan  2 10:00:00',
    '2024-02-28 10:00:00',
    'Feb 29 10:00:00',
  ];
  const { read, plan } = dates(mixed, '2026-05-01T00:00:00Z');
  assert.deepEqual(
    read.map((hour) => hour?.slice(0, 10)),
    [
      '2021-12-30',
      '2022-01-02',
      '2022-02-27',
      '2022-03-01',
      '2022-12-31',
      '2023-01-01',
      '2023-01-01',
      '2023-01-01',
      '2022-12-31',
      '2023-01-02',
      '2024-02-28',
      '2024-02-29',
    ],
  );
  assert.equal(plan.year, 2021);
  assert.equal(plan.yearFrom, 'stamps');
  assert.deepEqual(plan.doubts, []);
  assert.equal(dates(mixed, undefined, 2019).read[0], '2019-12-30T10', 'a given year is obeyed');
});

test('a source that was silent for seven months stays in its year', () => {
  assert.deepEqual(dates(['May  3 10:00:00', 'Dec 15 10:00:00'], undefined, 2022).read, [
    '2022-05-03T10',
    '2022-12-15T10',
  ]);
});

test('several years are walked', () => {
  const { read } = dates(
    ['Aug  1 10:00:00', 'Jan 20 10:00:00', 'Aug  1 10:00:00', 'Jan 20 10:00:00'],
    '2021-01-20T12:00:00Z',
  );
  assert.deepEqual(
    read.map((date) => date?.slice(0, 4)),
    ['2019', '2020', '2020', '2021'],
  );
});

test('the zone counts: New Year’s Eve in New York is the next year in UTC', () => {
  const { plan } = dates(['Dec 31 22:00:00'], '2021-01-01T03:00:01Z', undefined, 'America/New_York');
  assert.deepEqual([plan.year, plan.doubts], [2020, []]);
});

test('a plan that has years is left as it is', () => {
  const plan = detectStamp([Buffer.from('2024-03-10T06:59:58Z x')], 'line', {})!;
  const stamper = createStamper(plan, { bytes: new Uint8Array(64) });
  assert.equal(completeYear(plan, stamper, 0n), plan);
});
