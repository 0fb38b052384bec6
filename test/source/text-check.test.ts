import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkText } from '../../src/source/text-check.ts';
import { FIXTURES, problem } from './tools.ts';

const sample = 'Mär 10 06:59:58 one line\nand another one, long enough to say\n';
const tar = Buffer.concat([Buffer.alloc(257, 'x'), Buffer.from('ustar\x0000'), Buffer.alloc(512)]);

const REFUSED: [name: string, head: Buffer, code: 'unreadable' | 'binary', part: RegExp][] = [
  ['lzip', Buffer.from('LZIP\x01\x0c\0\0'), 'unreadable', /^f\.log: is compressed with lzip; .* lzip -dc f\.log \|/],
  ['lzop', Buffer.from('894c5a4f000d0a1a', 'hex'), 'unreadable', /compressed with lzop/],
  ['lz4 before its frames', Buffer.from('02214c18', 'hex'), 'unreadable', /compressed with lz4/],
  ['7z', Buffer.from('377abcaf271c', 'hex'), 'unreadable', /7z archive/],
  ['zip', Buffer.from('PK\x03\x04\x14\0'), 'unreadable', /zip archive/],
  ['tar', tar, 'unreadable', /tar archive/],
  ['NUL', Buffer.alloc(100), 'binary', /is binary data/],
];

for (const [name, head, code, part] of REFUSED) {
  test(`${name} is refused by name`, () => assert.throws(() => checkText(head, 'f.log'), problem(code, part)));
}

test('random bytes are binary', () => {
  for (let i = 0; i < 50; i++) {
    const head = Buffer.concat(Array.from({ length: 32 }, (_, j) => createHash('sha256').update(`${i}.${j}`).digest()));
    assert.throws(() => checkText(head, 'f'), problem('binary', /^f: /));
  }
});

const ACCEPTED: [name: string, head: Buffer][] = [
  ['nothing', Buffer.alloc(0)],
  ['some NUL', Buffer.from(`${sample}\0\0${sample}`)],
  ['a hole at the beginning, as a crash leaves it', Buffer.concat([Buffer.alloc(4096), Buffer.from(sample)])],
  ['a hole in the middle', Buffer.concat([Buffer.from(sample), Buffer.alloc(40_000), Buffer.from(sample)])],
  ['a few strange bytes', Buffer.from('\0\x02\x7f')],
  ['colours', Buffer.from('\x1b[31mERR\x1b[0m\n'.repeat(100))],
  ['FIX', Buffer.from('8=FIX.4.4\x0135=D\x0152=20240310-06:59:58\x01'.repeat(50))],
  ['Latin-1', Buffer.from('Grüße\n', 'latin1')],
  ['UTF-8 with a mark', Buffer.from(`\ufeff${sample}`)],
  ['Japanese', Buffer.from('エラーが発生しました\n'.repeat(20))],
];

for (const [name, head] of ACCEPTED) {
  test(`${name} is text`, () => assert.doesNotThrow(() => checkText(head, 'f')));
}

test('the fixtures are text, unless compressed', () => {
  for (const name of readdirSync(FIXTURES).filter((file) => !/\.gz$|^(compressed|archives)$/.test(file))) {
    assert.doesNotThrow(() => checkText(readFileSync(join(FIXTURES, name)), name));
  }
});

test('the command that is advised can be pasted into a shell', () => {
  const head = Buffer.from('LZIP\x01\x0c');
  assert.throws(() => checkText(head, "it's $1.lz"), problem('unreadable', /lzip -dc 'it'\\''s \$1\.lz' \|/));
  assert.throws(() => checkText(head, '-'), problem('unreadable', /^stdin: .* lzip -dc - \|/));
  assert.throws(() => checkText(head, 'a.gz', 'gzip'), problem('unreadable', /lzip -dc <\(gzip -dc a\.gz\) \|/));
});
