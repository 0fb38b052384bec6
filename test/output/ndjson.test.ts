import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BROKEN, CONTINUED, UNDATED } from '../../src/core/memory.ts';
import { csvSource, NOON_TEXT, ndjsonSource, type TestRecord, textSource, written, writtenBytes } from './written.ts';

const one = (timePath: string[], record: string, flags = 0, settings = {}) =>
  written('ndjson', [ndjsonSource('a', ...timePath)], [{ text: record, flags, line: 7 }], settings)[0];

const HEAD = `{"time":"${NOON_TEXT}","source":"a"`;
const NULL_HEAD = '{"time":null,"source":"a"';

/** Records of a JSON source whose time is the member `ts`, and what becomes of them behind time and source. */
const RECORDS: [title: string, record: string, members: string][] = [
  ['the time member goes, wherever it stands', '{"ts":1,"a":1}', ',"a":1'],
  ['', '{"a":1,"ts":1,"b":2}', ',"a":1,"b":2'],
  ['', '{"a":1,"ts":1}', ',"a":1'],
  ['', '{"ts":1}', ''],
  ['', '{"t\\u0073":1,"a":1}', ',"a":1'],
  ['', '{"a":{"ts":1},"ts":1}', ',"a":{"ts":1}'],
  ['blanks between members stay', '{ "a" : 1 ,\t"b":[ ] , "ts":1 }\r', ',"a" : 1 ,\t"b":[ ]'],
  [
    'numbers keep their digits',
    '{"n":12345678901234567890,"f":1.10e+2,"ts":1}',
    ',"n":12345678901234567890,"f":1.10e+2',
  ],
  ['names that stand twice stay twice', '{"a":1,"a":2,"ts":1}', ',"a":1,"a":2'],
  ['of several times the last, which was read, is replaced', '{"ts":1,"a":1,"ts":2}', ',"ts":1,"a":1'],
  ['own members called like ours', '{"ts":1,"source":"s","time":2}', ',"source_":"s","time_":2'],
  ['', '{"time":1,"b":2,"ts":3,"time_":4}', ',"time__":1,"b":2,"time_":4'],
  ['', '{"a":1,"t\\u0069me":1,"ts":3}', ',"a":1,"time_":1'],
  ['escapes stay as they were', '{"a":"\\u00e9\\/\\ud800","ts":1}', ',"a":"\\u00e9\\/\\ud800"'],
];

for (const [title, record, members] of RECORDS) {
  test(`JSON: ${title} ${record}`.replaceAll('\r', ''), () => {
    assert.equal(one(['ts'], record), `${HEAD}${members}}`);
  });
}

test('of several members that may be the time, the one that was read is replaced', () => {
  const paths = [['ts'], ['a', 'ts'], ['at']];
  const source = {
    label: 'a',
    input: { format: 'ndjson' as const, layout: 'lines' as const, recordsAt: [], timePaths: paths },
  };
  const of = (text: string, stamp: string) => written('ndjson', [source], [{ text, stamp }])[0];
  assert.equal(of('{"ts":"-","at":"x9"}', 'x9'), `${HEAD},"ts":"-"}`);
  assert.equal(of('{"at":1,"ts":"x9","b":2}', 'x9'), `${HEAD},"at":1,"b":2}`);
  assert.equal(of('{"at":1,"a":{"ts":"x9"}}', 'x9'), `${HEAD},"at":1,"a":{"ts":"x9"}}`);
  assert.equal(of('{"b":1,"at":5}', ''), `${HEAD},"b":1}`);
});

test('a time further down stays', () => {
  assert.equal(one(['meta', 'ts'], '{"meta":{"ts":1}}'), `${HEAD},"meta":{"ts":1}}`);
});

test('date and time of a CSV record go together, and take no name away', () => {
  const source = csvSource('a', 'date,source,time', { timeColumns: [0, 2] });
  const of = (flags: number) => written('ndjson', [source], [{ text: '1,2,3', flags }])[0];
  assert.equal(of(0), `${HEAD},"source_":"2"}`);
  assert.equal(of(UNDATED), `${NULL_HEAD},"date":"1","source_":"2","time_":"3"}`);
});

test('a time member called time leaves no trace, and one called source is still ours', () => {
  assert.equal(one(['time'], '{"time":1,"a":2}'), `${HEAD},"a":2}`);
  assert.equal(one(['source'], '{"source":1,"time":2}'), `${HEAD},"time_":2}`);
});

test('a record that cannot be dated keeps all its members', () => {
  assert.equal(one(['ts'], '{"ts":"soon","time":1}', UNDATED), `${NULL_HEAD},"ts":"soon","time_":1}`);
  assert.equal(one(['ts'], '{}', UNDATED), `${NULL_HEAD}}`);
  assert.equal(one(['time'], '{"time":"soon"}', UNDATED), `${NULL_HEAD},"time_":"soon"}`);
});

test('a broken record is a message', () => {
  assert.equal(one(['ts'], '{"ts":1,"a"\r', BROKEN | UNDATED), `${NULL_HEAD},"message":"{\\"ts\\":1,\\"a\\""}`);
  assert.equal(one(['ts'], 'null', BROKEN | UNDATED), `${NULL_HEAD},"message":"null"}`);
});

test('without source and with line numbers, only our own names are taken', () => {
  const record = '{"ts":1,"source":"s","line":3}';
  assert.equal(one(['ts'], record, 0, { withSource: false }), `{"time":"${NOON_TEXT}","source":"s","line":3}`);
  assert.equal(one(['ts'], record, 0, { lineNumbers: true }), `${HEAD},"line":7,"source_":"s","line_":3}`);
});

const message = (text: string | Uint8Array, flags = 0) =>
  JSON.parse(written('ndjson', [textSource('a')], [{ text, flags }])[0]) as Record<string, unknown>;

test('text is a message', () => {
  assert.deepEqual(message('a "b" \\ \t\u0000\u007fß'), {
    time: NOON_TEXT,
    source: 'a',
    message: 'a "b" \\ \t\u0000\u007fß',
  });
  assert.equal(message('line\r').message, 'line');
  assert.equal(message('line\r\nnext\r\n\r\nlast\r').message, 'line\nnext\n\nlast');
  assert.equal(message('\n\r\n').message, '\n\n');
  assert.equal(message('rest', CONTINUED).time, NOON_TEXT);
});

test('what is not UTF-8 becomes U+FFFD, in text and inside JSON', () => {
  assert.equal(message(Buffer.from([0x61, 0xff, 0xc3, 0x62])).message, 'a\ufffd\ufffdb');
  const record = Buffer.from('{"ts":1,"a":"x#","time":"#"}'.replaceAll('#', '\u00ff'), 'latin1');
  const bytes = writtenBytes('ndjson', [ndjsonSource('a', 'ts')], [{ text: record }]);
  assert.deepEqual(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)), {
    time: NOON_TEXT,
    source: 'a',
    a: 'x\ufffd',
    time_: '\ufffd',
  });
});

const csv = (header: string, text: string, given: Partial<TestRecord> = {}, plan = {}) =>
  JSON.parse(written('ndjson', [csvSource('a', header, plan)], [{ text, ...given }])[0]) as Record<string, unknown>;

test('a CSV record is its columns as strings', () => {
  assert.deepEqual(csv('ts,a,b', '1,2,"x ""y"", \\"\r'), { time: NOON_TEXT, source: 'a', a: '2', b: 'x "y", \\' });
  assert.deepEqual(csv('a,ts', '"",1', {}, { timeColumns: [1] }), { time: NOON_TEXT, source: 'a', a: '' });
  assert.deepEqual(csv('ts;a', '1;x,y', {}, { delimiter: ';' }), { time: NOON_TEXT, source: 'a', a: 'x,y' });
});

test('CSV columns called like ours, or like one another, get a free name', () => {
  const { time, ...rest } = csv('ts,time,source,time_,a,a', '1,2,3,4,5,6');
  assert.equal(time, NOON_TEXT);
  assert.deepEqual(rest, { source: 'a', time__: '2', source_: '3', time_: '4', a: '5', a_: '6' });
});

test('a CSV record that cannot be dated keeps its time column', () => {
  assert.deepEqual(csv('time,a', 'N/A,1', { flags: UNDATED }), { time: null, source: 'a', time_: 'N/A', a: '1' });
});

test('a CSV row that does not fit its header is a message, dated if it can be', () => {
  assert.deepEqual(csv('ts,a', '1,2,3', { flags: BROKEN }), { time: NOON_TEXT, source: 'a', message: '1,2,3' });
  assert.deepEqual(csv('ts,a', '1'), { time: NOON_TEXT, source: 'a', message: '1' });
});

test('always valid JSON, and the message of text is its text, whatever the bytes', () => {
  const inputs = [textSource('t "\\\n'), ndjsonSource('n', 'ts'), csvSource('c', 'ts,"a",b,time')];
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    fc.string({ unit: 'binary', maxLength: 40 }).map((text) => Buffer.from(text)),
    fc
      .array(fc.constantFrom('"', ',', '\\', '\n', '\r', 'a', '""', '{}'), { maxLength: 15 })
      .map((parts) => Buffer.from(parts.join(''))),
  );
  const record = fc.record({ bytes, source: fc.nat(2), undated: fc.boolean() });
  fc.assert(
    fc.property(fc.array(record, { maxLength: 8 }), fc.boolean(), (records, lineNumbers) => {
      const lines = written(
        'ndjson',
        inputs,
        records.map(({ bytes, source, undated }) => ({
          text: bytes,
          source,
          flags: (undated ? UNDATED : 0) | (source === 1 ? BROKEN : 0),
        })),
        { lineNumbers },
      );
      assert.equal(lines.length, records.length);
      for (const [i, line] of lines.entries()) checkLine(JSON.parse(line), records[i]);
    }),
    { numRuns: 500 },
  );
});

function checkLine(
  object: { time: string | null; message?: string },
  { bytes, source, undated }: { bytes: Uint8Array; source: number; undated: boolean },
): void {
  assert.equal(object.time, undated ? null : NOON_TEXT);
  if (source === 2) return;
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes).replace(/\r$/, '').replaceAll('\r\n', '\n');
  assert.equal(object.message, text);
}

test('any JSON object comes out with its own values', () => {
  const names = fc.oneof(fc.constantFrom('time', 'source', 'ts', 'time_'), fc.string({ maxLength: 5 }));
  const value = fc.jsonValue({ depthSize: 'small' });
  fc.assert(
    fc.property(fc.dictionary(names, value, { noNullPrototype: true }), (object) => {
      const expected = Object.entries({ ...object, ts: 0 }).filter(([name]) => name !== 'ts');
      const line = one(['ts'], JSON.stringify({ ...object, ts: 0 }));
      const { time, source, ...rest } = JSON.parse(line);
      assert.deepEqual([time, source], [NOON_TEXT, 'a']);
      assert.deepEqual(
        Object.values(rest)
          .map((item) => JSON.stringify(item))
          .sort(),
        expected.map(([, item]) => JSON.stringify(item)).sort(),
      );
    }),
    { numRuns: 500 },
  );
});

test('an object over several lines becomes one line, what stands in its strings untouched', () => {
  const text = '{\n  "t": "x9",\r\n\t"a": [\n 1,\n {"b  c": "d  e\\n"}\n ]  ,\n"time": {\n}\n}';
  const [line] = written('ndjson', [ndjsonSource('a', 't')], [{ text, stamp: 'x9' }]);
  assert.equal(line, `${HEAD},"a": [1,{"b  c": "d  e\\n"}],"time_":{}}`);
  const damaged = Buffer.from('{"t":"x9",\n"a": "~",\n "b":1}');
  damaged[damaged.indexOf('~')] = 0xff;
  const [repaired] = written('ndjson', [ndjsonSource('a', 't')], [{ text: damaged, stamp: 'x9' }]);
  assert.equal(repaired, `${HEAD},"a": "\ufffd","b":1}`);
});

test('an object of more members than are held at once', () => {
  const members = Array.from({ length: 40_000 }, (_, i) => `"m${i}":${i}`);
  const text = `{"source":1,${members.join(',')},"t":"x9","source_":2,"é":3}`;
  const [line] = written('ndjson', [ndjsonSource('a', 't')], [{ text, stamp: 'x9' }]);
  assert.equal(line, `${HEAD},"source__":1,${members.join(',')},"source_":2,"é":3}`);
});
