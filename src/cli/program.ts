import { Command, CommanderError, Option } from 'commander';
import { didYouMean } from '../core/registry.ts';
import { COMMANDS, type CommandRow } from './commands/index.ts';
import { checkGiven, type Given } from './given.ts';
import { commandHelp, type Extent, programHelp } from './help.ts';
import { nameOf, type OptionRow, optionsOf } from './options.ts';
import { checkCommand, reshape } from './usage.ts';

/** What a command line asks for: a command, or help (which is a mistake's answer where nothing was asked). */
export type Parsed =
  | { kind: 'command'; command: CommandRow; operands: readonly string[]; given: Given }
  | { kind: 'help'; text: string; asked: boolean };

/**
 * Reads the command line. commander finds options, values and operands; what help says is ours.
 * @param argv the words behind the program's name
 * @throws TsalignError 'usage'
 */
export function parseCommandLine(argv: readonly string[]): Parsed {
  const words = completeOptionalValues(asHelpOption(argv));
  checkCommand(words[0]);
  const command = COMMANDS.find(({ name }) => name === words[0]);
  if (command === undefined) return parseProgram(words);
  const asked: { help?: Extent } = {};
  const given = new Map<string, string[]>();
  const parser = quietParser(asked).argument('[operands...]');
  for (const option of optionsOf(command.name)) addOption(parser, option, given);
  const operands = parse(parser, words.slice(1), command.name);
  if (asked.help !== undefined) return { kind: 'help', text: commandHelp(command, asked.help), asked: true };
  checkGiven(given, optionsOf(command.name));
  return { kind: 'command', command, operands, given };
}

/** A line without a command: it may ask for help, or say nothing at all, which help answers too. */
function parseProgram(words: readonly string[]): Parsed {
  const asked: { help?: Extent } = {};
  parse(quietParser(asked), words, '');
  return { kind: 'help', text: programHelp(), asked: asked.help !== undefined };
}

/** A parser that prints nothing and throws instead of ending the process. */
function quietParser(asked: { help?: Extent }): Command {
  const parser = new Command('tsalign').exitOverride().showSuggestionAfterError(false).helpOption(false);
  parser.configureOutput({ writeOut: () => {}, writeErr: () => {}, outputError: () => {} });
  parser.addOption(new Option('-h')).addOption(new Option('--help'));
  parser.on('option:h', () => {
    asked.help = 'everyday';
  });
  parser.on('option:help', () => {
    asked.help = 'all';
  });
  return parser;
}

/** The operands. @throws TsalignError 'usage' */
function parse(parser: Command, words: readonly string[], command: string): readonly string[] {
  try {
    return parser.parse(words, { from: 'user' }).args;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    throw reshape(error, command);
  }
}

/** Values are taken from commander's events, in the order typed, since its own table keeps neither repeats nor negations apart. */
function addOption(parser: Command, row: OptionRow, given: Map<string, string[]>): void {
  const option = new Option(row.flags);
  parser.addOption(option);
  const name = nameOf(row);
  parser.on(`option:${option.name()}`, (value: string | null | undefined) => {
    given.set(name, [...(given.get(name) ?? []), value ?? '']);
  });
}

/** `help merge` as `merge -h`. */
const asHelpOption = (argv: readonly string[]): readonly string[] =>
  argv[0] === 'help' ? [...argv.slice(1, 2), '-h'] : argv;

/**
 * Joins an optional value to its option with `=`, so that in `merge --dedup app.log` the file is not taken for the kind.
 * Words behind `--` are left alone.
 */
function completeOptionalValues(argv: readonly string[]): string[] {
  const rows = COMMANDS.flatMap(({ name }) => optionsOf(name)).filter((row) => row.optionalValue !== undefined);
  const words: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i];
    if (word === '--') return [...words, ...argv.slice(i)];
    const row = rows.find((row) => nameOf(row) === word);
    const next = argv[i + 1];
    if (row?.optionalValue === undefined) words.push(word);
    else if (next !== undefined && isMeantAsValue(next, row)) words.push(`${word}=${argv[++i]}`);
    else words.push(`${word}=${row.optionalValue.otherwise}`);
  }
  return words;
}

/** Whether a word is a value of the option before it, or one mistyped, which is no name that a log would have. */
const isMeantAsValue = (word: string, { optionalValue, choices = [] }: OptionRow): boolean =>
  optionalValue?.pattern.test(word) || (/^[a-z]{4,}$/i.test(word) && didYouMean(word, choices) !== undefined);
