import { FARTHER, jumpsOf } from './apart.ts';
import type { Hit } from './hit.ts';

const HOUR = 3600;

/**
 * The hits with their hours as they were written, where AM and PM behind them are words of messages (`12:05:06 am I
 * alive`, `09:05:06 PM: suspend`): where others of their format show a clock of 24 hours, or where the stamps are in
 * order without them and in none with them.
 */
export function withoutWords(hits: readonly Hit[]): Hit[] {
  const formats = new Set(hits.filter(isHalved).map(({ format }) => format));
  const worded = [...formats].filter((each) => areWords(hits.filter(({ format }) => format === each)));
  return hits.map((hit) => (isHalved(hit) && worded.includes(hit.format) ? asWritten(hit) : hit));
}

const isHalved = ({ halvedHour }: Hit): boolean => halvedHour >= 0;

const asWritten = (hit: Hit): Hit => ({
  ...hit,
  seconds: hit.seconds + (hit.halvedHour - hourOf(hit)) * HOUR,
  bareHour: hit.halvedHour,
  halvedHour: -1,
  isHalfWord: true,
});

/** The hour of the day that was read. */
const hourOf = ({ seconds, offset }: Hit): number =>
  Math.floor(((((seconds + offset) % 86_400) + 86_400) % 86_400) / HOUR);

function areWords(hits: readonly Hit[]): boolean {
  const halved = hits.filter(isHalved);
  if (halved.some(({ halvedHour }) => halvedHour > 12)) return true;
  const isOf24 = hits.some(({ bareHour }) => bareHour > 12 || bareHour === 0);
  // A clock of 24 hours beside them may be that of another program: then they are words only if order does not tell otherwise.
  return isOf24 ? jumpsAsWritten(hits) <= jumps(hits) * FARTHER : jumpsAsWritten(halved) * FARTHER < jumps(halved);
}

const jumps = (hits: readonly Hit[]): number => jumpsOf(hits.map(({ seconds }) => seconds));

const jumpsAsWritten = (hits: readonly Hit[]): number =>
  jumps(hits.map((hit) => (isHalved(hit) ? asWritten(hit) : hit)));
