import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { freeNames, ownNames } from '../../src/output/names.ts';

test('only names that are taken change', () => {
  assert.deepEqual(freeNames(['a', 'b'], ['time']), ['a', 'b']);
  assert.deepEqual(freeNames(['time', 'time_', 'a'], ['time', 'source']), ['time__', 'time_', 'a']);
  assert.deepEqual(freeNames(['a', 'a', 'a_', 'a'], []), ['a', 'a__', 'a_', 'a___']);
});

test('all names differ in the end, and from the reserved ones', () => {
  const name = fc.constantFrom('time', 'time_', 'time__', 'a', 'a_', '', '_');
  fc.assert(
    fc.property(fc.array(name), (names) => {
      const free = freeNames(names, ['time', 'a']);
      assert.equal(new Set([...free, 'time', 'a']).size, names.length + 2);
      for (const [i, one] of free.entries()) assert.match(one, new RegExp(`^${names[i]}_*$`));
    }),
  );
});

test('our own names', () => {
  assert.deepEqual(ownNames({ withSource: true, lineNumbers: true }), ['time', 'source', 'line']);
  assert.deepEqual(ownNames({ withSource: false, lineNumbers: false }), ['time']);
});
