/** @example '1,788,586' */
export const formatCount = (count: number): string => count.toLocaleString('en-US');

/** @example '1 record', '1,200 records' */
export const plural = (count: number, word: string): string => `${formatCount(count)} ${word}${count === 1 ? '' : 's'}`;
