import assert from 'node:assert/strict';
import { test } from 'node:test';
import { liveReport } from '../../src/cli/live-report.ts';
import { createProgress } from '../../src/cli/progress.ts';
import { statusLine } from '../../src/cli/status-line.ts';
import { zeroCounts } from '../../src/core/counts.ts';
import type { LiveStatus, SourceStatus } from '../../src/core/live-status.ts';
import { testIo } from './io.ts';

const NOW = 1_710_054_005_000_000_000n; // 2024-03-10T07:00:05Z
const SECOND = 1_000_000_000n;

const source = (label: string, behind: bigint | undefined, more: Partial<SourceStatus> = {}): SourceStatus => ({
  label,
  path: `/logs/${label}`,
  isAwaited: true,
  highest: behind === undefined ? undefined : NOW - behind,
  recordsPerSecond: 0,
  counts: { ...zeroCounts(), records: 7 },
  ...more,
});

const status = (sources: SourceStatus[], more: Partial<LiveStatus> = {}): LiveStatus => ({
  now: NOW,
  watermark: NOW - 2n * SECOND,
  offset: 0,
  held: 0,
  totals: zeroCounts(),
  sources,
  ...more,
});

test('the status line names those first that hold the others back', () => {
  const sources = [
    source('quick', SECOND / 5n, { recordsPerSecond: 5300.4 }),
    source('idle', 900n * SECOND, { isAwaited: false }),
    source('slow', 3n * SECOND, { recordsPerSecond: 1.25 }),
    source('silent', undefined, { counts: undefined }),
  ];
  const late = { ...zeroCounts(), late: 12 };
  assert.equal(
    statusLine(status(sources, { held: 3400, totals: late }), 200),
    'live: 07:00:03, lag 2 s, 5,302/s, 3,400 held, 12 late | silent nothing yet | slow 3 s 1.3/s | quick 0.2 s 5,300/s | 1 idle',
  );
});

test('the status line says what is to be said of quiet, of a beginning, of clocks and of zones', () => {
  const idle = source('a', SECOND, { isAwaited: false });
  const cases: [LiveStatus, string][] = [
    [status([idle]), 'live: 07:00:03, all quiet | 1 idle'],
    [status([]), 'live: 07:00:03, all quiet'],
    [status([source('a', undefined)], { watermark: undefined }), 'live: nothing yet | a nothing yet'],
    [status([source('a', -SECOND)], { watermark: NOW + 90n * SECOND }), 'live: 07:01:35, lag -1 min 30 s | a -1 s'],
    [status([source('a', SECOND)], { offset: 19_800 }), 'live: 12:30:03, lag 2 s | a 1 s'],
    [status([source('a\x1b[2J', SECOND / 20n)]), 'live: 07:00:03, lag 2 s | a\\x1b[2J 0 s'],
    [
      status([source('a', 3_725n * SECOND)], { watermark: NOW - 12_345_678_901n }),
      'live: 06:59:52, lag 12 s | a 1 h 2 min',
    ],
  ];
  for (const [given, line] of cases) assert.equal(statusLine(given, 200), line);
});

test('the status line shows as many sources as fit', () => {
  const sources = ['one', 'two', 'three', 'four'].map((label, i) => source(label, BigInt(4 - i) * SECOND));
  const lines = [30, 40, 45, 61, 66, 67].map((columns) => statusLine(status(sources), columns));
  assert.deepEqual(lines, [
    'live: 07:00:03, lag 2 s | +4',
    'live: 07:00:03, lag 2 s | one 4 s | +3',
    'live: 07:00:03, lag 2 s | one 4 s | +3',
    'live: 07:00:03, lag 2 s | one 4 s | two 3 s | three 2 s | +1',
    'live: 07:00:03, lag 2 s | one 4 s | two 3 s | three 2 s | +1',
    'live: 07:00:03, lag 2 s | one 4 s | two 3 s | three 2 s | four 1 s',
  ]);
  for (let columns = 1; columns < 80; columns++) assert.ok(statusLine(status(sources), columns).length < columns);
});

test('the status is drawn where progress is, when it has changed', () => {
  const io = testIo({ stderrIsTerminal: true });
  const settings = { quiet: false, withoutLine: false, recordsToFile: true };
  const progress = createProgress(io, settings);
  const line = 'live: 07:00:03, all quiet';
  progress.status?.(status([]));
  progress.status?.(status([]));
  assert.equal(io.err, `\r\x1b[K${line}`);
  progress.erase();
  progress.status?.(status([]));
  assert.equal(io.err, `\r\x1b[K${line}\r\x1b[K\r\x1b[K${line}`);
  for (const other of [{ quiet: true }, { withoutLine: true }])
    assert.equal(createProgress(io, { ...settings, ...other }).status, undefined);
  assert.equal(createProgress(testIo(), settings).status, undefined);
});

test('a line of the report', () => {
  const sources = [
    source('a', 1500n * 1_000_000n, { recordsPerSecond: 1.26 }),
    source('b', undefined, { counts: undefined }),
  ];
  assert.deepEqual(liveReport(status(sources, { held: 3 })), {
    status: 1,
    at: '2024-03-10T07:00:05.000Z',
    watermark: '2024-03-10T07:00:03.000000000Z',
    lagMs: 2000,
    held: 3,
    totals: zeroCounts(),
    sources: [
      {
        label: 'a',
        path: '/logs/a',
        awaited: true,
        highest: '2024-03-10T07:00:03.500000000Z',
        lagMs: 1500,
        recordsPerSecond: 1.3,
        counts: { ...zeroCounts(), records: 7 },
      },
      { label: 'b', path: '/logs/b', awaited: true, highest: null, lagMs: null, recordsPerSecond: 0, counts: null },
    ],
  });
});
