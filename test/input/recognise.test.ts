import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sentence, TsalignError } from '../../src/core/problem.ts';
import type { InputPlan, LogfmtPlan, NdjsonPlan, RateStamps } from '../../src/core/stages.ts';
import { recogniseInput, type SampleView, sampleTexts, viewSample, type Wanted } from '../../src/input/index.ts';

/** ISO stamps and epoch seconds; enough to tell times from words. */
const rate: RateStamps = (texts) => {
  const stamps = texts.filter((text) =>
    /^(\d{4}-\d\d-\d\d([T ][\d:,.+Z]+( [+-]\d{4}| CEST)?)?|1\d{9}(\.\d+)?)$/.test(Buffer.from(text).toString()),
  );
  return stamps.length / Math.max(1, texts.length);
};

const sampleOf = (...pieces: string[]): SampleView =>
  viewSample({ pieces: pieces.map((text) => Buffer.from(text)), whole: pieces.length < 2 });

const recognise = (text: string, name = '-', wanted: Wanted = {}): InputPlan =>
  recogniseInput(sampleOf(text), wanted, name, rate);

const repeat = (count: number, line: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => `${line(i)}\n`).join('');

const stamp = (i: number): string => `2023-07-14T08:00:${String(i % 60).padStart(2, '0')}Z`;

const failure = (code: string, message: string) => (error: unknown) => {
  assert.ok(error instanceof TsalignError);
  assert.deepEqual([error.problem.code, sentence(error.problem)], [code, message]);
  return true;
};

const FORMATS: [what: string, text: string, name: string, summary: string][] = [
  ['an empty source', '', '-', 'text'],
  ['an empty CSV', '', 'a.csv', 'csv ,  0'],
  ['an empty NDJSON', '', 'a.ndjson', 'ndjson time'],
  ['a log', repeat(9, (i) => `${stamp(i)} INFO hello, world`), 'a.log', 'text'],
  ['one line', `${stamp(1)} hello`, '-', 'text'],
  ['a Python log', repeat(9, (i) => `2023-07-14 08:00:0${i},123 INFO a`), '-', 'text'],
  [
    'a Python log behind a banner with a comma',
    `Starting app, version 1\n${repeat(9, (i) => `2023-07-14 08:00:0${i},123 INFO a`)}`,
    '-',
    'text',
  ],
  [
    'a flow log',
    `version account-id srcaddr start end action\n${repeat(9, (i) => `2 12 10.0.0.1 ${stamp(i)} ${stamp(i + 1)} ACCEPT`)}`,
    '-',
    'csv   version|account-id|srcaddr|start|end|action 3',
  ],
  ['a log below words', `version account start end\n${repeat(9, (i) => `${stamp(i)} a b c d`)}`, '-', 'text'],
  [
    'a table of Exchange',
    `#Log-type: Transport\r\n#Fields: date-time,client,event\r\n${repeat(9, (i) => `${stamp(i)},"b, c",d`)}`,
    '-',
    'csv , date-time|client|event 0',
  ],
  [
    'a W3C log of dates and times',
    `#Version: 1.0\n#Fields: c-ip date  time x\n${repeat(9, (i) => `1.2.3.4 2023-07-14 "08:00:0${i}" a`)}`,
    '-',
    'w3c c-ip|date|time|x',
  ],
  [
    'a W3C log of times on a day',
    `#Date: 2023-07-14 07:59:59\n#Fields: time x\n${repeat(9, (i) => `08:00:0${i} a`)}`,
    '-',
    'w3c time|x 2023-07-14',
  ],
  ['a W3C log of times without a day', `#Fields: time x\n${repeat(9, (i) => `08:00:0${i} ${stamp(i)}`)}`, '-', 'text'],
  ['a log with bars', repeat(9, (i) => `${stamp(i)} | INFO | x`), '-', 'text'],
  ['a key=value log', repeat(9, (i) => `ts=${stamp(i)} a=1, b=2`), '-', 'logfmt ts'],
  [
    'pairs whose time is not the first',
    repeat(9, (i) => `<30>level=info start="2023-01-01" msg="a b" time="${stamp(i)}"`),
    '-',
    'logfmt time',
  ],
  [
    'pairs with date, time and zone',
    repeat(9, (i) => `<30>dev=x date=2023-07-14 time=08:00:0${i} eventtime=168932160${i} tz="+0200"`),
    '-',
    'logfmt date+time+tz',
  ],
  [
    'pairs of which some have another time',
    repeat(9, (i) => (i % 3 === 0 ? `level=info seen_at=${stamp(i)}` : `date=2023-07-14,time=08:00:0${i},a=b`)),
    '-',
    'logfmt date+time seen_at',
  ],
  [
    'pairs with a trace between',
    repeat(9, (i) => `ts=${stamp(i)} a=1${i === 4 ? '\n  at x.y(z)' : ''}`),
    '-',
    'logfmt ts',
  ],
  ['lines of words with a pair', repeat(9, (i) => `level=info said at ${stamp(i)} that a b c d`), '-', 'text'],
  ['pairs without a time', repeat(9, (i) => `a=${i} b=${i}`), '-', 'text'],
  ['a stamp before pairs', repeat(9, (i) => `${stamp(i)} a=1 b=2 time=${stamp(0)}`), '-', 'text'],
  [
    'a CSV with date and time in two columns',
    `id,Date,Time,what\n${repeat(9, (i) => `${i},2023-07-14,"08:00:0${i}",x`)}`,
    '-',
    'csv , id|Date|Time|what 1+2',
  ],
  [
    'the same with a zone',
    `TZ,date_local,time_local\n${repeat(9, (i) => `${i % 2 ? '' : '+0200'},2023-07-14,08:00:0${i}`)}`,
    '-',
    'csv , TZ|date_local|time_local 1+2+0',
  ],
  [
    'a CSV with a date beside a whole stamp called time',
    `date,time\n${repeat(9, (i) => `2023-07-14,${stamp(i)}`)}`,
    '-',
    'csv , date|time 1',
  ],
  [
    'a CSV behind comments',
    `# made by x, y\n\n#2\ntime,what\n${repeat(9, (i) => `${stamp(i)},b`)}`,
    '-',
    'csv , time|what 0',
  ],
  [
    'a CSV whose header is a comment',
    `# x\n# time,what\n${repeat(9, (i) => `${stamp(i)},b`)}`,
    '-',
    'csv , time|what 0',
  ],
  ['a list without times', `name,age\n${repeat(9, (i) => `x${i},3`)}`, '-', 'text'],
  ['a CSV by its header', `id,time,what\n${repeat(9, (i) => `${i},${stamp(i)},"a, b"`)}`, '-', 'csv , id|time|what 1'],
  ['a CSV with CRLF', `time,what\r\n${repeat(9, (i) => `${stamp(i)},b\r`)}`, '-', 'csv , time|what 0'],
  [
    'a CSV with line ends in fields',
    `time,what\n${repeat(9, (i) => `${stamp(i)},"b\n${stamp(3)} c"`)}`,
    '-',
    'csv , time|what 0',
  ],
  ['a CSV of decimal commas', `time;value\n${repeat(9, (i) => `${stamp(i)};1,${i}`)}`, '-', 'csv ; time|value 0'],
  ['a CSV with bars', `time|value\n${repeat(9, (i) => `${stamp(i)}|${i}`)}`, '-', 'csv | time|value 0'],
  ['a TSV by its header', `time\tvalue\n${repeat(9, (i) => `${stamp(i)}\t${i}`)}`, '-', 'tsv \t time|value 0'],
  ['a TSV named CSV', `time\tvalue\n${repeat(9, (i) => `${stamp(i)}\t${i}`)}`, 'a.csv', 'tsv \t time|value 0'],
  [
    'a CSV without a header, by its name',
    repeat(9, (i) => `${i},${stamp(i)}`),
    'a.csv',
    'csv , column1|column2 1 no header',
  ],
  ['the same without a name', repeat(9, (i) => `${i},${stamp(i)}`), '-', 'text'],
  ['a rotated CSV', repeat(9, (i) => `${i},${stamp(i)}`), 'd.log/a.CSV.1.gz', 'csv , column1|column2 1 no header'],
  ['a header alone', 'id,date,x\n', 'a.csv', 'csv , id|date|x 1'],
  [
    'a ragged CSV',
    `time,what\n${repeat(9, (i) => `${stamp(i)},b${i === 4 ? ',c' : ''}`)}${repeat(9, (i) => `${stamp(i)},b`)}`,
    '-',
    'csv , time|what 0',
  ],
  ['a log named CSV', repeat(9, (i) => `${stamp(i)} x${',y'.repeat(i)}`), 'a.csv', 'text'],
  [
    'a telling column before one further left',
    `start_of_shift,timestamp\n${repeat(9, (i) => `${stamp(0)},${stamp(i)}`)}`,
    '-',
    'csv , start_of_shift|timestamp 1',
  ],
  [
    'the leftmost column of several',
    `x,seen,left\n${repeat(9, (i) => `a,${stamp(i)},${stamp(i)}`)}`,
    '-',
    'csv , x|seen|left 1',
  ],
  ['a column that is only called time', `time,seen\n${repeat(9, (i) => `x,${stamp(i)}`)}`, '-', 'csv , time|seen 1'],
  ['NDJSON', repeat(9, (i) => `{"a":1,"time":"${stamp(i)}"}`), '-', 'ndjson time'],
  ['NDJSON with broken lines', `${repeat(9, (i) => `{"time":"${stamp(i)}"}`)}null\n{"a":\n\n`, '-', 'ndjson time'],
  ['three objects and a broken one', `${repeat(3, (i) => `{"time":"${stamp(i)}"}`)}{"a`, '-', 'ndjson time'],
  ['half JSON, half text', repeat(9, (i) => `{"time":"${stamp(i)}"}\n${stamp(i)} x`), '-', 'text'],
  ['JSON lines without a time member', repeat(9, (i) => `{"msg":"at ${stamp(i)} x"}`), 'a.log', 'text'],
  [
    'Zeek, whose _write_ts stands first',
    repeat(9, (i) => `{"_write_ts":"${stamp(i)}","ts":"${stamp(i)}"}`),
    '-',
    'ndjson ts',
  ],
  [
    'Elastic before others',
    repeat(9, (i) => `{"time":"${stamp(i)}","@timestamp":"${stamp(i)}"}`),
    '-',
    'ndjson @timestamp',
  ],
  ['numbers', repeat(9, (i) => `{"id":1600000000,"ts":168932160${i}.5}`), '-', 'ndjson ts'],
  [
    'a time inside that stands still, beside one that moves',
    repeat(9, (i) => `{"release":{"created":"${stamp(0)}"},"seen_at":"${stamp(i)}"}`),
    '-',
    'ndjson seen_at',
  ],
  [
    'a creation that stands still, beside a member that moves',
    repeat(9, (i) => `{"created_at":"${stamp(0)}","updated_at":"${stamp(i)}"}`),
    '-',
    'ndjson updated_at',
  ],
  [
    'one moment of many records, each of which began before',
    repeat(9, (i) => `{"time":"${stamp(9)}","start_time":"${stamp(i)}"}`),
    '-',
    'ndjson time',
  ],
  [
    'what comes after the record last, where no name tells',
    repeat(9, (i) => `{"deadline":"${stamp(i + 1)}","entered":"${stamp(i)}"}`),
    '-',
    'ndjson entered',
  ],
  [
    'an event before its arrival',
    repeat(9, (i) => `{"received_at":"${stamp(i + 1)}","generated_at":"${stamp(i)}"}`),
    '-',
    'ndjson generated_at',
  ],
  [
    'an arrival before times of what lies inside',
    repeat(9, (i) => `{"settings":{"beacon_time":"${stamp(i)}"},"received_at":"${stamp(i)}"}`),
    '-',
    'ndjson received_at',
  ],
  [
    'a release that stands still, before a text that moves and whose name tells nothing',
    repeat(9, (i) => `{"build_date":"${stamp(0)}","logged":"${stamp(i)}"}`),
    '-',
    'ndjson logged',
  ],
  [
    'what was created before it was fetched',
    repeat(9, (i) => `{"retrieved_on":168932170${i},"created_utc":168932160${i}}`),
    '-',
    'ndjson created_utc',
  ],
  [
    'a time inside that moves',
    repeat(9, (i) => `{"release":{"created":"${stamp(i)}"},"seen_at":"${stamp(0)}"}`),
    '-',
    'ndjson release.created',
  ],
  [
    'a text before a number, where no name tells',
    repeat(9, (i) => `{"id":1600000000,"seen":"${stamp(i)}"}`),
    '-',
    'ndjson seen',
  ],
  [
    'a member that speaks of time before a number that looks like one',
    repeat(9, (i) => `{"size":1600000000,"id":"${stamp(0)}","last_seen_at":168932160${i}}`),
    '-',
    'ndjson last_seen_at',
  ],
  [
    'a column that stands still, beside one that moves',
    `billing_date,usage_date,n\n${repeat(9, (i) => `${stamp(0)},${stamp(i)},1`)}`,
    'a.csv',
    'csv , billing_date|usage_date|n 1',
  ],
  [
    'a creation that stands still, beside a column that moves',
    `created_at,reported_at,n\n${repeat(9, (i) => `${stamp(0)},${stamp(i)},1`)}`,
    'a.csv',
    'csv , created_at|reported_at|n 1',
  ],
  [
    'a column that speaks of time before others',
    `size,last_update_time\n${repeat(9, (i) => `1600000000,168932160${i}`)}`,
    '-',
    'csv , size|last_update_time 1',
  ],
  [
    'a time one level down',
    repeat(9, (i) => `{"event":{"created":"${stamp(i)}"},"seen":"${stamp(i)}"}`),
    '-',
    'ndjson event.created',
  ],
  ['a time two levels down', repeat(9, (i) => `{"a":{"b":{"at":"${stamp(i)}"}}}`), '-', 'ndjson a.b.at'],
  ['escaped times', repeat(9, (i) => `{"time":"${stamp(i).replace('T', '\\u0054')}"}`), '-', 'ndjson time'],
  [
    'a time that a third of the objects has',
    repeat(9, (i) => (i % 3 === 0 ? `{"time":"${stamp(i)}"}` : '{"a":1}')),
    '-',
    'ndjson time',
  ],
  [
    'members that vary from record to record',
    repeat(12, (i) =>
      i % 3 === 0 ? `{"ts":"${stamp(i)}"}` : i % 3 === 1 ? `{"a":{"time":"${stamp(i)}"}}` : `{"seen_at":"${stamp(i)}"}`,
    ),
    '-',
    'ndjson ts a.time seen_at',
  ],
  ['a time four levels down', repeat(9, (i) => `{"a":{"b":{"c":{"time":"${stamp(i)}"}}}}`), '-', 'ndjson a.b.c.time'],
  [
    'a time in a list of events',
    repeat(9, (i) => `{"Records":[{"eventTime":"${stamp(i)}"}]}`),
    '-',
    'ndjson Records.0.eventTime',
  ],
  [
    'a time beside a list with another',
    repeat(9, (i) => `{"mails":[{"date":"${stamp(0)}"}],"updated":{"at_time":"${stamp(i)}"}}`),
    '-',
    'ndjson updated.at_time',
  ],
  [
    'the finer of two that say the same instants',
    repeat(
      9,
      (i) => `{"timestamp":${Date.parse(stamp(i)) / 1000},"isotimestamp":"${stamp(i).replace('Z', `.${i}Z`)}"}`,
    ),
    '-',
    'ndjson isotimestamp',
  ],
  [
    'the coarse one where the finer says other instants',
    repeat(
      9,
      (i) => `{"timestamp":${Date.parse(stamp(i)) / 1000},"isotimestamp":"${stamp(i + 1).replace('Z', '.5Z')}"}`,
    ),
    '-',
    'ndjson timestamp',
  ],
  [
    'a name that promises NDJSON, and one object among strays',
    `x\n{"a\n{"time":"${stamp(1)}"}\ny\n{"b\n`,
    'a.ndjson',
    'ndjson time',
  ],
  [
    'a name that promises NDJSON, and no object with a time',
    `${stamp(1)} x\n{"a":1}\n${stamp(2)} y\n`,
    'a.ndjson',
    'text',
  ],
  ['names of other spelling', repeat(9, (i) => `{"EventTime":"${stamp(i)}"}`), '-', 'ndjson EventTime'],
];

function summary(plan: InputPlan): string {
  if (plan.format === 'text') return 'text';
  if (plan.format === 'ndjson') return `ndjson ${plan.timePaths.map((path) => path.join('.')).join(' ')}`;
  if (plan.format === 'w3c') return `w3c ${plan.fields.join('|')} ${plan.day}`.trim();
  if (plan.format === 'logfmt') {
    return `logfmt ${plan.times.map(({ keys, zone }) => `${keys.join('+')}${zone === undefined ? '' : `+${zone}`}`).join(' ')}`;
  }
  const { format, delimiter, columns, timeColumns, zoneColumn, header } = plan;
  const times = [...timeColumns, ...(zoneColumn === undefined ? [] : [zoneColumn])].join('+');
  return `${format} ${delimiter} ${columns.join('|')} ${times}${header ? '' : ' no header'}`;
}

test('a torn last line makes no document of lines', () => {
  const plan = recognise(`${repeat(2, (i) => `{"time":"${stamp(i)}"}`)}{"time":"2`, 'a.ndjson');
  assert.equal(plan.format === 'ndjson' && plan.layout, 'lines');
});

for (const [what, text, name, wanted] of FORMATS) {
  test(`recognises ${what} (${name})`, () => assert.equal(summary(recognise(text, name)), wanted));
}

test('a header is kept as it is written', () => {
  const plan = recognise(`"time" ,b\r\n${stamp(1)},x\r\n`, 'a.csv');
  assert.equal(plan.format === 'csv' && plan.headerText, '"time" ,b');
});

test('comments before a header are kept with it', () => {
  const plan = recognise(`\n# a\r\n\n#b\r\ntime,b\r\n${stamp(1)},x\r\n`, 'a.csv');
  assert.deepEqual(plan.format === 'csv' && [plan.headerText, plan.headerEnd, plan.commentLines], [
    '# a\r\n#b\r\ntime,b',
    '\r',
    2,
  ]);
  assert.deepEqual(textsOf(sampleOf(`#b\ntime,b\n${stamp(1)},x\n`), { ...plan, commentLines: 1 } as InputPlan), [
    stamp(1),
  ]);
});

test('the texts of a time in two columns are whole stamps', () => {
  const table = 'date,time,tz\n2023-07-14,08:00:01,+0200\n2023-07-14,08:00:02,\n2023-07-14,,\n';
  assert.deepEqual(textsOf(sampleOf(table), recognise(table, 'a.csv')), [
    '2023-07-14 08:00:01 +0200',
    '2023-07-14 08:00:02',
  ]);
});

test('the demanded format is taken at its word', () => {
  const lines = repeat(9, (i) => `${stamp(i)} x`);
  assert.equal(summary(recognise(`{"time":"${stamp(1)}"}\n`, 'a.ndjson', { format: 'text' })), 'text');
  assert.equal(summary(recognise(repeat(9, stamp), '-', { format: 'csv' })), 'csv , column1 0 no header');
  assert.throws(
    () => recognise(lines, 'a.log', { format: 'ndjson' }),
    failure(
      'no-timestamp',
      'a.log: no member holds a time that tsalign reads; name it with --time-field and describe it with --time-format, or give --input-format text',
    ),
  );
});

const TABLE = `id,time,what\n${repeat(9, (i) => `${i},${stamp(i)},x`)}`;
const OBJECTS = repeat(9, (i) => `{"id":${i},"time":"${stamp(i)}","meta":{"seen":"${stamp(i)}","a.b":"x"}}`);

test('the time field may be named', () => {
  const named = (text: string, timeField: string): string => summary(recognise(text, '-', { timeField }));
  assert.equal(named(TABLE, 'what'), 'csv , id|time|what 2');
  assert.equal(named(TABLE, '3'), 'csv , id|time|what 2');
  assert.equal(named(`3,time,what\n${repeat(9, (i) => `${i},${stamp(i)},x`)}`, '3'), 'csv , 3|time|what 0');
  assert.equal(named(OBJECTS, 'meta.seen'), 'ndjson meta.seen');
  assert.deepEqual(recognise(OBJECTS, '-', { timeField: 'meta.a.b' }), {
    format: 'ndjson',
    layout: 'lines',
    recordsAt: [],
    timePaths: [['meta', 'a.b']],
  });
  assert.equal(named(repeat(9, stamp), 'time'), 'text');
});

test('a time in parts may be named', () => {
  const row = (i: number) => ['2024-03-10', `08:00:0${i}`, i % 2 === 0 ? '' : '+01:00'];
  const table = (header: string) => `${header}\n${repeat(9, (i) => `${row(i).join(',')},x`)}`;
  const csv = (header: string, timeField: string) => {
    const plan = recognise(table(header), '-', { timeField });
    return 'timeColumns' in plan && [plan.timeColumns, plan.zoneColumn];
  };
  assert.deepEqual(csv('day,clock,where,x', 'day,clock,where'), [[0, 1], 2]);
  assert.deepEqual(csv('day,clock,where,x', 'clock, 1'), [[1, 0], undefined]);
  assert.deepEqual(csv('x,clock,Time Zone,day', 'clock,Time Zone'), [[1], 2]);
  const pairs = repeat(9, (i) => `n=${i} on=2024-03-10 at=08:00:0${i} tz=Z`);
  const times = (timeField: string) => (recognise(pairs, '-', { timeField }) as LogfmtPlan).times;
  assert.deepEqual(times('on,at'), [{ keys: ['on', 'at'], zone: undefined }]);
  assert.deepEqual(times('on,at,tz'), [{ keys: ['on', 'at'], zone: 'tz' }]);
  const objects = repeat(9, (i) => `{"on":{"d":"2024-03-10"},"at":"08:00:0${i}","tz":"Z","a,b":"${stamp(i)}"}`);
  const members = (timeField: string) => {
    const { timePaths, timeParts } = recognise(objects, '-', { timeField }) as NdjsonPlan;
    return { timePaths, timeParts };
  };
  const parts = [['on', 'd'], ['at']];
  assert.deepEqual(members('on.d,at'), { timePaths: [], timeParts: [parts] });
  assert.deepEqual(members('on.d,at,tz'), { timePaths: [], timeParts: [[...parts, ['tz']], parts] });
  assert.deepEqual(members('at,tz'), { timePaths: [['at']], timeParts: [[['at'], ['tz']]] });
  assert.deepEqual(members('a,b'), { timePaths: [['a,b']], timeParts: undefined });
  const wrong = (text: string, timeField: string) => () => recognise(text, 'x', { timeField });
  assert.throws(
    wrong(table('day,clock,z,x'), 'day,clokc'),
    failure('usage', 'x: no column "clokc" for --time-field; did you mean "clock"?'),
  );
  assert.throws(
    wrong(pairs, 'on,at,tz,n'),
    failure(
      'usage',
      '--time-field names 4 parts of a time ("on,at,tz,n"); a time stands in three at most: date,time,zone',
    ),
  );
});

test('an unknown time field is told, with what was likely meant', () => {
  const named = (text: string, timeField: string) => () => recognise(text, 'x', { timeField });
  assert.throws(named(TABLE, 'tiem'), failure('usage', 'x: no column "tiem" for --time-field; did you mean "time"?'));
  assert.throws(named(TABLE, '4'), failure('usage', 'x: no column "4" for --time-field; it has id, time, what'));
  assert.throws(
    named(OBJECTS, 'meta.sen'),
    failure('usage', 'x: no member "meta.sen" for --time-field; did you mean "meta.seen"?'),
  );
});

test('a format without a time names the way out', () => {
  assert.throws(
    () => recognise('a,b\n1,2\n', 'x.csv'),
    failure(
      'no-timestamp',
      'x.csv: no column holds a time that tsalign reads; name it with --time-field (it has a, b) and describe it with --time-format, or give --input-format text',
    ),
  );
  assert.throws(
    () => recognise('{"a":1}\n', 'x.jsonl'),
    failure(
      'no-timestamp',
      'x.jsonl: no member holds a time that tsalign reads; name it with --time-field (it has a) and describe it with --time-format, or give --input-format text',
    ),
  );
});

const textsOf = (sample: SampleView, plan: InputPlan): string[] =>
  [...sampleTexts(sample, plan)].map((text) => Buffer.from(text).toString());

test('the sample texts of a log are its lines, without the cut one', () => {
  assert.deepEqual(textsOf(sampleOf('a\nb\ncu', 'd\r\n\ne\nf'), { format: 'text' }), ['a', 'b', 'd\r', 'e']);
  assert.deepEqual(textsOf(sampleOf('a\nb'), { format: 'text' }), ['a', 'b']);
  assert.deepEqual(textsOf(viewSample({ pieces: [Buffer.from('long')], whole: false }), { format: 'text' }), ['long']);
});

test('the sample texts of CSV and NDJSON are the values of the time', () => {
  const csv = recognise(TABLE);
  assert.deepEqual(textsOf(sampleOf('id,time,what\n1,"t1",x\n2,,x\n3,t3\n4,t4,x\n5,', '6, t6,x\n'), csv), [
    't1',
    't4',
    't6',
  ]);
  const ndjson: InputPlan = { format: 'ndjson', layout: 'lines', recordsAt: [], timePaths: [['ts']] };
  assert.deepEqual(textsOf(sampleOf('{"ts":"a\\/b"}\nx\n{"ts":5}\n{}\n{"ts'), ndjson), ['a/b', '5']);
});

test('the sample texts come from all parts of a long sample', () => {
  const sample = sampleOf(
    repeat(9000, String),
    repeat(1000, (i) => String(9000 + i)),
  );
  const numbers = textsOf(sample, { format: 'text' }).map(Number);
  assert.equal(numbers.length, 2000);
  assert.deepEqual(
    numbers,
    numbers.toSorted((a, b) => a - b),
  );
  assert.deepEqual([numbers[0], numbers.at(-1)], [0, 9999]);
  assert.equal(new Set(numbers).size, 2000);
});
