import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { TIME_FORMATS } from '../../src/time/formats.ts';

const PAGE = new URL('../../docs/formats.md', import.meta.url);
const BEGIN = '<!-- formats -->';
const END = '<!-- /formats -->';
/** Longer samples are cut in the table. */
const LONGEST = 56;

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\t', ' ');

const code = (text: string): string => `\`${cell(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text)}\``;

function table(): string {
  const rows = TIME_FORMATS.map(({ name, aliases = [], description, samples }) => {
    const [line, instant] = samples[0]!;
    return `| ${[name, ...aliases].join(', ')} | ${cell(description)} | ${code(line)} | ${instant} |`;
  });
  return ['| name | what it is | for example | instant |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

test('docs/formats.md lists the formats as the table has them (UPDATE=1 writes it)', () => {
  const page = readFileSync(PAGE, 'utf8');
  const from = page.indexOf(BEGIN) + BEGIN.length;
  const to = page.indexOf(END);
  assert.ok(from >= BEGIN.length && to > from, 'the page has no place for the formats');
  const wanted = `\n\n${table()}\n\n`;
  if (process.env.UPDATE === '1') writeFileSync(PAGE, page.slice(0, from) + wanted + page.slice(to));
  else assert.equal(page.slice(from, to), wanted);
});
