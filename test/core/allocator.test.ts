import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Allocator } from '../../src/core/memory.ts';

test('what something takes while it is made is given back with it, but for what it gave back itself', () => {
  const allocator = new Allocator(100, '--memory');
  const before = allocator.take(10);
  const { made, giveBack } = allocator.lend(() => {
    const kept = [allocator.take(20), allocator.take(30)];
    allocator.give(allocator.take(5), 5);
    return kept;
  });
  assert.deepEqual(made, [10, 30]);
  const behind = allocator.take(40);
  giveBack();
  giveBack();
  assert.equal(allocator.largest, 50);
  allocator.give(before, 10);
  allocator.give(behind, 40);
  assert.equal(allocator.largest, 100);
});

test('what could not be made leaves nothing behind', () => {
  const allocator = new Allocator(100, '--memory');
  const fails = () => {
    allocator.take(60);
    allocator.take(60);
  };
  assert.throws(() => allocator.lend(fails), /does not suffice/);
  assert.equal(allocator.largest, 100);
});
