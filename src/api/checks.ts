import { TsalignError } from '../core/problem.ts';
import { suggestion } from '../core/registry.ts';
import { DAY_ORDERS, DST_RULES, INPUT_FORMAT_NAMES, LATE_RULES, MINIMUM_MEMORY, UNDATED_RULES } from '../request.ts';

/** What an option may be: a test, and what to say where a value fails it. */
interface Kind {
  accepts(value: unknown): boolean;
  wanted: string;
  /** What was given, as the request has it. */
  read?(value: unknown): unknown;
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

const isDedup = (value: unknown): boolean => {
  const { kind, fields } = (value ?? {}) as { kind?: unknown; fields?: unknown };
  if (kind !== 'key') return kind === 'overlap' || kind === 'exact';
  return Array.isArray(fields) && fields.length > 0 && isTexts(fields);
};

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
  match: TEXT,
  outputTz: TEXT,
  since: TEXT,
  tempDir: TEXT,
  until: TEXT,
  from: TEXT,
  watermarkDelay: TEXT,
  idleTimeout: TEXT,
  late: oneOf(LATE_RULES),
  dst: oneOf(DST_RULES),
  undated: oneOf(UNDATED_RULES),
  limit: count(0, 'a whole number, 0 or more'),
  memory: count(MINIMUM_MEMORY, `bytes, at least ${MINIMUM_MEMORY}`),
  threads: count(1, 'a whole number, 1 or more'),
  dedup: { accepts: isDedup, wanted: "{ kind: 'overlap' }, { kind: 'exact' } or { kind: 'key', fields: ['id'] }" },
};

/**
 * Options as the request has them; those that are undefined were not said.
 * @param allowed names of options that the called function has
 * @throws TsalignError 'usage' for an option that there is not, and for a value that it cannot have
 */
export function checkedOptions(given: object, allowed: readonly string[]): Record<string, unknown> {
  const said = Object.entries(given).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    said.map(([name, value]) => {
      const kind = allowed.includes(name) ? KINDS[name] : undefined;
      if (kind === undefined) throw wrong(name, 'there is no such option', suggestion(name, allowed));
      if (!kind.accepts(value)) throw wrong(name, `cannot be ${shown(value)}`, `give ${kind.wanted}`);
      return [name, kind.read?.(value) ?? value];
    }),
  );
}

const shown = (value: unknown): string => (JSON.stringify(value) ?? typeof value).slice(0, 60);

const wrong = (where: string, what: string, hint: string): TsalignError =>
  new TsalignError({ code: 'usage', where, what, hint });
