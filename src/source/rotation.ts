import { basename, dirname, join } from 'node:path';
import type { SourcePath } from './source-path.ts';

/** What the name of a rotated file says. */
export interface RotatedName {
  /** The log that it was: `app.log` of `app.log.2.gz`. */
  base: string;
  /** Its age, to be compared number by number: the lesser is the older. */
  age: readonly number[];
  /**
   * Whether the name alone proves it. `host.1` may be a host, and `app.1.log` that of the first of many workers: such
   * files belong to a log only if that stands beside them.
   */
  sure: boolean;
}

const COMPRESSED = /\.(?:gz|zst|xz|bz2|lz4|br|lz|lzma|Z)$/;

/** Endings of files that programs write lines to: `app.log.1` is no host. */
const LOG_ENDING = /\.(?:log|txt|out|err|json|jsonl|ndjson|csv|tsv)$/i;

/** An ending behind which no number or date stands: `.log` of `app-2024-03-10.log`. */
const ENDING = String.raw`\.[A-Za-z][A-Za-z0-9]{0,7}`;

/** A day or a month with a separator, a day without one and perhaps a time of day, or seconds since 1970. */
const DATE = [
  String.raw`20\d\d(?<mark>[-_.])(?:0[1-9]|1[0-2])(?:\k<mark>(?:0[1-9]|[12]\d|3[01]))?`,
  String.raw`20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:\d{2}|\d{4}|\d{6})?`,
  String.raw`1\d{9}`,
].join('|');

/** Time of day, number, process: in any case later ones are greater. */
const BEHIND_DATE = String.raw`(?:[-_.T:,]\d{1,9})*Z?`;

const NUMBERED = 0;
const OLD = 1;
const DATED = 2;
const PACKED = 3;
const LIVE = 4;

interface Convention {
  /** Groups: `stem`, `ending` (may be missing), and what tells the age. */
  pattern: RegExp;
  age(found: Record<string, string>): readonly number[];
  sure(found: Record<string, string>, compressed: boolean): boolean;
}

const dated = ({ date }: Record<string, string>) => [DATED, ...numbersIn(date)];
const numbered = ({ number }: Record<string, string>) => [NUMBERED, -Number(number)];

/** How rotated files are called, the more telling names first. */
const CONVENTIONS: readonly Convention[] = [
  // logrotate dateext, log4j, logback, Python's TimedRotatingFileHandler, glog: the date behind the name.
  {
    pattern: new RegExp(`^(?<stem>.+?)[-_.]{1,2}(?<date>(?:${DATE})${BEHIND_DATE})$`),
    age: dated,
    sure: () => true,
  },
  // winston-daily-rotate-file, logback, lumberjack, pm2-logrotate: the date before the ending, perhaps a number behind it.
  {
    pattern: new RegExp(
      `^(?<stem>.+?)[-_.]{1,2}(?<date>(?:${DATE})${BEHIND_DATE})(?<ending>${ENDING})(?<number>\\.\\d{1,4})?$`,
    ),
    age: (found) => [...dated(found), ...numbersIn(found.number ?? '')],
    sure: () => true,
  },
  // logrotate, newsyslog, savelog, Python's RotatingFileHandler, docker: a number behind the name, 1 or 0 the youngest.
  {
    pattern: /^(?<stem>.+?)\.(?<number>\d{1,4})$/,
    age: numbered,
    sure: ({ stem }, compressed) => LOG_ENDING.test(stem) || (compressed && !/\d$/.test(stem)),
  },
  // log4j, winston: the number before the ending.
  {
    pattern: new RegExp(`^(?<stem>.+?)\\.(?<number>\\d{1,4})(?<ending>${ENDING})$`),
    age: numbered,
    sure: () => false,
  },
  // X.org, kern.log.old, Kubernetes' previous.
  { pattern: /^(?<stem>.+?)\.(?:old|prev)$/, age: () => [OLD], sure: ({ stem }) => LOG_ENDING.test(stem) },
];

/** The numbers in a date and behind it. @example numbersIn('20240310-065958') // [2024, 3, 10, 65958] */
const numbersIn = (text: string): number[] =>
  (text.replace(/^(20\d\d)(\d\d)(\d\d)/, '$1 $2 $3 ').match(/\d+/g) ?? []).map(Number);

/** What a file's name says of its rotation; undefined where it says nothing. */
export function rotatedName(name: string): RotatedName | undefined {
  const plain = name.replace(COMPRESSED, '');
  for (const { pattern, age, sure } of CONVENTIONS) {
    const found = pattern.exec(plain)?.groups as Record<string, string> | undefined;
    if (found === undefined || !/[A-Za-z]/.test(found.stem)) continue;
    return {
      base: `${found.stem}${found.ending ?? ''}`,
      age: age(found),
      sure: sure(found, plain !== name),
    };
  }
  return undefined;
}

/** The log that a path may be a rotated file of, as a path in the same folder; itself where its name says nothing. */
export function logOf(path: string): string {
  return join(dirname(path), rotatedName(basename(path))?.base ?? basename(path).replace(COMPRESSED, ''));
}

/** One source on its way into a series. */
interface Member {
  index: number;
  age: readonly number[];
  sure: boolean;
}

/**
 * Finds the sources that are by their names the rotated files of one log, or were found as such, and puts those of each
 * log side by side, the oldest first, where the first of them stood. Such a source is given the path of its log.
 * @param label what the user called each source: what has different labels is no series
 * @returns the sources with what belongs to them, in their new order
 */
export function gatherSeries<T extends { path: SourcePath; label: string | undefined }>(sources: readonly T[]): T[] {
  const logs = new Map<string, Member[]>();
  for (const [index, { path, label }] of sources.entries()) {
    if (path.origin === 'stdin' || path.origin === 'stream') continue;
    const key = JSON.stringify([logOf(path.file), label]);
    const members = logs.get(key) ?? [];
    members.push(memberOf(index, path));
    logs.set(key, members);
  }
  const series = [...logs.values()].map(provenMembers).filter((members) => members.length > 1);
  return arrange(sources, series);
}

function memberOf(index: number, path: SourcePath): Member {
  const name = rotatedName(basename(path.file));
  if (name !== undefined) return { index, age: name.age, sure: name.sure || path.origin === 'rotated' };
  const isPacked = COMPRESSED.test(path.file);
  return { index, age: [isPacked ? PACKED : LIVE], sure: true };
}

/** Without the log itself among them, only those whose names leave no doubt; none where nothing was rotated. */
function provenMembers(members: readonly Member[]): readonly Member[] {
  const having = (kind: number): number => members.filter(({ age }) => age[0] === kind).length;
  const live = having(LIVE);
  const packed = having(PACKED);
  // The same log packed by two programs, or one file by two names.
  if (live === members.length || packed === members.length) return [];
  return live + packed > 0 ? members : members.filter(({ sure }) => sure);
}

function arrange<T extends { path: SourcePath }>(sources: readonly T[], series: readonly (readonly Member[])[]): T[] {
  const groups = new Map<number, T[]>(sources.map((source, index) => [index, [source]]));
  for (const members of series) {
    const first = Math.min(...members.map(({ index }) => index));
    const oldestFirst = members.toSorted((a, b) => compareAges(a.age, b.age) || a.index - b.index);
    for (const { index } of members) groups.set(index, []);
    const inSeries = oldestFirst.map(({ index }) => sources[index]);
    groups.set(
      first,
      inSeries.map((each) => ({ ...each, path: { ...each.path, log: logOf(each.path.path) } })),
    );
  }
  return [...groups.values()].flat();
}

function compareAges(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const difference = a[i] - b[i];
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
