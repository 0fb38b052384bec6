import { formatInstantShort, type Instant, NANOS_PER_SECOND } from '../../core/instant.ts';

/** The offset of a zone from UTC, in seconds, at an instant in seconds since 1970. */
export type OffsetAt = (seconds: number) => number;

/** RFC 3339 with the offset that the zone has then; the fewest digits that lose nothing. `--since` takes it. */
export function zonedStamp(instant: Instant, offsetAt: OffsetAt): string {
  const offset = offsetAt(Number(instant / NANOS_PER_SECOND));
  const local = formatInstantShort(instant + BigInt(Math.round(offset)) * NANOS_PER_SECOND);
  return offset === 0 ? local : `${local.slice(0, -1)}${offsetText(offset)}`;
}

function offsetText(seconds: number): string {
  const minutes = Math.round(Math.abs(seconds) / 60);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${seconds < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
