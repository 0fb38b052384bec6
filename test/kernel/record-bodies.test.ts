import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BROKEN, CONTINUED, UNDATED } from '../../src/core/memory.ts';
import type { SourceInfo } from '../../src/core/stages.ts';
import { PrefixWriter } from '../../src/kernel/prefix-writer.ts';
import type { WriterSettings } from '../../src/output/index.ts';
import { csvSource, NOON, ndjsonSource, type TestRecord, textSource, writtenBytes } from '../output/written.ts';

const { writeRows } = PrefixWriter.prototype;

/** What is written with the kernel, and without it; how many records the kernel wrote. */
function writtenTwice(
  format: string,
  sources: readonly SourceInfo[],
  records: readonly TestRecord[],
  settings: Partial<WriterSettings>,
) {
  let byKernel = 0;
  PrefixWriter.prototype.writeRows = function (kind, rows, from, count, out) {
    const stopped = writeRows.call(this, kind, rows, from, count, out);
    byKernel += stopped - from;
    return stopped;
  };
  try {
    const fast = writtenBytes(format, sources, records, settings);
    PrefixWriter.prototype.writeRows = (_kind, _rows, from) => from;
    return { fast, slow: writtenBytes(format, sources, records, settings), byKernel };
  } finally {
    PrefixWriter.prototype.writeRows = writeRows;
  }
}

const space = fc.constantFrom('', '', '', ' ', '\t', '  ');
const text = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom('x'.repeat(15), 'y'.repeat(200), '"', '\\', '\n', 'time', 'source', 'sour', '{"a":[', 'é'),
);
const value = fc.oneof(
  text.map((one) => JSON.stringify(one)),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((one) => JSON.stringify(one)),
  fc.constantFrom('true', 'null', '-0', '{}', '[]', '[1,{"time":2},"]"]', '{"ts":"5","b":{"source":"}"}}'),
);
const name = fc.oneof(
  fc.constantFrom('a', 'level', 'time', 'source', 'tim', 'timer', 'sources', 't\\u0069me', 'line'),
  text.map((one) => JSON.stringify(one).slice(1, -1)),
);
const STAMP = '2024-03-10T06:59:58.120Z';

const object = fc
  .record({
    before: fc.array(fc.tuple(name, value), { maxLength: 3 }),
    time: fc.constantFrom('ts', 'time', 'a"'),
    isText: fc.boolean(),
    after: fc.array(fc.tuple(name, value), { maxLength: 3 }),
    gap: space,
    ends: fc.tuple(space, fc.constantFrom('', ' ', '\r')),
    damage: fc.option(fc.nat(60), { freq: 10 }),
  })
  .map(({ before, time, isText, after, gap, ends: [begin, end], damage }) => {
    const stamp = isText ? STAMP : '1710053998';
    const own: [string, string] = [JSON.stringify(time).slice(1, -1), isText ? `"${stamp}"` : stamp];
    const members = [...before, own, ...after].map(([key, one]) => `"${key}"${gap}:${gap}${one}`);
    const bytes = Buffer.from(`${begin}{${gap}${members.join(`${gap},${gap}`)}${gap}}${end}`);
    // A letter becomes a byte that no UTF-8 has.
    const at = damage === null ? -1 : bytes.indexOf('x', damage);
    if (at > 0) bytes[at] = 0xff;
    return { text: bytes, stamp } as TestRecord;
  });

const seconds = fc.nat(200_000).map((second) => NOON + BigInt(second) * 500_000_000n);

test('the kernel writes the members of JSON records as the writer does', () => {
  let byKernel = 0;
  const one = fc.tuple(object, seconds, fc.nat(2)).map(([record, instant, source]) => ({ ...record, instant, source }));
  fc.assert(
    fc.property(fc.array(one, { maxLength: 30, size: 'max' }), fc.boolean(), (records, withSource) => {
      const [below, both] = [ndjsonSource('below', 'meta', 'ts'), ndjsonSource('both', 'ts')];
      const { input } = both;
      if (input.format === 'ndjson') input.timePaths.push(['meta', 'ts']);
      const twice = writtenTwice('ndjson', [ndjsonSource('top', 'ts'), below, both], records, { withSource });
      assert.equal(twice.fast.toString('latin1'), twice.slow.toString('latin1'));
      byKernel += twice.byKernel;
    }),
    { numRuns: 1000, endOnFailure: true },
  );
  assert.ok(byKernel > 1000, `only ${byKernel} records`);
});

/** Names of members as `object` makes them, by themselves and from the top down. */
const columnName = fc.oneof(
  fc.constantFrom('a', 'b', 'level', 'time', 'a.time', 'b.source', 'time.b.source', 'level.b', 'message', 'none.at'),
  text.filter((one) => one !== ''),
);

test('the kernel writes members of JSON records as cells as the writer does', () => {
  let byKernel = 0;
  const one = fc.tuple(object, seconds).map(([record, instant]) => ({ ...record, instant }));
  fc.assert(
    fc.property(
      fc.array(one, { maxLength: 30, size: 'max' }),
      fc.array(columnName, { minLength: 1, maxLength: 5 }),
      fc.constantFrom('csv', 'tsv'),
      (records, columns, format) => {
        const twice = writtenTwice(format, [ndjsonSource('a', 'ts')], records, { columns });
        assert.equal(twice.fast.toString('latin1'), twice.slow.toString('latin1'));
        byKernel += twice.byKernel;
      },
    ),
    { numRuns: 1000, endOnFailure: true },
  );
  assert.ok(byKernel > 1000, `only ${byKernel} records`);
});

test('of members that have one name the last is a cell, of names with dots the whole before its parts', () => {
  const objects = [
    '{"ts":1}',
    '{"ts":1,"a":{"b":1,"b":{"c":2}},"a.b":"x,y"}',
    '{"ts":1,"a":{"b":1},"a":{"b":{"c":2}}}',
    '{"ts":1,"a":"b","b":null,"c":"\\"quoted\\""}',
    '{"ts":1,"\\u0061":{"b":5}}',
    '{"ts":1}',
  ];
  const records = objects.map((text) => ({ text }));
  const columns = ['a.b', 'a.b.c', 'b', 'c'];
  const { fast, slow, byKernel } = writtenTwice('csv', [ndjsonSource('a', 'ts')], records, {
    columns,
    withSource: false,
  });
  const time = '2024-03-10T06:59:58.120Z';
  const rows = [',,,,', '"x,y",2,,,', '"{""c"":2}",2,,,', ',,,"""quoted""",', '5,,,,', ',,,,'].map(
    (row) => `${time},${row}\n`,
  );
  assert.equal(fast.toString(), `time,a.b,a.b.c,b,c,message\n${rows.join('')}`);
  assert.equal(slow.toString(), fast.toString());
  assert.equal(byKernel, 3);
});

/** What stands in cells, wherever 64 bytes end. */
const pieces = fc.array(fc.constantFrom(',', ';', '""', '\n', '\r', 'x', 'é', 'y'.repeat(29), 'z'.repeat(61), '"'), {
  maxLength: 6,
});

const cell = fc.oneof(
  { weight: 8, arbitrary: pieces.map((all) => `"${all.filter((piece) => piece !== '"').join('')}"`) },
  { weight: 2, arbitrary: pieces.map((all) => all.filter((piece) => piece !== '\n').join('')) },
  { weight: 24, arbitrary: fc.string({ maxLength: 30 }).map((one) => one.replace(/[",;\n]/g, '')) },
  { weight: 4, arbitrary: fc.string({ maxLength: 30 }).map((one) => `"${one.replaceAll('"', '""')}"`) },
  fc.constantFrom(
    '',
    '""',
    '"a,b"',
    '"a\nb"',
    '"a;b"',
    'a\rb',
    '"a"b',
    '5"',
    '"open',
    'z'.repeat(40),
    '"x" ',
    'é',
    '"\t\r\n\u0001"',
    '\\',
    '""""',
  ),
);

test('the kernel writes the fields of delimited records as cells and as members, as the writers do', () => {
  const byKernel: Record<string, number> = { csv: 0, tsv: 0, ndjson: 0 };
  const sources = [
    csvSource('a', 'ts,x,y'),
    csvSource('b', 'x;ts;z', { delimiter: ';', timeColumns: [1] }),
    csvSource('c', 'ts,x,y', { quotes: 'none' }),
    csvSource('d', 'ts,x,y', { quotes: 'backslash' }),
  ];
  const one = fc
    .record({
      source: fc.nat(3),
      cells: fc.oneof({ weight: 9, arbitrary: fc.tuple(cell, cell) }, fc.array(cell, { minLength: 1, maxLength: 4 })),
      stamp: fc.constantFrom(STAMP, `"${STAMP}"`),
      end: fc.constantFrom('', '', '\r', '\r\r'),
      encoding: fc.constantFrom<BufferEncoding>('utf8', 'utf8', 'utf8', 'latin1'),
      instant: seconds,
    })
    .map(({ source, cells, stamp, end, encoding, instant }) => {
      const all = cells.toSpliced(source === 1 ? 1 : 0, 0, stamp);
      const joined = all.join(source === 1 ? ';' : ',') + end;
      return { text: Buffer.from(joined, encoding), instant, source };
    });
  fc.assert(
    fc.property(
      fc.array(one, { maxLength: 30, size: 'max' }),
      fc.constantFrom(sources, sources.slice(0, 1)),
      fc.constantFrom('csv', 'tsv', 'ndjson'),
      (all, used, format) => {
        const records = all.filter(({ source }) => source < used.length);
        const twice = writtenTwice(format, used, records, {});
        assert.equal(twice.fast.toString('latin1'), twice.slow.toString('latin1'));
        byKernel[format] = byKernel[format] + twice.byKernel;
      },
    ),
    { numRuns: 1500, endOnFailure: true },
  );
  for (const [format, count] of Object.entries(byKernel)) assert.ok(count > 500, `only ${count} records as ${format}`);
});

const lineText = fc.oneof(
  { weight: 6, arbitrary: fc.string({ maxLength: 60 }) },
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc
    .array(
      fc.constantFrom('"', '\\', '\t', '\r', '\r\n', '\n', '\u0000', '\u001f', '\u007f', 'é', '€', '😀', ',', 'ab'),
      {
        maxLength: 40,
      },
    )
    .map((parts) => parts.join('')),
  fc.constantFrom('', '\r', '"'.repeat(16), 'x'.repeat(15), `${'y'.repeat(16)}\r`, '\u0001'.repeat(300)),
);

/** Texts, some of them cut so that they are no longer UTF-8. */
const line = fc
  .tuple(lineText, fc.option(fc.nat(60), { freq: 8 }))
  .map(([one, cut]) => Buffer.from(one).subarray(0, cut ?? Number.POSITIVE_INFINITY));

test('the kernel writes whole records as messages as the writers do', () => {
  let byKernel = 0;
  const sources = [textSource('a "b", c'), textSource('b'), csvSource('c', 'ts,x,y')];
  const one = fc
    .record({
      text: line,
      instant: seconds,
      source: fc.nat(1),
      flags: fc.constantFrom(0, 0, 0, 0, UNDATED, CONTINUED, BROKEN),
    })
    .map((record): TestRecord => record);
  fc.assert(
    fc.property(
      fc.array(one, { maxLength: 30, size: 'max' }),
      fc.constantFrom(sources, sources.slice(0, 2)),
      fc.constantFrom('ndjson', 'csv', 'tsv'),
      fc.boolean(),
      (records, used, format, withSource) => {
        const twice = writtenTwice(format, used, records, { withSource });
        assert.equal(twice.fast.toString('latin1'), twice.slow.toString('latin1'));
        byKernel += twice.byKernel;
      },
    ),
    { numRuns: 1000, endOnFailure: true },
  );
  assert.ok(byKernel > 1000, `only ${byKernel} records`);
});

test('messages that are longer than the room for the output', () => {
  const records = ['a', '"'.repeat(40_000), 'b', '\u0001'.repeat(6000), 'z'.repeat(32_700), 'c'].map((text) => ({
    text,
  }));
  for (const format of ['ndjson', 'csv']) {
    const { fast, slow, byKernel } = writtenTwice(format, [textSource('a')], records, {});
    assert.equal(fast.toString('latin1'), slow.toString('latin1'));
    assert.ok(byKernel > 0, `only ${byKernel} records`);
  }
});

test('fields and members that are longer than the room for the output', () => {
  const texts = ['a', '"'.repeat(40_000), 'b', '\u0001'.repeat(6000), 'z'.repeat(32_700), 'c'];
  const rows = texts.map((text) => ({ text: `1,"${text.replaceAll('"', '""')}",2` }));
  const fields = writtenTwice('ndjson', [csvSource('a', 'ts,x,y')], rows, {});
  assert.equal(fields.fast.toString('latin1'), fields.slow.toString('latin1'));
  assert.ok(fields.byKernel > 0, `only ${fields.byKernel} records`);
  const objects = texts.map((text) => ({ text: `{"ts":1,"x":${JSON.stringify(text).replaceAll('\\"', '”')}}` }));
  const members = writtenTwice('csv', [ndjsonSource('a', 'ts')], objects, { columns: ['x', 'y'] });
  assert.equal(members.fast.toString('latin1'), members.slow.toString('latin1'));
  assert.ok(members.byKernel > 0, `only ${members.byKernel} records`);
});
