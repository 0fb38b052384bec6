import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NdjsonPlan } from '../../src/core/stages.ts';
import { recogniseInput, viewSample } from '../../src/input/index.ts';
import { rateStamps } from '../../src/time/index.ts';

/** Where the time of one object stands: parts joined by +, then single members. */
const timeOf = (object: object, zoneGiven = false): string => timeOfAll([object], zoneGiven);

function timeOfAll(objects: readonly object[], zoneGiven = false): string {
  const lines = objects.map((object) => `${JSON.stringify(object)}\n`).join('');
  const sample = viewSample({ pieces: [Buffer.from(lines)], whole: true });
  const plan = recogniseInput(sample, { zoneGiven }, 'a.ndjson', rateStamps) as NdjsonPlan;
  const parts = (plan.timeParts ?? []).map((paths) => paths.map((path) => path.join('.')).join('+'));
  return [...parts, ...plan.timePaths.map((path) => path.join('.'))].join(' ');
}

const cases: [what: string, object: object, where: string][] = [
  ['a date and a time', { date: '2024-03-10', time: '06:59:58', msg: 'a' }, 'date+time'],
  ['with a zone', { date: '2024-03-10', time: '06:59:58', tz: '+0100' }, 'date+time+tz date+time'],
  ['below the top', { meta: { date: '2024-03-10', time: '06:59:58' } }, 'meta.date+meta.time'],
  [
    'beside a more telling name',
    { date: '2024-03-10', time: '06:59:58', '@timestamp': '2024-03-10T06:59:58Z' },
    '@timestamp',
  ],
  ['a time and its zone', { time: '2024-03-10 06:59:58', timezone: 'Europe/Berlin' }, 'time+timezone time'],
  ['a time that names its zone', { time: '2024-03-10T06:59:58Z', timezone: 'Europe/Berlin' }, 'time'],
  [
    'seconds and nanoseconds (Log4j 2)',
    { instant: { epochSecond: 1710053998, nanoOfSecond: 5000000 } },
    'instant.epochSecond+instant.nanoOfSecond instant.epochSecond',
  ],
  [
    'seconds and nanoseconds (Google Cloud)',
    { timestamp: { seconds: 1710053998, nanos: 5 } },
    'timestamp.seconds+timestamp.nanos timestamp.seconds',
  ],
  ['a date and a time in Spanish', { fecha: '2024-03-10', hora: '06:59:58' }, 'fecha+hora'],
  [
    'a start and an end',
    { 'End date': '2030-01-01', 'End time': '00:00:00', 'Start date': '2024-03-10', 'Start time': '06:59:58' },
    'Start date+Start time',
  ],
  [
    'a local time beside the same in UTC',
    { time: '2024-03-10 08:59:58', time_utc: '2024-03-10 06:59:58Z' },
    'time_utc',
  ],
  ['d and t', { d: '2024-03-10', t: '06:59:58' }, 'd+t'],
  [
    'a local time beside the same with its zone',
    { DATE: 'Mar 10 08:59:58', ISODATE: '2024-03-10T08:59:58+02:00' },
    'ISODATE',
  ],
  ['a local time beside the same since 1970', { time: '2024-03-10 08:59:58', epoch: 1710053998 }, 'epoch'],
  ['a local time beside another', { time: '2024-03-10 08:59:58', epoch: 1710053990 }, 'time'],
  [
    'when it was modified beside when it occurred',
    { modified: '2023-01-01T00:00:00Z', occurred: '2024-03-10T06:59:58Z' },
    'occurred',
  ],
  [
    'a date before a full instant of another name',
    { birthday: '1980-01-02', seen_at: '2024-03-10T06:59:58Z' },
    'seen_at',
  ],
  ['even a telling one', { date: '2024-03-10', createdAt: '2024-03-10T06:59:58Z' }, 'createdAt'],
  [
    'when it happened before when it was stored',
    { created_at: '2024-03-10T07:00:03Z', when: '2024-03-10T06:59:58Z' },
    'when',
  ],
  [
    'a time before the last update of something',
    { events: { last_update: '2024-03-01T00:00:00Z', detectionTime: '2024-03-10T06:59:58Z' } },
    'events.detectionTime',
  ],
  [
    'when something was observed before when it was first',
    { firstObservedAt: '2024-03-01T00:00:00Z', lastObservedAt: '2024-03-10T06:59:58Z' },
    'lastObservedAt',
  ],
  [
    'whole seconds beside the same with a fraction below',
    { event_timestamp: '1710053998', event: { timestamp: '2024-03-10T06:59:58.214703+0000' } },
    'event.timestamp',
  ],
  [
    'whole seconds beside another time below',
    { event_timestamp: '1710053998', event: { timestamp: '2024-03-10T06:59:57.214703+0000' } },
    'event_timestamp',
  ],
  ['a date alone', { date: '2024-03-10', name: 'x' }, 'date'],
  [
    'the time of writing comes last',
    { _write_ts: '2024-03-10T07:00:00Z', start_ts: '2024-03-10T06:59:58Z' },
    'start_ts',
  ],
];

for (const [what, object, where] of cases) test(`${what}: ${where}`, () => assert.equal(timeOf(object), where));

test('a zone of letters beside a time does not decide where the user said the zone', () => {
  const object = { time: '2024-03-10 06:59:58', timezone: 'CEST' };
  assert.equal(timeOf(object), 'time+timezone time');
  assert.equal(timeOf(object, true), 'time');
});

/** Days of March on which eight things were made, in no order. */
const MADE = [7, 2, 9, 1, 5, 3, 8, 6];
const findings = MADE.map((made, i) => ({
  createdAt: `2024-03-0${made}T00:00:00Z`,
  updatedAt: `2024-03-10T06:59:5${i}Z`,
}));

test('things that stand in the order of their last change, not of when they were made: that of the change', () => {
  assert.equal(timeOfAll(findings), 'updatedAt');
  assert.equal(timeOfAll([...findings].reverse()), 'updatedAt');
  assert.equal(timeOfAll(findings.slice(1)), 'createdAt', 'too few to tell');
  const byMaking = [...findings].sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
  assert.equal(timeOfAll(byMaking), 'createdAt');
  assert.equal(timeOfAll(findings.map((each, i) => ({ ...each, updatedAt: i }))), 'createdAt', 'no time');
});

test('columns: the same of rows', () => {
  const rows = findings.map(({ createdAt, updatedAt }) => `${createdAt},${updatedAt}`);
  const columnOf = (lines: readonly string[]) => {
    const pieces = [Buffer.from(`Created,Last Updated,\n${lines.map((line) => `${line},\n`).join('')}`)];
    const plan = recogniseInput(viewSample({ pieces, whole: true }), {}, 'a.csv', rateStamps);
    return 'timeColumns' in plan && plan.timeColumns;
  };
  assert.deepEqual(columnOf(rows), [1]);
  assert.deepEqual(columnOf([...rows].sort()), [0]);
});

test('columns: a full instant comes before a date', () => {
  const csv = 'name,birthday,last_seen_at\nx,1980-01-02,2024-03-10T06:59:58Z\ny,1981-01-02,2024-03-10T06:59:59Z\n';
  const plan = recogniseInput(viewSample({ pieces: [Buffer.from(csv)], whole: true }), {}, 'a.csv', rateStamps);
  assert.deepEqual('timeColumns' in plan && plan.timeColumns, [2]);
});

/** Twelve objects of which only the number differs. */
const twelve = (make: (second: string, i: number) => object): object[] =>
  Array.from({ length: 12 }, (_, i) => make(String(10 + i), i));

test('things whose last change is the same of most are dated by when they were made', () => {
  const changes = twelve((_, i) => ({
    createTime: `2024-03-10T06:59:${[40, 20, 30][i % 3]}Z`,
    updateTime: i < 2 ? '2024-03-10T07:00:00Z' : '2024-03-10T07:00:01Z',
  }));
  assert.equal(timeOfAll(changes), 'createTime');
});

test('digits that move beside a time that stands still are no time, be they a string', () => {
  const rows = twelve((second) => ({
    calendarTime: 'Sun Mar 10 06:59:58 2024 UTC',
    columns: { executed: `17100539${second}` },
  }));
  assert.equal(timeOfAll(rows), 'calendarTime');
});

test('records stay dated by when their things were made, where it is not plain that they stand in the order of a change', () => {
  const day = (i: number): string => String(10 + i);
  const cases: [made: (i: number) => unknown, name: string, changed: (i: number) => unknown][] = [
    [(i) => `2024-03-${day(i ^ 1)}T06:00:00Z`, 'password_changed', (i) => `2024-03-${day(i)}T07:00:00Z`],
    [(i) => `2024-03-${day(i ^ 1)}T06:00:00Z`, 'modified', (i) => `2024-02-${day(i)}T07:00:00Z`],
    [(i) => `2024-03-${day(i - (i % 4))}T06:00:00Z`, 'modified', (i) => `2024-04-${day(i)}T07:00:00Z`],
    [
      (i) => `2024-10-27T${i < 6 ? `02:${day(i)}:00+02` : `02:${i}0:00+01`}:00`,
      'modified',
      (i) => `2024-11-${day(i)}T07:00:00Z`,
    ],
    [(i) => `3/14/2024 ${9 + i}:53:21`, 'modified', (i) => `2024-04-${day(i)}T07:00:00Z`],
  ];
  for (const [made, name, changed] of cases) {
    const objects = Array.from({ length: 12 }, (_, i) => ({ created: made(i), [name]: changed(i) }));
    assert.match(timeOfAll(objects), /^created/, JSON.stringify(objects[0]));
  }
  const mixed = Array.from({ length: 12 }, (_, i) => ({
    created: `2024-03-${day(i ^ 1)}T06:00:00Z`,
    modified: `2024-04-${day(i)}T07:00:00Z`,
  }));
  assert.equal(timeOfAll(mixed), 'modified');
});

test('records of two kinds are dated each by its own, also where that is an update', () => {
  const two = twelve((second, i) =>
    i % 2 === 0 ? { ts: `2024-03-10T06:59:${second}Z` } : { last_update: `2024-03-10T06:59:${second}Z` },
  );
  assert.equal(timeOfAll(two), 'ts last_update');
});

test('a finer time in an array of a record is that of something in it', () => {
  const spans = twelve((second) => {
    const seconds = Date.parse(`2024-03-10T06:59:${second}Z`);
    return { ts: seconds / 1000, spans: [{ timestamp: seconds + 900 }] };
  });
  assert.equal(timeOfAll(spans), 'ts');
});

test('what was sent on is dated by the event, not by when it was sent', () => {
  const sent = (second: string) => ({
    time: '2024-03-10T07:00:00Z',
    category: 'AuditLogs',
    properties: { Timestamp: `2024-03-10T06:59:${second}Z` },
  });
  assert.equal(timeOfAll(twelve(sent)), 'properties.Timestamp');
  const some = twelve((second, i) => (i % 4 === 0 ? { time: '2024-03-10T07:00:00Z', a: 1 } : sent(second)));
  assert.equal(timeOfAll(some), 'properties.Timestamp time');
  // What a log of a queue speaks of is not sent on by it.
  const handled = twelve((second) => ({
    time: '2024-03-10T07:00:00Z',
    level: 'info',
    message: { timestamp: `2024-03-10T06:59:${second}Z` },
  }));
  assert.equal(timeOfAll(handled), 'time');
  // Sooner by more than sending takes, or later: something else.
  const old = twelve((second) => ({
    time: '2024-03-10T07:00:00Z',
    category: 'AuditLogs',
    properties: { timestamp: `2024-02-10T06:59:${second}Z` },
  }));
  assert.equal(timeOfAll(old), 'time');
  const later = twelve((second) => ({
    time: '2024-03-10T07:00:00Z',
    category: 'AuditLogs',
    properties: { timestamp: `2024-03-10T07:00:${second}Z` },
  }));
  assert.equal(timeOfAll(later), 'time');
});

test('one object with a time of its own is a record, not the array that it holds', () => {
  const parameters = [{ value: '2002-10-02T12:00:00Z' }, { value: '2002-10-02T15:00:00Z' }];
  assert.equal(timeOf({ id: { time: '2020-10-02T15:00:00Z' }, events: { parameters } }), 'id.time');
  const records = [{ timestamp: '2024-03-10T06:59:58Z' }, { timestamp: '2024-03-10T06:59:59Z' }];
  assert.equal(timeOf({ meta: { time: '2024-03-10T07:00:00Z' }, records }), 'timestamp');
  const incidents = [{ lastActivity: '2024-03-10T06:59:58Z' }, { lastActivity: '2024-03-10T06:59:59Z' }];
  assert.equal(timeOf({ meta: { timestamp: '2024-03-10T07:00:00Z' }, incidents }), 'lastActivity');
});
