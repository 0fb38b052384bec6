import { COMMANDS, type CommandRow } from './commands/index.ts';
import { GROUPS, helpOf, type OptionRow, optionsOf } from './options.ts';
import { wrap } from './wrap.ts';

/** Most terminals; wider help is harder to read. */
const WIDTH = 80;

/** Everything, or what fits a screen and a half. */
export type Extent = 'everyday' | 'all';

/** What a bare `tsalign` and `tsalign --help` show. */
export function programHelp(): string {
  const commands = COMMANDS.map(({ name, summary }) => `  ${name.padEnd(COMMAND_WIDTH)}${summary}`);
  return lines(
    'tsalign merges logs, CSV and NDJSON into one stream, every record at its UTC',
    'instant, in order, none lost.',
    '',
    'Examples:',
    ...COMMANDS.filter(({ unattended }) => !unattended)
      .flatMap(({ examples }, i) => examples.slice(0, i === 0 ? 4 : 1))
      .map(exampleLine),
    '',
    'Commands:',
    ...commands,
    '',
    'tsalign COMMAND -h       the options of every day',
    'tsalign COMMAND --help   all options',
    'tsalign --version        the version; with --verbose also what it runs on',
  );
}

/** The help of one command: what it is, examples, options in groups. */
export function commandHelp(command: CommandRow, extent: Extent): string {
  const options = optionsOf(command.name);
  const shown = extent === 'all' ? options : options.filter(({ everyday }) => everyday);
  const others = options.filter((option) => !shown.includes(option));
  return lines(
    `Usage: tsalign ${command.name} ${command.usage}`,
    '',
    ...wrap(command.description, WIDTH),
    '',
    'Examples:',
    ...command.examples.map(exampleLine),
    '',
    ...groupsOf(shown, command),
    ...moreOf(command, others),
    ...command.footer.split('\n'),
  );
}

const COMMAND_WIDTH = 12;
const EXAMPLE_WIDTH = 52;

const exampleLine = ([command, does]: readonly [string, string]): string =>
  `  ${command.padEnd(EXAMPLE_WIDTH)} # ${does}`;

const lines = (...all: string[]): string => `${all.join('\n')}\n`;

/** The options under the names of their groups, described in one column. */
function groupsOf(options: readonly OptionRow[], { footer }: CommandRow): string[] {
  const width = Math.max(0, ...options.map(({ flags }) => flags.length)) + 2;
  // The star means something only where the footer explains it.
  const describe = (option: OptionRow) =>
    footer.startsWith('*') ? helpOf(option) : helpOf(option).replace(/ \*$/, '');
  return GROUPS.flatMap((group) => {
    const rows = options.filter((option) => option.group === group);
    if (rows.length === 0) return [];
    return [`${group}:`, ...rows.map((option) => `  ${option.flags.padEnd(width)}${describe(option)}`), ''];
  });
}

/** The names of the options that are not shown, and where they are. */
function moreOf({ name }: CommandRow, others: readonly OptionRow[]): string[] {
  if (others.length === 0) return [];
  const names = others.map(({ flags }) => flags.replace(/^-., /, '').replace(/ .*/, '')).join(' ');
  return [`More (tsalign ${name} --help, or man tsalign):`, ...wrap(names, WIDTH - 2).map((line) => `  ${line}`), ''];
}
