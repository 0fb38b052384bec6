import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type SourceCounts, totalCounts, zeroCounts } from '../../src/core/counts.ts';
import { buildReport, prove } from '../../src/output/index.ts';

const FULL: SourceCounts = {
  lines: 30,
  framingLines: 2,
  recordLines: 28,
  records: 21,
  written: 1,
  duplicates: 2,
  rejected: 3,
  outside: 4,
  unmatched: 5,
  overLimit: 6,
  undated: 7,
  broken: 8,
  late: 0,
};

const OUTPUT = { path: 'stdout', format: 'raw', headersLeftOut: 0 };

const reportOf = (...counts: SourceCounts[]) =>
  buildReport({
    sources: counts.map((one, i) => ({ label: `s${i}`, path: `/s${i}`, counts: one })),
    warnings: [{ code: 'undated', what: 'no time', where: 's0:3' }],
    output: OUTPUT,
    plan: { sources: [] },
  });

test('every record is accounted for by exactly these fates', () => {
  assert.deepEqual(prove(FULL), { recordsAccountedFor: true, linesAccountedFor: true });
  assert.deepEqual(prove(zeroCounts()), { recordsAccountedFor: true, linesAccountedFor: true });
  for (const fate of ['records', 'written', 'duplicates', 'rejected', 'outside', 'unmatched', 'overLimit'] as const) {
    const wrong = { ...FULL, [fate]: FULL[fate] + 1 };
    assert.deepEqual(prove(wrong), { recordsAccountedFor: false, linesAccountedFor: true }, fate);
  }
  for (const part of ['lines', 'recordLines', 'framingLines'] as const) {
    assert.equal(prove({ ...FULL, [part]: FULL[part] - 1 }).linesAccountedFor, false, part);
  }
});

test('totals add the sources up', () => {
  const total = totalCounts([FULL, FULL, zeroCounts()]);
  for (const name of Object.keys(FULL) as (keyof SourceCounts)[]) assert.equal(total[name], 2 * FULL[name], name);
});

test('one source that does not add up breaks the proof, even where another makes up for it', () => {
  assert.deepEqual(reportOf(FULL, FULL).proof, { recordsAccountedFor: true, linesAccountedFor: true });
  const report = reportOf({ ...FULL, written: 2 }, { ...FULL, written: 0 });
  assert.equal(report.totals.written, 2);
  assert.equal(report.proof.recordsAccountedFor, false);
  assert.equal(report.proof.linesAccountedFor, true);
});

test('the report is plain data and keeps the counters as they were', () => {
  const counts = { ...FULL };
  const report = reportOf(counts);
  counts.written = 99;
  assert.deepEqual(JSON.parse(JSON.stringify(report)), report);
  assert.equal(report.sources[0].counts.written, 1);
  assert.deepEqual(report.warnings, [{ code: 'undated', what: 'no time', where: 's0:3' }]);
  assert.deepEqual(report.output, OUTPUT);
});
