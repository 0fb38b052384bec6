/** @example '1,788,586' By hand: the first call of toLocaleString loads all of ICU's numbers, 60 ms. */
export const formatCount = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',');

/** @example '1 record', '1,200 records' */
export const plural = (count: number, word: string): string => `${formatCount(count)} ${word}${count === 1 ? '' : 's'}`;
