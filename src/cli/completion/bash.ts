import { COMMANDS } from '../commands/index.ts';
import { flagsOf, OPTIONS, optionsOf } from '../options.ts';
import { harmless, type Lists, type Values, valuesOf } from './values.ts';

/**
 * A completion script that needs nothing but bash. bash splits words at `=`, so a value may stand behind `--tz =`, or
 * behind `--tz b.log =`.
 */
export function bashScript(lists: Lists): string {
  const valued = OPTIONS.flatMap((option) => {
    const values = valuesOf(option);
    return values === undefined ? [] : [`    ${flagsOf(option).names.join('|')}) ${offer(values)}; return ;;`];
  });
  const commands = COMMANDS.map(({ name }) => {
    const flags = optionsOf(name).flatMap((option) => flagsOf(option).names);
    return `    ${name}) _tsalign_flags='${[...flags, '-h', '--help'].join(' ')}' ;;`;
  });
  const operands = COMMANDS.map(({ name, operands, first }) => {
    const words = first && `if ((COMP_CWORD == 2)); then _tsalign_words '${first.join(' ')}'; return; fi; `;
    return `    ${name}) ${words ?? ''}${offer(operands)} ;;`;
  });
  return `# bash completion for tsalign: source <(tsalign completion bash)
_tsalign_zones='${harmless(lists.zones).join(' ')}'
_tsalign_formats='${harmless(lists.formats).join(' ')}'

_tsalign_words() {
  COMPREPLY=($(compgen -W "$1" -- "$_tsalign_current"))
  # A word that goes on, such as key=, gets no blank.
  [[ \${COMPREPLY[0]} == *= ]] && compopt -o nospace 2>/dev/null
  return 0
}

_tsalign_paths() {
  local IFS=$'\\n'
  COMPREPLY=($(compgen "$1" -- "$_tsalign_current"))
  compopt -o filenames 2>/dev/null
  return 0
}

_tsalign() {
  local command=\${COMP_WORDS[1]} option=\${COMP_WORDS[COMP_CWORD-1]}
  _tsalign_current=\${COMP_WORDS[COMP_CWORD]}
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    _tsalign_words '${COMMANDS.map(({ name }) => name).join(' ')} help --help --version'
    return
  fi
  local at=$((COMP_CWORD - 1))
  if [[ $_tsalign_current == '=' ]]; then _tsalign_current=''; at=$((COMP_CWORD)); fi
  if [[ \${COMP_WORDS[at]} == '=' ]]; then
    option=\${COMP_WORDS[at-1]}
    [[ $option == -* ]] || option=\${COMP_WORDS[at-2]}
  fi
  case $option in
${valued.join('\n')}
  esac
  case $command in
${commands.join('\n')}
    help) _tsalign_words '${COMMANDS.map(({ name }) => name).join(' ')}'; return ;;
    *) _tsalign_flags='--help' ;;
  esac
  if [[ $_tsalign_current == -* ]]; then
    _tsalign_words "$_tsalign_flags"
    return
  fi
  case $command in
${operands.join('\n')}
  esac
}

complete -F _tsalign tsalign
`;
}

function offer(values: Values): string {
  switch (values.kind) {
    case 'words':
      return `_tsalign_words '${harmless(values.words).join(' ')}'`;
    case 'file':
      return '_tsalign_paths -f';
    case 'folder':
      return '_tsalign_paths -d';
    case 'none':
      return ':';
    default:
      return `_tsalign_words "$_tsalign_${values.kind}"`;
  }
}
