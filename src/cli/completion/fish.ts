import { COMMANDS } from '../commands/index.ts';
import { flagsOf, type OptionRow, optionsOf } from '../options.ts';
import { describe, harmless, type Lists, type Values, valuesOf } from './values.ts';

/** A completion script for fish. */
export function fishScript(lists: Lists): string {
  const commands = COMMANDS.flatMap(({ name, summary, operands, first }) => [
    `complete -c tsalign -n __fish_use_subcommand -a ${name} -d '${quoted(summary)}'`,
    ...optionsOf(name).map((option) => `${within(name)} ${flags(option)}`),
    `${within(name)} -s h -d 'the options of every day'`,
    `${within(name)} -l help -d 'all options'`,
    ...(first === undefined ? [] : [offerFirst(name, first)]),
    `${within(name)} ${offerOperands(operands)}`,
  ]);
  return `# fish completion for tsalign: tsalign completion fish | source
function __tsalign_zones
    string split ' ' '${harmless(lists.zones).join(' ')}'
end
function __tsalign_formats
    string split ' ' '${harmless(lists.formats).join(' ')}'
end
complete -c tsalign -f
complete -c tsalign -n __fish_use_subcommand -a help -d 'print help'
complete -c tsalign -n __fish_use_subcommand -l help -d 'print help'
complete -c tsalign -n __fish_use_subcommand -l version -d 'print the version'
${commands.join('\n')}
`;
}

const within = (command: string): string => `complete -c tsalign -n '__fish_seen_subcommand_from ${command}'`;

const offerFirst = (command: string, words: readonly string[]): string =>
  `complete -c tsalign -n '__fish_seen_subcommand_from ${command}; and not __fish_seen_subcommand_from ${words.join(' ')}' -a '${words.join(' ')}'`;

function flags(option: OptionRow): string {
  const { names } = flagsOf(option);
  const written = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
  const values = valuesOf(option);
  const taken = values === undefined ? '' : ` ${offer(values)}`;
  return `${written.join(' ')}${taken} -d '${quoted(describe(option))}'`;
}

/** \`-x\`: a value that is no file; \`-r -F\`: one that is. */
function offer(values: Values): string {
  switch (values.kind) {
    case 'words':
      return `-x -a '${harmless(values.words).join(' ')}'`;
    case 'file':
      return '-r -F';
    case 'folder':
      return "-x -a '(__fish_complete_directories)'";
    case 'none':
      return '-x';
    default:
      return `-x -a '(__tsalign_${values.kind})'`;
  }
}

function offerOperands(values: Values): string {
  if (values.kind === 'file') return '-F';
  return offer(values).replace('-x ', '');
}

const quoted = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
