import { atOption, TsalignError } from '../core/problem.ts';
import { suggestion } from '../core/registry.ts';
import { DAY_ORDERS, INPUT_FORMAT_NAMES, type MergeRequest } from '../request.ts';
import { resolveSettings, type SourcePath } from '../source/index.ts';
import { parseDuration, parseZone } from '../time/index.ts';
import type { SourceSettings } from './recognition.ts';

/** What the options say of each source, by its index. */
export function sourceSettings(request: MergeRequest, sources: readonly SourcePath[]): SourceSettings[] {
  const read = <T>(option: string, given: readonly string[], parse: (text: string) => T): (T | undefined)[] =>
    resolveSettings(option, given, sources).map((text) =>
      text === undefined ? undefined : atOption(option, () => parse(text)),
    );
  const label = read('--label', request.label, String);
  const format = read('--input-format', request.inputFormat, (text) => oneOf('input format', text, INPUT_FORMAT_NAMES));
  const timeField = read('--time-field', request.timeField, String);
  const zone = read('--tz', request.tz, parseZone);
  const timeFormat = read('--time-format', request.timeFormat, String);
  const year = read('--year', request.year, parseYear);
  const shift = read('--shift', request.shift, parseDuration);
  const dayOrder = read('--day-order', request.dayOrder, (text) => oneOf('day order', text, DAY_ORDERS));
  return sources.map((_, i) => ({
    label: label[i],
    format: format[i] === 'auto' ? undefined : format[i],
    timeField: timeField[i],
    stamp: {
      zone: zone[i],
      dst: request.dst,
      timeFormat: timeFormat[i],
      year: year[i],
      shift: shift[i],
      dayOrder: dayOrder[i],
    },
  }));
}

function oneOf<T extends string>(kind: string, text: string, names: readonly T[]): T {
  const found = names.find((name) => name === text);
  if (found !== undefined) return found;
  throw new TsalignError({ code: 'usage', what: `there is no ${kind} "${text}"`, hint: suggestion(text, names) });
}

function parseYear(text: string): number {
  if (/^\d{4}$/.test(text)) return Number(text);
  throw new TsalignError({ code: 'usage', what: `"${text}" is not a year`, hint: 'give four digits' });
}
