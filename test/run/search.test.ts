import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import type { MergeRequest } from '../../src/request.ts';
import { merge } from '../helpers/merge.ts';

const FIRST = Date.UTC(2024, 2, 10);
const FILLER = 'abcdefghijklmnopqrstuvwxyz '.repeat(40);

/** One record of the kinds below: its instant, how long it is, and what stands behind its first line. */
interface Drawn {
  ms: number;
  length: number;
  tail: number;
}

/** How a record is written in each format; what has no instant of its own stands behind it. */
const WRITTEN: Readonly<Record<string, (stamp: string, drawn: Drawn) => string>> = {
  'a.log': (stamp, { length, tail }) =>
    `${stamp} ${FILLER.slice(0, length)}\n${'  at a line of 2001-01-01T00:00:00Z\n\n'.repeat(tail)}`,
  'a.ndjson': (stamp, { length, tail }) =>
    `{"a":"${FILLER.slice(0, length)}","ts":"${stamp}"}\n${'{"a":1}\nno json\n'.repeat(tail)}`,
  'a.logfmt': (stamp, { length, tail }) =>
    `level=info time=${stamp} msg="${FILLER.slice(0, length)}"\n${'  more\n'.repeat(tail)}`,
};

const drawn = fc.record({
  ms: fc.constantFrom(0, 0, 0, 1, 7, 1000),
  length: fc.constantFrom(0, 30, 100, 1000),
  tail: fc.constantFrom(0, 0, 0, 0, 1, 3),
});

function tempFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'tsalign-search-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** A sorted file of about this many bytes, in which the drawn records come round; the stamps that it holds. */
function writeSorted(path: string, records: readonly Drawn[], bytes: number): number[] {
  const write = WRITTEN[path.split('/').at(-1) as string] as (stamp: string, drawn: Drawn) => string;
  const pieces: string[] = [];
  const stamps: number[] = [];
  let at = FIRST;
  for (let size = 0, i = 0; size < bytes; i++) {
    const record = records[i % records.length];
    at += record.ms;
    stamps.push(at);
    size += pieces[pieces.push(write(new Date(at).toISOString(), record)) - 1]?.length;
  }
  writeFileSync(path, pieces.join(''));
  return stamps;
}

const instant = (ms: number): string => new Date(ms).toISOString();

for (const name of Object.keys(WRITTEN)) {
  test(`a range of a sorted ${name} is what reading all of it gives`, async (t) => {
    const cwd = tempFolder(t);
    let skipped = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(drawn, { minLength: 1, maxLength: 40 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 0.02, noNaN: true }),
        fc.constantFrom(-1, 0, 1),
        async (records, begin, width, off) => {
          const stamps = writeSorted(join(cwd, name), [...records, { ms: 3, length: 60, tail: 1 }], 1_300_000);
          const from = Math.floor(begin * (stamps.length - 1));
          const to = Math.min(stamps.length - 1, from + Math.ceil(width * stamps.length));
          const since = instant(stamps[from] + off);
          const until = instant(stamps[to] + 2 + off);
          const asked: Partial<MergeRequest> = { sources: [name], since, until, outputFormat: 'raw' };
          const whole = await merge(cwd, asked);
          const part = await merge(cwd, { ...asked, presorted: true });
          assert.equal(part.text, whole.text);
          assert.deepEqual(part.result.summary.written, whole.result.summary.written);
          skipped += skippedBytes(part.result.report);
        },
      ),
      { numRuns: 8, endOnFailure: true },
    );
    assert.ok(skipped > 0);
  });
}

function skippedBytes(report: unknown): number {
  const { sources } = report as { sources: { skippedBytes?: number; proof: Record<string, boolean> }[] };
  for (const { proof } of sources) assert.deepEqual(Object.values(proof), [true, true]);
  return sources.reduce((sum, each) => sum + (each.skippedBytes ?? 0), 0);
}

const PLAIN: Drawn = { ms: 10, length: 100, tail: 0 };

test('of a file that is searched, only what lies about the range is read; the plan and the report say so', async (t) => {
  const cwd = tempFolder(t);
  const stamps = writeSorted(join(cwd, 'a.log'), [PLAIN], 8_000_000);
  const middle = stamps[stamps.length >> 1];
  const asked = { sources: ['a.log'], presorted: true, since: instant(middle), until: instant(middle + 50) };
  const { result, text } = await merge(cwd, asked);
  assert.equal(text.trimEnd().split('\n').length, 5);
  assert.match(result.plan, /binary search/);
  assert.ok(skippedBytes(result.report) > 7_700_000);
  assert.equal(skippedBytes((await merge(cwd, { ...asked, presorted: false })).result.report), 0);
});

test('what needs all of a file has it read', async (t) => {
  const cwd = tempFolder(t);
  writeSorted(join(cwd, 'a.log'), [PLAIN], 1_500_000);
  const asked = { sources: ['a.log'], presorted: true, since: instant(FIRST + 100), until: instant(FIRST + 200) };
  const settings: Partial<MergeRequest>[] = [{ lineNumber: true }, { undated: 'reject' }, { strict: true }];
  for (const each of settings) {
    assert.equal(skippedBytes((await merge(cwd, { ...asked, ...each })).result.report), 0, JSON.stringify(each));
  }
  assert.equal(skippedBytes((await merge(cwd, { ...asked, tz: ['Europe/Berlin'] })).result.report), 0, 'zone with DST');
  assert.ok(skippedBytes((await merge(cwd, { ...asked, tz: ['+01:00'] })).result.report) > 0);
});

test('objects in an array are read from its beginning', async (t) => {
  const cwd = tempFolder(t);
  const objects = Array.from(
    { length: 12_000 },
    (_, i) => `{"ts":"${instant(FIRST + i)}","a":"${FILLER.slice(0, 90)}"}`,
  );
  writeFileSync(join(cwd, 'a.json'), `[${objects.join(',\n')}]\n`);
  const asked = { sources: ['a.json'], since: instant(FIRST + 9000), until: instant(FIRST + 9002) };
  const part = await merge(cwd, { ...asked, presorted: true });
  assert.equal(skippedBytes(part.result.report), 0);
  assert.equal(part.text, (await merge(cwd, asked)).text);
  assert.equal(part.result.summary.written, 2);
});

test('the lines that are told are those of the file', async (t) => {
  const cwd = tempFolder(t);
  const path = join(cwd, 'a.ndjson');
  const line = (ms: number) => `{"ts":"${instant(FIRST + ms)}","a":"${FILLER.slice(0, 100)}"}\n`;
  const lines = Array.from({ length: 20_000 }, (_, i) => line(i));
  lines[15_000] = 'no json\n';
  writeFileSync(path, lines.join(''));
  const asked = { sources: ['a.ndjson'], presorted: true, since: instant(FIRST + 14_990) };
  const { warnings, result } = await merge(cwd, asked);
  assert.ok(skippedBytes(result.report) > 0);
  assert.deepEqual(
    warnings.map(({ where }) => where),
    ['a.ndjson:15001'],
  );
  lines[15_010] = line(14_995);
  writeFileSync(path, lines.join(''));
  await assert.rejects(
    merge(cwd, asked),
    (error: { problem?: { where: string } }) => error.problem?.where === 'a.ndjson:15011',
  );
});
