import { COMMANDS } from '../commands/index.ts';
import { flagsOf, type OptionRow, optionsOf } from '../options.ts';
import { describe, harmless, type Lists, type Values, valuesOf } from './values.ts';

/** A completion function for zsh, for a folder of $fpath or for \`source <(…)\`. */
export function zshScript(lists: Lists): string {
  const functions = COMMANDS.map(
    ({ name, operands, first }) => `_tsalign_${name}() {
  _arguments -s -S \\
${[...optionsOf(name).map(argument), `    '(- *)'{-h,--help}'[print help]'`, ...(first === undefined ? [] : [`    '1:word:(${first.join(' ')})'`]), `    '*:${operandName(operands)}:${action(operands)}'`].join(' \\\n')}
}
`,
  );
  const names = COMMANDS.map(({ name }) => name).join(' ');
  return `#compdef tsalign
# zsh completion for tsalign: source <(tsalign completion zsh), after compinit
_tsalign_zones() { compadd -- ${harmless(lists.zones).join(' ')} }
_tsalign_formats() { compadd -- ${harmless(lists.formats).join(' ')} }

${functions.join('\n')}
_tsalign() {
  local -a commands
  commands=(
${COMMANDS.map(({ name, summary }) => `    '${name}:${quoted(summary)}'`).join('\n')}
    'help:print help'
  )
  if ((CURRENT == 2)); then
    _describe command commands
    [[ $PREFIX == -* ]] && compadd -- --help --version
    return
  fi
  local command=$words[2]
  shift words
  ((CURRENT--))
  case $command in
    ${names.replaceAll(' ', '|')}) _tsalign_$command ;;
    help) compadd -- ${names} ;;
  esac
}

if [[ $funcstack[1] == _tsalign ]]; then _tsalign "$@"; else compdef _tsalign tsalign; fi
`;
}

/** One line of _arguments: \`'(-n --limit)'{-n,--limit=}'[the first records only]:count:'\`. */
function argument(option: OptionRow): string {
  const { names, value } = flagsOf(option);
  const values = valuesOf(option);
  const described = `[${quoted(describe(option)).replace(/([[\]])/g, '\\$1')}]`;
  const placeholder = value.replace(/[<>[\]|.]/g, '').replaceAll(':', '');
  // A value that may be left out has two colons.
  const colon = value.startsWith('[') ? '::' : ':';
  const taken = values === undefined ? '' : `${colon}${placeholder}:${action(values)}`;
  const often = option.perSource ? '*' : '';
  const long = (name: string) => (values !== undefined && name.startsWith('--') ? `${name}=` : name);
  if (names.length === 1) return `    '${often}${long(names[0])}${described}${taken}'`;
  const apart = often === '' ? `'(${names.join(' ')})'` : "'*'";
  return `    ${apart}{${names.map(long).join(',')}}'${described}${taken}'`;
}

function action(values: Values): string {
  switch (values.kind) {
    case 'words':
      return `(${harmless(values.words).join(' ')})`;
    case 'file':
      return '_files';
    case 'folder':
      return '_files -/';
    case 'none':
      return ' ';
    default:
      return `_tsalign_${values.kind}`;
  }
}

const operandName = (values: Values): string => (values.kind === 'file' ? 'source' : 'word');

const quoted = (text: string): string => text.replaceAll("'", "'\\''").replaceAll(':', '\\:');
