import assert from 'node:assert/strict';
import { test } from 'node:test';
import { zonedStamp } from '../../../src/cli/inspect/stamps.ts';
import { tickLine } from '../../../src/cli/inspect/ticks.ts';

const at = (text: string): bigint => BigInt(Date.parse(text)) * 1_000_000n;
const utc = () => 0;

const CASES: [from: string, to: string, columns: number, line: string][] = [
  ['2024-03-10T06:59:50Z', '2024-03-10T07:00:10Z', 30, '|06:59:50      |07:00:00'],
  ['2024-03-10T06:00:00Z', '2024-03-10T12:00:00Z', 42, '|06:00        |08:00        |10:00'],
  ['2024-03-10T12:00:00Z', '2024-03-11T12:00:00Z', 36, '|12:00            |03-11'],
  ['2022-04-20T15:15:00Z', '2026-10-11T00:02:36Z', 60, '                      |2024                      |2026'],
  ['2023-11-20T00:00:00Z', '2024-03-10T00:00:00Z', 60, '     |2023-12         |2024-01         |2024-02'],
  ['1890-05-01T00:00:00Z', '2024-03-10T00:00:00Z', 40, '  |1900          |1950          |2000'],
  ['2024-03-10T00:00:00Z', '2024-03-10T00:00:00Z', 36, ''],
];

test('ticks stand at round times, as far apart as their labels need', () => {
  for (const [from, to, columns, line] of CASES) {
    const drawn = tickLine(at(from), at(to), columns, utc);
    assert.ok(drawn.length <= columns);
    assert.equal(drawn, line);
  }
});

test('round times are those of the zone', () => {
  const line = tickLine(at('2024-03-10T06:00:00Z'), at('2024-03-10T12:00:00Z'), 42, () => 5400);
  assert.equal(line, '   |08:00        |10:00        |12:00');
});

test('every span up to the longest has ticks that fit', () => {
  for (let exponent = 3; exponent <= 18; exponent++) {
    for (const columns of [20, 56, 116]) {
      const line = tickLine(0n, 10n ** BigInt(exponent), columns, utc);
      assert.ok(line.length <= columns, `10^${exponent} in ${columns}: ${line}`);
      if (exponent >= 8 && columns > 20) assert.match(line, /\|/);
    }
  }
});

test('stamps have the offset of their zone, and are exact', () => {
  assert.equal(zonedStamp(at('2024-03-10T07:00:00Z') + 1n, utc), '2024-03-10T07:00:00.000000001Z');
  assert.equal(
    zonedStamp(at('2024-03-10T07:00:00Z'), () => -12600),
    '2024-03-10T03:30:00-03:30',
  );
});
