import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

/**
 * Every block ```console of the README is run, and must show what it shows: lines with `$ ` are commands, the others what they
 * print, messages included. `UPDATE=1` writes the outputs into the README, to be reviewed.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const file = path.join(root, 'README.md');
const BLOCK = /```console\n([\s\S]*?)```/g;

/** `tsalign` as a reader has it, and nothing of the developer's machine. */
const PREAMBLE = `tsalign() { ${JSON.stringify(process.execPath)} ${JSON.stringify(path.join(root, 'bin/tsalign.js'))} "$@"; }\n`;
/** Commands run beside the fixtures, and may write files there. */
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tsalign-readme-'));
fs.symlinkSync(path.join(root, 'fixtures'), path.join(folder, 'fixtures'));
after(() => fs.rmSync(folder, { recursive: true }));
const ENV = { PATH: process.env.PATH, HOME: '/nonexistent', LC_ALL: 'C.UTF-8', TZ: 'America/Los_Angeles' };

function run(command: string): string {
  const script = `${PREAMBLE}exec 2>&1\n${command}\n`;
  const { stdout } = spawnSync('bash', ['-c', script], { cwd: folder, env: ENV });
  return stdout.toString();
}

function executed(block: string): string {
  return block
    .split('\n')
    .filter((line) => line.startsWith('$ '))
    .map((line) => `${line}\n${run(line.slice(2))}`)
    .join('');
}

const readme = fs.readFileSync(file, 'utf8');
const blocks = [...readme.matchAll(BLOCK)].map(([, block]) => block);

if (process.env.UPDATE !== undefined) {
  fs.writeFileSync(
    file,
    readme.replace(BLOCK, (_, block: string) => `\`\`\`console\n${executed(block)}\`\`\``),
  );
}

test('the README has examples', () => assert.ok(blocks.length >= 10));

for (const block of blocks) {
  test(`README: ${block.split('\n')[0]}`, { skip: process.env.UPDATE !== undefined }, () => {
    assert.equal(executed(block), block);
  });
}
