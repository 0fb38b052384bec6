import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { dialectOf, RowScanner, UNCLOSED, UNFINISHED } from '../../src/kernel/csv-scan.ts';

const LIMIT = 1 << 20;

const COMMAS = dialectOf({ delimiter: ',', quotes: 'doubled' });

interface Row {
  text: string;
  columns: number;
  watched: string | undefined;
  newlines: number;
  /** Whether a line end follows it. */
  ended: boolean;
}

/** Scans all rows, with bytes arriving in steps of these sizes; stops at an unclosed quote. */
function rowsOf(
  text: string,
  watched: number,
  steps: readonly number[] = [LIMIT],
  limit = LIMIT,
): (Row | 'unclosed')[] {
  const bytes = new Uint8Array(Buffer.from(`${text}",\n`)); // what stands behind must not be looked at
  const size = bytes.length - 3;
  const scanner = new RowScanner(COMMAS, [watched], limit);
  const rows: (Row | 'unclosed')[] = [];
  let to = 0;
  let step = 0;
  for (let start = 0; start < size; ) {
    let end = scanner.scan(bytes, start, to);
    if (end === UNFINISHED && to < size) {
      to = Math.min(size, to + steps[step++ % steps.length]);
      continue;
    }
    if (end === UNFINISHED) end = scanner.finish(start, size);
    if (end === UNCLOSED) return [...rows, 'unclosed'];
    const { columns, newlines, starts, ends } = scanner;
    const [watchedStart, watchedEnd] = [starts[0], ends[0]];
    const cut = (a: number, b: number): string => Buffer.from(bytes.subarray(a, b)).toString();
    rows.push({
      text: cut(start, end),
      columns,
      newlines,
      ended: end < size,
      watched: watchedEnd < 0 ? undefined : cut(start + watchedStart, start + watchedEnd),
    });
    scanner.reset();
    start = end + 1;
  }
  return rows;
}

/** The value of a field's span, by the rules of RFC 4180 with the quotes of csv-parse's relax_quotes. */
function valueIn(span: string, beforeLineEnd: boolean): string {
  const field = beforeLineEnd ? span.replace(/\r$/, '') : span;
  if (!/^"(?:[^"]|"")*"$/.test(field)) return field;
  return field.slice(1, -1).replaceAll('""', '"');
}

/** csv-parse takes a NUL behind a quote for the end of its bytes, so there is none among these. */
const PIECES = fc.constantFrom(
  'a',
  'b',
  ' ',
  ',',
  ',',
  '"',
  '"',
  '""',
  '\n',
  '\n',
  '\r\n',
  '\r',
  'é',
  '",',
  ',"',
  '"\n',
);
const TEXTS = fc.array(PIECES, { maxLength: 40 }).map((pieces) => pieces.join(''));
const STEPS = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });

test('agrees with csv-parse on rows, columns and fields', () => {
  let compared = 0;
  fc.assert(
    fc.property(TEXTS, fc.nat(3), (text, watched) => {
      const found = rowsOf(text, watched);
      if (found.includes('unclosed')) return;
      const rows = found as Row[];
      const records: string[][] = parse(text, {
        relax_quotes: true,
        relax_column_count: true,
        record_delimiter: ['\r\n', '\n'],
      });
      compared += records.length;
      assert.deepEqual(
        rows.map((row) => row.columns),
        records.map((record) => record.length),
      );
      for (const [i, row] of rows.entries()) {
        const wanted = records[i][watched];
        const value =
          row.watched === undefined ? undefined : valueIn(row.watched, row.ended && watched === row.columns - 1);
        if (wanted === undefined || !/[^"]"[^"]|^"|"$/.test(wanted)) assert.equal(value, wanted);
      }
    }),
    { numRuns: 5000 },
  );
  assert.ok(compared > 3000, `only ${compared} rows were compared`);
});

test('csv-parse, too, finds fault with a quote where the scanner does, and only there cannot read on', () => {
  fc.assert(
    fc.property(TEXTS, (text) => {
      const options = { relax_column_count: true, record_delimiter: ['\r\n', '\n'] };
      if (rowsOf(text, 0).includes('unclosed')) assert.throws(() => parse(text, options), /quote/i);
      else assert.doesNotThrow(() => parse(text, { ...options, relax_quotes: true }));
    }),
    { numRuns: 3000, endOnFailure: true },
  );
});

test('text behind a quote that closes lines below makes the first one a stray', () => {
  const FINE = ['a,"b\nc",d\n', '"a\nb"\r\n', '"a\nb" ,c\n', '"a"b,c\n', '"a\n""b"\n'];
  for (const text of FINE) assert.ok(!rowsOf(text, 0).includes('unclosed'), text);
  const STRAY = ['a,"b\nc,"d"\n', '"a\nb" c\n', '"a\nb"c"\n'];
  for (const text of STRAY) assert.deepEqual(rowsOf(text, 0), ['unclosed'], text);
});

/** Scans text to its end as one row. */
function scanOne(text: string, quotes: 'backslash' | 'none'): { end: number; columns: number; newlines: number } {
  const bytes = new Uint8Array(Buffer.from(text));
  const scanner = new RowScanner(dialectOf({ delimiter: ',', quotes }), [], 12);
  let end = UNFINISHED;
  for (let to = 1; to <= bytes.length && end === UNFINISHED; to++) end = scanner.scan(bytes, 0, to);
  return { end, columns: scanner.columns, newlines: scanner.newlines };
}

test('backslashes take the next byte in, where they do', () => {
  assert.deepEqual(scanOne('a,"b\\",\n"\n', 'backslash'), { end: 9, columns: 2, newlines: 1 });
  assert.deepEqual(scanOne('"b\\\\",c\n', 'backslash'), { end: 7, columns: 2, newlines: 0 });
  assert.deepEqual(scanOne('"b\\\n""",c\n', 'backslash'), { end: 9, columns: 2, newlines: 1 });
  assert.equal(scanOne('"12345678901\\"23,c', 'backslash').end, UNCLOSED);
});

test('quotes may mean nothing', () => {
  assert.deepEqual(scanOne('"a,"b,"\n"', 'none'), { end: 7, columns: 3, newlines: 0 });
});

test('tells where the first quote over several lines stands', () => {
  const bytes = new Uint8Array(Buffer.from('"a",b,"c\nd","e"\n'));
  const scanner = new RowScanner(COMMAS, [], LIMIT);
  scanner.scan(bytes, 0, bytes.length);
  assert.deepEqual([scanner.spanAt, scanner.newlinesBeforeSpan, scanner.columns], [6, 0, 4]);
});

test('any cutting of the bytes gives the same rows', () => {
  fc.assert(
    fc.property(TEXTS, STEPS, fc.nat(3), fc.constantFrom(4, 9, LIMIT), (text, steps, watched, limit) => {
      assert.deepEqual(rowsOf(text, watched, steps, limit), rowsOf(text, watched, [LIMIT], limit));
    }),
    { numRuns: 3000 },
  );
});

test('newlines inside quotes are counted', () => {
  assert.deepEqual(
    rowsOf('a,"b\n\nc"\n"\n",d', 1).map((row) => (row as Row).newlines),
    [2, 1],
  );
});

test('a quote may stay open for the limit and no longer', () => {
  assert.equal(rowsOf(`"${'x'.repeat(6)}",b\n`, 1, [LIMIT], 8).length, 1);
  assert.deepEqual(rowsOf(`"${'x'.repeat(7)}",b\n`, 1, [LIMIT], 8), ['unclosed']);
  assert.equal(rowsOf(`${'x'.repeat(100)},b\n`, 1, [LIMIT], 8).length, 1);
});

test('tells where the unclosed quote stands', () => {
  const bytes = new Uint8Array(Buffer.from('@1,"a\nb","c\nd\n'));
  const scanner = new RowScanner(COMMAS, [0], LIMIT);
  assert.equal(scanner.scan(bytes, 0, bytes.length), UNFINISHED);
  assert.equal(scanner.finish(0, bytes.length), UNCLOSED);
  assert.equal(scanner.quoteAt, 9);
  assert.equal(scanner.newlinesBeforeQuote, 1);
  assert.deepEqual([scanner.starts[0], scanner.ends[0]], [0, 2]);
});
