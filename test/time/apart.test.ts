import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatInstantShort, instantOf } from '../../src/core/instant.ts';
import { detectStamp } from '../../src/time/detect.ts';
import type { StampSettings } from '../../src/time/plan.ts';
import { createStamper } from '../../src/time/stamper.ts';
import { parseZone } from '../../src/time/zone.ts';

/** Times of lines, and what is said of them. */
function read(lines: readonly string[], settings: StampSettings = {}, more: readonly string[] = []) {
  const plan = detectStamp(
    lines.map((line) => Buffer.from(line)),
    'line',
    settings,
  );
  assert.ok(plan !== undefined);
  const all = [...lines, ...more];
  const bytes = Buffer.from(`${all.join('\n')}\n`);
  const stamper = createStamper(plan, { bytes });
  let start = 0;
  const times = all.map((line) => {
    const end = start + Buffer.byteLength(line);
    const isDated = stamper.read(start, end);
    start = end + 1;
    return isDated ? formatInstantShort(instantOf(stamper.high, stamper.low)).slice(11) : undefined;
  });
  return { times, doubts: plan.doubts.map(({ what }) => what), left: stamper.counters.leftZones };
}

/** A line a minute, its message made of the minute. */
const minutes = (count: number, message: (minute: number) => string): string[] =>
  Array.from({ length: count }, (_, i) => `2024-03-10 06:${String(i).padStart(2, '0')}:00 ${message(i)}`);

test('words that are also zones are data where they stand behind some times only', () => {
  const { times, doubts } = read(minutes(6, (i) => (i === 3 ? 'CAT module loaded' : 'NET module loaded')));
  assert.deepEqual(times.slice(2, 5), ['06:02:00Z', '06:03:00Z', '06:04:00Z']);
  assert.deepEqual(doubts, []);
});

test('of two lines the order tells nothing: that such a word was not taken for a zone is said', () => {
  const { times, doubts } = read(['2024-03-10 06:00:00 CAT module', '2024-03-10 09:00:00 NET module']);
  assert.deepEqual(times, ['06:00:00Z', '09:00:00Z']);
  assert.deepEqual(doubts, ['"CAT" and the like stand behind some times only, and were not taken for zones']);
});

test('what the user calls a zone is one', () => {
  const abbreviations = new Map([['CAT', parseZone('Africa/Maputo')]]);
  const { times, doubts } = read(['2024-03-10 06:00:00 CAT x', '2024-03-10 09:00:00 NET x'], { abbreviations });
  assert.deepEqual(times, ['04:00:00Z', '09:00:00Z']);
  assert.deepEqual(doubts, []);
});

test('numbers with a sign are data where the stamps are in order without them only', () => {
  const { times } = read(minutes(6, (i) => `-0${i} degrees`));
  assert.equal(times[5], '06:05:00Z');
  const mixed = read(minutes(6, (i) => `${i % 2 === 0 ? '+' : '-'}1${i % 3} units`));
  assert.deepEqual([mixed.times[1], mixed.times[2]], ['06:01:00Z', '06:02:00Z']);
});

test('numbers that no zone has as its offset are data', () => {
  assert.equal(read(minutes(3, () => '-1107 units moved')).times[2], '06:02:00Z');
  assert.equal(read(minutes(3, () => '+1700 units moved')).times[2], '06:02:00Z');
});

test('offsets that put the lines in order are zones, however many there are', () => {
  const lines = ['2024-03-10 06:00:00 +0000 a', '2024-03-10 08:01:00 +0200 b', '2024-03-10 01:02:00 -0500 c'];
  assert.deepEqual(read([...lines, '2024-03-10 06:03:00 +0000 d']).times, [
    '06:00:00Z',
    '06:01:00Z',
    '06:02:00Z',
    '06:03:00Z',
  ]);
});

test('winter and summer time are zones', () => {
  const lines = ['2024-10-27 02:59:00 CEST a', '2024-10-27 02:00:00 CET b', '2024-10-27 02:30:00 CET c'];
  assert.deepEqual(read(lines), { times: ['00:59:00Z', '01:00:00Z', '01:30:00Z'], doubts: [], left: 0 });
});

test('where many stamps have no zone, a word that comes later is none', () => {
  const later = ['2024-03-10 07:00:00 CAT module', '2024-03-10 07:00:01 UTC start', '2024-03-10 07:00:02+01:00 start'];
  const { times } = read(
    minutes(20, () => 'NET module'),
    { zone: parseZone('+02:00') },
    later,
  );
  assert.deepEqual(times.slice(20), ['05:00:00Z', '07:00:01Z', '06:00:02Z']);
});

test('zones in brackets, before the colon of a header, or with a colon are zones beside stamps that have none', () => {
  const lines = ['[2024-03-10 06:00:00 CAT] a', '[2024-03-10 06:00:00] b', '[2024-03-10 06:00:00 +0100] c'];
  assert.deepEqual(read(lines).times, ['04:00:00Z', '06:00:00Z', '05:00:00Z']);
  const header = ['Mar 10 2024 06:00:00 EDT: %ASA-6-1: a', 'Mar 10 2024 06:00:00: %ASA-6-1: b'];
  assert.deepEqual(read(header).times, ['10:00:00Z', '06:00:00Z']);
});

test('a word behind every time is a zone, and a doubt where it may be a word, a number or a host', () => {
  const taken = (text: string) =>
    `"${text}" behind each time was taken for a zone, and may be the first word of a message`;
  assert.deepEqual(read(minutes(3, () => 'CAT /etc/passwd')), {
    times: ['04:00:00Z', '04:01:00Z', '04:02:00Z'],
    doubts: [taken('CAT')],
    left: 0,
  });
  assert.deepEqual(read(minutes(3, () => 'EAT: lunch')).doubts, [taken('EAT')]);
  assert.deepEqual(read(minutes(3, () => '-10 apples')).doubts, [taken('-10')]);
  assert.deepEqual(read(minutes(3, () => '-03 [12] LOG: start')).doubts, []);
  assert.deepEqual(read(['Mar 10 06:00:00 MST app[12]: start']).doubts, [taken('MST')]);
  assert.deepEqual(read(['Mar 10 06:00:00 MST host app[12]: start']).doubts, []);
});

test('a number behind a time that may be the name of a host is a doubt, if it is not the year of the file', () => {
  const modified = BigInt(Date.UTC(2024, 4, 1)) * 1_000_000n;
  const said = 'the number behind each time was taken for its year, and may be the name of a host';
  assert.deepEqual(read(['Mar 10 06:00:00 2019 app[1]: a'], { modified }).doubts, [said]);
  assert.deepEqual(read(['Mar 10 06:00:00 2024 app[1]: a'], { modified }).doubts, []);
  assert.deepEqual(read(['Mar 10 06:00:00 2019 host app[1]: a'], { modified }).doubts, []);
});

test('AM and PM are no heads of other words', () => {
  const lines = ['2024-03-10 06:00:00 pm-suspend called', '2024-03-10 06:00:01 PM[12]: x', '2024-03-10 06:00:02 am=1'];
  assert.deepEqual(read(lines).times, ['06:00:00Z', '06:00:01Z', '06:00:02Z']);
  assert.deepEqual(read(['2024-03-10 06:00:00 PM - x', '2024-03-10 06:00:01 pm: x']).times, ['18:00:00Z', '18:00:01Z']);
});

test('AM and PM are words where a clock of 24 hours stands before them, or where the order says so', () => {
  const suspended = [
    '2024-03-10 09:05:06 PM: suspend',
    '2024-03-10 13:05:06 PM: resume',
    '2024-03-10 14:05:06 PM: suspend',
  ];
  assert.deepEqual(read(suspended).times, ['09:05:06Z', '13:05:06Z', '14:05:06Z']);
  const asked = ['2024-03-10 11:59:00 am I alive', '2024-03-10 12:05:06 am I alive', '2024-03-10 12:15:06 am I alive'];
  assert.deepEqual(read(asked).times, ['11:59:00Z', '12:05:06Z', '12:15:06Z']);
  const mixed = ['2024-03-10 09:00:00 PM: x', '2024-03-10 13:05:06 INFO x', '2024-03-10 14:00:00 INFO x'];
  assert.deepEqual(read(mixed).times, ['09:00:00Z', '13:05:06Z', '14:00:00Z']);
});

test('AM and PM are halves of the day where the order says so, and behind hours that count to 24 or from 0', () => {
  const lines = [
    '3/13/2024 11:59:00 PM a',
    '3/14/2024 12:05:06 AM b',
    '3/14/2024 1:05:06 AM c',
    '3/14/2024 1:05:00 PM d',
  ];
  assert.deepEqual(read(lines).times, ['23:59:00Z', '00:05:06Z', '01:05:06Z', '13:05:00Z']);
  assert.deepEqual(read(['3/14/2024 00:05:06 AM a', '3/14/2024 16:05:06 PM b']).times, ['00:05:06Z', '16:05:06Z']);
  const beside = ['3/13/2024 7:32:47 PM a', '3/13/2024 7:34:03 b', '3/13/2024 8:47:38 PM c'];
  assert.deepEqual(read(beside).times, ['19:32:47Z', '07:34:03Z', '20:47:38Z']);
});

test('a sign and one digit behind every time may be a zone: it is said', () => {
  const said = '"+1" behind each time was not taken for a zone, since it may be a number';
  assert.deepEqual(read(minutes(3, () => '+1 INFO start')), {
    times: ['06:00:00Z', '06:01:00Z', '06:02:00Z'],
    doubts: [said],
    left: 0,
  });
  assert.deepEqual(read(minutes(4, (i) => `+${i} degrees`)).doubts, []);
});

test('zones that no sampled line has are counted; words are not', () => {
  const later = ['07:00:00 CAT module', '07:00:01 CET start', '07:00:02 +0100 start', '07:00:03 -10 apples'];
  const { times, left } = read(
    minutes(20, () => 'x'),
    {},
    later.map((line) => `2024-03-10 ${line}`),
  );
  assert.deepEqual([times.slice(20), left], [['07:00:00Z', '07:00:01Z', '07:00:02Z', '07:00:03Z'], 2]);
});

test('names that hold a rule are zones', () => {
  const lines = ['2024-01-10 06:00:00 EST5EDT a', '2024-07-10 06:00:00 EST5EDT b'];
  assert.deepEqual(read(lines).times, ['11:00:00Z', '10:00:00Z']);
});

test('zones and halves of the day that are not read are told, where all times have them', () => {
  const said = (words: string) => read(minutes(3, () => `${words} start`)).doubts;
  for (const zone of ['+01.00', 'GMT+5.5', 'TZ=+01:00', 'Eastern Standard Time', '(W. Europe Summer Time)', 'ET']) {
    assert.equal(said(zone).length, 1, zone);
    assert.match(said(zone)[0] ?? '', /may be a (zone|number)/);
  }
  for (const half of ['odp.', 'ÖS', 'ip.']) assert.match(said(half)[0] ?? '', /may be the half of a day/, half);
  for (const words of ['CHANGED', 'ETA', 'Eastern-1', 'PGP', 'embedded']) assert.deepEqual(said(words), [], words);
  for (const words of ['+1.5 degrees', 'ET', 'em']) {
    const mixed = minutes(4, (i) => (i === 2 ? 'start' : `${words} start`));
    assert.deepEqual(read(mixed).doubts, [], `${words} behind some`);
  }
  assert.deepEqual(read(['2024-03-10 14:00:00 CH a', '2024-03-10 14:00:01 CH b']).doubts, []);
});

test('six digits that end with the year in which the file was written are told', () => {
  const modified = BigInt(Date.UTC(2024, 4, 1)) * 1_000_000n;
  const said = 'six digits were read as year, month and day, and end with the year in which the file was written';
  assert.deepEqual(read(['100324 06:00:00 a', '110324 06:00:00 b'], { modified }).doubts, [said]);
  assert.deepEqual(read(['100324 06:00:00 a', '100325 06:00:00 b'], { modified }).doubts, []);
  assert.deepEqual(read(['240324 06:00:00 a'], { modified }).doubts, []);
});

test('a field of the zone that is not read is told', () => {
  const lines = (zone: string) =>
    ['06:00:00', '06:01:00'].map((time) => `date=2024-03-10 time=${time} devname="fw" tz=${zone} level=notice`);
  const said = (zone: string) => read(lines(zone)).doubts;
  assert.deepEqual(said('"Eastern Time (US)"'), [
    '"Eastern Time (US)" behind each time may be a zone, and was not taken for one',
  ]);
  assert.deepEqual(said('5'), ['"5" behind each time may be a zone, and was not taken for one']);
  assert.deepEqual(said('"(GMT-5:00)Eastern Time(US & Canada)"'), []);
  assert.deepEqual(said('""'), []);
  assert.deepEqual(read(lines('-0500')).times, ['11:00:00Z', '11:01:00Z']);
});
