/**
 * An instant is a whole number of nanoseconds since 1970-01-01T00:00:00Z, signed, 64 bits: 1677-09-21 to 2262-04-11.
 * At the edges (what people type, reports, the library) it is a `bigint`. In the key column and in loops it is two
 * 32-bit words, `high` signed and `low` unsigned, because a BigInt made in a loop costs 66 ns.
 */
export type Instant = bigint;

/** A length of time in nanoseconds. */
export type Nanos = bigint;

export const NANOS_PER_SECOND = 1_000_000_000n;
export const NANOS_PER_MILLI = 1_000_000n;
export const DAY_SECONDS = 86_400;

/** The first and the last instant that a key can hold. */
export const MIN_INSTANT: Instant = -(2n ** 63n);
export const MAX_INSTANT: Instant = 2n ** 63n - 1n;

/** How many fraction digits a written stamp has. */
export type Digits = 0 | 3 | 6 | 9;

/** The signed upper word of an instant's key. */
export const highWord = (instant: Instant): number => Number(BigInt.asIntN(64, instant) >> 32n);

/** The unsigned lower word of an instant's key. */
export const lowWord = (instant: Instant): number => Number(BigInt.asUintN(32, instant));

/** The instant whose key is these two words; `low` may be given signed, as an Int32Array yields it. */
export const instantOf = (high: number, low: number): Instant => (BigInt(high) << 32n) | BigInt(low >>> 0);

/** Below zero, zero or above zero, as key a lies before, at or after key b. */
export function compareKeys(aHigh: number, aLow: number, bHigh: number, bLow: number): number {
  return aHigh - bHigh || (aLow >>> 0) - (bLow >>> 0);
}

/** Whole seconds (rounded down) and the nanoseconds above them; both exact. */
export function secondsOf(instant: Instant): { seconds: number; nanos: number } {
  const seconds = instant / NANOS_PER_SECOND;
  const rest = instant - seconds * NANOS_PER_SECOND;
  return rest < 0n
    ? { seconds: Number(seconds) - 1, nanos: Number(rest + NANOS_PER_SECOND) }
    : { seconds: Number(seconds), nanos: Number(rest) };
}

/**
 * RFC 3339 in UTC, cut (not rounded) to `digits` fraction digits. Not for loops: see kernel/stamp-writer.ts.
 * @example formatInstant(1710054000000000000n, 3) // '2024-03-10T07:00:00.000Z'
 */
export function formatInstant(instant: Instant, digits: Digits = 9): string {
  const { seconds, nanos } = secondsOf(instant);
  const whole = new Date(seconds * 1000).toISOString().slice(0, 19);
  return digits === 0 ? `${whole}Z` : `${whole}.${String(nanos).padStart(9, '0').slice(0, digits)}Z`;
}

/** Like formatInstant, with the fewest of 0, 3, 6 or 9 digits that lose nothing. */
export function formatInstantShort(instant: Instant): string {
  const { nanos } = secondsOf(instant);
  const digits: Digits = nanos === 0 ? 0 : nanos % 1_000_000 === 0 ? 3 : nanos % 1000 === 0 ? 6 : 9;
  return formatInstant(instant, digits);
}
