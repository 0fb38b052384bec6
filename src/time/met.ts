/** What was met beside numbers: bits of `has` above those of the kinds. */
export const ZONED = 1 << 16;
export const AMBIGUOUS_ZONE = 1 << 17;
export const HALVED = 1 << 18;
export const BY_ORDINAL = 1 << 19;
export const NEGATIVE = 1 << 20;
export const BY_WEEK = 1 << 21;
export const TAI = 1 << 22;
export const SINCE_1601 = 1 << 23;
export const UNCERTAIN_ZONE = 1 << 24;
export const NAMED_ZONE = 1 << 25;
export const UPTIME = 1 << 26;
export const SINCE_YEAR_1 = 1 << 27;
export const WEEKDAY = 1 << 29;
/** Where the stamp ends, though its pattern goes on. */
export const STOPPED = 1 << 30;
/** A number that no day or clock has. */
export const TOO_LARGE = 1 << 28;
