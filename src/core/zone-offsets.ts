const HOUR = 3600;

/** All whole hours from UTC that are in use, and those with a part of one: of the tz database, since 1990. */
const OFFSETS = new Set(
  [
    ...Array.from({ length: 27 }, (_, i) => i - 12),
    ...[-9.5, -8.5, -4.5, -3.5, -2.5, 3.5, 4.5, 5.5, 5.75, 6.5, 8.5, 8.75, 9.5, 9.75, 10.5, 11.5, 12.75, 13.75],
  ].map((hours) => hours * HOUR),
);

/** Whether some zone is, or was since 1990, so many seconds from UTC; other differences of times are no zone. */
export const isZoneOffset = (seconds: number): boolean => OFFSETS.has(seconds);
