import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { BROKEN, UNDATED } from '../../src/core/memory.ts';
import { TsalignError } from '../../src/core/problem.ts';
import { csvSource, NOON_TEXT, ndjsonSource, textSource, written, writtenBytes } from './written.ts';

const A = csvSource('a.csv', 'ts,host,value');
const B = csvSource('b.csv', 'value;when;note', { delimiter: ';', timeColumns: [1] });
const J = ndjsonSource('j.ndjson', 'ts');
const T = textSource('t.log');

test('the columns of all CSV sources, then message', () => {
  const records = [
    { text: '1,web,"2,5"' },
    { text: '7;1;"say ""hi"""', source: 1 },
    { text: 'a line, with "quotes"\r', source: 2 },
    { text: '{"ts":1}', source: 3 },
  ];
  assert.deepEqual(written('csv', [A, B, T, J], records), [
    'time,source,host,value,note,message',
    `${NOON_TEXT},a.csv,web,"2,5",,`,
    `${NOON_TEXT},b.csv,,7,"say ""hi""",`,
    `${NOON_TEXT},t.log,,,,"a line, with ""quotes"""`,
    `${NOON_TEXT},j.ndjson,,,,"{""ts"":1}"`,
  ]);
});

test('no records: the header stays', () => {
  assert.deepEqual(written('csv', [A], []), ['time,source,host,value,message']);
  assert.deepEqual(written('csv', [T], []), ['time,source,message']);
});

test('cells are quoted for the output, not for the input', () => {
  const semicolons = csvSource('s', 'ts;a;b', { delimiter: ';' });
  assert.deepEqual(written('csv', [semicolons], [{ text: '1;x,y;"p;q"' }]), [
    'time,source,a,b,message',
    `${NOON_TEXT},s,"x,y",p;q,`,
  ]);
  assert.deepEqual(written('tsv', [A], [{ text: '1,"x\ty","p,q"' }]), [
    'time\tsource\thost\tvalue\tmessage',
    `${NOON_TEXT}\ta.csv\t"x\ty"\tp,q\t`,
  ]);
  assert.deepEqual(written('csv', [A], [{ text: '1,x"y,"p"q' }]).at(1), `${NOON_TEXT},a.csv,"x""y","""p""q",`);
});

test('labels and names are cells too', () => {
  const source = csvSource('a,b.csv', 'ts;"x";y,z', { delimiter: ';' });
  assert.deepEqual(written('csv', [source], [{ text: '1;2;3' }]), [
    'time,source,"""x""","y,z",message',
    `${NOON_TEXT},"a,b.csv",2,3,`,
  ]);
});

test('names that are ours get an underscore, nameless columns stay', () => {
  const source = csvSource('a', 'time,source,source_,,', { timeColumns: [3] });
  assert.deepEqual(written('csv', [source], [{ text: '1,2,3,4,5' }]), [
    'time,source,time_,source__,source_,,message',
    `${NOON_TEXT},a,1,2,3,5,`,
  ]);
  assert.deepEqual(written('csv', [csvSource('a', 'ts,source,line')], [{ text: '1,2,3' }], { withSource: false }), [
    'time,source,line,message',
    `${NOON_TEXT},2,3,`,
  ]);
});

test('line numbers are a column', () => {
  assert.deepEqual(written('csv', [csvSource('a', 'ts,line')], [{ text: '1,2', line: 40 }], { lineNumbers: true }), [
    'time,source,line,line_,message',
    `${NOON_TEXT},a,40,2,`,
  ]);
});

test('rows that do not fit, and rows without an instant', () => {
  const records = [
    { text: '1,web', flags: BROKEN },
    { text: '"1,web', flags: BROKEN | UNDATED },
    { text: 'N/A,web,3', flags: UNDATED },
    { text: ',web,3', flags: UNDATED },
    { text: '1,2,3,4' },
  ];
  assert.deepEqual(written('csv', [A], records).slice(1), [
    `${NOON_TEXT},a.csv,,,"1,web"`,
    ',a.csv,,,"""1,web"',
    ',a.csv,web,3,"N/A,web,3"',
    ',a.csv,web,3,',
    `${NOON_TEXT},a.csv,,,"1,2,3,4"`,
  ]);
});

test('a CSV column called message is the message column', () => {
  const source = csvSource('m.csv', 'ts,message,level');
  const records = [{ text: '1,hello,info' }, { text: 'a line', source: 1 }, { text: 'no,hello,info', flags: UNDATED }];
  assert.deepEqual(written('csv', [source, T], records), [
    'time,source,message,level',
    `${NOON_TEXT},m.csv,hello,info`,
    `${NOON_TEXT},t.log,a line,`,
    ',m.csv,"no,hello,info",info',
  ]);
});

test('--columns picks members of JSON and columns of CSV', () => {
  const json =
    '{"ts":1,"host":"w\\u0065b","a.b":1,"user":{"name":"Ann \\"A\\"","id":12345678901234567890,"x":{"y":null}},"list":[1, 2]}';
  const columns = [
    'host',
    'user.name',
    'user.id',
    'user.x.y',
    'user.x',
    'a.b',
    'list',
    'user.none',
    'host.none',
    'time',
  ];
  const rows = parse(
    written('csv', [J, A, T], [{ text: json }, { text: '1,web,9', source: 1 }, { text: 'x', source: 2 }], {
      columns,
    }).join('\n'),
  );
  assert.deepEqual(rows, [
    ['time', 'source', ...columns.slice(0, -1), 'time_', 'message'],
    [NOON_TEXT, 'j.ndjson', 'web', 'Ann "A"', '12345678901234567890', '', '{"y":null}', '1', '[1, 2]', '', '', '', ''],
    [NOON_TEXT, 'a.csv', 'web', '', '', '', '', '', '', '', '', '', ''],
    [NOON_TEXT, 't.log', '', '', '', '', '', '', '', '', '', '', 'x'],
  ]);
});

test('--columns message, broken JSON, JSON without an instant', () => {
  const records = [
    { text: '{"ts":1,"message":"m"}' },
    { text: '{"ts"', flags: BROKEN | UNDATED },
    { text: '{"message":"m","a":1}', flags: UNDATED },
  ];
  assert.deepEqual(written('csv', [J], records, { columns: ['message', 'a', 'a'] }), [
    'time,source,message,a',
    `${NOON_TEXT},j.ndjson,m,`,
    ',j.ndjson,"{""ts""",',
    ',j.ndjson,"{""message"":""m"",""a"":1}",1',
  ]);
});

test('--columns with a name that no source has is refused where the names are known', () => {
  const run = () => written('csv', [A, T], [], { columns: ['hots'] });
  assert.throws(run, (error: unknown) => {
    assert.ok(error instanceof TsalignError);
    assert.equal(error.message, '--columns: no source has a column "hots"; did you mean "host"?');
    return true;
  });
  assert.deepEqual(written('csv', [A, J], [], { columns: ['hots'] }), ['time,source,hots,message']);
  assert.deepEqual(written('csv', [A], [{ text: '1,web,2' }], { columns: ['value', 'ts'] }), [
    'time,source,value,ts,message',
    `${NOON_TEXT},a.csv,2,1,`,
  ]);
});

test('date and time of a CSV source are not written again', () => {
  const source = csvSource('a', 'date,x,time', { timeColumns: [0, 2] });
  assert.deepEqual(written('csv', [source], [{ text: '1,2,3' }, { text: ',2,3', flags: UNDATED }]), [
    'time,source,x,message',
    `${NOON_TEXT},a,2,`,
    ',a,2,",2,3"',
  ]);
});

test('--columns picks keys of logfmt', () => {
  const source = { label: 'l', input: { format: 'logfmt' as const, times: [{ keys: ['ts'], zone: undefined }] } };
  const records = [{ text: 'ts=1 a.b="x, \\"y\\"" c=d\n  at e=f\r' }, { text: 'a.b=1 c="2"', flags: UNDATED }];
  assert.deepEqual(written('csv', [source], records, { columns: ['c', 'a.b'] }), [
    'time,source,c,a.b,message',
    `${NOON_TEXT},l,d,"x, ""y""",`,
    ',l,2,1,"a.b=1 c=""2"""',
  ]);
  const plain = written('csv', [source], [{ text: 'ts=1 a=2' }]);
  assert.deepEqual(plain, ['time,source,message', `${NOON_TEXT},l,ts=1 a=2`]);
});

test('csv-parse reads back every field and every message', () => {
  const value = fc.string({ unit: fc.constantFrom('a', 'ß', ',', ';', '\t', '"', '\n', '\r', ' ', '') });
  const delimiter = fc.constantFrom(',', ';', '\t', '|');
  const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
  fc.assert(
    fc.property(
      fc.array(fc.tuple(value, value, fc.boolean()), { minLength: 1, maxLength: 8 }),
      delimiter,
      fc.constantFrom('csv', 'tsv'),
      (rows, inner, format) => {
        const source = csvSource('c', ['a', 'ts', 'b'].join(inner), { delimiter: inner, timeColumns: [1] });
        const records = rows.map(([a, b, isText]) => ({
          text: isText ? `${a}|${b}` : [quote(a), '1', quote(b)].join(inner),
          source: isText ? 1 : 0,
        }));
        const bytes = writtenBytes(format, [source, T], records);
        const [header, ...read] = parse(bytes, { delimiter: format === 'csv' ? ',' : '\t', record_delimiter: '\n' });
        assert.deepEqual(header, ['time', 'source', 'a', 'b', 'message']);
        const expected = rows.map(([a, b, isText]) =>
          isText ? [NOON_TEXT, 't.log', '', '', `${a}|${b}`.replace(/\r$/, '')] : [NOON_TEXT, 'c', a, b, ''],
        );
        assert.deepEqual(read, expected);
      },
    ),
    { numRuns: 800 },
  );
});
