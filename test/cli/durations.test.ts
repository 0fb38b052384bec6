import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatNanos } from '../../src/cli/durations.ts';

const CASES: [nanos: bigint, text: string][] = [
  [0n, '0 s'],
  [999n, '999 ns'],
  [1500n, '1.5 µs'],
  [850_000_000n, '850 ms'],
  [3_290_000_000n, '3.2 s'],
  [59_000_000_000n, '59 s'],
  [60_000_000_000n, '1 min'],
  [11_532_000_000_000n, '3 h 12 min'],
  [86_400_000_000_000n, '1 d'],
  [187_200_000_000_000n, '2 d 4 h'],
  [-1_000_000n, '1 ms'],
];

test('lengths of time are said in their largest unit and a little more', () => {
  for (const [nanos, text] of CASES) assert.equal(formatNanos(nanos), text);
});
