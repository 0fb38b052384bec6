import { DAY_SECONDS } from '../core/instant.ts';
import { TsalignError } from '../core/problem.ts';

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: DAY_SECONDS };
const WORDS: Readonly<Record<string, number>> = { minute: 60, hour: 3600, day: DAY_SECONDS };

/** Seconds of a slot: `hour`, `day`, `15m`. Slots begin at midnight, so that a day must hold a whole number of them. */
export function slotLength(text: string): number {
  const [, count = '', unit = ''] = /^(\d+)([smhd])$/.exec(text) ?? [];
  const seconds = Object.hasOwn(WORDS, text) ? WORDS[text] : Number(count) * (UNITS[unit] ?? Number.NaN);
  if (seconds >= 1 && DAY_SECONDS % seconds === 0) return seconds;
  const hint = 'give minute, hour, day, or a length of which a day has a whole number: 10s, 15m, 6h';
  throw new TsalignError({ code: 'usage', where: '--split-by', what: `"${text}" is no length of slots`, hint });
}

const padded = (value: number, width = 2): string => String(value).padStart(width, '0');

function offsetText(seconds: number): string {
  const minutes = Math.abs(seconds) / 60;
  return `${seconds < 0 ? '-' : '+'}${padded(Math.floor(minutes / 60))}${padded(Math.floor(minutes % 60))}`;
}

interface Letter {
  /** The parts of a time that it tells. */
  tells: string;
  text(date: Date, offset: number): string;
}

/** What stands for a letter behind `%`, as in strftime(3). */
const LETTERS: Readonly<Record<string, Letter>> = {
  Y: { tells: 'Y', text: (date) => padded(date.getUTCFullYear(), 4) },
  m: { tells: 'm', text: (date) => padded(date.getUTCMonth() + 1) },
  d: { tells: 'd', text: (date) => padded(date.getUTCDate()) },
  F: { tells: 'Ymd', text: (date) => date.toISOString().slice(0, 10) },
  j: { tells: 'md', text: (date) => padded(dayOfYear(date), 3) },
  H: { tells: 'H', text: (date) => padded(date.getUTCHours()) },
  M: { tells: 'M', text: (date) => padded(date.getUTCMinutes()) },
  S: { tells: 'S', text: (date) => padded(date.getUTCSeconds()) },
  z: { tells: 'z', text: (_, offset) => offsetText(offset) },
  '%': { tells: '', text: () => '%' },
};

const dayOfYear = (date: Date): number =>
  Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear())) / DAY_SECONDS / 1000) + 1;

/** The path of the slot that begins at these local seconds, where clocks are so many seconds ahead of UTC. */
export function slotPath(pattern: string, local: number, offset: number): string {
  const date = new Date(local * 1000);
  return pattern.replace(/%(.)/gs, (_, letter: string) => LETTERS[letter].text(date, offset));
}

/** Whether names tell the offset from UTC, so that a repeated hour has slots of its own. */
export const tellsOffset = (pattern: string): boolean => /%z/.test(pattern.replaceAll('%%', ''));

/** @throws TsalignError 'usage' for a letter that stands for nothing, and where two slots would have one name */
export function checkSlotPattern(pattern: string, seconds: number): void {
  const letters = [...pattern.matchAll(/%(.?)/gs)].map(([, letter = '']) => letter);
  const refuse = (what: string, hint: string) => new TsalignError({ code: 'usage', where: '--output', what, hint });
  const unknown = letters.find((letter) => !Object.hasOwn(LETTERS, letter));
  if (unknown !== undefined) {
    throw refuse(`%${unknown} stands for no part of a time`, 'use %Y %m %d %H %M %S %F %j %z, and %% for a %');
  }
  const told = new Set(letters.flatMap((letter) => [...LETTERS[letter].tells]));
  const needed = neededFor(seconds);
  const missing = needed.find((letter) => !told.has(letter));
  if (missing === undefined) return;
  const clock = needed.slice(3).map((letter) => `%${letter}`);
  throw refuse(
    `several slots would have one name, for it has no ${letters.length === 0 ? '% at all' : `%${missing}`}`,
    `like 'out/%F${clock.length === 0 ? '' : `/${clock.join('')}`}.log'`,
  );
}

const neededFor = (seconds: number): string[] => [
  ...['Y', 'm', 'd'],
  ...(seconds < DAY_SECONDS ? ['H'] : []),
  ...(seconds % 3600 === 0 ? [] : ['M']),
  ...(seconds % 60 === 0 ? [] : ['S']),
];

/** The folder that holds all slots: what stands before the first part of an absolute pattern with a `%`. */
export function slotFolder(pattern: string): string {
  const parts = pattern.split('/');
  const fixed = parts.findIndex((part) => part.includes('%'));
  return parts.slice(0, fixed).join('/') || '/';
}

/** Matches the paths that a pattern can give. */
export function slotMatcher(pattern: string): RegExp {
  const parts = pattern.split(/(%.)/s).map((part) => {
    if (part === '%%') return '%';
    return /^%./s.test(part) ? '[-+0-9]+' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('')}$`, 's');
}
