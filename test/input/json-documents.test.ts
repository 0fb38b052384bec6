import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BROKEN, MULTILINE, UNDATED } from '../../src/core/memory.ts';
import type { NdjsonPlan } from '../../src/core/stages.ts';
import { type Cutting, type Framed, frameAll, WHOLE } from './harness.ts';

const PLAN: NdjsonPlan = { format: 'ndjson', layout: 'documents', recordsAt: [], timePaths: [['t']] };
const WRAPPED: NdjsonPlan = { ...PLAN, recordsAt: ['r', 's'] };

const frame = (source: string, plan = PLAN, cutting: Cutting = WHOLE): Framed => frameAll(source, plan, cutting);

const short = ({ rows }: Framed): [string, number, number, number][] =>
  rows.map(({ text, seconds, line, flags }) => [text, seconds, line, flags]);

const one = (n: number): string => `{"t":"@${n}"}`;

test('records behind one another, in arrays, on one line and with RS', () => {
  const same: string[] = [
    `${one(1)}\n${one(2)}\n${one(3)}\n`,
    `[\n${one(1)},\n${one(2)}\n,${one(3)}]\n`,
    `${one(1)}${one(2)} ${one(3)}`,
    `[${one(1)}][${one(2)},${one(3)}]`,
    `\x1e${one(1)}\r\n\x1e${one(2)}\n\x1e${one(3)}\n`,
  ];
  for (const source of same) {
    const framed = frame(source);
    assert.deepEqual(
      framed.rows.map(({ text, seconds, flags, stamp }) => [text, seconds, flags, stamp]),
      [1, 2, 3].map((n) => [one(n), n, 0, `@${n}`]),
      source,
    );
    assert.deepEqual(framed.warnings, []);
  }
});

test('a line counts once for each record on it', () => {
  const framed = frame(`[\n${one(1)},${one(2)},{\n"t":"@3"\n},${one(4)}\n]\n\n`);
  assert.deepEqual(
    framed.rows.map(({ line, flags }) => [line, flags]),
    [
      [2, 0],
      [3, 0],
      [4, MULTILINE],
      [7, 0],
    ],
  );
  assert.deepEqual([framed.line, framed.framingLines], [9, 3]);
});

test('records in the array that documents hold', () => {
  const source = `{"a":{"s":[1]},"r":{"x":"]","s":[${one(1)},\n${one(2)}],"y":{"s":[{}]}},"z":[{"t":"@9"}]}\n{"r":{"s":[${one(3)}]}}`;
  const framed = frame(source, WRAPPED);
  assert.deepEqual(short(framed), [
    [one(1), 1, 1, 0],
    [one(2), 2, 2, 0],
    [one(3), 3, 3, 0],
  ]);
  assert.deepEqual([framed.line, framed.framingLines], [3, 0]);
});

test('a document without the array is a record', () => {
  const framed = frame(`{"t":"@1","r":[]}\n{"r":{"s":{}}}\n{"r":{"s":[]}}\n{"r":{"s":[${one(3)}]}}\n`, WRAPPED);
  assert.deepEqual(short(framed), [
    ['{"t":"@1","r":[]}', 1, 1, 0],
    ['{"r":{"s":{}}}', 1, 2, UNDATED],
    [one(3), 3, 4, 0],
  ]);
});

test('what is broken costs its line, or goes on to a record that is indented no more', () => {
  const framed = frame(
    `[\n{"t":"@1","a":"x},\n{"t":"@2","a":{"b":1},\n${one(3)}, 5, "x,y", nul\n,${one(4)}}\n${one(5)}]`,
  );
  assert.deepEqual(
    framed.rows.map(({ text, seconds, flags }) => [text, seconds, flags]),
    [
      ['{"t":"@1","a":"x},', 1, BROKEN],
      ['{"t":"@2","a":{"b":1},', 2, BROKEN],
      [one(3), 3, 0],
      ['5', 3, BROKEN | UNDATED],
      ['"x,y"', 3, BROKEN | UNDATED],
      ['nul', 3, BROKEN | UNDATED],
      [one(4), 4, 0],
      ['}', 4, BROKEN | UNDATED],
      [one(5), 5, 0],
    ],
  );
  assert.equal(framed.warnings.length, 1);
  const pretty = '  {\n    "t": "@1",\n    "x: 1\n  },\n  {\n    "t": "@2"\n  }\n]';
  assert.deepEqual(
    frame(`[\n${pretty}`).rows.map(({ text, seconds, flags }) => [text.length, seconds, flags]),
    [
      [pretty.indexOf('\n  {') - 2, 1, BROKEN | MULTILINE],
      ['{\n    "t": "@2"\n  }'.length, 2, MULTILINE],
    ],
  );
});

test('a record that the source cuts is broken, and keeps its time', () => {
  assert.deepEqual(short(frame(`${one(1)}\n{"t":"@2",\n"x":[`)), [
    [one(1), 1, 1, 0],
    ['{"t":"@2",\n"x":[', 2, 2, BROKEN | MULTILINE],
  ]);
});

test('nesting without end and names without end cost what they are long', () => {
  for (const source of ['{"a":'.repeat(100_000), `${'['.repeat(300_000)}{`, `{"${'x'.repeat(500_000)}`]) {
    const { rows, rebuilt } = frame(`${source}\n${one(2)}\n`);
    assert.equal(rebuilt.length, source.length + one(2).length + 2);
    assert.equal(rows.at(-1)?.seconds, 2);
  }
});

const PIECES = [
  '{',
  '}',
  '[',
  ']',
  ',',
  '"',
  '\\"',
  ':',
  '\n',
  '\r\n',
  '  ',
  '\x1e',
  '5',
  'null',
  '{"t":"@+1"}',
  '"r":',
  '{"r":{"s":[',
];
const SOURCES = fc
  .array(fc.constantFrom(...PIECES, '{\n "t":"@+1"\n}', ']}}'), { maxLength: 30 })
  .map((all) => all.join(''));
const CUTTINGS: fc.Arbitrary<Cutting> = fc.record({
  reads: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 5 }),
  rowLimits: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 5 }),
});

for (const plan of [PLAN, WRAPPED]) {
  const where = plan.recordsAt.join('.') || 'the top';

  test(`records at ${where}: any cutting gives the same rows, lines and counts`, () => {
    fc.assert(
      fc.property(SOURCES, CUTTINGS, (source, cutting) => {
        // Whether the line end behind a record is passed with it depends on where the bytes are cut.
        assert.deepEqual({ ...frame(source, plan, cutting), outside: '' }, { ...frame(source, plan), outside: '' });
      }),
      { numRuns: 1500, endOnFailure: true },
    );
  });

  test(`records at ${where}: every byte and line is accounted for, and what is whole parses`, () => {
    fc.assert(
      fc.property(SOURCES, (source) => {
        const { rows, line, framingLines, rebuilt } = frame(source, plan);
        assert.equal(rebuilt, source);
        const inRecords = rows.reduce((sum, { text }) => sum + text.split('\n').length, 0);
        assert.equal(line, framingLines + inRecords);
        for (const { text, flags } of rows) {
          assert.equal((flags & MULTILINE) !== 0, text.includes('\n'));
          if ((flags & BROKEN) === 0) assert.equal(typeof JSON.parse(text), 'object');
        }
      }),
      { numRuns: 1500, endOnFailure: true },
    );
  });
}

test('objects are found wherever they lie', () => {
  const values = fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { maxLength: 8 });
  const write = fc.constantFrom<(all: object[]) => string>(
    (all) => JSON.stringify(all),
    (all) => JSON.stringify(all, null, 2),
    (all) => all.map((each) => JSON.stringify(each, null, '\t')).join('\n'),
    (all) => all.map((each) => `\x1e${JSON.stringify(each)}\n`).join(''),
  );
  fc.assert(
    fc.property(values, write, CUTTINGS, (all, text, cutting) => {
      const bytes = Buffer.from(text(all));
      const { rows } = frameAll(bytes, PLAN, cutting);
      const found = rows.map((row) => JSON.parse(Buffer.from(row.text, 'latin1').toString()));
      assert.deepEqual(JSON.stringify(found), JSON.stringify(all));
    }),
    { numRuns: 500, endOnFailure: true },
  );
});

test('on one line, a broken record ends where its brackets close or another one like it begins', () => {
  const broken: [source: string, record: string][] = [
    ['{"t":"@2","a":x}', '{"t":"@2","a":x}'],
    ['{"t":"@2","a":"x}', '{"t":"@2","a":"x}'],
    ['{"t":"@2","a":{"t":1}', '{"t":"@2","a":{"t":1}'],
    ['{"t":"@2","a":{"t":1},[x', '{"t":"@2","a":{"t":1},[x'],
  ];
  for (const [source, record] of broken) {
    const { rows, warnings } = frame(`[${one(1)}, ${source}, ${one(3)}, ${one(4)}]\n`);
    assert.deepEqual(
      rows.map(({ text, seconds, flags }) => [text, seconds, flags]),
      [
        [one(1), 1, 0],
        [record, 2, BROKEN],
        [one(3), 3, 0],
        [one(4), 4, 0],
      ],
    );
    assert.deepEqual(
      warnings.map(({ where, what }) => [where, what]),
      [['src:1', 'record 2: not a JSON object']],
    );
  }
});

test('what is not closed at the end is said, and what is closed is not', () => {
  const said = (source: string, plan = PLAN): string[] =>
    frame(source, plan).warnings.flatMap(({ code, what }) => (code === 'truncated' ? [what] : []));
  assert.deepEqual(said(`[${one(1)},\n${one(2)}`), [
    'the JSON ends early, behind record 2, in an open array or object',
  ]);
  assert.deepEqual(said(`[${one(1)},{"t":"@2","x`), ['the JSON ends early, within record 2']);
  assert.deepEqual(said(`{"r":{"s":[${one(1)}`, WRAPPED).length, 1);
  assert.deepEqual(said(`{"r":{"s":[${one(1)}]}`, WRAPPED).length, 1);
  for (const whole of [`{"r":{"s":[${one(1)}]}}`, `[{"r":{"s":[${one(1)}]}}]`])
    assert.deepEqual(said(whole, WRAPPED), []);
  for (const whole of [`[${one(1)}]`, `[[${one(1)}],[${one(2)}]]\n`, `${one(1)}\n]`]) {
    assert.deepEqual(said(whole), [], whole);
  }
});

test('a byte order mark between records is none', () => {
  const framed = frame(`\ufeff${one(1)}\n\ufeff[${one(2)}]`);
  assert.deepEqual(
    short(framed).map(([text]) => text),
    [one(1), one(2)],
  );
  assert.deepEqual(framed.warnings, []);
});
