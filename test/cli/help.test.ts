import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COMMANDS, type CommandRow } from '../../src/cli/commands/index.ts';
import { commandHelp, type Extent, programHelp } from '../../src/cli/help.ts';
import { nameOf, optionsOf } from '../../src/cli/options.ts';
import { parseCommandLine } from '../../src/cli/program.ts';

/** A screen of 40 lines, and half of one. */
const SCREEN_AND_A_HALF = 60;

const named = (name: string): CommandRow => COMMANDS.find((command) => command.name === name) as CommandRow;

const helpOfWords = (...words: string[]): string => {
  const parsed = parseCommandLine(words);
  assert.equal(parsed.kind, 'help');
  return parsed.kind === 'help' ? parsed.text : '';
};

test('help is asked for in the usual ways', () => {
  for (const words of [[], ['-h'], ['--help'], ['help']]) assert.equal(helpOfWords(...words), programHelp());
  for (const words of [
    ['help', 'merge'],
    ['merge', '-h'],
    ['merge', 'a.log', '--tz', 'UTC', '-h'],
  ]) {
    assert.equal(helpOfWords(...words), commandHelp(named('merge'), 'everyday'));
  }
  assert.equal(helpOfWords('merge', '--help'), commandHelp(named('merge'), 'all'));
});

test('behind --, and as the value of an option, -h is no question', () => {
  assert.equal(parseCommandLine(['merge', '--', '-h']).kind, 'command');
  assert.equal(parseCommandLine(['merge', '--match', '-h', 'a']).kind, 'command');
});

test('no line of help is wider than 80 columns; the short one fits a screen and a half', () => {
  const texts = COMMANDS.flatMap((command) =>
    (['everyday', 'all'] as Extent[]).map((all) => commandHelp(command, all)),
  );
  for (const text of [programHelp(), ...texts]) {
    assert.deepEqual(
      text.split('\n').filter((line) => line.length > 80),
      [],
    );
  }
  assert.ok(programHelp().split('\n').length <= 24);
  for (const command of COMMANDS) {
    const { length } = commandHelp(command, 'everyday').split('\n');
    assert.ok(length <= SCREEN_AND_A_HALF, `${command.name}: ${length} lines`);
  }
});

test('examples come first; the long help describes every option on one line, the short one names every one', () => {
  for (const command of COMMANDS) {
    const lines = commandHelp(command, 'all').split('\n');
    const short = commandHelp(command, 'everyday');
    for (const option of optionsOf(command.name)) {
      const at = lines.findIndex((line) => line.startsWith(`  ${option.flags} `));
      assert.ok(at > lines.indexOf('Examples:'), nameOf(option));
      assert.match(lines[at + 1], /^( {2}-|$)/, `${nameOf(option)} takes two lines`);
      assert.ok(short.includes(nameOf(option)), nameOf(option));
    }
  }
});
