import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { type SplitLog, splitLines } from '../../src/source/interleaved.ts';
import { type LinePrefix, linePrefixOf } from '../../src/source/prefixes.ts';
import { streamOf } from './compressors.ts';
import { tempFolder } from './tools.ts';

const headOf = (lines: readonly string[]): Buffer => Buffer.from(lines.map((line) => `${line}\n`).join(''));
const programOf = (lines: readonly string[]): string | undefined => linePrefixOf(headOf(lines))?.program;

const PREFIXED: [program: string, lines: string[]][] = [
  ['docker compose', ['Attaching to web-1, job-1', 'web-1  | a', 'job-1  | b', 'web-1  |', 'web-1  |   c']],
  [
    'docker compose',
    [
      ' Container shop-web-1  Started',
      'Attaching to web-1',
      'web-1  | a',
      'a download: 3 %',
      'web-1  | b',
      'web-1 exited with code 0',
    ],
  ],
  ['docker compose', ['shop_web_1    | a', 'shop_cache_1  | b']],
  ['docker compose', ['proxy  | a', 'web-1  | b', 'proxy  | c']],
  ['docker compose', ['\x1b[36mweb-1  | \x1b[0ma', '\x1b[33mjob-1  | \x1b[0mb']],
  ['docker compose', ['\x1b[36mweb_1  |\x1b[0m a', '\x1b[33mjob_1  |\x1b[0m b']],
  ['docker compose', ['\x1b[2Kweb-1  | a', '\x1b[2Kjob-1  | b']],
  ['docker compose', ['\x1b[2K\x1b[36mproxy  | \x1b[0ma', '\x1b[2K\x1b[1;33mweb-1  | \x1b[0mb']],
  ['docker compose', ['\r\x1b[Kweb-1  | a', '\r\x1b[Kjob-1  | b']],
  ['docker service', ['web.1.x2x7k9k2zabcd@node-1    | a', 'web.2.k9k2zx2x7kabc@node-2    | b']],
  ['kubectl', ['[pod/web-0/app] a', '[pod/web-1/app] b', '[pod/web-0/app]']],
  ['stern', ['web-6d4f8b7c9d-x2x7k app a', 'web-6d4f8b7c9d-k9k2z app b']],
];

for (const [program, lines] of PREFIXED) {
  test(`${program}: ${JSON.stringify(lines[1])}`, () => {
    assert.equal(programOf(lines), program);
  });
}

const PLAIN: string[][] = [
  ['INFO   | jvm 1    | 2024/03/10 07:00:00 | a', 'STATUS | wrapper  | 2024/03/10 07:00:01 | b'],
  ['INFO  | a', 'WARN  | b'],
  ['id  | at', '1   | 2024-03-10', '2   | 2024-03-10'],
  ['+----+', '| 17 | a', '| 18 | b'],
  ['2024-03-10 | a', '2024-03-11 | b'],
  ['web-1  | a', 'x', 'y', 'z'],
  ['host-1 app a', 'host-2 app b'],
  ['[main/web] a', '[main/web] b'],
  ['web-1  | a'],
];

for (const lines of PLAIN) {
  test(`no prefixes: ${JSON.stringify(lines)}`, () => {
    assert.equal(programOf(lines), undefined);
  });
}

const KUBECTL = linePrefixOf(headOf(['[pod/a/x] 1', '[pod/a/x] 2'])) as LinePrefix;

function textOf({ end, readAt }: SplitLog, step: number): string {
  const bytes = Buffer.alloc(end);
  for (let at = 0; at < end; ) {
    const count = readAt(bytes, at, Math.min(step, end - at), at);
    assert.ok(count > 0);
    at += count;
  }
  return bytes.toString();
}

const SPLIT: [what: string, lines: string[], texts: Record<string, string>][] = [
  [
    'what clears the line and colours the prefix goes with it',
    ['\x1b[2K\x1b[36mweb-1  | \x1b[0ma', '\x1b[2Kjob-1  | b', '\x1b[36mweb-1  |\x1b[0m c'],
    { 'web-1': 'a\nc\n', 'job-1': 'b\n' },
  ],
  [
    'the colours of the log stay',
    ['web-1  | \x1b[31ma\x1b[0m', '\x1b[36mweb-1  | \x1b[0m\x1b[1;31mb'],
    { 'web-1': '\x1b[31ma\x1b[0m\n\x1b[1;31mb\n' },
  ],
  [
    'of a pod as well',
    ['web-6d4f8b7c9d-x2x7k app \x1b[31ma', 'web-6d4f8b7c9d-x2x7k app b'],
    { 'web-6d4f8b7c9d-x2x7k/app': '\x1b[31ma\nb\n' },
  ],
];

for (const [what, lines, texts] of SPLIT) {
  test(`split: ${what}`, async (t) => {
    const stream = streamOf(headOf(lines));
    const prefix = linePrefixOf(headOf(lines)) as LinePrefix;
    const logs = await splitLines(stream, prefix, { folder: tempFolder(t), shown: 'x' });
    const found = Object.fromEntries([...logs].map(([name, log]) => [name, textOf(log, 99)]));
    for (const log of logs.values()) log.close();
    assert.deepEqual(found, texts);
  });
}

test('every line goes to its log, without its prefix, wherever the stream is cut', async (t) => {
  const folder = tempFolder(t);
  const texts = fc.oneof(fc.string({ maxLength: 12 }), fc.constantFrom('x'.repeat(700), 'y'.repeat(5000), '[pod/c/x'));
  const lines = fc.array(fc.tuple(fc.constantFrom('a/x', 'b/x', 'b/y', undefined), texts), {
    minLength: 1,
    maxLength: 30,
  });
  await fc.assert(
    fc.asyncProperty(lines, fc.integer({ min: 1, max: 999 }), fc.boolean(), async (all, step, ended) => {
      const expected = new Map<string, string>();
      let leading = '';
      let log: string | undefined;
      const source = all.map(([name, given], i) => {
        const text = given.replaceAll('\n', ' ').replace(/^\[/, '(');
        const line = ended || i < all.length - 1 ? `${text}\n` : text;
        log = name ?? log;
        if (log === undefined) leading += line;
        else expected.set(log, (expected.get(log) ?? leading) + line);
        if (log !== undefined) leading = '';
        return name === undefined ? line : `[pod/${name}] ${line}`;
      });
      if (expected.size === 0) return;
      const logs = await splitLines(streamOf(Buffer.from(source.join('')), step), KUBECTL, { folder, shown: 'it' });
      assert.deepEqual(
        [...logs].map(([name, each]) => [name, textOf(each, step)]),
        [...expected],
      );
      for (const each of logs.values()) each.close();
    }),
    { numRuns: 300, endOnFailure: true },
  );
  assert.deepEqual(readdirSync(folder), []);
});

test('more logs than containers are refused', async (t) => {
  const lines = Array.from({ length: 5000 }, (_, i) => `[pod/a-${i}/x] y`);
  const split = splitLines(streamOf(headOf(lines), 9000), KUBECTL, { folder: tempFolder(t), shown: 'it' });
  await assert.rejects(split, /^TsalignError: it: its lines name more than 4096 logs/);
});
