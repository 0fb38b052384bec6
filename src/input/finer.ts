/**
 * Programs that write whole seconds for people or old readers often write the same instant again with its fraction
 * (`timestamp` and `isotimestamp`, `ts` and `ts_ns`). Records keep their order only by the finer one.
 */

const ISO = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:[.,](\d+))?(Z|[+-]\d\d:?\d\d)$/;
/** Seconds since 1970 from 2001 to 2286, and what milli-, micro- or nanoseconds add to them. */
const EPOCH = /^([1-9]\d{9})(?:\.(\d+)|(\d{3}|\d{6}|\d{9}))?$/;

interface Parts {
  seconds: number;
  fraction: string;
}

/** Of an ISO stamp with its offset, or a number: the seconds since 1970 and the digits behind them. */
function partsOf(text: Uint8Array): Parts | undefined {
  const written = Buffer.from(text).toString('latin1');
  const iso = ISO.exec(written);
  if (iso !== null) return { seconds: Date.parse(`${iso[1]}${iso[3]}`) / 1000, fraction: iso[2] ?? '' };
  const epoch = EPOCH.exec(written);
  return epoch === null ? undefined : { seconds: Number(epoch[1]), fraction: epoch[2] ?? epoch[3] ?? '' };
}

/** Whether all texts are stamps of whole seconds that `partsOf` can tell. */
export function areWholeSeconds(texts: readonly Uint8Array[]): boolean {
  return texts.length > 0 && texts.every((text) => partsOf(text)?.fraction === '');
}

/** Whether several records, and all of them, have the same text there. */
export const standsStill = (texts: readonly Uint8Array[]): boolean =>
  texts.length >= SEVERAL && texts.every((text) => Buffer.compare(text, texts[0]) === 0);

const SEVERAL = 4;

/** Whether the others, one beside each of `texts`, say the same second, and more of it. */
export function isFiner(texts: readonly Uint8Array[], others: readonly Uint8Array[]): boolean {
  if (texts.length !== others.length) return false;
  const all = texts.map((text, i) => [partsOf(text), partsOf(others[i])] as const);
  if (!all.every(([one, other]) => one !== undefined && other?.seconds === one.seconds)) return false;
  return all.some(([, other]) => /[1-9]/.test(other?.fraction ?? ''));
}
