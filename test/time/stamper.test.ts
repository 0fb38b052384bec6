import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatInstant, formatInstantShort, instantOf } from '../../src/core/instant.ts';
import { detectStamp } from '../../src/time/detect.ts';
import type { StampPlan, StampSettings } from '../../src/time/plan.ts';
import type { PlannedStamper } from '../../src/time/planned-stamper.ts';
import { createStamper } from '../../src/time/stamper.ts';
import { parseZone } from '../../src/time/zone.ts';

/** The instants of lines, read in their order; undefined for a line that opens no record. */
function read(lines: readonly string[], settings: StampSettings = {}, where: 'line' | 'field' = 'line') {
  const texts = lines.map((line) => new TextEncoder().encode(line));
  const bytes = new Uint8Array(Buffer.from(`${lines.join('\n')}\n`));
  const plan = detectStamp(texts, where, settings);
  assert.ok(plan, 'no stamps found');
  const stamper = createStamper(plan, { bytes });
  let at = 0;
  const instants = texts.map((text) => {
    const start = at;
    at += text.length + 1;
    return stamper.read(start, start + text.length)
      ? formatInstantShort(instantOf(stamper.high, stamper.low))
      : undefined;
  });
  return { instants, stamper, plan };
}

const counters = (stamper: PlannedStamper) => ({ ...stamper.counters });

test('naive stamps are in the given zone, others in their own; shift is added', () => {
  const lines = ['2024-03-09 10:00:00 a', '2024-03-09 10:00:00+01:00 b', '2024-07-09 10:00:00.000000001 c'];
  const { instants } = read(lines, { zone: parseZone('America/New_York'), shift: -1_500_000_000n });
  assert.deepEqual(instants, [
    '2024-03-09T14:59:58.500Z',
    '2024-03-09T08:59:58.500Z',
    '2024-07-09T13:59:58.500000001Z',
  ]);
});

test('order: the hour that comes twice is told apart by the step back', () => {
  const lines = [
    '2024-11-03 00:59:00',
    '2024-11-03 01:10:00',
    '2024-11-03 01:50:00',
    '2024-11-03 01:49:30',
    '2024-11-03 01:05:00',
    '2024-11-03 01:59:00',
    '2024-11-03 02:00:00',
  ];
  const { instants, stamper } = read(lines, { zone: parseZone('America/New_York') });
  const hours = instants.map((instant) => instant?.slice(11, 16));
  assert.deepEqual(hours, ['04:59', '05:10', '05:50', '05:49', '06:05', '06:59', '07:00']);
  assert.equal(counters(stamper).repeated, 5);
  assert.equal(counters(stamper).unsettled, 0);
});

test('a repeated hour without a step back is counted as open; the next one is judged by itself', () => {
  const lines = ['2023-11-05 01:10:00', '2023-11-05 01:20:00', '2024-11-03 01:50:00', '2024-11-03 01:05:00'];
  const { stamper } = read(lines, { zone: parseZone('America/New_York') });
  assert.equal(counters(stamper).repeated, 4);
  assert.equal(counters(stamper).unsettled, 2);
});

test('stamps that name no zone are counted, however they are read', () => {
  const lines = ['2024-03-09 10:00:00 a', '2024-03-09 10:00:00+01:00 b', '2024-03-09 10:00:01 c'];
  assert.equal(read([...lines, '2024-03-09 10:00:00 IST d']).stamper.counters.naive, 2);
  assert.equal(read([...lines, '2024-03-09 10:00:00 IST d']).stamper.counters.ambiguous, 1);
});

test('earlier and later take one side; reject refuses', () => {
  const lines = ['2024-11-03 00:30:00', '2024-11-03 01:30:00'];
  const zone = parseZone('America/New_York');
  assert.equal(read(lines, { zone, dst: 'earlier' }).instants[1], '2024-11-03T05:30:00Z');
  assert.equal(read(lines, { zone, dst: 'later' }).instants[1], '2024-11-03T06:30:00Z');
  const rejected = read(lines, { zone, dst: 'reject' });
  assert.equal(rejected.instants[1], undefined);
  assert.equal(rejected.stamper.counters.refused, 1);
});

test('a time that was skipped moves forward, and is counted', () => {
  const { instants, stamper } = read(['2024-03-10 02:30:00', '2024-03-10 03:30:00'], {
    zone: parseZone('America/New_York'),
  });
  assert.deepEqual(instants, ['2024-03-10T07:30:00Z', '2024-03-10T07:30:00Z']);
  assert.equal(stamper.counters.gaps, 1);
});

test('instants at the edges of 64 bits are read, those beyond are none', () => {
  const lines = [
    '1677-09-21T00:12:43.145224193Z',
    '2262-04-11T23:47:16.854775807Z',
    '1677-09-21T00:12:43.145224191Z',
    '2262-04-11T23:47:16.854775808Z',
    '9999-12-31T23:59:59Z',
    '0001-01-01T00:00:00Z',
  ];
  const { instants, stamper } = read(lines);
  assert.deepEqual(instants, [...lines.slice(0, 2), undefined, undefined, undefined, undefined]);
  assert.equal(stamper.counters.outOfRange, 4);
});

test('a line with several stamps that name no instant counts once, and one with another that does not at all', () => {
  const at = (day: string) => `at=2024-02-${day}T10:00:00Z`;
  const lines = [`a ${at('28')}`, `b ${at('30')} ${at('31')}`, `c ${at('30')} ${at('29')}`];
  const { instants, stamper } = read(lines);
  assert.deepEqual(instants, ['2024-02-28T10:00:00Z', undefined, '2024-02-29T10:00:00Z']);
  assert.equal(stamper.counters.refused, 1);
});

test('what cannot be a stamp is none', () => {
  const good = ['2024-02-28 10:00:00', '2024-02-29 10:00:00', '2024-03-01 10:00:00'];
  const bad = [
    '2023-02-29 10:00:00',
    '2024-02-30 10:00:00',
    '2024-13-01 10:00:00',
    '2024-00-10 10:00:00',
    '2024-02-28 24:00:01',
    '2024-02-28 10:60:00',
    '2024-02-28 10:00:61',
    '2024-02-28 10:00:00-+5:00',
    '2024-02-28 10:00:00--5',
    '2024-02-28 10:00:00---5:00',
    '2024-02-28 10:00:00.5.7',
  ];
  assert.deepEqual(
    read([...good, ...bad, good[0]!]).instants.slice(3, -1),
    bad.map(() => undefined),
  );
});

test('hours with a sign behind the one of the offset are west of UTC (Check Point)', () => {
  // Two digits are the end of an interval that begins with the time (ISO 8601 lets `--` stand for `/`).
  const lines = ['2024-02-28T10:00:00Z', '2024-02-28T10:00:00--5:00', '2024-02-28T10:00:00--11:30'];
  assert.deepEqual(read(lines).instants, ['2024-02-28T10:00:00Z', '2024-02-28T15:00:00Z', undefined]);
});

test('fractions of more than nine digits are cut, and counted', () => {
  const { instants, stamper, plan } = read(['2024-02-28 10:00:00.1234567899 x', '2024-02-28 10:00:00.5 x']);
  assert.deepEqual(instants, ['2024-02-28T10:00:00.123456789Z', '2024-02-28T10:00:00.500Z']);
  assert.deepEqual([stamper.counters.cut, stamper.digits, plan.digits], [1, 9, 9]);
});

test('a stamp learned without zone does not swallow one that has a zone, a fraction, AM or PM', () => {
  const plain = '2024-02-28 10:00:00';
  const lines = [
    `${plain} x`,
    `${plain} x`,
    `${plain} +0100 x`,
    `${plain} UTC x`,
    `${plain} EST x`,
    `${plain}.5 x`,
    `${plain} PM x`,
    `${plain} -0100`,
    `${plain}Z`,
    `${plain} x`,
  ];
  const hours = read(lines, { zone: parseZone('+02:00') }).instants.map((instant) => instant?.slice(11));
  assert.deepEqual(hours, [
    '08:00:00Z',
    '08:00:00Z',
    '09:00:00Z',
    '10:00:00Z',
    '15:00:00Z',
    '08:00:00.500Z',
    '20:00:00Z',
    '11:00:00Z',
    '10:00:00Z',
    '08:00:00Z',
  ]);
});

test('a zone name with several meanings is refused, unless --tz says which', () => {
  const lines = ['Mon Dec  5 21:01:12 CST 2016 x', 'Mon Dec  5 21:01:13 UTC 2016 x'];
  const { instants, plan } = read(lines);
  assert.deepEqual(instants, [undefined, '2016-12-05T21:01:13Z']);
  assert.match(plan.doubts[0]?.what ?? '', /"CST" is the name of several zones/);
  assert.equal(read(lines, { zone: parseZone('Asia/Shanghai') }).instants[0], '2016-12-05T13:01:12Z');
});

test('an offset or zone in a spelling that we do not know makes no naive stamp', () => {
  const lines = [
    '[2024-02-28 10:00:00] a',
    '[2024-02-28 10:00:00 XQZT] b',
    '2024-02-28 10:00:00 +01:30foo',
    '[2024-02-28 10:00:01] a',
  ];
  assert.deepEqual(read(lines).instants.slice(1, 3), [undefined, undefined]);
});

test('fields: quotes and blanks around a stamp do not matter, anything else does', () => {
  const values = [
    '2024-02-28 10:00:00',
    ' "2024-02-28 10:00:00" ',
    '2024-02-28 10:00:00 apples',
    '',
    '1709114400',
    '2024-02-28',
  ];
  const { instants } = read(values, {}, 'field');
  const ten = '2024-02-28T10:00:00Z';
  assert.deepEqual(instants, [ten, ten, undefined, undefined, ten, '2024-02-28T00:00:00Z']);
});

test('epochs: the unit follows from the magnitude', () => {
  const values = ['1689339601', '1689339601.000', '1689339601123', '1689339601123456', '1689339601123456789'];
  const { instants } = read(values, {}, 'field');
  const second = '2023-07-14T13:00:01';
  assert.deepEqual(instants, [
    `${second}Z`,
    `${second}Z`,
    `${second}.123Z`,
    `${second}.123456Z`,
    `${second}.123456789Z`,
  ]);
});

test('a pattern of luxon tokens reads negative and small epochs as it says', () => {
  assert.deepEqual(read(['-1.5', '0', '12'], { timeFormat: 'X{.u|}' }, 'field').instants, [
    '1969-12-31T23:59:58.500Z',
    '1970-01-01T00:00:00Z',
    '1970-01-01T00:00:12Z',
  ]);
  assert.deepEqual(read(['-1'], { timeFormat: 'x' }, 'field').instants, ['1969-12-31T23:59:59.999Z']);
});

test('the stamp’s place is told', () => {
  const { stamper } = read(['[2024-02-28 10:00:00] a']);
  assert.deepEqual([stamper.at, stamper.length], [1, 19]);
});

test('words in brackets behind a stamp do not hold up its template, zones there are read', () => {
  const words = ['[main] a', '[INFO] a', '[WARN] a', '[Note] a', '(main) a'].flatMap((word) => [word, word]);
  const zoned = ['[EST] a', '(UTC+02:00) a', '[-0330] a', '(Europe/Berlin) a'];
  const lines = [...words, ...zoned].map((tail) => `2024-01-10 06:59:58.120 ${tail}`);
  const bytes = new TextEncoder().encode(`${lines.join('\n')}\n${' '.repeat(64)}`);
  const texts = lines.map((line) => new TextEncoder().encode(line));
  const stamper = createStamper(detectStamp(texts, 'line', {}) as StampPlan, { bytes });
  let at = 0;
  const hours = lines.map((line) => {
    assert.equal(stamper.read(at, at + line.length), true, line);
    at += line.length + 1;
    return formatInstant(instantOf(stamper.high, stamper.low)).slice(11, 16);
  });
  assert.deepEqual(hours, [...words.map(() => '06:59'), '11:59', '04:59', '10:29', '05:59']);
  assert.equal(stamper.counters.slow <= 1 + zoned.length, true, `${stamper.counters.slow} by the slow reader`);
});
