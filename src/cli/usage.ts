import type { TsalignError } from '../core/problem.ts';
import { didYouMean } from '../core/registry.ts';
import { COMMANDS } from './commands/index.ts';
import { usage } from './given.ts';
import { nameOf, OPTIONS } from './options.ts';

/** How an error of commander reads in our words: its code, where its message names the thing, and our sentence. */
interface Reshaped {
  code: string;
  subject: RegExp;
  what: string;
  hint(subject: string, command: string): string;
}

const seeHelp = (command: string) => `see tsalign ${command} --help`.replace('  ', ' ');

const RESHAPED: readonly Reshaped[] = [
  { code: 'unknownOption', subject: /unknown option '([^'=]*)/, what: 'unknown option', hint: hintForOption },
  {
    code: 'optionMissingArgument',
    subject: /option '.*?(--[a-z-]+)/,
    what: 'needs a value',
    hint: (_, command) => seeHelp(command),
  },
];

/**
 * An error of commander as ours.
 * @param command the command on the line, '' where there is none
 */
export function reshape(error: { code: string; message: string }, command: string): TsalignError {
  const row = RESHAPED.find(({ code }) => error.code === `commander.${code}`);
  const subject = row?.subject.exec(error.message)?.[1];
  if (row === undefined || subject === undefined) {
    return usage('command line', error.message.replace(/^error: /, ''), seeHelp(command));
  }
  return usage(subject, row.what, row.hint(subject, command));
}

/** What tail, grep, jq and others call what we have. */
const OPTIONS_ELSEWHERE: Readonly<Record<string, string>> = {
  '-f': '--follow',
  '-F': '--follow',
  '--tail': '--follow --from now',
  '-e': '--match',
  '--grep': '--match',
  '--regexp': '--match',
  '--filter': '--match',
  '--format': '--output-format (-O)',
  '--timezone': '--tz',
  '--unique': '--dedup',
};

/** Options of merge that say what a command does anyway. */
const BY_ITSELF: Readonly<Record<string, string>> = {
  'inspect --keep-going': 'inspect goes on by itself without what it cannot read',
};

function hintForOption(given: string, command: string): string {
  const byItself = BY_ITSELF[`${command} ${given}`];
  if (byItself !== undefined) return byItself;
  const isForInput = given === '--format' && command !== 'merge' && command !== '';
  const ours = isForInput ? '--input-format' : OPTIONS_ELSEWHERE[given];
  if (ours !== undefined && isOptionOf(ours, command)) return `did you mean ${ours}?`;
  const option = ours?.split(' ')[0] ?? given;
  const names = OPTIONS.map(nameOf);
  if (command === '' && names.includes(option)) return `options follow the command: tsalign merge ${option} ...`;
  const commands = OPTIONS.find((row) => nameOf(row) === option)?.commands;
  if (commands !== undefined) return `${option === given ? 'it' : option} is an option of ${listed(commands)}`;
  const near = didYouMean(option, names);
  return near === undefined ? seeHelp(command) : `did you mean ${near}?`;
}

/** Whether a command has an option, which may be written with its value behind it. */
const isOptionOf = (option: string, command: string): boolean =>
  OPTIONS.some((row) => nameOf(row) === option.split(' ')[0] && row.commands.some((each) => each === command));

/** `a`, `a and b`, `a, b and c`. */
const listed = (words: readonly string[]): string =>
  [words.slice(0, -1).join(', '), ...words.slice(-1)].filter((part) => part !== '').join(' and ');

/**
 * Refuses a first word that is no command; commander would answer `bogus --help` with the general help.
 * @throws TsalignError 'usage'
 */
export function checkCommand(word: string | undefined): void {
  const names = COMMANDS.map((command) => command.name);
  if (word === undefined || word.startsWith('-') || names.some((name) => name === word)) return;
  const near = didYouMean(word, names);
  const hint = near === undefined ? `to merge files: tsalign merge ${word} ...` : `did you mean "${near}"?`;
  throw usage(word, 'unknown command', hint);
}
