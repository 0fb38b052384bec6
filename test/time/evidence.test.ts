import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatInstantShort, instantOf } from '../../src/core/instant.ts';
import { detectStamp } from '../../src/time/detect.ts';
import { describeStamp, type StampSettings } from '../../src/time/plan.ts';
import { createStamper } from '../../src/time/stamper.ts';
import { parseZone } from '../../src/time/zone.ts';

/** The instants of lines, how their zone and year were decided, and what is said. */
function read(lines: readonly string[], settings: StampSettings = {}) {
  const texts = lines.map((line) => Buffer.from(line));
  const plan = detectStamp(texts, 'line', settings);
  assert.ok(plan !== undefined);
  const times = texts.map((bytes) => {
    const stamper = createStamper(plan, { bytes });
    assert.ok(stamper.read(0, bytes.length));
    return formatInstantShort(instantOf(stamper.high, stamper.low));
  });
  const { zone, zoneFrom, year, yearFrom, doubts } = plan;
  return { times, zone, zoneFrom, year, yearFrom, doubts: doubts.map(({ what }) => what), plan };
}

const RELAYED = [
  '<181>Mar 10 02:59:58 gate policy 0001 2024-03-10 02:59:58.120 -04:00 permitted',
  '<181>Mar 10 02:59:59 gate policy 0002 2024-03-10 02:59:58.990 -04:00 permitted',
  '<181>Mar 10 03:00:02 gate policy 0003 2024-03-10 03:00:02.001 -04:00 refused',
];

test('a fuller stamp later in every line tells the year and the zone of the one at its beginning', () => {
  const { times, zone, zoneFrom, year, yearFrom, doubts, plan } = read(RELAYED);
  assert.deepEqual(times, ['2024-03-10T06:59:58Z', '2024-03-10T06:59:59Z', '2024-03-10T07:00:02Z']);
  assert.deepEqual([zone, zoneFrom, year, yearFrom], ['-04:00', 'lines', 2024, 'lines']);
  assert.deepEqual(doubts, []);
  assert.match(
    describeStamp(plan),
    /zone: -04:00 \(by times later in the lines\); first year: 2024 \(from times later/,
  );
});

test('what the user says holds', () => {
  const { zone, zoneFrom, year, yearFrom } = read(RELAYED, { zone: parseZone('UTC'), year: 2023 });
  assert.deepEqual([zone, zoneFrom, year, yearFrom], ['UTC', 'given', 2023, 'given']);
});

test('a stamp that names no zone tells the year alone, and a number since 1970 both', () => {
  const { times, zoneFrom, yearFrom } = read(['Mar 10 06:59:58 web app: 2024-03-10 06:59:58,120 INFO start']);
  assert.deepEqual([times, zoneFrom, yearFrom], [['2024-03-10T06:59:58Z'], 'default', 'lines']);
  const counted = read([
    'Mar 10 08:59:58 proxy squid: 1710053998.120 GET /',
    'Mar 10 09:00:01 proxy squid: 1710054001.003 GET /a',
  ]);
  assert.deepEqual([counted.times[0], counted.zone], ['2024-03-10T06:59:58Z', '+02:00']);
});

test('what follows a time in the middle of a line tells its zone too', () => {
  const lines = ['08:59:58', '09:00:01'].map(
    (time, i) => `node=a [2024-03-10 ${time}] accept time:"${1710053998 + i * 3}"`,
  );
  assert.deepEqual([read(lines).times[1], read(lines).zone], ['2024-03-10T07:00:01Z', '+02:00']);
});

test('around New Year the nearest year is taken', () => {
  const { times } = read([
    'Dec 31 23:59:58 web app: 2024-01-01T04:59:58Z start',
    'Jan  1 00:00:01 web app: 2024-01-01T05:00:01Z stop',
  ]);
  assert.equal(times[0], '2024-01-01T04:59:58Z');
});

test('stamps that are a little apart in every line tell the zone too, and it is said', () => {
  const lines = [
    'Mar 10 08:59:58 lb proxy: [10/Mar/2024:06:59:31 +0000] GET /',
    'Mar 10 09:03:00 lb proxy: [10/Mar/2024:07:02:51 +0000] GET /a',
    'Mar 10 09:10:04 lb proxy: [10/Mar/2024:07:09:33 +0000] GET /b',
  ];
  const { times, doubts } = read(lines);
  assert.equal(times[0], '2024-03-10T06:59:58Z');
  assert.deepEqual(doubts, [
    'the stamps name no zone; +02:00 was taken, by which they are within two minutes of times later in their lines',
  ]);
});

test('times of other events tell nothing', () => {
  const lines = ['06:59:58', '07:03:00', '07:10:04'].map(
    (time) => `Mar 10 ${time} ca: certificate until 2025-06-01T11:22:33Z`,
  );
  assert.deepEqual([read(lines).zoneFrom, read(lines).year], ['default', undefined]);
  const other = ['2024-03-10T06:59:58Z', '2023-11-01T17:20:00Z', '2024-02-29T01:09:13Z'];
  assert.equal(read(other.map((time, i) => `2024-03-10 07:0${i}:00 job of ${time} done`)).zoneFrom, 'default');
});

test('a time of another event tells no zone: when a token expires, a lease ends, a job runs next', () => {
  const others = [
    '2024-05-14 10:00:00 auth: token 4711 issued to alice, expires 2024-05-14T11:00:00Z',
    '2024-05-14 10:00:00 dhcpd: lease 192.0.2.7 valid until: 2024-05-14 22:00:00 UTC',
    '2024-05-14 10:00:00 cron: backup done, next run at 2024-05-14T11:00:00Z',
    '2024-05-14 10:00:00 step-ca: issued; notAfter=2024-05-14T10:00:00+01:00',
    '09/21/2024 10:00:00;E;9626.server;queue=q ctime=1726911900 end=1726913700',
  ];
  assert.deepEqual(
    others.map((line) => read([line, line, line]).zone),
    others.map(() => 'UTC'),
  );
});

test('what one or two lines tell of a zone is said', () => {
  const [line] = RELAYED as [string];
  assert.deepEqual(read([line]).zone, '-04:00');
  assert.match(read([line]).doubts[0] ?? '', /^the stamps name no zone; -04:00 was taken/);
});
