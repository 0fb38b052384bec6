import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkText } from '../../src/source/text-check.ts';
import { FIXTURES, problem } from './tools.ts';

const sample = 'Mär 10 06:59:58 one line\nand another one, long enough to say\n';
const swapped = (bytes: Buffer) => Buffer.from(bytes).swap16();
const utf16 = (text: string) => Buffer.from(text, 'utf16le');
const utf32 = (text: string) =>
  Buffer.concat([...text].map((c) => Buffer.from(Uint32Array.of(c.codePointAt(0) as number).buffer)));
const tar = Buffer.concat([Buffer.alloc(257, 'x'), Buffer.from('ustar\x0000'), Buffer.alloc(512)]);

const REFUSED: [name: string, head: Buffer, code: 'unreadable' | 'binary', part: RegExp][] = [
  [
    'UTF-16LE',
    utf16(`\ufeff${sample}`),
    'unreadable',
    /^f\.log: is UTF-16LE, not UTF-8; .* iconv -f UTF-16 -t UTF-8 f\.log \|/,
  ],
  ['UTF-16BE', swapped(utf16(`\ufeff${sample}`)), 'unreadable', /is UTF-16BE/],
  ['UTF-32LE', utf32(`\ufeff${sample}`), 'unreadable', /is UTF-32LE.* -f UTF-32 /],
  ['UTF-32BE', utf32(`\ufeff${sample}`).swap32(), 'unreadable', /is UTF-32BE/],
  ['UTF-16LE, no mark', utf16(sample), 'unreadable', /looks like UTF-16LE .* -f UTF-16LE /],
  ['UTF-16BE, no mark', swapped(utf16(sample)), 'unreadable', /looks like UTF-16BE/],
  ['UTF-32LE, no mark', utf32(sample), 'unreadable', /looks like UTF-32LE/],
  ['UTF-32BE, no mark', utf32(sample).swap32(), 'unreadable', /looks like UTF-32BE/],
  ['zstd', Buffer.from('28b52ffd2400', 'hex'), 'unreadable', /zstd -dc f\.log \| tsalign/],
  ['xz', Buffer.from('fd377a585a000004', 'hex'), 'unreadable', /compressed with xz/],
  ['bzip2', Buffer.from('BZh91AY&SY....'), 'unreadable', /compressed with bzip2/],
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
  for (const name of readdirSync(FIXTURES).filter((file) => !file.endsWith('.gz'))) {
    assert.doesNotThrow(() => checkText(readFileSync(join(FIXTURES, name)), name));
  }
});

test('the command that is advised can be pasted into a shell', () => {
  const head = Buffer.from('28b52ffd2400', 'hex');
  assert.throws(() => checkText(head, "it's $1.zst"), problem('unreadable', /zstd -dc 'it'\\''s \$1\.zst' \|/));
  assert.throws(() => checkText(head, '-'), problem('unreadable', /^stdin: .* zstd -dc - \|/));
  assert.throws(() => checkText(head, 'a.gz', 'gzip'), problem('unreadable', /zstd -dc <\(gzip -dc a\.gz\) \|/));
});
