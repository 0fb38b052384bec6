import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { COMMANDS } from '../../src/cli/commands/index.ts';
import { bashScript } from '../../src/cli/completion/bash.ts';
import { fishScript } from '../../src/cli/completion/fish.ts';
import { SHELLS, type Shell } from '../../src/cli/completion/shells.ts';
import { type Lists, valuesOf } from '../../src/cli/completion/values.ts';
import { zshScript } from '../../src/cli/completion/zsh.ts';
import { flagsOf, OPTIONS, optionsOf } from '../../src/cli/options.ts';

const LISTS: Lists = {
  zones: ['local', 'Europe/Berlin', 'Europe/Rome', 'Etc/GMT+5'],
  formats: ['iso', 'syslog', 'sas'],
};
const SCRIPTS: Record<Shell, string> = { bash: bashScript(LISTS), zsh: zshScript(LISTS), fish: fishScript(LISTS) };

const folder = mkdtempSync(join(tmpdir(), 'tsalign-completion-'));
after(() => rmSync(folder, { recursive: true }));
for (const shell of SHELLS) writeFileSync(join(folder, shell), SCRIPTS[shell]);
for (const name of ['web.log', 'with blank.log']) writeFileSync(join(folder, name), '');

const run = (program: string, ...args: string[]) =>
  spawnSync(program, args, { cwd: folder, encoding: 'utf8', env: { ...process.env, HOME: folder, TERM: 'dumb' } });

const missing = (shell: Shell): string | false =>
  run(shell, '-c', 'true').status === 0 ? false : `${shell} is not installed`;

/** What is offered behind these words, of which the last is being typed. bash has split them at `=`. */
function inBash(...words: string[]): string[] {
  const typed = ['tsalign', ...words].map((word) => `'${word}'`).join(' ');
  const script = `. ./bash; COMP_WORDS=(${typed}); COMP_CWORD=${words.length}; _tsalign; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = run('bash', '--norc', '-c', script);
  assert.equal(stderr, '');
  return stdout.split('\n').filter((line) => line !== '');
}

const inFish = (line: string): string[] =>
  run('fish', '-c', `source fish; complete -C '${line}'`)
    .stdout.split('\n')
    .map((each) => each.split('\t')[0])
    .filter((word) => word !== '');

test('every script names every command and every option, and is what its shell can read', () => {
  for (const shell of SHELLS) {
    const words = new Set(SCRIPTS[shell].split(/[\s'",{}()[\]|=*]+/));
    for (const { name } of COMMANDS) assert.ok(words.has(name), `${shell}: ${name}`);
    for (const option of OPTIONS) {
      for (const flag of flagsOf(option).names) {
        const word = shell === 'fish' ? flag.replace(/^--?/, '') : flag;
        assert.ok(words.has(word), `${shell}: ${flag}`);
      }
    }
    if (missing(shell) === false) assert.equal(run(shell, '-n', shell).stderr, '');
  }
});

test('every option that takes a value says what is offered for it', () => {
  for (const option of OPTIONS) assert.equal(valuesOf(option) === undefined, flagsOf(option).value === '');
});

test('bash: commands, options, values, zones, formats, files', () => {
  assert.deepEqual(inBash('in'), ['inspect']);
  assert.deepEqual(
    inBash('').slice(0, COMMANDS.length),
    COMMANDS.map(({ name }) => name),
  );
  assert.deepEqual(inBash('merge', '--output-'), ['--output-format', '--output-tz']);
  assert.deepEqual(inBash('inspect', '--output-'), ['--output-tz']);
  assert.deepEqual(inBash('merge', '-O', 'n'), ['ndjson']);
  assert.deepEqual(inBash('merge', '--dedup', 'k'), ['key=']);
  assert.deepEqual(inBash('merge', '--tz', 'Europe/B'), ['Europe/Berlin']);
  assert.deepEqual(inBash('merge', '--tz', '=', 'Europe/B'), ['Europe/Berlin']);
  assert.deepEqual(inBash('merge', '--tz', 'b.log', '=', 'Europe/B'), ['Europe/Berlin']);
  assert.deepEqual(inBash('merge', '--stamp', '='), ['prefix', 'replace', 'none']);
  assert.deepEqual(inBash('merge', '--time-format', 's'), ['syslog', 'sas']);
  assert.deepEqual(inBash('merge', '--since', ''), []);
  assert.deepEqual(inBash('merge', 'we'), ['web.log']);
  assert.deepEqual(inBash('merge', 'with'), ['with blank.log']);
  assert.deepEqual(inBash('formats', 'i'), ['iso']);
  assert.deepEqual(inBash('completion', 'z'), ['zsh']);
  assert.deepEqual(inBash('help', 'f'), ['formats']);
});

test('bash: all options of every command are offered', () => {
  for (const { name } of COMMANDS) {
    const flags = optionsOf(name).flatMap((option) => flagsOf(option).names);
    assert.deepEqual(inBash(name, '-').sort(), [...flags, '-h', '--help'].sort());
  }
});

test('fish: commands, options, values, zones, formats, files', { skip: missing('fish') }, () => {
  assert.deepEqual(inFish('tsalign in'), ['inspect']);
  assert.deepEqual(inFish('tsalign merge --output-'), ['--output-format', '--output-tz']);
  assert.deepEqual(inFish('tsalign merge -O n'), ['ndjson']);
  assert.deepEqual(inFish('tsalign merge --tz Europe/B'), ['Europe/Berlin']);
  assert.deepEqual(inFish('tsalign merge --time-format sy'), ['syslog']);
  assert.deepEqual(inFish('tsalign merge we'), ['web.log']);
  assert.deepEqual(inFish('tsalign merge -o we'), ['web.log']);
  assert.deepEqual(inFish('tsalign completion z'), ['zsh']);
});

/** zsh completes in a terminal only: one is made, in which `compadd` prints what it is given. */
const IN_ZSH = `
zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z "PROMPT='<GO>'; unsetopt zle_bracketed_paste; autoload -U compinit; compinit -D -u; source ./zsh"
zpty -w z 'compadd() { [[ " $* " == *" -"[OAD]" "* ]] || { local -a hits; builtin compadd -A hits "$@"; print -rl -- HI""T:$^hits; }; builtin compadd "$@" }'
zpty -w z 'bindkey "^I" expand-or-complete; print READ""Y'
zpty -r -m z seen '*READY*<GO>*'
zpty -w z "$1"$'\\t\\x15'"print DO''NE"
zpty -r -m z seen '*DONE*'
print -r -- "$seen"
zpty -d z
`;

test('zsh: commands, options, values, zones', { skip: missing('zsh') }, () => {
  const inZsh = (line: string): string[] => {
    const { stdout } = run('zsh', '-f', '-c', IN_ZSH, 'zsh', line);
    return [...new Set([...stdout.matchAll(/HIT:([^\s]+)/g)].map(([, word]) => word))];
  };
  assert.deepEqual(inZsh('tsalign ins'), ['inspect']);
  assert.deepEqual(inZsh('tsalign merge --tz Europe/'), ['Europe/Berlin', 'Europe/Rome']);
  assert.deepEqual(inZsh('tsalign merge --stamp '), ['prefix', 'replace', 'none']);
});
