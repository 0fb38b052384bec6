import { type Problem, TsalignError } from '../core/problem.ts';
import { decideColor } from './color.ts';
import type { CommandRow, Library } from './commands/index.ts';
import { type Config, readConfig, withConfig } from './config.ts';
import { EXIT, exitOfSignal } from './exit-codes.ts';
import { checkGiven, type Given, isGiven, lastOf, usage } from './given.ts';
import { commandHelp } from './help.ts';
import type { CliIo } from './io.ts';
import { createMessages, type MessageSettings, PLAIN_MESSAGES, type Severity } from './messages.ts';
import { optionsOf } from './options.ts';
import { type Parsed, parseCommandLine } from './program.ts';
import { createProgress } from './progress.ts';

type AskedCommand = Extract<Parsed, { kind: 'command' }>;

/** Reads a command line, runs its command and tells what went wrong. Returns the exit code. */
export async function runCommandLine(
  argv: readonly string[],
  io: CliIo,
  library: Library | undefined,
): Promise<number> {
  let failed: ((problem: Problem) => void) | undefined;
  try {
    const parsed = parseCommandLine(argv);
    if (parsed.kind === 'help') return showHelp(parsed, io);
    const config = readConfig(parsed.given, parsed.command, io);
    const run = async () =>
      runCommand(configured(parsed, config), io, library, (error) => {
        failed = error;
      });
    const code = await run().catch((error) => {
      throw located(error, config, parsed);
    });
    if (code === undefined && parsed.given.size > 0) throw nothingNamed(parsed.command);
    return code ?? showHelp({ text: helpForNothing(parsed.command), asked: false }, io);
  } catch (error) {
    return exitOfError(
      error,
      io,
      failed ?? createMessages(io.writeError, await messageSettings(glance(argv), io)).error,
    );
  }
}

/** What was said of messages on a line that could not be read: a mistake in it is printed that way, too. */
const glance = (argv: readonly string[]): Given =>
  new Map(
    ['--errors', '--color'].map((option) => [option, argv.flatMap((word, i) => saidOf(option, word, argv[i + 1]))]),
  );

const saidOf = (option: string, word: string, next = ''): string[] =>
  word === option ? [next] : word.startsWith(`${option}=`) ? [word.slice(option.length + 1)] : [];

/** The command with the options of a config file under those that were typed. */
function configured(typed: AskedCommand, config: Config): AskedCommand {
  const { command } = typed;
  const { operands, given } = withConfig(config, typed.given, typed.operands);
  checkGiven(given, optionsOf(command.name));
  return { ...typed, operands, given };
}

/** A mistake in what the config file says names the line; what was typed, the user sees. */
function located(error: unknown, { places }: Config, { given, operands }: AskedCommand): unknown {
  if (!(error instanceof TsalignError)) return error;
  const { where = '', what } = error.problem;
  const place = places.get(where);
  if (place === undefined || given.has(where) || operands.includes(where)) return error;
  return new TsalignError({ ...error.problem, what: `${what} (${place})` });
}

/** Who gave options knows the command, and may have written a file as one: `merge -n.log`. */
const nothingNamed = ({ name }: CommandRow): TsalignError =>
  usage(
    name,
    'nothing is named that it could work on',
    `see tsalign ${name} -h; a file whose name begins with - is written as ./-name`,
  );

/** The help of a command that was given nothing, which ends with what is missing. */
const helpForNothing = (command: CommandRow): string =>
  `${commandHelp(command, 'everyday')}\ntsalign: ${command.name}: nothing is named that it could work on\n`;

/** Undefined where the command had nothing to work on: its help is then the answer to a mistake. */
async function runCommand(
  { command, operands, given }: AskedCommand,
  io: CliIo,
  library: Library | undefined,
  useMessages: (error: (problem: Problem) => void) => void,
): Promise<number | undefined> {
  const progress = createProgress(io, {
    quiet: isGiven(given, '--quiet'),
    withoutLine: isGiven(given, '--no-progress'),
    recordsToFile: !command.streams || (lastOf(given, '--output') ?? '-') !== '-',
  });
  const write = (text: string) => {
    progress.erase();
    io.writeError(text);
  };
  const messages = createMessages(write, await messageSettings(given, io));
  useMessages(messages.error);
  try {
    const run = await command.load();
    const code = await run({
      operands,
      given,
      io,
      messages,
      progress,
      library: async () => library ?? (await import('../engine.ts')),
    });
    return messages.failed ? EXIT.failed : code;
  } finally {
    progress.erase();
    messages.finish();
  }
}

function showHelp({ text, asked }: { text: string; asked: boolean }, io: CliIo): number {
  if (asked) io.writeOut(text);
  else io.writeError(text);
  return asked ? EXIT.done : EXIT.failed;
}

function exitOfError(error: unknown, io: CliIo, failed: (problem: Problem) => void): number {
  // Behind a signal a run that follows its sources still writes: what goes wrong then is told.
  if (io.signal.aborted && !(error instanceof TsalignError)) return exitOfSignal(io.signal.reason);
  if (error instanceof TsalignError) {
    failed(error.problem);
    if (error.problem.code === 'locked') return EXIT.locked;
  } else io.writeError(`tsalign: a defect of tsalign, please report it\n${stackOf(error)}\n`);
  return EXIT.failed;
}

const stackOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));

async function messageSettings(given: Given, io: CliIo): Promise<MessageSettings> {
  return {
    json: lastOf(given, '--errors') === 'json',
    quiet: isGiven(given, '--quiet'),
    strict: isGiven(given, '--strict'),
    columns: widthOf(io),
    paint: await painter(given, io),
  };
}

const widthOf = (io: CliIo): number | undefined => (io.stderrIsTerminal ? io.columns() : undefined);

/** Colours for stderr, on a terminal only: `--color always` speaks of the records. */
async function painter(given: Given, io: CliIo): Promise<MessageSettings['paint']> {
  const choice = lastOf(given, '--color') === 'never' ? 'never' : 'auto';
  const level = io.stderrIsTerminal ? decideColor(choice, io.env, true) : 0;
  if (level === 0) return PLAIN_MESSAGES.paint;
  const { Chalk } = await import('chalk');
  const chalk = new Chalk({ level });
  const paints: Record<Severity, (text: string) => string> = {
    error: chalk.red.bold,
    warning: chalk.yellow.bold,
    note: chalk.bold,
  };
  return (text, severity) => paints[severity](text);
}
