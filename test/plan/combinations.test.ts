import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COMBINATIONS, checkCombinations } from '../../src/plan/combinations.ts';
import { type MergeRequest, NOTHING_ASKED, type OutputFormatName } from '../../src/request.ts';

const PLAIN: MergeRequest = { ...NOTHING_ASKED, sources: ['a'] };

/** What was asked, in which output format, and the option that is to blame. */
const REFUSED: [Partial<MergeRequest>, OutputFormatName | undefined, string][] = [
  [{ noDedup: true, dedup: { kind: 'exact' } }, undefined, '--no-dedup'],
  [{ dedupWindow: '5s' }, undefined, '--dedup-window'],
  [{ dedupWindow: '5s', dedup: { kind: 'overlap' } }, undefined, '--dedup-window'],
  [{ duplicates: 'd', noDedup: true }, undefined, '--duplicates'],
  [{ rejects: 'r' }, undefined, '--rejects'],
  [{ rejects: 'r', undated: 'attach' }, undefined, '--rejects'],
  [{ keepGoing: true, strict: true }, undefined, '--keep-going'],
  [{ nullSeparated: true }, undefined, '--null'],
  [{ filesFrom: '-', sources: ['a', '-'] }, undefined, '--files-from'],
  [{ report: 'r', explain: true }, undefined, '--report'],
  [{ stamp: 'none' }, 'csv', '--stamp'],
  [{ columns: ['a'] }, 'ndjson', '--columns'],
  [{ noSource: true }, 'raw', '--no-source'],
  [{ lineNumber: true }, 'raw', '--line-number'],
  [{ precision: 's' }, 'raw', '--precision'],
  [{ precision: 's', stamp: 'none' }, 'text', '--precision'],
  [{ outputTz: '+01:00' }, 'raw', '--output-tz'],
  [{ outputTz: '+01:00', stamp: 'none' }, 'text', '--output-tz'],
  [{ final: true }, undefined, '--final'],
  [{ dryRun: true }, undefined, '--dry-run'],
  [{ late: 'keep', output: 'o' }, undefined, '--late'],
  [{ late: 'keep', state: 's' }, undefined, '--late'],
  [{ lateOutput: 'l', late: 'keep', state: 's', output: 'o' }, undefined, '--late-output'],
  [{ state: 's', dedup: { kind: 'exact' } }, undefined, '--dedup'],
  [{ state: 's', limit: 1 }, undefined, '--limit'],
  [{ state: 's', dryRun: true, explain: true }, undefined, '--dry-run'],
  [{ lock: 'fail' }, undefined, '--lock'],
  [{ splitBy: 'hour' }, undefined, '--split-by'],
  [{ from: 'now' }, undefined, '--from'],
  [{ watermarkDelay: '1s' }, undefined, '--watermark-delay'],
  [{ idleTimeout: '1s' }, undefined, '--idle-timeout'],
  [{ reportInterval: '10s', report: 'r' }, undefined, '--report-interval'],
  [{ follow: true, reportInterval: '10s' }, undefined, '--report-interval'],
  [{ checkpointInterval: '1s' }, undefined, '--checkpoint-interval'],
  [{ follow: true, checkpointInterval: '1s' }, undefined, '--checkpoint-interval'],
  [{ follow: true, state: 's', final: true }, undefined, '--final'],
  [{ follow: true, allowedLateness: '1h' }, undefined, '--allowed-lateness'],
  [{ splitBy: 'hour', output: 'o', allowedLateness: '1h' }, undefined, '--allowed-lateness'],
  [{ follow: true, output: 'o.gz' }, undefined, '--follow'],
  [{ follow: true, filesFrom: 'f' }, undefined, '--files-from'],
  [{ replaceSlots: true, output: 'o' }, undefined, '--replace-slots'],
  [{ late: 'keep', state: 's', output: 'o', splitBy: 'hour' }, undefined, '--late'],
  [{ output: 'o.xz' }, undefined, '--output'],
  [{ report: 'o.gz' }, undefined, '--report'],
];

const ALLOWED: [Partial<MergeRequest>, OutputFormatName | undefined][] = [
  [{}, undefined],
  [{ noDedup: true }, 'text'],
  [{ filesFrom: '-', nullSeparated: true }, 'text'],
  [{ filesFrom: 'list', sources: ['-'] }, 'text'],
  [{ dedupWindow: '5s', dedup: { kind: 'key', fields: ['a'] } }, 'text'],
  [{ duplicates: 'd' }, 'text'],
  [{ rejects: 'r', undated: 'reject' }, 'text'],
  [{ stamp: 'none' }, 'text'],
  [{ stamp: 'none' }, undefined],
  [{ state: 's', final: true, late: 'reject', lateOutput: 'l', output: 'o' }, 'text'],
  [{ lock: 'skip', state: 's' }, 'text'],
  [{ follow: true, late: 'keep', from: 'now', compress: 'none' }, 'text'],
  [{ lock: 'wait', output: 'o', splitBy: 'hour', replaceSlots: true }, 'text'],
  [{ output: 'o.gz', rejects: 'r.zst', undated: 'reject' }, 'text'],
  [{ columns: ['a'] }, 'tsv'],
  [{ columns: ['a'] }, undefined],
  [{ noSource: true, lineNumber: true, precision: 's' }, 'ndjson'],
];

test('options that have no meaning together are refused, the one to blame is named', () => {
  for (const [changes, format, option] of REFUSED) {
    assert.throws(
      () => checkCombinations({ ...PLAIN, ...changes }, format),
      ({ problem }) => problem.code === 'usage' && problem.where === option,
      `${option} ${JSON.stringify(changes)}`,
    );
  }
});

test('every row of the table is tried', () => {
  const tried = new Set(REFUSED.map(([, , option]) => option));
  assert.deepEqual(
    COMBINATIONS.filter(({ option }) => !tried.has(option)),
    [],
  );
});

test('options that go together are left alone', () => {
  for (const [changes, format] of ALLOWED) checkCombinations({ ...PLAIN, ...changes }, format);
});

test('two of our files cannot lie at one path, nor on stdout; devices can', () => {
  const check = (changes: Partial<MergeRequest>) => () => checkCombinations({ ...PLAIN, ...changes });
  assert.throws(check({ output: 'x', report: 'x' }), /^TsalignError: --report: x is already written by --output/);
  assert.throws(check({ duplicates: '-' }), /^TsalignError: --duplicates: stdout carries the records; give a file/);
  assert.doesNotThrow(check({ output: '/dev/null', report: '/dev/null' }));
});
