import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { OPTION_DETAILS } from '../docs/details.ts';
import { everydayTable, manPage, optionsTable } from '../docs/manual.ts';
import { nameOf, OPTIONS } from '../src/cli/options.ts';

/** What is made from the tables lies in the repository, for readers and for the package. `npm run docs` writes it anew. */
const isUpdating = process.env.UPDATE !== undefined;
const pathOf = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url));

function holds(name: string, from: string, to: string, wanted: string): void {
  const text = readFileSync(pathOf(name), 'utf8');
  const begin = from === '' ? 0 : text.indexOf(from) + from.length;
  const end = to === '' ? text.length : text.indexOf(to);
  assert.ok((from === '' || text.includes(from)) && begin <= end, `${name} has no place for it`);
  if (isUpdating) writeFileSync(pathOf(name), text.slice(0, begin) + wanted + text.slice(end));
  else assert.equal(text.slice(begin, end), wanted, 'run npm run docs');
}

test('the man page is that of the tables', () => holds('man/tsalign.1', '', '', manPage()));

test('docs/options.md lists the options of the table', () =>
  holds('docs/options.md', '<!-- options -->', '<!-- /options -->', `\n\n${optionsTable()}\n\n`));

test('the README lists those of every day', () =>
  holds('README.md', '<!-- options -->', '<!-- /options -->', `\n\n${everydayTable()}\n\n`));

test('links in documents lead to files that are there', () => {
  const pages = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'src/README.md', 'bench/README.md'];
  const docs = readdirSync(pathOf('docs')).filter((name) => name.endsWith('.md'));
  for (const page of [...pages, ...docs.map((name) => `docs/${name}`)]) {
    const links = readFileSync(pathOf(page), 'utf8').matchAll(/\]\((?!https?:|#)([^)#]+)/g);
    for (const [, link] of links) assert.ok(existsSync(join(pathOf(page), '..', link)), `${page}: ${link}`);
  }
});

test('details speak of options that there are', () => {
  const names = OPTIONS.map(nameOf);
  assert.deepEqual(
    Object.keys(OPTION_DETAILS).filter((name) => !names.includes(name)),
    [],
  );
});

const hasMan = spawnSync('man', ['--version']).status === 0;

test('man shows the page without a complaint, every option in it', { skip: hasMan ? false : 'no man here' }, () => {
  const { stdout, stderr } = spawnSync('man', ['--warnings', '-l', pathOf('man/tsalign.1')], {
    encoding: 'utf8',
    env: { ...process.env, MANWIDTH: '80', LC_ALL: 'C.UTF-8', MAN_KEEP_FORMATTING: '', MANPAGER: 'cat' },
  });
  assert.equal(stderr, '');
  for (const option of OPTIONS) assert.ok(stdout.includes(nameOf(option)), nameOf(option));
});
