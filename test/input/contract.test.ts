import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BROKEN, CONTINUED, MULTILINE, UNDATED } from '../../src/core/memory.ts';
import type { InputPlan } from '../../src/core/stages.ts';
import { INPUT_FORMATS } from '../../src/input/index.ts';
import { GrowingLayouts } from '../../src/input/w3c-layouts.ts';
import { csvPlan } from '../helpers/csv-plan.ts';
import { type Cutting, frameAll, type SeenRow } from './harness.ts';

/** What the contract test needs of a format: how its plan looks and how records are written in it. */
interface Case {
  plan: InputPlan;
  /** Lines that belong to no record, at the beginning. */
  head: string;
  /** A record without its line end. */
  record(stamp: string, text: string): string;
  /** Records that are broken; none where everything is a record. */
  broken: readonly string[];
  /** Records that are whole, but have no instant. */
  undated: readonly string[];
  /** What may stand where, for random sources. */
  pieces: readonly string[];
}

const delimited = (format: 'csv' | 'tsv', delimiter: string): Case => ({
  plan: csvPlan(`when${delimiter}what`, { format, delimiter }),
  head: `when${delimiter}what\n`,
  record: (stamp, text) => `${stamp}${delimiter}${text}`,
  broken: ['@9', `@9${delimiter}a${delimiter}b`, 'x'],
  undated: [`x${delimiter}y`, delimiter, `"${delimiter}"${delimiter}@1`],
  pieces: [
    delimiter,
    delimiter,
    '"',
    '"',
    '""',
    `"${delimiter}`,
    `${delimiter}"`,
    `@+1${delimiter}a\n`,
    `@+1${delimiter}"`,
  ],
});

const CASES: Record<InputPlan['format'], Case> = {
  text: {
    plan: { format: 'text' },
    head: '',
    record: (stamp, text) => `${stamp} ${text}`,
    broken: [],
    undated: [],
    pieces: ['@+1 a\n', '@+1', '  at x\n'],
  },
  csv: delimited('csv', ','),
  tsv: delimited('tsv', '\t'),
  w3c: {
    plan: {
      format: 'w3c',
      delimiter: ' ',
      fields: ['x'],
      day: '',
      utc: true,
      columns: ['x'],
      layouts: new GrowingLayouts(),
    },
    head: '#Fields: timestamp x\n',
    record: (stamp, text) => `${stamp} ${text}`,
    broken: ['@9', '@9 a b', 'x'],
    undated: ['x y', '- @1', '"" @1'],
    pieces: [
      '#Fields: a date time\n',
      '#Fields: date time\n',
      'a @+1 b\n',
      '@+1 b\n',
      '"@+1',
      ' x',
      '#Date: 2024-03-10\n',
    ],
  },
  logfmt: {
    plan: {
      format: 'logfmt',
      times: [
        { keys: ['date', 'ts'], zone: undefined },
        { keys: ['ts'], zone: undefined },
      ],
    },
    head: '',
    record: (stamp, text) => `a=b ts=${stamp} msg="${text}"`,
    broken: [],
    undated: [],
    pieces: ['ts=@+1 a\n', 'ts="@+1', ' a="', '"', '=', ',', '<9>', '  at x=y\n', 'date=@+1 '],
  },
  ndjson: {
    plan: { format: 'ndjson', layout: 'lines', recordsAt: [], timePaths: [['m', 'ts']] },
    head: '',
    record: (stamp, text) => JSON.stringify({ a: text, m: { ts: stamp } }),
    broken: ['null', '[]', '{"m":{"ts":"@9"}', 'x'],
    undated: ['{}', '{"m":{"ts":"x"}}', '{"m":{"ts":null}}', '{"m":"@9"}'],
    pieces: ['{', '}', '{"m":{"ts":"@+1"}}\n', '{"m":{"ts":"@+1"}', '"m":{', ',', '\\"'],
  },
};

const textsOf = (rows: readonly SeenRow[]): string[] => rows.map((row) => row.text);

for (const { name } of INPUT_FORMATS) {
  const { plan, head, record, broken, undated, pieces } = CASES[name];
  const three = [record('@1', 'a'), record('@2', 'b'), record('@3', 'c')];
  const first = head === '' ? 1 : 2;

  test(`${name}: an empty source has no records`, () => {
    const { rows, line, warnings } = frameAll('', plan);
    assert.deepEqual([rows, line, warnings], [[], 0, []]);
  });

  test(`${name}: records with their instants, lines and stamps`, () => {
    const { rows, line, framingLines, warnings } = frameAll(`${head}${three.join('\n')}\n`, plan);
    assert.deepEqual(
      rows,
      three.map((text, i) => ({ text, seconds: i + 1, line: first + i, flags: 0, stamp: `@${i + 1}` })),
    );
    assert.deepEqual([line, framingLines, warnings], [first + 2, first - 1, []]);
  });

  test(`${name}: the last line end may be missing`, () => {
    assert.deepEqual(frameAll(head + three.join('\n'), plan).rows, frameAll(`${head}${three.join('\n')}\n`, plan).rows);
  });

  for (const [what, end] of [
    ['CRLF', '\r\n'],
    ['CR CR LF', '\r\r\n'],
  ] as const) {
    test(`${name}: ${what} ends a line, and the CR stays in the record`, () => {
      const source = head.replace('\n', end) + three.map((text) => text + end).join('');
      const { rows, warnings, outside } = frameAll(source, plan);
      assert.deepEqual(
        textsOf(rows),
        three.map((text) => text + end.slice(0, -1)),
      );
      assert.deepEqual(
        rows.map((row) => [row.seconds, row.flags]),
        [1, 2, 3].map((seconds) => [seconds, 0]),
      );
      assert.deepEqual([warnings, outside], [[], head.replace('\n', end)]);
    });
  }

  test(`${name}: bytes that are no UTF-8 pass as they are`, () => {
    const bytes = Buffer.from(`${head}${record('@1', 'a~b')}\n`, 'latin1');
    bytes[bytes.indexOf('~')] = 0xff;
    const { rows } = frameAll(bytes, plan);
    assert.deepEqual([rows.length, rows[0]?.seconds, rows[0]?.flags], [1, 1, 0]);
    assert.ok(rows[0]?.text.includes('\xff'));
  });

  test(`${name}: a NUL does not stop it`, () => {
    const source = `${head}${record('@1', 'a')}\0\n${record('@2', 'b')}`;
    const { rows } = frameAll(source, plan);
    assert.deepEqual(textsOf(rows), [`${record('@1', 'a')}\0`, record('@2', 'b')]);
    assert.equal(rows[1]?.seconds, 2);
  });

  test(`${name}: a record may be longer than many reads`, () => {
    const long = record('@2', 'x'.repeat(100_000));
    const source = `${head}${three[0]}\n${long}\n${three[2]}\n`;
    const { rows } = frameAll(source, plan, { reads: [4096], rowLimits: [2] });
    assert.deepEqual(textsOf(rows), [three[0], long, three[2]]);
  });

  if (broken.length > 0) {
    test(`${name}: a broken record is one of its own, warned of once, and the next is read`, () => {
      const source = `${head}${three[0]}\n${broken.join('\n')}\n${three[1]}\n`;
      const { rows, warnings, broken: count } = frameAll(source, plan);
      assert.deepEqual(textsOf(rows), [three[0], ...broken, three[1]]);
      for (const row of rows.slice(1, -1)) assert.equal(row.flags & BROKEN, BROKEN);
      assert.deepEqual([rows.at(-1)?.flags, rows.at(-1)?.seconds], [0, 2]);
      assert.deepEqual(
        warnings.map(({ code, where }) => [code, where]),
        [['undated', `src:${first + 1}`]],
      );
      assert.equal(count, broken.length);
    });

    test(`${name}: an undated record carries the key of the one before it`, () => {
      const source = `${head}${undated[0]}\n${three[1]}\n${undated.join('\n')}\n${three[0]}\n`;
      const { rows, warnings, undated: count, broken: brokenCount } = frameAll(source, plan);
      assert.deepEqual(
        rows.map((row) => [row.seconds, row.flags, row.stamp]),
        [[0, UNDATED, ''], [2, 0, '@2'], ...undated.map(() => [2, UNDATED, '']), [1, 0, '@1']],
      );
      assert.deepEqual([warnings.length, count, brokenCount], [1, undated.length + 1, 0]);
    });

    test(`${name}: blank lines belong to no record`, () => {
      const { rows, framingLines, line } = frameAll(`\n${head} \r\n${three[0]}\n\n${three[1]}\n\r\n`, plan);
      assert.deepEqual(
        rows.map((row) => row.line),
        [first + 2, first + 4],
      );
      assert.deepEqual([framingLines, line], [first + 3, first + 5]);
    });
  }

  const piece = fc.constantFrom('\n', '\n', '\r\n', '\r', ' ', 'a', '@+2', '\0', 'é', ...pieces);
  const sources = fc.array(piece, { maxLength: 30 }).map((all) => all.join(''));
  const cuttings: fc.Arbitrary<Cutting> = fc.record({
    reads: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 5 }),
    rowLimits: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 5 }),
  });

  test(`${name}: any cutting gives the same rows, lines and counts`, () => {
    fc.assert(
      fc.property(fc.boolean(), sources, cuttings, (headed, source, cutting) => {
        const text = headed ? head + source : source;
        assert.deepEqual(frameAll(text, plan, cutting), frameAll(text, plan));
      }),
      { numRuns: 400 },
    );
  });

  test(`${name}: every byte and every line is accounted for`, () => {
    fc.assert(
      fc.property(sources, (source) => {
        const { rows, line, framingLines, rebuilt } = frameAll(source, plan);
        const newlines = (text: string): number => text.split('\n').length - 1;
        const physical = newlines(source) + (source === '' || source.endsWith('\n') ? 0 : 1);
        const inRecords = rows.reduce((sum, { text }) => sum + newlines(text) + 1, 0);
        assert.equal(line, physical);
        assert.equal(line, framingLines + inRecords);
        for (const row of rows) {
          assert.equal((row.flags & MULTILINE) !== 0, row.text.includes('\n'));
          assert.equal(row.flags & CONTINUED, 0);
        }
        assert.equal(rebuilt, Buffer.from(source).toString('latin1'));
      }),
      { numRuns: 1000 },
    );
  });
}
