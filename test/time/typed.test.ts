import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatInstantShort } from '../../src/core/instant.ts';
import { TsalignError } from '../../src/core/problem.ts';
import { DURATION_UNITS, parseDuration } from '../../src/time/duration.ts';
import { parseQuery } from '../../src/time/query.ts';
import { parseZone, UTC } from '../../src/time/zone.ts';

const problem = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof TsalignError, String(error));
    assert.equal(error.problem.code, 'usage');
    return error.message;
  }
  return assert.fail('no error');
};

test('durations', () => {
  const cases: [string, bigint][] = [
    ['-1.5s', -1_500_000_000n],
    ['2h', 7_200_000_000_000n],
    ['1h30m', 5_400_000_000_000n],
    ['250ms', 250_000_000n],
    ['1d', 86_400_000_000_000n],
    ['+2w', 1_209_600_000_000_000n],
    ['1.000000001s', 1_000_000_001n],
    ['3us', 3000n],
    ['3µs', 3000n],
    ['7ns', 7n],
    ['1h 30min', 5_400_000_000_000n],
    ['0s', 0n],
  ];
  for (const [text, nanos] of cases) assert.equal(parseDuration(text), nanos, text);
});

test('what is no duration is told so', () => {
  assert.equal(
    problem(() => parseDuration('5')),
    '"5" has no unit; write 5s for seconds, or ms, m, h, d',
  );
  for (const text of ['', '-', 's', '1x', '1,5s', '1.s', '.5s', '1h-30m', '1e3s', '0.5ns', '1 2s', 'two hours']) {
    assert.match(
      problem(() => parseDuration(text)),
      /is no duration/,
      text,
    );
  }
});

test('durations add up', () => {
  const term = fc.tuple(fc.bigInt({ min: 0n, max: 10_000n }), fc.constantFrom(...Object.keys(DURATION_UNITS)));
  fc.assert(
    fc.property(fc.array(term, { minLength: 1, maxLength: 4 }), fc.boolean(), (terms, negative) => {
      const total = terms.reduce((sum, [count, unit]) => sum + count * DURATION_UNITS[unit]!, 0n);
      const text = terms.map(([count, unit]) => `${count}${unit}`).join('');
      assert.equal(parseDuration(negative ? `-${text}` : text), negative ? -total : total);
    }),
  );
});

const NOW = BigInt(Date.parse('2024-03-10T08:30:00.500Z')) * 1_000_000n;
const ask = (text: string, zone = UTC): string => formatInstantShort(parseQuery(text, { zone, now: NOW }));

test('instants as people type them', () => {
  const newYork = parseZone('America/New_York');
  const cases: [string, string, string?][] = [
    ['2024-03-10T06:00Z', '2024-03-10T06:00:00Z'],
    ['2024-03-10T06:00:00.25+02:00', '2024-03-10T04:00:00.250Z'],
    ['2024-03-10 06:00', '2024-03-10T06:00:00Z'],
    ['2024-03-10', '2024-03-10T00:00:00Z'],
    ['1710054000', '2024-03-10T07:00:00Z'],
    ['10/Mar/2024:06:00:00 +0100', '2024-03-10T05:00:00Z'],
    ['now', '2024-03-10T08:30:00.500Z'],
    ['2h ago', '2024-03-10T06:30:00.500Z'],
    ['1h30m  ago', '2024-03-10T07:00:00.500Z'],
    ['today', '2024-03-10T00:00:00Z'],
    ['Yesterday', '2024-03-09T00:00:00Z'],
    ['tomorrow', '2024-03-11T00:00:00Z'],
    ['2h', '2024-03-10T06:30:00.500Z'],
    ['-1 hr', '2024-03-10T07:30:00.500Z'],
    ['+30m', '2024-03-10T09:00:00.500Z'],
    ['midnight', '2024-03-10T00:00:00Z'],
    ['yesterday at 10:00', '2024-03-09T10:00:00Z'],
    ['2023', '2023-01-01T00:00:00Z'],
    ['2024-03-10T06', '2024-03-10T06:00:00Z'],
    ['Mar 10 06:00:00', '2024-03-10T06:00:00Z'],
    ['Mar  9 06:00', '2024-03-09T06:00:00Z'],
    ['Dec 31 23:00:00', '2023-12-31T23:00:00Z'],
    ['Dec 31', '2023-12-31T00:00:00Z'],
    ['2024-03-10 06:00 Europe/Berlin', '2024-03-10T05:00:00Z'],
    ['2024-07-10T06:00:00[Europe/Berlin]', '2024-07-10T04:00:00Z'],
    ['2024-03-10 06:00 EST', '2024-03-10T11:00:00Z'],
  ];
  for (const [text, instant] of cases) assert.equal(ask(text), instant, text);
  assert.equal(ask('2024-03-09 06:00', newYork), '2024-03-09T11:00:00Z');
  assert.equal(ask('2024-07-10 06:00 Europe/Berlin', newYork), '2024-07-10T04:00:00Z');
  assert.equal(ask('today', newYork), '2024-03-10T05:00:00Z');
  assert.equal(ask('tomorrow', newYork), '2024-03-11T04:00:00Z', 'the day that loses an hour');
  assert.equal(ask('2024-03-10T06:00:00Z', newYork), '2024-03-10T06:00:00Z');
});

test('what leaves doubt, or is no instant, is told so', () => {
  for (const text of [
    '',
    'soon',
    '03/04/24 10:00',
    '22-10-10 23:10',
    'Oct 10 23:10:00 host app',
    'Feb 30 10:00:00',
    '2024-02-30',
    '9999-01-01',
    '5 ago',
    '2024-03-10T06:00 CST',
  ]) {
    assert.match(
      problem(() => ask(text)),
      /is no instant|has no unit/,
      text,
    );
  }
});

test('zones as people type them', () => {
  const cases: [string, string, number][] = [
    ['UTC', 'UTC', 0],
    ['z', 'UTC', 0],
    ['+05:30', '+05:30', -19_800],
    ['-0330', '-03:30', 12_600],
    ['+5', '+05:00', -18_000],
    ['UTC+2', '+02:00', -7200],
    ['−03:00', '-03:00', 10_800],
    ['europe/berlin', 'Europe/Berlin', -3600],
    ['US/Eastern', 'US/Eastern', 18_000],
    ['EST', 'EST', 18_000],
    ['PDT', '-07:00', 25_200],
    ['jst', '+09:00', -32_400],
    ['NST', '-03:30', 12_600],
  ];
  for (const [text, name, utc] of cases) {
    const zone = parseZone(text);
    assert.deepEqual([zone.name, zone.toUtc(0)], [name, utc], text);
    assert.equal(parseZone(zone.name).toUtc(0), utc, 'its name is read again');
  }
  assert.equal(parseZone('local').toUtc(0), new Date(1970, 0, 1).getTime() / 1000);
});

test('an unknown zone gets a suggestion', () => {
  assert.equal(
    problem(() => parseZone('Europe/Berln')),
    'there is no time zone "Europe/Berln"; did you mean "Europe/Berlin"?',
  );
  assert.match(
    problem(() => parseZone('new york')),
    /did you mean "America\/New_York"/,
  );
  assert.match(
    problem(() => parseZone('Nowhere')),
    /give an IANA name/,
  );
  assert.equal(
    problem(() => parseZone('BST')),
    '"BST" is the name of several zones; say which: Europe/London, Asia/Dhaka',
  );
  assert.match(
    problem(() => parseZone('AET')),
    /there is no time zone "AET"/,
    'the JDK called Sydney so',
  );
  assert.match(
    problem(() => parseZone('+25:00')),
    /there is no time zone/,
  );
  assert.match(
    problem(() => parseZone('+05:75')),
    /there is no time zone/,
  );
  for (const text of ['05:30', '0530', '10', 'a5', 'UTC05:00'])
    assert.match(
      problem(() => parseZone(text)),
      /there is no time zone/,
      text,
    );
});

test('instants as journalctl and date take them', () => {
  const cases: [string, string][] = [
    ['-2h', '2024-03-10T06:30:00.500Z'],
    ['+30min', '2024-03-10T09:00:00.500Z'],
    ['2 hours ago', '2024-03-10T06:30:00.500Z'],
    ['1 day 2 hours ago', '2024-03-09T06:30:00.500Z'],
    ['@1710054000', '2024-03-10T07:00:00Z'],
    ['10:30', '2024-03-10T10:30:00Z'],
    ['7:05:09', '2024-03-10T07:05:09Z'],
    ['yesterday 23:15', '2024-03-09T23:15:00Z'],
    ['tomorrow', '2024-03-11T00:00:00Z'],
  ];
  for (const [text, instant] of cases) assert.equal(ask(text), instant, text);
  assert.equal(ask('10:30', parseZone('America/New_York')), '2024-03-10T14:30:00Z');
  for (const text of ['', '24:00', '10:60', 'yesterday10:30', '-2', '10:30 ago'])
    assert.match(
      problem(() => ask(text)),
      /is no (instant|duration)/,
      text,
    );
});

test('what is pasted from a log, with what stands around it, and what lacks its seconds', () => {
  const at = { zone: UTC, now: 1_710_054_000_000_000_000n };
  const cases: [string, string][] = [
    ['Oct 10 23:10 2022', '2022-10-10T23:10:00Z'],
    ['Mon Oct 10 23:10 2022', '2022-10-10T23:10:00Z'],
    ['2022-10-10 23:10 +02:00', '2022-10-10T21:10:00Z'],
    ['[10/Oct/2000:13:55:36 -0700]', '2000-10-10T20:55:36Z'],
    ['[Mon Oct 10 23:10:00.123456 2022]', '2022-10-10T23:10:00.123456Z'],
    ['"2022-10-10T23:10:00Z"', '2022-10-10T23:10:00Z'],
    ['10 Oct 23:10', '2023-10-10T23:10:00Z'],
    ['10 October', '2023-10-10T00:00:00Z'],
    ['13/10/2022 23:10', '2022-10-13T23:10:00Z'],
    ['10/13/2022', '2022-10-13T00:00:00Z'],
    ['10.10.2022', '2022-10-10T00:00:00Z'],
    ['06:59:58.120', '2024-03-10T06:59:58.120Z'],
    ['yesterday 06:59:58,5', '2024-03-09T06:59:58.500Z'],
  ];
  for (const [text, instant] of cases) assert.equal(formatInstantShort(parseQuery(text, at)), instant, text);
});

test('a date of numbers that has two readings is not guessed: both are told', () => {
  const ask = () => parseQuery('03/04/2024 10:00', { zone: UTC, now: 1_710_054_000_000_000_000n });
  assert.match(problem(ask), /"03\/04\/2024 10:00" may be 2024-03-04T10:00:00Z or 2024-04-03T10:00:00Z/);
});

test('what names no year is of the one that is given, or else the last such', () => {
  const at = { zone: UTC, now: 1_710_054_000_000_000_000n };
  const read = (text: string, year?: number) => formatInstantShort(parseQuery(text, { ...at, year }));
  assert.equal(read('Oct 26'), '2023-10-26T00:00:00Z');
  assert.equal(read('Oct 26', 2019), '2019-10-26T00:00:00Z');
  assert.equal(read('Feb 29 10:00', 2020), '2020-02-29T10:00:00Z');
  assert.equal(read('2024-10-26', 2019), '2024-10-26T00:00:00Z');
  assert.match(
    problem(() => read('Feb 29', 2019)),
    /is no instant/,
  );
});
