import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NdjsonPlan } from '../../src/core/stages.ts';
import { recogniseInput, viewSample } from '../../src/input/index.ts';
import { rateStamps } from '../../src/time/index.ts';

/** Where the time of one object stands: parts joined by +, then single members. */
function timeOf(object: object, zoneGiven = false): string {
  const sample = viewSample({ pieces: [Buffer.from(`${JSON.stringify(object)}\n`)], whole: true });
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

test('columns: a full instant comes before a date', () => {
  const csv = 'name,birthday,last_seen_at\nx,1980-01-02,2024-03-10T06:59:58Z\ny,1981-01-02,2024-03-10T06:59:59Z\n';
  const plan = recogniseInput(viewSample({ pieces: [Buffer.from(csv)], whole: true }), {}, 'a.csv', rateStamps);
  assert.deepEqual('timeColumns' in plan && plan.timeColumns, [2]);
});
