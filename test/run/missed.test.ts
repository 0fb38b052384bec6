import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { sentence } from '../../src/core/problem.ts';
import type { RunReport } from '../../src/output/index.ts';
import type { MergeRequest } from '../../src/request.ts';
import { merge } from '../helpers/merge.ts';

function files(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'tsalign-missed-'));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'a.log'), '2024-03-10T06:00:00Z a\n2024-03-10T09:00:00Z b\n');
  writeFileSync(join(folder, 'b.log'), '2024-03-10T05:30:00Z c\n2024-03-10T08:00:00.5Z d\n');
  return folder;
}

const CASES: readonly (readonly [since: string | undefined, until: string | undefined, said: string])[] = [
  [
    '2024-03-11',
    undefined,
    '--since: no record lies from 2024-03-11T00:00:00Z on, which is still to come; the last before that is at 2024-03-10T09:00:00Z',
  ],
  [
    '2024-03-09',
    '2024-03-09 12:00',
    '--since, --until: no record lies from 2024-03-09T00:00:00Z to before 2024-03-09T12:00:00Z; the first behind it is at 2024-03-10T05:30:00Z',
  ],
  [
    undefined,
    '2024-03-10',
    '--until: no record lies before 2024-03-10T00:00:00Z; the first behind it is at 2024-03-10T05:30:00Z',
  ],
  [
    '2024-03-10 07:00',
    '2024-03-10 08:00',
    '--since, --until: no record lies from 2024-03-10T07:00:00Z to before 2024-03-10T08:00:00Z; ' +
      'the last before that is at 2024-03-10T06:00:00Z, the first behind it is at 2024-03-10T08:00:00.500Z',
  ],
];

test('a range in which no record lies is told, with what lies nearest to it', async (t) => {
  const folder = files(t);
  for (const [since, until, said] of CASES) {
    const range = { ...(since === undefined ? {} : { since }), ...(until === undefined ? {} : { until }) };
    const { text, warnings } = await merge(folder, { sources: ['a.log', 'b.log'], ...range });
    assert.equal(text, '');
    assert.deepEqual(warnings.map(sentence), [said]);
    assert.deepEqual(
      warnings.map(({ code }) => code),
      ['note'],
    );
  }
});

test('that --duplicates stays empty is told at a terminal, where no two sources are one log', async (t) => {
  const folder = files(t);
  const asked = { sources: ['a.log', 'b.log'], duplicates: 'copies.log' };
  const said = async (more: Partial<MergeRequest>, stderrIsTerminal: boolean) =>
    (await merge(folder, { ...asked, ...more }, { stderrIsTerminal })).warnings.map(sentence);
  const empty =
    '--duplicates: no copies are looked for, as every source has a label of its own; add --dedup, which compares all sources';
  assert.deepEqual(await said({}, true), [empty]);
  assert.deepEqual(await said({}, false), []);
  assert.deepEqual(await said({ label: ['one'] }, true), []);
  assert.deepEqual(await said({ dedup: { kind: 'overlap' } }, true), []);
});

test('a time without a zone beside the one of --tz is told at a terminal', async (t) => {
  const folder = files(t);
  const said = async (more: Partial<MergeRequest>, stderrIsTerminal: boolean) =>
    (await merge(folder, { sources: ['a.log'], ...more }, { stderrIsTerminal })).warnings
      .map(sentence)
      .filter((each) => each.includes('was read in'));
  const asked = { since: '2024-03-10 08:00', tz: ['a.log=America/New_York'] };
  assert.deepEqual(await said(asked, true), [
    '--since: "2024-03-10 08:00" was read in UTC, in which the output is written; --output-tz America/New_York reads and writes times in the zone of --tz',
  ]);
  assert.deepEqual(await said(asked, false), []);
  assert.deepEqual(await said({ ...asked, outputTz: 'UTC' }, true), []);
  assert.deepEqual(await said({ ...asked, since: '2024-03-10 08:00Z' }, true), []);
  assert.deepEqual(await said({ ...asked, since: '2h ago' }, true), []);
});

test('where a record lies in the range, or none is there at all, there is nothing to tell', async (t) => {
  const folder = files(t);
  writeFileSync(join(folder, 'empty.log'), '');
  const quiet: Partial<MergeRequest>[] = [
    { sources: ['a.log', 'b.log'], since: '2024-03-10 08:00', match: 'd' },
    { sources: ['empty.log'], match: 'nothing' },
    { sources: ['empty.log'], since: '2024-03-10 08:00' },
  ];
  for (const asked of quiet) assert.deepEqual((await merge(folder, asked)).warnings, []);
});

test('an expression that matches no record is told at a terminal, and no job that runs by itself', async (t) => {
  const folder = files(t);
  const said = async (asked: Partial<MergeRequest>, stderrIsTerminal = true) =>
    (await merge(folder, { sources: ['a.log', 'b.log'], ...asked }, { stderrIsTerminal })).warnings.map(sentence);
  assert.deepEqual(await said({ match: 'D' }, false), []);
  const hint = '; (?i) before it takes upper and lower case for the same';
  assert.deepEqual(await said({ match: 'D' }), [`--match: none of 4 records matches D${hint}`]);
  assert.deepEqual(await said({ match: '^\\d{5}' }), ['--match: none of 4 records matches ^\\d{5}']);
  const range = { since: '2024-03-10 08:30' };
  assert.deepEqual(await said({ match: /c/, ...range }), ['--match: the only record in the range does not match /c/']);
});

test('what a binary search passes over is known by what is nearest', async (t) => {
  const folder = files(t);
  const lines = Array.from(
    { length: 50_000 },
    (_, i) => `${new Date(1710050400000 + i * 1000).toISOString()} line ${i}\n`,
  );
  writeFileSync(join(folder, 'long.log'), lines.join(''));
  const { warnings, result } = await merge(folder, { sources: ['long.log'], presorted: true, since: '2024-03-11' });
  const [source] = (result.report as RunReport).sources;
  assert.ok(Number(source?.skippedBytes) > 0);
  assert.match(warnings.map(sentence).join('\n'), /the last before that is at 2024-03-10T19:53:19Z$/);
});
