import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Pace } from '../../src/live/turns.ts';

test('what costs nothing is done as often as asked, what costs much takes a two-hundredth of the time', () => {
  const pace = new Pace(100, 5000);
  assert.equal(pace.isDue(0), true);
  pace.did(0, 0);
  assert.equal(pace.period, 100);
  assert.equal(pace.isDue(99), false);
  assert.equal(pace.isDue(100), true);
  pace.did(100, 10);
  assert.equal(pace.period, 2000);
  assert.equal(pace.isDue(2099), false);
  assert.equal(pace.isDue(2100), true);
  pace.did(2100, 1_000_000);
  assert.equal(pace.period, 5000);
});

test('what is hurried is done as soon as it may be again, once', () => {
  const pace = new Pace(100, 5000);
  pace.did(0, 50);
  pace.hurry();
  pace.hurry();
  assert.equal(pace.isDue(99), false);
  assert.equal(pace.isDue(100), true);
  pace.did(100, 50);
  assert.equal(pace.isDue(300), false);
});
