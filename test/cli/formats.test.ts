import assert from 'node:assert/strict';
import { test } from 'node:test';
import { main } from '../../src/cli/main.ts';
import { testIo } from './io.ts';

async function shown(line: string, stdoutIsTerminal: boolean): Promise<string[]> {
  const io = testIo({ stdoutIsTerminal, columns: () => 60 });
  assert.equal(await main(['formats', line, '--color', 'never'], io), 0, io.err);
  return io.out.split('\n').slice(0, 2);
}

const STAMP = '2024-03-10T07:00:00Z';

test('a terminal shows the stamp of a long line, underlined, on one line', async () => {
  const [line = '', marks = ''] = await shown(`${'a bird '.repeat(20)}[${STAMP}] ${'sings '.repeat(20)}`, true);
  assert.equal(line.slice(marks.indexOf('^'), marks.length), STAMP);
  assert.ok(line.startsWith('...') && line.endsWith('...'), line);
  assert.equal(line.length, 60);
});

test('what fits a terminal, and all that goes elsewhere, is shown whole', async () => {
  const short = `a bird [${STAMP}] sings`;
  const long = `${'a bird '.repeat(20)}[${STAMP}] sings`;
  assert.deepEqual(await shown(short, true), [short, `${' '.repeat(8)}${'^'.repeat(20)}`]);
  assert.deepEqual(await shown(long, false), [long, `${' '.repeat(141)}${'^'.repeat(20)}`]);
});
