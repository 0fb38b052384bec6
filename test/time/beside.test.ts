import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatInstantShort, instantOf } from '../../src/core/instant.ts';
import { detectStamp } from '../../src/time/detect.ts';
import { describePlace } from '../../src/time/place.ts';
import type { StampPlan, StampSettings } from '../../src/time/plan.ts';
import { createStamper } from '../../src/time/stamper.ts';
import { parseZone } from '../../src/time/zone.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The instant of each line, '' where it opens no record. */
function instants(lines: readonly string[], settings: StampSettings = {}): { plan: StampPlan; read: string[] } {
  const plan = detectStamp(lines.map(encode), 'line', settings);
  assert.ok(plan);
  const bytes = encode(lines.join('\n'));
  const stamper = createStamper(plan, { bytes });
  let at = 0;
  const read = lines.map((line) => {
    const start = at;
    at += line.length + 1;
    return stamper.read(start, start + line.length) ? formatInstantShort(instantOf(stamper.high, stamper.low)) : '';
  });
  return { plan, read };
}

const ERRORS = [0, 1, 2].map((second) => `2024/03/10 06:59:5${second} [notice] 1#1: start worker ${second}`);
const request = (clock: string, zone = '+0000') =>
  `192.0.2.7 - - [10/Mar/2024:${clock} ${zone}] "GET / HTTP/1.1" 200 5`;

test('two programs that write one log are both read where their instants follow each other', () => {
  const lines = [...ERRORS, ...['06:59:55', '06:59:56', '06:59:57'].map((clock) => request(clock))];
  const { plan, read } = instants(lines);
  assert.equal(describePlace(plan.place), 'at the start of a line, or inside a line, after "["');
  assert.deepEqual(
    read,
    [0, 1, 2, 5, 6, 7].map((second) => `2024-03-10T06:59:5${second}Z`),
  );
});

test('so they are where one names its zone and the other does not', () => {
  const lines = [...ERRORS, ...['06:59:55', '06:59:56', '06:59:57'].map((clock) => request(clock, '+0100'))];
  const { read } = instants(lines, { zone: parseZone('Europe/Berlin') });
  assert.deepEqual(
    read,
    [0, 1, 2, 5, 6, 7].map((second) => `2024-03-10T05:59:5${second}Z`),
  );
});

test('two ways in which one program begins its lines are both read', () => {
  const line = (mark: string, second: number) => `00012${second}: ${mark}Mar 10 06:59:5${second}.120: %SYS-5-CONFIG: x`;
  const lines = ['*', '*', '*', '', '', ''].map(line);
  const expected = [0, 1, 2, 3, 4, 5].map((second) => `2024-03-10T06:59:5${second}.120Z`);
  assert.deepEqual(instants(lines, { year: 2024 }).read, expected);
});

test('where there are too few lines of each kind to tell, that is said', () => {
  const lines = [
    '2024-03-10T06:59:58Z a',
    request('06:59:59'),
    'x (Mar 10 07:00:00) b',
    'level=info time=2024-03-10T07:00:01Z',
  ];
  const { plan, read } = instants(lines);
  assert.deepEqual(read, ['2024-03-10T06:59:58Z', '', '', '']);
  assert.match(
    plan.doubts.map(({ what }) => what).join(),
    /^3 of the lines that were looked at have stamps of other kinds/,
  );
  assert.deepEqual(instants([lines[0], '  at x', request('06:59:59')]).plan.doubts, []);
});

test('one line that begins with a stamp of another kind is said', () => {
  const lines = Array.from({ length: 50 }, (_, i) => `2024/03/10 06:59:${String(i).padStart(2, '0')} [notice] ${i}`);
  const doubtsOf = (other: string): string => {
    const { plan } = instants([...lines.slice(0, 5), other, ...lines.slice(5)]);
    return plan.doubts.map(({ what }) => what).join();
  };
  assert.match(
    doubtsOf('[10/Mar/2024:07:00:00 +0000] another program'),
    /^1 of the lines .* has a stamp of another kind/,
  );
  assert.equal(doubtsOf('    [10/Mar/2024:07:00:00 +0000] a trace'), '');
  // In the last line, too, where that is not torn inside of it.
  const atEnd = (last: string) => instants([...lines, last]).plan.doubts.length;
  assert.equal(atEnd(`[10/Mar/2024:07:00:00 +0000] another program ${'x'.repeat(40)}`), 1);
  assert.equal(atEnd('[10/Mar/2024:07:00:00 +0000] a'), 0);
  assert.equal(doubtsOf('at 07:00:00 in a sentence'), '');
});

test('times in continuation lines that are not those of the lines around them open no record', () => {
  const order = (day: number) => `order of 2023-01-0${day} 10:00:00 is late`;
  const lines = ERRORS.flatMap((line, i) => [line, order(i + 1), order(7 - i)]);
  const { plan, read } = instants(lines);
  assert.equal(plan.place.kind, 'start');
  assert.deepEqual(
    read.filter(Boolean),
    [0, 1, 2].map((second) => `2024-03-10T06:59:5${second}Z`),
  );
});

test('digits behind a comma are the next cell where they are of several lengths', () => {
  const cells = (texts: readonly string[], head: string) =>
    instants(texts.map((text, i) => `${head}${i},${text}`)).read.map((instant) => instant.slice(17));
  assert.deepEqual(cells(['4711', '12', '123'], '2024-03-10 06:59:5'), ['50Z', '51Z', '52Z']);
  assert.deepEqual(cells(['471', '012', '123'], '2024-03-10 06:59:5'), ['50.471Z', '51.012Z', '52.123Z']);
  assert.deepEqual(cells(['4711', '12', '123'], '171005399'), ['50Z', '51Z', '52Z']);
  assert.deepEqual(cells(['0018010000012,x'], '2024-03-10 06:59:5'), ['50Z']);
});

test('years of two digits before dots: what the modification time shows decides', () => {
  const lines = ['24.03.10 06:59:58 a', '24.03.10 06:59:59 b'];
  const modified = (day: string) => BigInt(Date.parse(day)) * 1_000_000n;
  assert.deepEqual(instants(lines, { modified: modified('2024-03-10T07:00:00Z') }).read[0], '2024-03-10T06:59:58Z');
  assert.deepEqual(instants(lines, { modified: modified('2010-03-24T07:00:00Z') }).read[0], '2010-03-24T06:59:58Z');
});

test('a second offset behind a zone is none that we know, and an offset behind GMT and a blank is one', () => {
  assert.equal(detectStamp([encode('2024-03-10T06:59:58Z-05:00 x')], 'line', {}), undefined);
  assert.deepEqual(instants(['2024-03-10 06:59:58 GMT +2 x']).read, ['2024-03-10T04:59:58Z']);
  assert.deepEqual(instants(['2024-03-10 06:59:58 UTC +05:30 x']).read, ['2024-03-10T01:29:58Z']);
  assert.deepEqual(instants(['2024-03-10 06:59:58 UTC -5x']).read, ['2024-03-10T06:59:58Z']);
});
