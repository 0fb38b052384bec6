import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatInstantShort, instantOf } from '../../src/core/instant.ts';
import { completeYear } from '../../src/time/complete.ts';
import { dayInName } from '../../src/time/days.ts';
import { detectStamp } from '../../src/time/detect.ts';
import { describeStamp, type StampPlan, type StampSettings } from '../../src/time/plan.ts';
import { createStamper } from '../../src/time/stamper.ts';
import { parseZone } from '../../src/time/zone.ts';

const nanos = (text: string): bigint => BigInt(Date.parse(text)) * 1_000_000n;

/** What a plan makes of lines, in their order, and the stamper that read them. */
function pass(plan: StampPlan, lines: readonly string[]) {
  const bytes = new Uint8Array(Buffer.from(`${lines.join('\n')}\n`));
  const stamper = createStamper(plan, { bytes });
  let at = 0;
  const instants = lines.map((line) => {
    const start = at;
    at += Buffer.byteLength(line) + 1;
    return stamper.read(start, at - 1) ? formatInstantShort(instantOf(stamper.high, stamper.low)) : undefined;
  });
  return { stamper, instants };
}

function planOf(lines: readonly string[], settings: StampSettings = {}): StampPlan {
  const plan = detectStamp(
    lines.map((line) => new TextEncoder().encode(line)),
    'line',
    settings,
  );
  assert.ok(plan, 'no stamps found');
  return plan;
}

const read = (lines: readonly string[], settings: StampSettings = {}) => pass(planOf(lines, settings), lines).instants;

const NIGHT = ['22:00:00 a', '23:59:59.5 b', '00:00:01 c', '23:59:59.9 late', '00:10:00 d', '00:05:00 e', '21:00:00 f'];
const NIGHT_DAYS = ['10', '10', '11', '10', '11', '11', '11'];

test('times alone take the date of the file’s name, and pass midnight; a late line is of the day before', () => {
  const plan = planOf(NIGHT, { name: 'logs/app-2024-03-10.log.1' });
  const { instants } = pass(plan, NIGHT);
  assert.deepEqual(
    instants.map((instant) => instant?.slice(0, 10)),
    NIGHT_DAYS.map((day) => `2024-03-${day}`),
  );
  assert.equal(instants[1], '2024-03-10T23:59:59.500Z');
  assert.deepEqual(plan.doubts, []);
  assert.match(describeStamp(plan), /first date: 2024-03-10 \(from the name of the file\)$/);
});

test('without a name they take the date of the modification time, and that is said', () => {
  const plan = planOf(NIGHT);
  assert.match(describeStamp(plan), /date: not in the text/);
  const complete = completeYear(plan, pass(plan, NIGHT).stamper, nanos('2024-03-11T21:30:00Z'));
  assert.deepEqual(
    pass(complete, NIGHT).instants.map((instant) => instant?.slice(8, 10)),
    NIGHT_DAYS,
  );
  assert.match(complete.doubts[0]?.what ?? '', /no date; 2024-03-10 was taken/);
  // The last stamp lies after the modification: so it was the day before.
  const before = completeYear(plan, pass(plan, NIGHT).stamper, nanos('2024-03-11T19:30:00Z'));
  assert.equal(pass(before, NIGHT).instants[0]?.slice(0, 10), '2024-03-09');
});

test('the zone counts for the date: late in New York is the next day in UTC', () => {
  const lines = ['22:00:00 a', '22:00:01 b'];
  const zone = parseZone('America/New_York');
  const plan = planOf(lines, { zone });
  const complete = completeYear(plan, pass(plan, lines).stamper, nanos('2024-01-11T03:30:00Z'));
  assert.equal(pass(complete, lines).instants[0], '2024-01-11T03:00:00Z');
  assert.equal(read(lines, { zone, anchor: nanos('2024-01-10T00:00:00Z') })[0], '2024-01-11T03:00:00Z');
});

test('dates in names', () => {
  const day = (name: string) => {
    const found = dayInName(name);
    return found === undefined ? undefined : new Date(found * 86_400_000).toISOString().slice(0, 10);
  };
  assert.equal(day('app-20240310.log'), '2024-03-10');
  assert.equal(day('2023-01-01/app_2024_03_10T1015.log'), '2024-03-10');
  assert.equal(day('app.2024.03.10.gz'), '2024-03-10');
  for (const name of ['app.log', '120240310.log', 'app-2024-13-10.log', 'app-2024-03.10.log', 'v2024031012.log']) {
    assert.equal(day(name), undefined, name);
  }
});

test('seconds since a start count from the anchor; without one, from 1970, and that is said', () => {
  const lines = ['[    0.000000] Linux version 5.15', '[   12.500000] usb 1-1', '[12345.678901] eth0 up'];
  const anchored = planOf(lines, { anchor: nanos('2024-03-10T06:00:00Z') });
  assert.deepEqual(pass(anchored, lines).instants, [
    '2024-03-10T06:00:00Z',
    '2024-03-10T06:00:12.500Z',
    '2024-03-10T09:25:45.678901Z',
  ]);
  assert.deepEqual(anchored.doubts, []);
  const plan = planOf(lines);
  assert.equal(pass(plan, lines).instants[1], '1970-01-01T00:00:12.500Z');
  assert.match(plan.doubts[0]?.what ?? '', /count seconds from a start/);
});

test('a number in brackets is no uptime where other stamps date the lines', () => {
  const lines = [1, 2, 3].map((i) => `Mar 10 10:00:0${i} host kernel: [   ${i}.500000] x`);
  assert.equal(planOf([...lines, '[    9.000000] pstore'], { year: 2024 }).formats[0]?.name, 'syslog');
});

test('a clock that ends in one digit is a cut one, unless the source writes no zeros', () => {
  const padded = ['2024-03-10 07:00:01 a', '2024-03-10 07:00:02 b', '2024-03-10 07:00:5'];
  assert.deepEqual(read(padded).map(Boolean), [true, true, false]);
  const unpadded = ['2024-3-1 7:1:12 a', '2024-3-1 7:2:5 b', '2024-3-1 7:12:5 c'];
  assert.deepEqual(read(unpadded).map(Boolean), [true, true, true]);
  // Behind a fraction nothing was cut.
  assert.deepEqual(read([...padded.slice(0, 2), '2024-03-10 07:00:5.25 c']).map(Boolean), [true, true, true]);
});

test('a stamp before a year that belongs to it is not read without it', () => {
  const line = 'Jun 28 01:51:12 2022 +01:30FOO host x';
  assert.equal(detectStamp([Buffer.from(line)], 'line', {}), undefined);
});

test('zones by name: of the tz database, and abbreviations as the user explains them', () => {
  const lines = [
    '2024-01-10 07:00:00 Asia/Kolkata a',
    '2024-07-10 07:00:00 Europe/Berlin b',
    '2024-07-10 07:00:00 UTC c',
  ];
  assert.deepEqual(read(lines), ['2024-01-10T01:30:00Z', '2024-07-10T05:00:00Z', '2024-07-10T07:00:00Z']);
  const cst = ['2024-01-10 07:00:00 CST a', '2024-07-10 07:00:00 CST b'];
  assert.deepEqual(read(cst), [undefined, undefined]);
  assert.match(planOf(cst).doubts[0]?.what ?? '', /"CST" .*America\/Chicago, Asia\/Shanghai.*not dated/);
  const abbreviations = new Map([['CST', parseZone('Asia/Shanghai')]]);
  assert.deepEqual(read(cst, { abbreviations }), ['2024-01-09T23:00:00Z', '2024-07-09T23:00:00Z']);
  assert.deepEqual(planOf(cst, { abbreviations }).doubts, []);
});

test('an abbreviation that nearly always means one zone is read as that one, and said', () => {
  const lines = ['Mon Dec  5 21:01:12 PST 2016 x'];
  assert.deepEqual(read(lines), ['2016-12-06T05:01:12Z']);
  assert.match(planOf(lines).doubts[0]?.what ?? '', /"PST" .*America\/Los_Angeles was taken/);
});

test('a zone in a field of its own: an offset always counts, an abbreviation unless --tz says otherwise', () => {
  const line = (zone: string) => `x date=2024-03-10 time=07:00:00 id=1 ${zone} y`;
  assert.deepEqual(read([line('tz="-0500"'), line('timezone="CEST"'), line('')]), [
    '2024-03-10T12:00:00Z',
    '2024-03-10T05:00:00Z',
    '2024-03-10T07:00:00Z',
  ]);
  const zone = parseZone('+01:00');
  assert.deepEqual(read([line('tz="-0500"'), line('timezone="CEST"')], { zone }), [
    '2024-03-10T12:00:00Z',
    '2024-03-10T06:00:00Z',
  ]);
  assert.deepEqual(read([line('timezone="IST"')]), [undefined]);
});

test('names of months in other languages, and never in two meanings', () => {
  const names = ['5 août 2013', '3 Dezember 2013', '3 déc. 2013', '1 Mai 2013', '7 января 2013', '2 agosto 2013'];
  const lines = names.map((name) => `${name} 10:00:00 x`);
  assert.deepEqual(
    read(lines).map((instant) => instant?.slice(5, 10)),
    ['08-05', '12-03', '12-03', '05-01', '01-07', '08-02'],
  );
});

test('the order of days and months with dots is the European one, unless the sample or the user says otherwise', () => {
  const name = (lines: readonly string[], settings?: StampSettings) => planOf(lines, settings).formats[0]?.name;
  assert.equal(name(['05.06.2024 10:00:00 a']), 'dmy-dot');
  assert.deepEqual(planOf(['05.06.2024 10:00:00 a']).doubts, []);
  assert.equal(name(['05.26.2024 10:00:00 a', '05.06.2024 10:00:01 b']), 'mdy-dot');
  assert.equal(name(['05.06.2024 10:00:00 a'], { dayOrder: 'mdy' }), 'mdy-dot');
});
