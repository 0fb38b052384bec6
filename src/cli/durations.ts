import type { Nanos } from '../core/instant.ts';

const UNITS = [
  ['d', 86_400_000_000_000n],
  ['h', 3_600_000_000_000n],
  ['min', 60_000_000_000n],
  ['s', 1_000_000_000n],
  ['ms', 1_000_000n],
  ['µs', 1000n],
  ['ns', 1n],
] as const;

/** The last of them that are written with a second unit behind: `2 d 4 h`, but `3.2 s`. */
const COMPOUND = 3;

/**
 * A length of time for people: its largest unit, and as much of the next as they would say.
 * @example '2 d 4 h', '3 h 12 min', '3.2 s', '850 ms'
 */
export function formatNanos(nanos: Nanos): string {
  const length = nanos < 0n ? -nanos : nanos;
  const found = UNITS.findIndex(([, size]) => length >= size);
  if (found < 0) return '0 s';
  const [unit, size] = UNITS[found];
  const whole = length / size;
  if (found < COMPOUND) {
    const [next, nextSize] = UNITS[found + 1];
    const rest = (length - whole * size) / nextSize;
    return rest === 0n ? `${whole} ${unit}` : `${whole} ${unit} ${rest} ${next}`;
  }
  const tenths = (length * 10n) / size;
  return whole >= 100n || tenths % 10n === 0n ? `${whole} ${unit}` : `${whole}.${tenths % 10n} ${unit}`;
}
