/** What was met beside numbers: bits of `has` above those of the kinds. */

/** A zone that a blank divides from its time: ` CET`, ` -0700`. */
export const APART = 1 << 15;
export const ZONED = 1 << 16;
export const AMBIGUOUS_ZONE = 1 << 17;
export const HALVED = 1 << 18;
export const BY_ORDINAL = 1 << 19;
export const NEGATIVE = 1 << 20;
export const BY_WEEK = 1 << 21;
/** Seconds since 1970 that are no plain number (epoch-text.ts). */
export const SPELLED = 1 << 22;
export const SINCE_1601 = 1 << 23;
export const UNCERTAIN_ZONE = 1 << 24;
export const NAMED_ZONE = 1 << 25;
export const UPTIME = 1 << 26;
export const SINCE_YEAR_1 = 1 << 27;
/** A number that no day or clock has. */
export const TOO_LARGE = 1 << 28;
export const WEEKDAY = 1 << 29;
/** The stamp ends, though its pattern goes on. */
export const STOPPED = 1 << 30;
