import { TsalignError } from '../core/problem.ts';
import { suggestion } from '../core/registry.ts';
import { formatSize, parseSize } from '../core/sizes.ts';
import {
  DAY_ORDERS,
  type DedupRequest,
  DST_RULES,
  INPUT_FORMAT_NAMES,
  LATE_RULES,
  MINIMUM_MEMORY,
  UNDATED_RULES,
} from '../request.ts';

/** Options that may be said in other ways than a request has them. */
export interface Spellings {
  /** As typed, or as an object; true: overlap; false: copies in rotated files stay, too. */
  dedup: boolean | 'overlap' | 'exact' | `key=${string}` | DedupRequest;
  since: string | Date;
  until: string | Date;
  /** The source of an expression with the flags mu, as it is typed; or an expression with flags of its own. */
  match: string | RegExp;
  /** Bytes, or a size as typed: '64MiB'. */
  memory: number | string;
}

/** What an option may be: a test, and what to say where a value fails it. */
interface Kind {
  accepts(value: unknown): boolean;
  wanted: string;
  /** What was given, as the request has it. */
  read?(value: unknown): unknown;
  /** The same where that depends on what was given. */
  request?(value: unknown): Record<string, unknown>;
}

const SWITCH: Kind = { accepts: (value) => typeof value === 'boolean', wanted: 'true or false' };
const TEXT: Kind = { accepts: (value) => typeof value === 'string', wanted: 'a text, as it is typed' };

const count = (least: number, wanted: string): Kind => ({
  accepts: (value) => Number.isSafeInteger(value) && (value as number) >= least,
  wanted,
});

const oneOf = (names: readonly string[]): Kind => ({
  accepts: (value) => names.includes(value as string),
  wanted: `one of ${names.join(', ')}`,
});

const isTexts = (value: unknown): boolean => [value].flat().every((text) => typeof text === 'string');
const read = (value: unknown): unknown => [value].flat();
const SETTINGS: Kind = { accepts: isTexts, wanted: 'VALUE or GLOB=VALUE as a text, or several in an array', read };

/** Settings whose values are words of a list. */
const settingsOf = (names: readonly string[]): Kind => ({
  accepts: (value) =>
    isTexts(value) &&
    [value].flat().every((text) => names.includes(String(text).slice(String(text).lastIndexOf('=') + 1))),
  wanted: `VALUE or GLOB=VALUE, where VALUE is one of ${names.join(', ')}`,
  read,
});

const INSTANT: Kind = {
  accepts: (value) => typeof value === 'string' || (value instanceof Date && !Number.isNaN(value.getTime())),
  wanted: 'a text, as it is typed, or a Date that is one',
  read: (value) => (value instanceof Date ? value.toISOString() : value),
};

const MATCH: Kind = {
  accepts: (value) => typeof value === 'string' || (value instanceof RegExp && !value.sticky),
  wanted: 'the source of a regular expression, or one without the flag y, which has a meaning only in one text',
  // A global expression remembers where it matched last.
  read: (value) => (value instanceof RegExp ? new RegExp(value.source, value.flags.replace('g', '')) : value),
};

const MEMORY: Kind = {
  accepts: (value) => typeof value === 'string' || (Number.isSafeInteger(value) && (value as number) >= MINIMUM_MEMORY),
  wanted: `bytes, at least ${MINIMUM_MEMORY}, or a size like '${formatSize(MINIMUM_MEMORY)}'`,
  read: (value) => (typeof value === 'string' ? parseSize(value, 'memory', MINIMUM_MEMORY) : value),
};

const DEDUP: Kind = {
  accepts(value) {
    if (typeof value === 'boolean') return true;
    if (typeof value === 'string') return /^(overlap|exact|key=[^,]+(,[^,]+)*)$/.test(value);
    const { kind, fields } = (value ?? {}) as { kind?: unknown; fields?: unknown };
    if (kind !== 'key') return kind === 'overlap' || kind === 'exact';
    return Array.isArray(fields) && fields.length > 0 && isTexts(fields);
  },
  wanted: "true, false, 'overlap', 'exact', 'key=id' or { kind: 'key', fields: ['id'] }",
  request: (value) => (value === false ? { noDedup: true } : { dedup: dedupOf(value as Spellings['dedup']) }),
};

function dedupOf(value: Spellings['dedup']): DedupRequest {
  if (typeof value === 'object') return value;
  if (typeof value === 'boolean' || value === 'overlap') return { kind: 'overlap' };
  if (value === 'exact') return { kind: 'exact' };
  const names = value.slice('key='.length).split(',');
  return { kind: 'key', fields: names.map((name) => name.trim()) };
}

/** The options of the library that are those of the command. */
export const KINDS: Readonly<Record<string, Kind>> = {
  recursive: SWITCH,
  rotated: SWITCH,
  keepGoing: SWITCH,
  noHeader: SWITCH,
  presorted: SWITCH,
  noDedup: SWITCH,
  strict: SWITCH,
  inputFormat: settingsOf(INPUT_FORMAT_NAMES),
  dayOrder: settingsOf(DAY_ORDERS),
  delimiter: SETTINGS,
  encoding: SETTINGS,
  label: SETTINGS,
  shift: SETTINGS,
  timeAnchor: SETTINGS,
  timeField: SETTINGS,
  timeFormat: SETTINGS,
  tz: SETTINGS,
  tzAbbr: SETTINGS,
  year: SETTINGS,
  dedupWindow: TEXT,
  formatsFile: TEXT,
  match: MATCH,
  outputTz: TEXT,
  since: INSTANT,
  tempDir: TEXT,
  until: INSTANT,
  from: TEXT,
  watermarkDelay: TEXT,
  idleTimeout: TEXT,
  late: oneOf(LATE_RULES),
  dst: oneOf(DST_RULES),
  undated: oneOf(UNDATED_RULES),
  limit: count(0, 'a whole number, 0 or more'),
  memory: MEMORY,
  threads: count(1, 'a whole number, 1 or more'),
  dedup: DEDUP,
};

/**
 * Options as the request has them; those that are undefined were not said.
 * @param allowed names of options that the called function has
 * @throws TsalignError 'usage' for an option that there is not, and for a value that it cannot have
 */
export function checkedOptions(given: object, allowed: readonly string[]): Record<string, unknown> {
  const said = Object.entries(given).filter(([, value]) => value !== undefined);
  const asked = said.map(([name, value]) => {
    const kind = allowed.includes(name) ? KINDS[name] : undefined;
    if (kind === undefined) throw wrong(name, 'there is no such option', suggestion(name, allowed));
    if (!kind.accepts(value)) throw wrong(name, `cannot be ${shown(value)}`, `give ${kind.wanted}`);
    return kind.request?.(value) ?? { [name]: kind.read?.(value) ?? value };
  });
  return Object.assign({}, ...asked);
}

const shown = (value: unknown): string =>
  (value instanceof RegExp ? String(value) : (JSON.stringify(value) ?? typeof value)).slice(0, 60);

const wrong = (where: string, what: string, hint: string): TsalignError =>
  new TsalignError({ code: 'usage', where, what, hint });
