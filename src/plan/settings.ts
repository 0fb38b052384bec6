import { basename, resolve } from 'node:path';
import { readFileSync } from '../core/disk.ts';
import { atOption, TsalignError } from '../core/problem.ts';
import { suggestion } from '../core/registry.ts';
import { systemReason } from '../core/system-reason.ts';
import type { Wanted } from '../input/index.ts';
import { DAY_ORDERS, INPUT_FORMAT_NAMES, type MergeRequest, type RunIo } from '../request.ts';
import { encodingParser, resolveSettings, type SourcePath } from '../source/index.ts';
import {
  loadFormatsFile,
  parseDuration,
  parseQuery,
  parseZone,
  type StampSettings,
  type TimeFormat,
  UTC,
  type Zone,
} from '../time/index.ts';

/** What the user said of one source. */
export interface SourceSettings extends Wanted {
  label: string | undefined;
  encoding: string | undefined;
  /** Whether the names of its fields are to be found out. */
  wantsNames?: boolean;
  stamp: StampSettings;
}

/** What the options say of each source, by its index. */
export async function sourceSettings(
  request: MergeRequest,
  sources: readonly SourcePath[],
  io: Pick<RunIo, 'cwd' | 'now'>,
): Promise<SourceSettings[]> {
  const read = <T>(option: string, given: readonly string[], parse: (text: string) => T): (T | undefined)[] =>
    resolveSettings(option, given, sources).map((text) =>
      text === undefined ? undefined : atOption(option, () => parse(text)),
    );
  const label = read('--label', request.label, String);
  const format = read('--input-format', request.inputFormat, (text) => oneOf('input format', text, INPUT_FORMAT_NAMES));
  const delimiter = read('--delimiter', request.delimiter, parseDelimiter);
  const timeField = read('--time-field', request.timeField, String);
  const zone = read('--tz', request.tz, parseZone);
  const timeFormat = read('--time-format', request.timeFormat, String);
  const year = read('--year', request.year, parseYear);
  const shift = read('--shift', request.shift, parseDuration);
  const dayOrder = read('--day-order', request.dayOrder, (text) => oneOf('day order', text, DAY_ORDERS));
  const anchor = read('--time-anchor', request.timeAnchor, (text) => parseQuery(text, { zone: UTC, now: io.now() }));
  const encoding = read(
    '--encoding',
    request.encoding,
    request.encoding.length === 0 ? String : await encodingParser(),
  );
  const abbreviations = abbreviationsOf(request.tzAbbr);
  const formats = await ownFormats(request.formatsFile, io.cwd);
  return sources.map((source, i) => ({
    label: label[i],
    encoding: encoding[i],
    format: format[i] === 'auto' ? undefined : format[i],
    timeField: timeField[i],
    delimiter: delimiter[i],
    headerless: request.noHeader,
    wantsNames: request.columns !== undefined,
    stamp: {
      zone: zone[i],
      dst: request.dst,
      timeFormat: timeFormat[i],
      year: year[i],
      shift: shift[i],
      dayOrder: dayOrder[i],
      anchor: anchor[i],
      abbreviations,
      formats,
      name: source.path,
    },
  }));
}

/** --tz-abbr, by abbreviation in capitals. */
function abbreviationsOf(given: readonly string[]): ReadonlyMap<string, Zone> | undefined {
  if (given.length === 0) return undefined;
  return new Map(
    given.map((text) => {
      const [, name, zone] = /^([A-Za-z]{1,6})=(.+)$/.exec(text) ?? [];
      if (name !== undefined && zone !== undefined) {
        return [name.toUpperCase(), atOption('--tz-abbr', () => parseZone(zone))] as const;
      }
      const hint = 'write it like IST=Asia/Kolkata';
      throw new TsalignError({ code: 'usage', where: '--tz-abbr', what: `"${text}" says no zone`, hint });
    }),
  );
}

/** The formats of --formats-file. */
async function ownFormats(file: string | undefined, cwd: string): Promise<TimeFormat[] | undefined> {
  if (file === undefined) return undefined;
  let text: string;
  try {
    text = readFileSync(resolve(cwd, file), 'utf8');
  } catch (error) {
    const what = `${file} cannot be read (${systemReason(error)})`;
    throw new TsalignError({ code: 'unreadable', where: '--formats-file', what });
  }
  return loadFormatsFile(text, file);
}

function oneOf<T extends string>(kind: string, text: string, names: readonly T[]): T {
  const found = names.find((name) => name === text);
  if (found !== undefined) return found;
  throw new TsalignError({ code: 'usage', what: `there is no ${kind} "${text}"`, hint: suggestion(text, names) });
}

const DELIMITERS: Readonly<Record<string, string>> = {
  tab: '\t',
  '\\t': '\t',
  comma: ',',
  semicolon: ';',
  pipe: '|',
  space: ' ',
};

/** One ASCII character: itself, its name, or its code as `\x01`. */
function parseDelimiter(text: string): string {
  const [, code] = /^\\x([0-7][0-9a-f])$/i.exec(text) ?? [];
  const found = DELIMITERS[text] ?? (code === undefined ? text : String.fromCharCode(Number.parseInt(code, 16)));
  if (/^[^\u0080-\uffff\r\n"#]$/.test(found)) return found;
  const hint = "give one ASCII character, tab, or a code like '\\x01'";
  throw new TsalignError({ code: 'usage', what: `"${text}" cannot stand between fields`, hint });
}

function parseYear(text: string): number {
  if (/^\d{4}$/.test(text)) return Number(text);
  throw new TsalignError({ code: 'usage', what: `"${text}" is not a year`, hint: 'give four digits' });
}

/**
 * How a setting of one source is typed, quoted for a shell: by the file's name where no other has it, which its label
 * tells. @example "'web.log=2024'"
 */
export function settingText({ path, label }: { path: string; label: string }, value: string | number): string {
  const name = basename(path) === label && !/[*?[\]{}()!+@\\]/.test(label) ? label : path;
  return `'${name}=${value}'`;
}
