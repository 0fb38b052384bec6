import type { Nanos } from '../core/instant.ts';
import { TsalignError } from '../core/problem.ts';

const SECOND = 1_000_000_000n;

/** Units of a duration, in nanoseconds. */
export const DURATION_UNITS: Readonly<Record<string, Nanos>> = {
  ns: 1n,
  us: 1000n,
  µs: 1000n,
  μs: 1000n,
  ms: 1_000_000n,
  s: SECOND,
  m: 60n * SECOND,
  min: 60n * SECOND,
  h: 3600n * SECOND,
  d: 86400n * SECOND,
  w: 7n * 86400n * SECOND,
  sec: SECOND,
  secs: SECOND,
  second: SECOND,
  seconds: SECOND,
  mins: 60n * SECOND,
  minute: 60n * SECOND,
  minutes: 60n * SECOND,
  hr: 3600n * SECOND,
  hrs: 3600n * SECOND,
  hour: 3600n * SECOND,
  hours: 3600n * SECOND,
  day: 86400n * SECOND,
  days: 86400n * SECOND,
  week: 7n * 86400n * SECOND,
  weeks: 7n * 86400n * SECOND,
};

const TERM = /(\d+)(?:\.(\d+))?\s*([a-zµμ]+)\s*/y;

/**
 * A length of time: terms of a number and a unit, one after the other, with one sign before all.
 * @throws TsalignError usage, where it is none, or where digits below the nanosecond would be lost.
 * @example parseDuration('-1.5s') // -1500000000n
 * @example parseDuration('1h30m') // 5400000000000n
 */
export function parseDuration(text: string): Nanos {
  const trimmed = text.trim();
  const sign = /^[+−-]/.exec(trimmed)?.[0] ?? '';
  let total = 0n;
  TERM.lastIndex = sign.length;
  if (TERM.lastIndex === trimmed.length) throw notADuration(text);
  while (TERM.lastIndex < trimmed.length) {
    const term = TERM.exec(trimmed);
    if (term === null) throw notADuration(text);
    total += termOf(term, text);
  }
  return sign === '' || sign === '+' ? total : -total;
}

function termOf([, whole, fraction = '', unit]: RegExpExecArray, text: string): Nanos {
  const size = DURATION_UNITS[unit];
  if (size === undefined) throw notADuration(text);
  const scale = 10n ** BigInt(fraction.length);
  const scaled = BigInt(`${whole}${fraction}`) * size;
  if (scaled % scale !== 0n) throw notADuration(text);
  return scaled / scale;
}

function notADuration(text: string): TsalignError {
  const bare = /^[+−-]?\d+(\.\d+)?$/.test(text.trim());
  return new TsalignError({
    code: 'usage',
    what: bare ? `"${text}" has no unit` : `"${text}" is no duration`,
    hint: bare ? `write ${text.trim()}s for seconds, or ms, m, h, d` : 'write it like 250ms, -1.5s, 2h or 1h30m',
  });
}
