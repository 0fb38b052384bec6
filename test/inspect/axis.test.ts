import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countTogether, laneOf } from '../../src/inspect/axis.ts';

const density = { from: 0, step: 10, counts: [1, 0, 2, 4], late: [0, 0, 0, 1] };

test('a lane holds every record of its density, in the part in which it lies', () => {
  assert.deepEqual(laneOf(density, 0n, 40n, 4), { counts: [1, 0, 2, 4], late: [0, 0, 0, 1] });
  assert.deepEqual(laneOf(density, 0n, 80n, 4), { counts: [1, 6, 0, 0], late: [0, 1, 0, 0] });
  assert.deepEqual(laneOf(density, 0n, 39n, 1), { counts: [7], late: [1] });
});

test('what lies at the very ends of the time is in the first and the last part', () => {
  assert.deepEqual(laneOf(density, 8n, 33n, 3).counts, [1, 0, 6]);
  assert.deepEqual(
    laneOf({ ...density, counts: [3], late: [] }, 5n, 5n, 3).counts.reduce((a, b) => a + b),
    3,
  );
});

test('together counts the lanes that have records', () => {
  const lanes = [
    { counts: [1, 0, 9], late: [] },
    { counts: [0, 0, 1], late: [] },
  ];
  assert.deepEqual(countTogether(lanes, 3), [1, 0, 2]);
});
