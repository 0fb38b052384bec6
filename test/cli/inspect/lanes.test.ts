import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blockDrawing, drawLanes, plainDrawing } from '../../../src/cli/inspect/lanes.ts';
import type { Inspection, SourceInspection } from '../../../src/inspect.ts';
import { UTC } from '../../../src/time/index.ts';

const paints = { bold: String, dim: String, alarm: String };

const HOUR = 3_600_000_000_000;
const BEGIN = Date.UTC(2024, 2, 10) * 1e6;

const source = (label: string, hours: number[]): SourceInspection =>
  ({
    label,
    counts: { records: 1_234_567, outside: 0 },
    density: { from: BEGIN, step: HOUR, counts: hours, late: [] },
  }) as unknown as SourceInspection;

const inspection = {
  sources: [source('web.log', [1, 0, 9]), source('a name that is longer than a lane has room for.log', [0, 0, 0, 4])],
  first: BigInt(BEGIN),
  last: BigInt(BEGIN + 4 * HOUR),
  zone: UTC,
} as unknown as Inspection;

test('no line of the picture is wider than its terminal, the legend included', () => {
  for (const columns of [80, 140])
    for (const drawing of [blockDrawing(columns, paints), plainDrawing(columns, paints)])
      for (const line of drawLanes(inspection, drawing)) assert.ok(line.length <= columns, `${line.length}: ${line}`);
});
