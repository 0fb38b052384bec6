import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DECIMAL_ROOM, pokeDecimal } from '../../src/kernel/decimal.ts';

test('writes what String writes', () => {
  const whole = fc.oneof(
    fc.nat(),
    fc.maxSafeNat(),
    fc.constantFrom(0, 9, 10, 99, 100, 999_999_999_999_999, 10 ** 15, Number.MAX_SAFE_INTEGER),
  );
  fc.assert(
    fc.property(whole, (value) => {
      const bytes = Buffer.alloc(DECIMAL_ROOM + 2, '#');
      const end = pokeDecimal(bytes, 1, value);
      assert.equal(bytes.toString('latin1', 0, end), `#${value}`);
      assert.equal(bytes[end], '#'.charCodeAt(0));
    }),
    { numRuns: 1000 },
  );
});
