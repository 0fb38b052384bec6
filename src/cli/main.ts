import { readFileSync } from 'node:fs';
import { type Problem, TsalignError } from '../core/problem.ts';
import { decideColor } from './color.ts';
import type { CommandRow, Library } from './commands/index.ts';
import { EXIT, exitOfSignal } from './exit-codes.ts';
import { type Given, isGiven, lastOf } from './given.ts';
import type { CliIo } from './io.ts';
import { createMessages, type MessageSettings, PLAIN_MESSAGES, type Severity } from './messages.ts';
import type { Parsed } from './program.ts';
import { createProgress } from './progress.ts';

type AskedCommand = Extract<Parsed, { kind: 'command' }>;

/**
 * Runs one command line and returns its exit code. Heavy modules are imported when they are needed, so that
 * `--version` and mistakes are answered at once.
 * @param argv the words behind the program's name
 * @param library what commands call; the real one if left out
 */
export async function main(argv: readonly string[], io: CliIo, library?: Library): Promise<number> {
  // Until the options are read nobody knows what --errors said; a mistake in them must be printed that way too.
  let failed = createMessages(io.writeError, { ...PLAIN_MESSAGES, json: asksForJson(argv) }).error;
  try {
    if (argv[0] === '--version' || argv[0] === '-V') {
      io.writeOut(`${version()}\n`);
      return EXIT.done;
    }
    const { parseCommandLine } = await import('./program.ts');
    const parsed = parseCommandLine(argv, version());
    if (parsed.kind === 'help') return showHelp(parsed, io);
    return await runCommand(parsed, io, library, (error) => {
      failed = error;
    });
  } catch (error) {
    return exitOfError(error, io, failed);
  }
}

async function runCommand(
  { command, operands, given }: AskedCommand,
  io: CliIo,
  library: Library | undefined,
  useMessages: (error: (problem: Problem) => void) => void,
): Promise<number> {
  const progress = createProgress(io, {
    quiet: isGiven(given, '--quiet'),
    withoutLine: isGiven(given, '--no-progress'),
    recordsToFile: (lastOf(given, '--output') ?? '-') !== '-',
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
      library: async () => library ?? (await import('../index.ts')),
    });
    if (code === undefined) return await refuseEmptyCommand(command, io);
    return messages.failed ? EXIT.failed : code;
  } finally {
    progress.erase();
  }
}

function showHelp({ text, asked }: { text: string; asked: boolean }, io: CliIo): number {
  if (asked) io.writeOut(text);
  else io.writeError(text);
  return asked ? EXIT.done : EXIT.failed;
}

/** A command without anything to work on: its help, as the answer to a mistake. */
async function refuseEmptyCommand(command: CommandRow, io: CliIo): Promise<number> {
  const { helpText } = await import('./program.ts');
  return showHelp({ text: helpText(command, version()), asked: false }, io);
}

function exitOfError(error: unknown, io: CliIo, failed: (problem: Problem) => void): number {
  if (io.signal.aborted) return exitOfSignal(io.signal.reason);
  if (error instanceof TsalignError) failed(error.problem);
  else io.writeError(`tsalign: a defect of tsalign, please report it\n${stackOf(error)}\n`);
  return EXIT.failed;
}

const stackOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));

const asksForJson = (argv: readonly string[]): boolean =>
  argv.some((word, i) => word === '--errors=json' || (word === '--errors' && argv[i + 1] === 'json'));

async function messageSettings(given: Given, io: CliIo): Promise<MessageSettings> {
  return {
    json: lastOf(given, '--errors') === 'json',
    quiet: isGiven(given, '--quiet'),
    strict: isGiven(given, '--strict'),
    paint: await painter(given, io),
  };
}

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

function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
