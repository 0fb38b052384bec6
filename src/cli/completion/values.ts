import { flagsOf, helpOf, type OptionRow } from '../options.ts';

/** What a shell can offer for a value: words, files, folders; nothing for what only the user knows. */
export type Values = { kind: 'words'; words: readonly string[] } | { kind: List | 'file' | 'folder' | 'none' };

/** Long lists, which a script holds once. */
export type List = 'zones' | 'formats';

/** By what stands for the value in the option's flags. */
const BY_PLACEHOLDER: Readonly<Record<string, Values>> = {
  file: { kind: 'file' },
  folder: { kind: 'folder' },
  zone: { kind: 'zones' },
  tokens: { kind: 'formats' },
  slot: { kind: 'words', words: ['minute', 'hour', 'day'] },
};

/** What may be offered for the value of an option; undefined for a switch. */
export function valuesOf(option: OptionRow): Values | undefined {
  const { value } = flagsOf(option);
  if (value === '') return undefined;
  if (option.choices !== undefined) {
    return { kind: 'words', words: option.choices.map((choice) => choice.replace(/=.*/, '=')) };
  }
  return BY_PLACEHOLDER[value.replace(/[<>[\]|.]/g, '')] ?? { kind: 'none' };
}

/** What is said beside an option, without the star that refers to a footer. */
export const describe = (option: OptionRow): string => helpOf(option).replace(/ \*$/, '');

/** The words of the lists. `local` and UTC are zones to us, though not to the tz database. */
export interface Lists {
  zones: readonly string[];
  formats: readonly string[];
}

/** Names are written into scripts between quotes: whatever the runtime calls a zone, it must not end them. */
export const harmless = (words: readonly string[]): string[] => words.filter((word) => /^[\w+./:=-]+$/.test(word));

/** Zones as this Node knows them. */
export const zoneNames = (): string[] => ['local', 'UTC', ...Intl.supportedValuesOf('timeZone')];
