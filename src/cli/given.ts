import { TsalignError } from '../core/problem.ts';
import { suggestion } from '../core/registry.ts';
import { nameOf, type OptionRow } from './options.ts';

/** The options that were typed, by long flag: their values in order; '' for an option without value. */
export type Given = ReadonlyMap<string, readonly string[]>;

export const isGiven = (given: Given, option: string): boolean => given.has(option);

/** All values, for settings per source. */
export const allOf = (given: Given, option: string): string[] => [...(given.get(option) ?? [])];

/** The last value, which is the one that counts. */
export const lastOf = (given: Given, option: string): string | undefined => given.get(option)?.at(-1);

/** A count, 0 or more. @throws TsalignError 'usage' */
export function countOf(given: Given, option: string): number | undefined {
  const text = lastOf(given, option);
  if (text === undefined) return undefined;
  const count = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(count)) throw usage(option, `"${text}" is not a whole number`);
  return count;
}

/** Names between commas. @throws TsalignError 'usage' where one is empty */
export function listOf(given: Given, option: string): string[] | undefined {
  const text = lastOf(given, option);
  return text === undefined ? undefined : splitList(text, option);
}

/** @throws TsalignError 'usage' where a name is empty */
export function splitList(text: string, option: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.includes('')) throw usage(option, `"${text}" has an empty name`, 'write names between commas, like a,b');
  return names;
}

/** A usage error. */
export function usage(where: string, what: string, hint?: string): TsalignError {
  return new TsalignError({ code: 'usage', where, what, ...(hint === undefined ? {} : { hint }) });
}

/**
 * Holds what was typed against the table: values against the choices, and options that may be given once.
 * @throws TsalignError 'usage'
 */
export function checkGiven(given: Given, options: readonly OptionRow[]): void {
  for (const option of options) {
    const name = nameOf(option);
    const values = given.get(name) ?? [];
    if (option.once && values.length > 1) throw usage(name, 'given twice', 'name one file');
    for (const value of values) checkChoice(option, name, value);
  }
}

/** What others call formats that we have. */
const CHOICES_ELSEWHERE: Readonly<Record<string, string>> = {
  json: 'ndjson',
  jsonl: 'ndjson',
  log: 'text',
  txt: 'text',
};

function checkChoice(option: OptionRow, name: string, value: string): void {
  if (option.choices === undefined || option.optionalValue?.pattern.test(value)) return;
  const word = option.perSource ? value.slice(value.lastIndexOf('=') + 1) : value;
  if (option.choices.includes(word)) return;
  const ours = CHOICES_ELSEWHERE[word];
  const hint = ours !== undefined && option.choices.includes(ours) ? `did you mean "${ours}"?` : undefined;
  throw usage(name, `unknown value "${word}"`, hint ?? suggestion(word, option.choices));
}
