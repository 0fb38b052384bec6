import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Watermark } from '../../src/live/watermark.ts';

const action = fc.record({
  what: fc.constantFrom('join', 'leave', 'saw', 'saw', 'saw'),
  source: fc.integer({ min: 0, max: 3 }),
  instant: fc.bigInt({ min: 0n, max: 20n }),
});

test('the watermark is the lowest of the sources that are waited for, whatever has happened to them', () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
      const watermark = new Watermark<number>(5n);
      const highest = new Map<number, bigint | undefined>();
      const waited = new Set<number>();
      for (const { what, source, instant } of actions) {
        if (what === 'join') {
          watermark.join(source);
          if (!highest.has(source)) highest.set(source, undefined);
          waited.add(source);
        } else if (what === 'leave') {
          watermark.leaveOut(source);
          waited.delete(source);
        } else {
          watermark.saw(source, instant);
          const before = highest.get(source);
          if (highest.has(source) && (before === undefined || instant > before)) highest.set(source, instant);
        }
        const paces = [...waited].map((each) => highest.get(each));
        const lowest = paces.reduce(
          (a, b) => (a === undefined || b === undefined ? undefined : a < b ? a : b),
          paces[0],
        );
        assert.equal(watermark.isFree, waited.size === 0);
        assert.equal(watermark.allowed, lowest === undefined ? undefined : lowest - 6n);
      }
    }),
    { endOnFailure: true },
  );
});
