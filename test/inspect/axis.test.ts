import assert from 'node:assert/strict';
import { test } from 'node:test';
import { axisOf, countTogether, laneOf } from '../../src/inspect/axis.ts';

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

const span = (first: number | undefined, last: number | undefined, yearAssumed = false) => ({
  first: first === undefined ? undefined : BigInt(first),
  last: last === undefined ? undefined : BigInt(last),
  yearAssumed,
});

test('an axis is that of all sources, but for the few that would squeeze the others', () => {
  assert.equal(axisOf([]), undefined);
  assert.equal(axisOf([span(undefined, undefined)]), undefined);
  const many = [span(10, 20), span(12, 30), span(15, 18)];
  assert.deepEqual(axisOf(many), { from: 10n, to: 30n });
  assert.deepEqual(axisOf([...many, span(1000, 1001)]), { from: 10n, to: 30n });
  assert.deepEqual(axisOf([span(-9000, -8999), ...many, span(1000, 1001)]), { from: 10n, to: 30n });
  assert.deepEqual(axisOf([...many, span(80, 90)]), { from: 10n, to: 90n }, 'there is room for both');
  assert.deepEqual(axisOf([...many, span(5, 1000)]), { from: 5n, to: 1000n }, 'no gap');
});

test('where as many lie far away, those whose year was assumed are left out, or none', () => {
  assert.deepEqual(axisOf([span(10, 20), span(1000, 1001)]), { from: 10n, to: 1001n });
  assert.deepEqual(axisOf([span(10, 20), span(1000, 1001, true)]), { from: 10n, to: 20n });
  assert.deepEqual(axisOf([span(10, 20, true), span(1000, 1001)]), { from: 1000n, to: 1001n });
});
