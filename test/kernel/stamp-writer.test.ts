import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type Digits,
  formatInstant,
  formatInstantShort,
  highWord,
  lowWord,
  MAX_INSTANT,
  MIN_INSTANT,
} from '../../src/core/instant.ts';
import { STAMP_ROOM, StampWriter } from '../../src/kernel/stamp-writer.ts';

const DIGITS: readonly Digits[] = [0, 3, 6, 9];

function stampOf(writer: StampWriter, instant: bigint): string {
  const bytes = Buffer.alloc(STAMP_ROOM + 4, '#');
  writer.place(highWord(instant), lowWord(instant));
  const end = writer.write(bytes, 2);
  assert.equal(bytes.toString('latin1', 0, 2), '##');
  assert.equal(bytes[end], '#'.charCodeAt(0));
  return bytes.toString('latin1', 2, end);
}

const anyInstant = fc.bigInt({ min: MIN_INSTANT, max: MAX_INSTANT });
/** Steps as logs make them: within the second, over it, back, far away. */
const step = fc.oneof(
  fc.bigInt({ min: 0n, max: 999_999_999n }),
  fc.bigInt({ min: -2_000_000_000n, max: 2_000_000_000n }),
  fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }),
  fc.bigInt({ min: -(2n ** 53n), max: 2n ** 53n }),
  fc.constantFrom(1n, -1n, 10n ** 9n, 86_400n * 10n ** 9n, 4_503_599_000_000_000n - 1n, -4_503_599_000_000_000n - 1n),
);

const clamp = (instant: bigint): bigint =>
  instant < MIN_INSTANT ? MIN_INSTANT : instant > MAX_INSTANT ? MAX_INSTANT : instant;

test('agrees with formatInstant, whatever was written before', () => {
  fc.assert(
    fc.property(fc.constantFrom(...DIGITS), anyInstant, fc.array(step, { maxLength: 30 }), (digits, first, steps) => {
      const writer = new StampWriter({ digits, finer: 'cut' });
      let instant = first;
      assert.equal(stampOf(writer, instant), formatInstant(instant, digits));
      for (const width of steps) {
        instant = clamp(instant + width);
        assert.equal(stampOf(writer, instant), formatInstant(instant, digits));
      }
    }),
    { numRuns: 500 },
  );
});

test('agrees at whole seconds and one nanosecond beside them, far from the last', () => {
  const writer = new StampWriter({ digits: 9, finer: 'cut' });
  for (let n = 0; n < 2000; n++) {
    const second = BigInt(n * 4_503 - 4_000_000) * 1_000_000_000n;
    for (const instant of [second - 1n, second, second + 1n, second + 999_999_999n]) {
      assert.equal(stampOf(writer, instant), formatInstant(instant));
    }
  }
});

test('the first and the last instant', () => {
  const writer = new StampWriter({ digits: 9, finer: 'cut' });
  for (const instant of [MIN_INSTANT, MAX_INSTANT, MIN_INSTANT, MIN_INSTANT + 1n, 0n, -1n, MAX_INSTANT]) {
    assert.equal(stampOf(writer, instant), formatInstant(instant));
  }
});

test('a finer instant is written in full, or cut, as asked', () => {
  const instant = 1_710_053_998_120_450_000n;
  const cases: [Digits, string][] = [
    [0, '2024-03-10T06:59:58.120450Z'],
    [3, '2024-03-10T06:59:58.120450Z'],
    [6, '2024-03-10T06:59:58.120450Z'],
    [9, '2024-03-10T06:59:58.120450000Z'],
  ];
  for (const [digits, full] of cases) {
    assert.equal(stampOf(new StampWriter({ digits, finer: 'full' }), instant), full);
    assert.equal(stampOf(new StampWriter({ digits, finer: 'cut' }), instant), formatInstant(instant, digits));
  }
});

test('in full nothing is lost', () => {
  fc.assert(
    fc.property(fc.constantFrom(...DIGITS), anyInstant, (digits, instant) => {
      const text = stampOf(new StampWriter({ digits, finer: 'full' }), instant);
      const short = formatInstantShort(instant);
      const padded = formatInstant(instant, digits);
      assert.equal(text, short.length > padded.length ? short : padded);
    }),
  );
});

test('an output zone shifts the text and names the offset', () => {
  const offset = fc.integer({ min: -14 * 60, max: 14 * 60 });
  fc.assert(
    fc.property(anyInstant, offset, (instant, minutes) => {
      const writer = new StampWriter({ digits: 3, finer: 'cut', offsetAt: () => minutes });
      const text = stampOf(writer, instant);
      const sign = minutes < 0 ? '-' : '+';
      const size = Math.abs(minutes);
      const zone = `${sign}${String(Math.floor(size / 60)).padStart(2, '0')}:${String(size % 60).padStart(2, '0')}`;
      const millis = Number(instant / 1_000_000n) - (instant % 1_000_000n < 0n ? 1 : 0);
      assert.equal(text, new Date(millis + minutes * 60_000).toISOString().replace('Z', zone));
      assert.equal(Date.parse(text), millis);
    }),
  );
});

test('the offset is asked for again in each second, and a change rewrites the zone', () => {
  const change = 1_710_054_000;
  const offsetAt = (seconds: number) => (seconds < change ? -300 : -240);
  const writer = new StampWriter({ digits: 0, finer: 'full', offsetAt });
  assert.equal(stampOf(writer, 1_710_053_999_000_000_000n), '2024-03-10T01:59:59-05:00');
  assert.equal(stampOf(writer, 1_710_054_000_000_000_000n), '2024-03-10T03:00:00-04:00');
  assert.equal(stampOf(writer, 1_710_054_000_000_000_007n), '2024-03-10T03:00:00.000000007-04:00');
});

test('an offset with seconds (local mean time) is rounded to minutes, the instant stays', () => {
  const writer = new StampWriter({ digits: 0, finer: 'cut', offsetAt: () => -4 * 60 - 56 - 2 / 60 });
  assert.equal(stampOf(writer, 0n), '1969-12-31T19:04:00-04:56');
});
