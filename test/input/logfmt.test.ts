import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MULTILINE } from '../../src/core/memory.ts';
import type { LogfmtPlan, RateStamps } from '../../src/core/stages.ts';
import { recogniseInput, sampleTexts, viewSample } from '../../src/input/index.ts';
import { type Framed, frameAll } from './harness.ts';

const PLAN: LogfmtPlan = {
  format: 'logfmt',
  times: [
    { keys: ['date', 'time'], zone: 'tz' },
    { keys: ['ts'], zone: undefined },
  ],
};

const frame = (source: string): Framed => frameAll(source, PLAN);

test('a stamp of one key stands where its value does, one of several nowhere', () => {
  const source = '<9>a=1 ts="@1" b="x"\na=1,time=x,date=@2\ndate=@3 b tz=UTC time=y\n';
  assert.deepEqual(
    frame(source).rows.map(({ text, seconds, stamp }) => [text, seconds, stamp]),
    [
      ['<9>a=1 ts="@1" b="x"', 1, '@1'],
      ['a=1,time=x,date=@2', 2, ''],
      ['date=@3 b tz=UTC time=y', 3, ''],
    ],
  );
});

test('lines without a time join the record before them', () => {
  const { rows, warnings } = frame('ts=@1 msg=a\n  at x\ndate=@9 msg=b\nts=@2\nmsg="ts=@9"\n');
  assert.deepEqual(
    rows.map(({ text, seconds, flags }) => [text, seconds, flags]),
    [
      ['ts=@1 msg=a\n  at x\ndate=@9 msg=b', 1, MULTILINE],
      ['ts=@2\nmsg="ts=@9"', 2, MULTILINE],
    ],
  );
  assert.deepEqual(warnings, []);
});

test('of a key that stands twice the first counts', () => {
  assert.equal(frame('ts=@1 ts=@2\n').rows[0]?.seconds, 1);
});

test('parts that are too long together are no time', () => {
  const { rows } = frame(`date=@1 time=${'x'.repeat(300)} ts=@2\n`);
  assert.deepEqual([rows[0]?.seconds, rows[0]?.stamp], [2, '@2']);
});

const rate: RateStamps = (texts) =>
  texts.filter((text) => /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d( [+-]\d{4}| [A-Z]{3,4})?$/.test(Buffer.from(text).toString()))
    .length / Math.max(1, texts.length);

function recognise(text: string, zoneGiven: boolean) {
  const sample = viewSample({ pieces: [Buffer.from(text)], whole: true });
  const plan = recogniseInput(sample, { zoneGiven }, '-', rate);
  return { plan, texts: [...sampleTexts(sample, plan)].map((each) => Buffer.from(each).toString()) };
}

test('an offset in a key of its own counts always, letters of a zone only where the zone was not said', () => {
  const zoneOf = (zone: string, zoneGiven: boolean) => {
    const { plan } = recognise(`date=2023-07-14 time=08:00:01 timezone="${zone}"\n`, zoneGiven);
    return plan.format === 'logfmt' && plan.times[0]?.zone;
  };
  assert.equal(zoneOf('-0500', false), 'timezone');
  assert.equal(zoneOf('-0500', true), 'timezone');
  assert.equal(zoneOf('CEST', false), 'timezone');
  assert.equal(zoneOf('CEST', true), undefined);
});

test('the sample texts are the values of the time, with the zone where the line has it', () => {
  const lines = 'date=2023-07-14 time=08:00:01 tz=-0500\na=b date=2023-07-14 time=08:00:02\n';
  assert.deepEqual(recognise(lines, false).texts, ['2023-07-14 08:00:01 -0500', '2023-07-14 08:00:02']);
});

test('a number since 1970 beside a date and a time without a zone tells more, unless their zone was said', () => {
  const line = 'date=2024-03-10 time=08:59:58 eventtime=1710053998000000000 action=accept\n';
  const sample = viewSample({ pieces: [Buffer.from(line.repeat(3))], whole: true });
  const isStamp: RateStamps = (texts) =>
    texts.every((text) => /^(\d{4}-.* |\d{19}$)/.test(Buffer.from(text).toString())) ? 1 : 0;
  const keys = (zoneGiven: boolean) =>
    (recogniseInput(sample, { zoneGiven }, 'fw.log', isStamp) as LogfmtPlan).times.map((time) => time.keys.join('+'));
  assert.deepEqual([keys(false), keys(true)], [['eventtime'], ['date+time']]);
});
