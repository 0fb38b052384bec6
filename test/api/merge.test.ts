import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import * as library from '../../src/index.ts';
import { formats, inspect, type MergedRecord, merge } from '../../src/index.ts';

const fixtures = fileURLToPath(new URL('../../fixtures', import.meta.url));
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tsalign-api-'));
after(() => fs.rmSync(folder, { recursive: true }));

async function collect<T>(all: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const each of all) collected.push(each);
  return collected;
}

const textsOf = async (records: AsyncIterable<MergedRecord>): Promise<string[]> =>
  (await collect(records)).map(({ text }) => text);

const stamp = (second: number): string => new Date(1_710_054_000_000 + second * 1000).toISOString();
const lines = (...seconds: number[]): string => seconds.map((second) => `${stamp(second)} n${second}\n`).join('');

test('the export list', () => {
  assert.deepEqual(Object.keys(library).sort(), [
    'PROBLEM_CODES',
    'TsalignError',
    'follow',
    'formats',
    'inspect',
    'merge',
  ]);
});

test('records of files come in order, with instant, source, line and text', async () => {
  const records = await collect(merge(['app.log', 'db.csv'], { cwd: fixtures }));
  assert.equal(records.length, 19);
  assert.deepEqual(records[0], {
    instant: 1710053997910000000n,
    source: 'db.csv',
    line: 2,
    text: "1,2024-03-10T06:59:57.910Z,info,0.8,select * from sessions where id = 'c41'",
  });
  const instants = records.map(({ instant }) => instant ?? 0n);
  assert.deepEqual(
    instants,
    instants.toSorted((a, b) => Number(a - b)),
  );
});

test('fields are columns, members or keys', async () => {
  const csv = new TextEncoder().encode(`time,a\n${stamp(0)},"x, y"\n`);
  const json = `{"ts":"${stamp(1)}","n":1,"o":{"p":[2]}}\n`;
  const pairs = `time=${stamp(2)} level=info msg="a b"\ntime=${stamp(3)} level=warn msg=c\n`;
  const sources = [csv, [json], { name: 'x.logfmt', data: [pairs] }];
  const records = await collect(merge(sources, { fields: true, limit: 3 }));
  assert.deepEqual(
    records.map(({ fields }) => fields),
    [
      { time: stamp(0), a: 'x, y' },
      { ts: stamp(1), n: 1, o: { p: [2] } },
      { time: stamp(2), level: 'info', msg: 'a b' },
    ],
  );
  assert.deepEqual(
    records.map(({ source }) => source),
    ['stream1', 'stream2', 'x.logfmt'],
  );
});

test('streams, iterables of bytes and text, and objects are sources beside files', async () => {
  const bytes = Readable.from([Buffer.from(lines(1)), Buffer.from(lines(4))]);
  async function* text() {
    yield lines(0).slice(0, 10);
    await sleep(5);
    yield lines(0).slice(10) + lines(3);
  }
  const objects = [
    { time: stamp(2), n: 'n2' },
    { time: stamp(5), n: 'n5' },
  ];
  const texts = await textsOf(merge([bytes, text(), objects]));
  assert.deepEqual(
    texts.map((each) => each.match(/n\d/)?.[0]),
    ['n0', 'n1', 'n2', 'n3', 'n4', 'n5'],
  );
});

test('lines without line ends are given as lines; readline gives such; text is text', async () => {
  const given = [0, 1, 2].map((second) => lines(second).trimEnd());
  const readline = () => createInterface({ input: Readable.from([lines(0), lines(1), lines(2)]) });
  async function* generated() {
    yield* given.map((line) => Buffer.from(line));
  }
  const sources: (() => library.Source)[] = [
    () => ({ lines: given }),
    () => ({ name: 'a', lines: given.map((line) => `${line}\n`) }),
    () => ({ lines: generated() }),
    () => ({ lines: readline() }),
    () => ({ name: 'b', data: readline() }),
    () => readline(),
    () => ({ data: lines(0, 1, 2) }),
    () => ({ name: 'c', data: Buffer.from(lines(0, 1, 2)) }),
  ];
  const said: unknown[] = [];
  for (const source of sources) {
    const merged = merge([source()], { onWarning: (problem) => said.push(problem) });
    await sleep(5); // what readline gives meanwhile is not lost
    assert.deepEqual(await textsOf(merged), given);
  }
  assert.deepEqual(said, []);
});

test('texts without line ends between them are one line, which is said', async () => {
  const said: string[] = [];
  const onWarning = ({ what }: library.Problem) => said.push(what);
  const texts = (...pieces: string[]) => textsOf(merge([pieces], { onWarning }));
  assert.equal((await texts(`${stamp(0)} a`, `${stamp(1)} b`)).length, 1);
  assert.equal((await texts(...Array.from({ length: 20 }, (_, i) => `${stamp(i)} a`))).length, 1);
  assert.deepEqual(said.splice(0), [
    'its first 2 texts have no line ends between them, and are read as one line',
    'its first 8 texts have no line ends between them, and are read as one line',
  ]);
  assert.equal((await texts(`${stamp(0)} a`)).length, 1);
  assert.equal((await texts(`${stamp(0)}`, ' a', '\n', `${stamp(1)}`, ' b')).length, 2);
  assert.deepEqual(said, []);
  await assert.rejects(
    collect(merge([[`${stamp(0)} a`, 'b']], { strict: true })),
    /^TsalignError: stream1: its first 2/,
  );
});

test('many lines in an array come together, those of an endless iterable as it gives them', async () => {
  const many = Array.from({ length: 50_000 }, (_, i) => lines(i).trimEnd());
  assert.equal((await textsOf(merge([{ lines: many }]))).length, many.length);
  let taken = 0;
  function* endlessLines() {
    for (;;) yield lines(taken++).trimEnd();
  }
  for await (const _ of merge([{ lines: endlessLines() }], { presorted: true })) break;
  assert.ok(taken < 500_000, `${taken} lines for one record`);
});

test('instants, expressions, sizes and duplicates in the words of JavaScript', async () => {
  const given = { data: [0, 1, 1, 2].map((second) => lines(second)).join('') };
  const numbers = async (options: library.MergeOptions) =>
    (await textsOf(merge([given], options))).map((text) => text.slice(-2)).join(' ');
  assert.equal(await numbers({ since: new Date(stamp(1)), until: new Date(stamp(2)), memory: '64MiB' }), 'n1 n1');
  const global = /N[02]$/gi;
  assert.equal(await numbers({ match: global }), 'n0 n2');
  assert.equal(await numbers({ match: global }), 'n0 n2');
  assert.equal(await numbers({ match: 'n[02]$' }), 'n0 n2');
  assert.equal(await numbers({ dedup: 'exact' }), 'n0 n1 n2');
  for (const dedup of [true, 'overlap', { kind: 'overlap' }] as const) {
    const both = merge([given, { data: lines(0, 1) }], { dedup });
    assert.equal((await textsOf(both)).length, 4, String(dedup));
  }
  const objects = [
    { time: stamp(0), id: 1, to: 'a' },
    { time: stamp(0), id: '1', to: 'a' },
    { time: stamp(0), id: 2 },
  ];
  for (const dedup of ['key=id', 'key=id, time', { kind: 'key', fields: ['id'] }] as const) {
    assert.equal((await textsOf(merge([objects], { dedup }))).length, 2);
  }
  const series = { label: 'a' };
  assert.equal((await textsOf(merge([[lines(0)], [lines(0)]], series))).length, 1);
  assert.equal((await textsOf(merge([[lines(0)], [lines(0)]], { ...series, dedup: false }))).length, 2);
});

test('objects are what -O ndjson writes', async () => {
  const objects = await collect(
    merge([[lines(1)], [{ ts: stamp(0), n: 1, source: 'own' }]], { label: ['stream2=b'] }).objects(),
  );
  assert.deepEqual(objects, [
    { time: stamp(0), source: 'b', n: 1, source_: 'own' },
    { time: stamp(1), source: 'stream1', message: `${stamp(1)} n1` },
  ]);
});

test('a merge of merged objects: what is given can be taken', async () => {
  const first = merge([[lines(0, 2)]]).objects();
  assert.equal((await collect(merge([first as AsyncIterable<object>, [lines(1)]]))).length, 3);
});

test('options and sources that have no meaning are TsalignErrors with a code', async () => {
  const cases: [ReturnType<typeof merge>, string][] = [
    [merge(['none.log'], { cwd: folder }), 'no-source'],
    [merge([[lines(0)]], { tz: ['Nowhere'] }), 'usage'],
    [merge([[lines(0)]], { tz: 'Nowhere' }), 'usage'],
    [merge([[lines(0)]], { limit: -1 }), 'usage'],
    [merge([[lines(0)]], { since: 2024 } as object), 'usage'],
    [merge([[lines(0)]], { tz: 0 } as object), 'usage'],
    [merge([[lines(0)]], { dayOrder: '*.log=ymdd' }), 'usage'],
    [merge([[lines(0)]], { dedup: 'exactly' } as object), 'usage'],
    [merge([[lines(0)]], { dedup: 'key=' }), 'usage'],
    [merge([[lines(0)]], { since: new Date('soon') }), 'usage'],
    [merge([[lines(0)]], { match: /a/y }), 'usage'],
    [merge([[lines(0)]], { memory: '1MiB' }), 'usage'],
    [merge([[lines(0)]], { memory: 'much' }), 'usage'],
    [merge([['no time\n']]), 'no-timestamp'],
    [merge([[lines(0, 2, 1)]], { presorted: true }), 'out-of-order'],
  ];
  for (const [merged, code] of cases) {
    await assert.rejects(collect(merged), (error: library.TsalignError) => error.problem.code === code);
    await assert.rejects(merged.result, { name: 'TsalignError' });
  }
  const merged = merge([[lines(0)]]);
  await collect(merged);
  await assert.rejects(collect(merged), TypeError);
});

test('what is no source, and objects that are no JSON, are named', async () => {
  const ts = stamp(0);
  const cases: [unknown, RegExp][] = [
    ['web.log', /^sources: not an array/],
    [[new URL('file:///web.log')], /^stream1: gives no bytes/],
    [[null], /^stream1: gives no bytes/],
    [[{ name: 'db', data: 5 }], /^db: gives no bytes/],
    [[{ name: 'db', lines: 'a' }], /^db: gives no bytes/],
    [[{ name: 'db', lines: [], data: [] }], /^db: has both data and lines/],
    [[{ name: 5, data: [] }], /^stream1: its name is no text/],
    [[{ name: 'db', lines: [lines(0), { ts }] }], /^db: item 2 is no line: it is of type object/],
    [[[lines(0)], { name: 'stream1', data: [lines(1)] }], /^stream1: two sources have this name/],
    [[[{ ts, a: 1 }, null]], /^stream1: object 2 cannot be a line of JSON: it is null/],
    [[[{ ts, a: 1 }, { ts }, undefined]], /^stream1: object 3 cannot be/],
    [
      [
        [
          { ts, a: 1 },
          { ts, a: 2n },
        ],
      ],
      /^stream1: object 2 cannot be a line of JSON: Do not know how/,
    ],
  ];
  for (const [sources, message] of cases) {
    const merged = merge(sources as string[]);
    await assert.rejects(collect(merged), { name: 'TsalignError', message });
    await assert.rejects(merged.result, { message });
  }
  async function* failing() {
    yield { ts };
    throw new RangeError('their own');
  }
  await assert.rejects(collect(merge([failing()])), { name: 'RangeError', message: 'their own' });
});

test('a misspelt option is named, and what it may have meant', async () => {
  const problemOf = async (call: () => Promise<unknown>) => {
    const error = await call().catch((error: unknown) => error);
    assert.ok(error instanceof library.TsalignError);
    return `${error.problem.where}: ${error.problem.what}; ${error.problem.hint}`;
  };
  assert.equal(
    await problemOf(() => collect(merge([[lines(0)]], { timefield: 'ts' } as object))),
    'timefield: there is no such option; did you mean "timeField"?',
  );
  assert.match(await problemOf(() => inspect([[lines(0)]], { limit: 1 } as object)), /^limit: there is no such option/);
  assert.equal(
    await problemOf(() => formats('x', { memory: 5 })),
    "memory: cannot be 5; give bytes, at least 16777216, or a size like '16 MiB'",
  );
});

test('a setting is one text or several; what is undefined is not said', async () => {
  const naive = { name: 'a.log', data: ['2024-03-10 06:00:00 x\n'] };
  for (const tz of ['+01:00', ['UTC', 'a.log=+01:00']]) {
    const [record] = await collect(merge([naive], { tz, year: undefined, limit: undefined }));
    assert.equal(record?.instant, BigInt(Date.UTC(2024, 2, 10, 5)) * 1_000_000n);
  }
});

test('warnings are handed over, the report when all was read', async () => {
  const codes: string[] = [];
  const merged = merge([[`{"ts":"${stamp(0)}"}\nnull\n{"ts":"${stamp(1)}"}\n{"ts":"${stamp(2)}"}\n`]], {
    onWarning: ({ code }) => codes.push(code),
  });
  const records = await collect(merged);
  assert.deepEqual(
    [records.map(({ instant }) => typeof instant), codes],
    [['bigint', 'undefined', 'bigint', 'bigint'], ['undated']],
  );
  assert.equal((await merged.result).summary.written, 4);
});

/** A source without an end, which counts what is taken of it and tells when it is left. */
function endless() {
  const state = { taken: 0, left: false };
  async function* chunks() {
    try {
      for (let second = 0; ; second++) {
        state.taken++;
        yield lines(second).repeat(200);
      }
    } finally {
      state.left = true;
    }
  }
  return { state, chunks: chunks() };
}

test('a reader that is slower holds the run back, and leaving ends it', async () => {
  const { state, chunks } = endless();
  let read = 0;
  for await (const _ of merge([chunks], { presorted: true })) if (++read === 1000) break;
  const taken = state.taken;
  await sleep(50);
  assert.deepEqual([state.left, state.taken], [true, taken]);
  assert.ok(taken < 1000, `${taken} chunks for 1000 records`);
});

test('a stream of objects that is left ends the run, also while a source is silent', { timeout: 60_000 }, async () => {
  async function* speaksOnce() {
    yield `2024-03-10T06:00:00Z ${'a'.repeat(40)}\n`.repeat(3000);
    yield '2024-03-10T06:00:01Z b\n';
    await new Promise(() => {});
  }
  const merged = merge([{ name: 'app', data: speaksOnce() }], { presorted: true });
  for await (const _ of merged.objects()) break;
  await assert.rejects(merged.result, /the reader has left/);
});

test('after an abort nothing goes on: not while records are read, not while a source is silent', async () => {
  const abort = new AbortController();
  const { state, chunks } = endless();
  const reason = new Error('enough');
  await assert.rejects(async () => {
    for await (const _ of merge([chunks], { presorted: true, signal: abort.signal })) abort.abort(reason);
  }, reason);
  const taken = state.taken;
  await sleep(50);
  assert.deepEqual([state.left, state.taken], [true, taken]);

  const later = new AbortController();
  const silent = new ReadableStream<Uint8Array>({});
  const waiting = collect(merge([silent as unknown as AsyncIterable<Uint8Array>], { signal: later.signal }));
  setTimeout(() => later.abort(reason), 20);
  await assert.rejects(waiting, reason);
  await assert.rejects(collect(merge([[lines(0)]], { signal: AbortSignal.abort(reason) })), reason);
});

test('batches hold the same records', async () => {
  const seconds = Array.from({ length: 10_000 }, (_, i) => i);
  const batches = await collect(merge([[lines(...seconds)]]).batches());
  assert.ok(batches.length < 20);
  assert.deepEqual(
    batches.flat().map(({ line }) => line),
    seconds.map((second) => second + 1),
  );
});

test('a signal that outlives many runs keeps nothing of them', async () => {
  const { signal } = new AbortController();
  await inspect([[lines(0)]], { signal });
  await collect(merge([[lines(0)]], { signal }));
  assert.deepEqual(getEventListeners(signal, 'abort'), []);
});

test('inspect and formats are the commands, as data', async () => {
  const { sources, unread } = await inspect(['web.log', 'none.log', { name: 's', data: [lines(3, 1)] }], {
    cwd: fixtures,
  });
  assert.deepEqual(
    sources.map(({ label, late, counts }) => [label, late, counts.records]),
    [
      ['web.log', 0, 12],
      ['s', 1, 2],
    ],
  );
  assert.equal(unread[0]?.code, 'no-source');
  assert.ok((await formats()).some(({ name }) => name === 'iso'));
  assert.equal((await formats(`${stamp(0)} x`)).instant, 1710054000000000000n);
  await assert.rejects(inspect([[lines(0)]], { signal: AbortSignal.abort() }), { name: 'AbortError' });
});
