import { Command, CommanderError, Option } from 'commander';
import { COMMANDS, type CommandRow } from './commands/index.ts';
import { checkGiven, type Given } from './given.ts';
import { helpOf, nameOf, type OptionRow, optionsOf } from './options.ts';
import { checkCommand, reshape } from './usage.ts';

/** What a command line asks for: a command, or help (which is a mistake's answer where nothing was asked). */
export type Parsed =
  | { kind: 'command'; command: CommandRow; operands: readonly string[]; given: Given }
  | { kind: 'help'; text: string; asked: boolean };

/** Most terminals; wider help is harder to read. */
const HELP_WIDTH = 80;

/**
 * Reads the command line.
 * @param argv the words behind the program's name
 * @throws TsalignError 'usage'
 */
export function parseCommandLine(argv: readonly string[], version: string): Parsed {
  const words = completeOptionalValues(asHelpOption(argv));
  checkCommand(words[0]);
  const state: { parsed?: Parsed; text: string } = { text: '' };
  const program = createProgram(version, (parsed) => {
    state.parsed = parsed;
  });
  const write = (text: string) => {
    state.text += text;
  };
  for (const command of [program, ...program.commands]) {
    command.exitOverride().showSuggestionAfterError(false);
    command.configureOutput({
      writeOut: write,
      writeErr: write,
      outputError: () => {},
      getOutHelpWidth: () => HELP_WIDTH,
    });
    command.configureOutput({ getErrHelpWidth: () => HELP_WIDTH });
  }
  try {
    program.parse(words, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (isHelp(error)) return { kind: 'help', text: state.text, asked: error.exitCode === 0 };
    throw reshape(error, commandIn(words));
  }
  return state.parsed as Parsed;
}

/** The help of one command. */
export function helpText(command: CommandRow, version: string): string {
  const help = parseCommandLine([command.name, '--help'], version);
  return help.kind === 'help' ? help.text : '';
}

const isHelp = ({ code }: CommanderError) =>
  code === 'commander.help' || code === 'commander.helpDisplayed' || code === 'commander.version';

const commandIn = (words: readonly string[]): string => COMMANDS.find(({ name }) => name === words[0])?.name ?? '';

function createProgram(version: string, found: (parsed: Parsed) => void): Command {
  const program = new Command('tsalign')
    .description(
      `Merges logs, CSV and NDJSON into one stream, every record at its UTC instant.\n\nExamples:\n${examplesText(COMMANDS)}`,
    )
    .usage('<command> ...')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand(false)
    .addHelpText('after', '\ntsalign COMMAND --help lists the options of a command.');
  for (const row of COMMANDS) addCommand(program, row, found);
  return program;
}

function addCommand(program: Command, row: CommandRow, found: (parsed: Parsed) => void): void {
  const command = program
    .command(`${row.name} ${row.operands}`)
    .summary(row.summary)
    .usage('[options] SOURCE...')
    .description(`${row.description}\n\nExamples:\n${examplesText([row])}`)
    .addHelpText('after', `\n${row.footer}`);
  command.addHelpOption(new Option('-h, --help', 'print this help').helpGroup('Messages:'));
  const given = new Map<string, string[]>();
  for (const option of optionsOf(row.name)) addOption(command, option, given);
  command.action(() => {
    checkGiven(given, optionsOf(row.name));
    found({ kind: 'command', command: row, operands: command.args, given });
  });
}

/** Values are taken from commander's events, in the order typed, since its own table keeps neither repeats nor negations apart. */
function addOption(command: Command, row: OptionRow, given: Map<string, string[]>): void {
  const option = new Option(row.flags, helpOf(row)).helpGroup(`${row.group}:`);
  command.addOption(option);
  const name = nameOf(row);
  command.on(`option:${option.name()}`, (value: string | null | undefined) => {
    given.set(name, [...(given.get(name) ?? []), value ?? '']);
  });
}

const examplesText = (rows: readonly CommandRow[]): string =>
  rows.flatMap((row) => row.examples.map(([command, does]) => `  ${command.padEnd(52)} # ${does}`)).join('\n');

/** `help merge` as `merge --help`; commander's own help command ignores a name that it does not know. */
const asHelpOption = (argv: readonly string[]): readonly string[] =>
  argv[0] === 'help' ? [...argv.slice(1, 2), '--help'] : argv;

/**
 * Joins an optional value to its option with `=`, so that in `merge --dedup app.log` the file is not taken for the kind.
 * Words behind `--` are left alone.
 */
function completeOptionalValues(argv: readonly string[]): string[] {
  const rows = COMMANDS.flatMap(({ name }) => optionsOf(name)).filter((row) => row.optionalValue !== undefined);
  const words: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] as string;
    if (word === '--') return [...words, ...argv.slice(i)];
    const optional = rows.find((row) => nameOf(row) === word)?.optionalValue;
    const next = argv[i + 1];
    if (optional === undefined) words.push(word);
    else if (next !== undefined && optional.pattern.test(next)) words.push(`${word}=${argv[++i]}`);
    else words.push(`${word}=${optional.otherwise}`);
  }
  return words;
}
