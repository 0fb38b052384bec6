import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import ndjson from 'ndjson';
import type { RunReport } from '../src/output/index.ts';
import { merge } from './helpers/merge.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tsalign-test-'));
after(() => fs.rmSync(folder, { recursive: true }));

/** A generator of numbers that are the same in every run (mulberry32). */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const START = Date.UTC(2024, 2, 10, 6, 0, 0);
const stampOf = (ms: number): string => new Date(START + ms).toISOString();
const random = numbers(7);

/** Instants in order, with ties, of `count` records. */
function sortedTimes(count: number): number[] {
  let at = 0;
  return Array.from({ length: count }, () => {
    at += random(3) === 0 ? random(40) : 0;
    return at;
  });
}

function shuffled<T>(items: T[]): T[] {
  for (let i = items.length - 1; i > 0; i--) {
    const j = random(i + 1);
    [items[i], items[j]] = [items[j], items[i]];
  }
  return items;
}

const filler = (): string => 'x'.repeat(random(200));
const textLines = (times: number[], name: string): string =>
  times.map((ms, i) => `${stampOf(ms)} ${name} ${i} ${filler()}${i % 9 === 0 ? '\n  continued' : ''}\n`).join('');
const csvLines = (times: number[]): string =>
  `id,at,note\n${times.map((ms, i) => `${i},${stampOf(ms)},"a ""note""${i % 7 === 0 ? '\nof two lines' : ''}"\n`).join('')}`;
const jsonLines = (times: number[]): string =>
  times.map((ms, i) => `{"n":${i},"ts":"${stampOf(ms)}","text":"${filler()}"}\n`).join('');

const SOURCES: Record<string, string | Buffer> = {
  'sorted.log': textLines(sortedTimes(4000), 'sorted'),
  'shuffled.log': textLines(shuffled(sortedTimes(6000)), 'shuffled'),
  'nearly.ndjson': jsonLines(sortedTimes(3000).map((ms) => Math.max(0, ms - random(500)))),
  'table.csv': csvLines(shuffled(sortedTimes(3000))),
  'packed.log.gz': gzipSync(textLines(sortedTimes(5000), 'packed')),
};
for (const [name, content] of Object.entries(SOURCES)) fs.writeFileSync(path.join(folder, name), content);
const sources = Object.keys(SOURCES);

const MEMORIES = [1 << 20, 3 << 20, 16 << 20, 256 << 20];

test('the output is the same bytes for any memory, and every line of the input is in it once', async () => {
  const outputs = [];
  for (const memory of MEMORIES) outputs.push((await merge(folder, { sources, memory, outputFormat: 'raw' })).text);
  for (const output of outputs) assert.ok(output === outputs[0], 'the same bytes');
  const given = Object.entries(SOURCES).flatMap(([name, content]) => {
    const text = name.endsWith('.gz')
      ? spawnSync('gzip', ['-dc'], { input: content }).stdout.toString()
      : String(content);
    return text.split('\n').slice(name === 'table.csv' ? 1 : 0, -1);
  });
  assert.deepEqual(outputs[0].split('\n').slice(0, -1).sort(), given.sort());
});

test('records come by instant, then source, then line', async () => {
  const { text } = await merge(folder, { sources, memory: MEMORIES[0], lineNumber: true });
  const places = text
    .split('\n')
    .filter((line) => line.includes(' | '))
    .map((line) => {
      const [, stamp, label, number] = /^(\S+) (.*?):(\d+) \| /.exec(line) as unknown as [
        string,
        string,
        string,
        string,
      ];
      return { stamp, source: sources.indexOf(label), line: Number(number) };
    });
  assert.equal(places.length, 21_000);
  for (const [i, place] of places.slice(1).entries()) {
    const before = places[i];
    const order = before.stamp.localeCompare(place.stamp) || before.source - place.source || before.line - place.line;
    assert.ok(order < 0, `record ${i + 1} comes after ${JSON.stringify(before)}: ${JSON.stringify(place)}`);
  }
});

test('every output format, duplicates and a range give the same bytes for any memory', async () => {
  const asked = { sources: [...sources, 'shuffled.log'], label: ['*.log=one'], since: '2024-03-10T06:00:01Z' };
  for (const outputFormat of ['text', 'ndjson', 'csv'] as const) {
    const texts = [];
    for (const memory of MEMORIES)
      texts.push((await merge(folder, { ...asked, outputFormat, memory, dedup: { kind: 'overlap' } })).text);
    for (const text of texts) assert.ok(text === texts[0], outputFormat);
  }
});

test('the report accounts for every record and every line', async () => {
  fs.writeFileSync(path.join(folder, 'copy.log'), SOURCES['sorted.log'] as string);
  const { result } = await merge(folder, {
    sources: ['sorted.log', 'copy.log', 'table.csv'],
    label: ['*.log=one'],
    until: '2024-03-10T06:00:20Z',
    match: '(sorted [0-9]*|,)[02468][ ,]',
    memory: MEMORIES[0],
  });
  const report = result.report as RunReport;
  assert.deepEqual(report.proof, { recordsAccountedFor: true, linesAccountedFor: true });
  const { records, written, duplicates, outside, unmatched, rejected, overLimit } = report.totals;
  assert.equal(records, 11_000);
  assert.ok(written > 0 && outside > 0 && unmatched > 0);
  assert.ok(duplicates > 0 && duplicates === report.sources[1]?.counts.duplicates, 'the copy gave nothing');
  assert.equal(written + duplicates + outside + unmatched + rejected + overLimit, records);
});

test('decompression in one thread or several gives the same bytes', () => {
  const program = fileURLToPath(new URL('../bin/tsalign.js', import.meta.url));
  for (const i of [1, 2, 3])
    fs.writeFileSync(path.join(folder, `part${i}.log.gz`), gzipSync(textLines(sortedTimes(3000), `part${i}`)));
  const run = (threads: string) => {
    const args = ['merge', '--presorted', 'packed.log.gz', 'part1.log.gz', 'part2.log.gz', 'part3.log.gz'];
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
      cwd: folder,
      env: { ...process.env, UV_THREADPOOL_SIZE: threads },
      maxBuffer: 1 << 26,
    });
    assert.equal(status, 0, String(stderr));
    return stdout;
  };
  const one = run('1');
  assert.ok(one.length > 1_000_000);
  assert.ok(one.equals(run('4')));
});

test('the ndjson package reads what is written as NDJSON, every record of it', async () => {
  const { text } = await merge(folder, { sources, outputFormat: 'ndjson' });
  const times: string[] = [];
  for await (const record of Readable.from([text]).pipe(ndjson.parse())) times.push(record.time);
  assert.equal(times.length, 21_000);
  assert.deepEqual(times, times.toSorted());
});
