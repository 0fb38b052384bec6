import { resolve } from 'node:path';
import { readFileSync } from '../core/disk.ts';
import { TsalignError } from '../core/problem.ts';
import { suggestion } from '../core/registry.ts';
import { systemReason } from '../core/system-reason.ts';
import type { CommandRow } from './commands/index.ts';
import { type Given, lastOf, usage } from './given.ts';
import { flagsOf, nameOf, OPTIONS, type OptionRow, optionsOf } from './options.ts';

/** What a file of options says: as if it had been typed. */
export interface Config {
  operands: string[];
  given: Map<string, string[]>;
  /** Where in the file an option or a source was last said: `nightly.conf:4`. */
  places: Map<string, string>;
}

/** The world that a config comes from. */
interface Place {
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
}

/**
 * The file of options that --config names, or else TSALIGN_CONFIG, unless --no-config forbids it: one option a line,
 * `--tz=UTC` or `--tz UTC`, without quotes; a line that begins with `#` is a comment; what begins with no `-` is a source.
 * Options that only other commands have are passed over, so that one file may serve all of them.
 * @throws TsalignError 'unreadable', or 'usage' with the line
 */
export function readConfig(given: Given, command: CommandRow, { cwd, env }: Place): Config {
  const config: Config = { operands: [], given: new Map(), places: new Map() };
  const named = lastOf(given, '--config');
  const path = named ?? env.TSALIGN_CONFIG;
  if (!path || given.has('--no-config')) return config;
  const text = readText(resolve(cwd, path), named === undefined ? 'TSALIGN_CONFIG' : '--config', path);
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    takeLine(line.trim(), `${path}:${index + 1}`, command, config);
  }
  return config;
}

/** What was typed, on top of what the file says: of options that count once, the typed one does. */
export function withConfig(config: Config, typed: Given, operands: readonly string[]): Omit<Config, 'places'> {
  const given = new Map(config.given);
  for (const [name, values] of typed) {
    const isOnce = OPTIONS.find((option) => nameOf(option) === name)?.once;
    given.set(name, isOnce ? [...values] : [...(given.get(name) ?? []), ...values]);
  }
  return { operands: [...config.operands, ...operands], given };
}

function readText(file: string, where: string, path: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const what = code === 'ENOENT' ? `there is no file ${path}` : `${path} cannot be read: ${systemReason(error)}`;
    const hint = where === '--config' ? 'name another file' : '--no-config goes on without it';
    throw new TsalignError({ code: 'unreadable', where, what, hint });
  }
}

function takeLine(line: string, where: string, command: CommandRow, config: Config): void {
  if (line === '' || line.startsWith('#')) return;
  if (!line.startsWith('-') || line === '-') {
    if (command.operands.kind !== 'file') return;
    checkComment(line, where);
    config.operands.push(unquoted(line, where));
    config.places.set(line, where);
    return;
  }
  const [, flag = line, value] = /^(--?[a-z][a-z-]*)(?:=|\s+|(?<=^-[a-z]))(.+)$/i.exec(line) ?? [];
  const option = optionNamed(flag, where);
  const taken = valueFor(option, flag, value, where);
  if (!optionsOf(command.name).includes(option)) return;
  const name = nameOf(option);
  config.given.set(name, [...(config.given.get(name) ?? []), taken]);
  config.places.set(name, where);
}

function optionNamed(flag: string, where: string): OptionRow {
  const option = OPTIONS.find((each) => flagsOf(each).names.includes(flag));
  if (option !== undefined && !CONFIG_OPTIONS.includes(nameOf(option))) return option;
  if (option !== undefined) throw usage(where, `${flag} has no meaning in a file of options`, 'type it');
  throw usage(where, `unknown option ${flag}`, suggestion(flag, OPTIONS.map(nameOf)));
}

const CONFIG_OPTIONS = ['--config', '--no-config'];

function valueFor(option: OptionRow, flag: string, value: string | undefined, where: string): string {
  if (flagsOf(option).value === '') {
    if (value !== undefined) throw usage(where, `${flag} takes no value`, `write ${flag} alone`);
    return '';
  }
  if (value === undefined && option.optionalValue !== undefined) return option.optionalValue.otherwise;
  if (value === undefined) throw usage(where, `${flag} needs a value`, `write ${flag}=VALUE`);
  checkComment(value, where);
  return unquoted(value.trim(), where);
}

/** A comment behind a value would become a part of it. */
function checkComment(text: string, where: string): void {
  if (!/\s#(\s|$)/.test(text)) return;
  const what = 'a comment stands on a line of its own; here it would be part of the value';
  throw usage(where, what, 'move it; in an expression \\x23 is a #');
}

/** No shell reads this file: quotes would become part of the value, which nobody means. */
function unquoted(text: string, where: string): string {
  if (!/^(['"]).*\1$/.test(text)) return text;
  throw usage(where, 'quotes are not needed here, and would be part of the value', `write ${text.slice(1, -1)}`);
}
