import { isZoneOffset } from '../core/zone-offsets.ts';

/**
 * Programs that write a local time or whole seconds, for people or old readers, often write the same instant again with its
 * zone or fraction (`date` and `epoch`, `timestamp` and `isotimestamp`, `ts` and `ts_ns`): that one tells more.
 */

/** The same without a zone, where the year may be missing too (RFC 3164). */
const LOCAL = /^(?:(\d{4})[-/](\d\d)[-/](\d\d)[ T]|([A-Z][a-z]{2}) +(\d\d?) )(\d\d):(\d\d):(\d\d)(?:[.,]\d+)?$/;
const ISO = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d+))? ?(Z|UTC|[+-]\d\d:?\d\d)$/;
/** Seconds since 1970 from 2001 to 2286, and what milli-, micro- or nanoseconds add to them. */
const EPOCH = /^([1-9]\d{9})(\d{3}|\d{6}|\d{9})?(?:\.(\d+))?$/;

interface Parts {
  seconds: number;
  fraction: string;
}

/** Of an ISO stamp with its offset, or a number: the seconds since 1970 and the digits behind them. */
function partsOf(text: Uint8Array): Parts | undefined {
  const written = Buffer.from(text).toString('latin1');
  const iso = ISO.exec(written);
  if (iso !== null) {
    const [, date, time, digits = '', zone = ''] = iso;
    return { seconds: Date.parse(`${date}T${time}${zone === 'UTC' ? 'Z' : zone}`) / SECOND, fraction: digits };
  }
  const epoch = EPOCH.exec(written);
  return epoch === null ? undefined : { seconds: Number(epoch[1]), fraction: `${epoch[2] ?? ''}${epoch[3] ?? ''}` };
}

/** Whether all texts are stamps of whole seconds that `partsOf` can tell. */
export function areWholeSeconds(texts: readonly Uint8Array[]): boolean {
  return texts.length > 0 && texts.every((text) => partsOf(text)?.fraction === '');
}

/** Whether several records, and all of them, have the same text there. */
export const standsStill = (texts: readonly Uint8Array[]): boolean =>
  texts.length >= SEVERAL && texts.every((text) => Buffer.compare(text, texts[0]) === 0);

/** Records in which chance makes no two times that are a zone apart. */
export const SEVERAL = 4;

/** Whether the others, one beside each of `texts`, say the same second, and more of it. */
export function isFiner(texts: readonly Uint8Array[], others: readonly Uint8Array[]): boolean {
  if (texts.length !== others.length) return false;
  const all = texts.map((text, i) => [partsOf(text), partsOf(others[i])] as const);
  if (!all.every(([one, other]) => one !== undefined && other?.seconds === one.seconds)) return false;
  return all.some(([, other]) => /[1-9]/.test(other?.fraction ?? ''));
}

/** The seconds since 1970 that a text says; those of a local time as if it were in UTC. NaN for other texts. */
export function secondsOf(text: Uint8Array): number {
  const parts = partsOf(text);
  if (parts !== undefined) return parts.seconds + Number(`0.${parts.fraction}`);
  return utcSeconds(text) ?? Number.NaN;
}

const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';
const SUMMER = 3600;
const SECOND = 1000;

/** Seconds since 1970 of a stamp without a zone, as if it were in UTC, and in this year if it names none. */
function localSeconds(text: Uint8Array, year: number): number | undefined {
  const found = LOCAL.exec(Buffer.from(text).toString('latin1'));
  if (found === null) return undefined;
  const [, written, month, day, name = '', dayOfName, hour, minute, second] = found;
  const index = written === undefined ? MONTHS.indexOf(name) / 3 : Number(month) - 1;
  const date = Date.UTC(
    Number(written ?? year),
    index,
    Number(day ?? dayOfName),
    Number(hour),
    Number(minute),
    Number(second),
  );
  return date / SECOND;
}

/** Whether a text is a stamp that names no zone. */
export const isLocal = (text: Uint8Array): boolean => localSeconds(text, 1970) !== undefined;

/** Whether a name says that a stamp without a zone is in UTC: `date_gmt`, `timestamp_utc`. */
export const saysUtc = (name: string): boolean => /utc|gmt/i.test(name);

/** Whether the others, one beside each of `texts`, say the same instants, and these in a zone that `texts` do not name. */
export const isFuller = (texts: readonly Uint8Array[], others: readonly Uint8Array[]): boolean =>
  areApart(texts, others, (text) => partsOf(text)?.seconds);

/** The same of others that name no zone either, but are in UTC as their name says. */
export const mayBeInUtc = (texts: readonly Uint8Array[], others: readonly Uint8Array[]): boolean =>
  areApart(texts, others, utcSeconds);

/** The same where `texts` are in another zone, at least in summer. */
export const isInUtc = (texts: readonly Uint8Array[], others: readonly Uint8Array[]): boolean =>
  mayBeInUtc(texts, others) && texts.some((text, i) => Buffer.compare(text, others[i] as Uint8Array) !== 0);

const utcSeconds = (text: Uint8Array): number | undefined =>
  /^\d/.test(Buffer.from(text.subarray(0, 1)).toString('latin1')) ? localSeconds(text, 1970) : undefined;

/** Whether local times differ from instants beside them by what a zone does: always the same, but for an hour in summer. */
function areApart(
  texts: readonly Uint8Array[],
  others: readonly Uint8Array[],
  instantOf: (text: Uint8Array) => number | undefined,
): boolean {
  if (texts.length === 0 || texts.length !== others.length) return false;
  const offsets = texts.map((text, i) => {
    const seconds = instantOf(others[i] as Uint8Array);
    const local = seconds === undefined ? undefined : localSeconds(text, new Date(seconds * SECOND).getUTCFullYear());
    return seconds === undefined || local === undefined ? Number.NaN : local - seconds;
  });
  const [first] = offsets as [number];
  const all = new Set(offsets);
  return (
    isZoneOffset(first) &&
    (all.size === 1 || (all.size === 2 && offsets.every((each) => each === first || Math.abs(each - first) === SUMMER)))
  );
}
