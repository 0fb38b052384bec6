import assert from 'node:assert/strict';
import fs from 'node:fs';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { Problem } from '../../src/core/problem.ts';
import type { ByteStream } from '../../src/core/stages.ts';
import { type Happening, type LogFolder, simulate, textLine } from '../helpers/simulation.ts';

const places: LogFolder[] = [];
after(() => {
  for (const { folder } of places) fs.rmSync(folder, { recursive: true });
});

async function run(...script: Parameters<typeof simulate>) {
  const simulated = await simulate(...script);
  places.push(simulated.place);
  return simulated;
}

const append = (at: number, name: string, text: string): Happening => ({
  at,
  act: (place) => place.append(name, text),
});

/** What came of a run: the texts of its lines, without their stamps. */
const words = (text: string): string[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => line.replace(/^\d\S+Z /, ''));

test('what stands there, in order, then what is written', async () => {
  const { text, warnings } = await run(
    (place) => {
      place.append('a.log', textLine(-5000, 'a1') + textLine(-3000, 'a2'));
      place.append('b.log', textLine(-4000, 'b1'));
    },
    [
      append(500, 'a.log', textLine(450, 'a3')),
      append(900, 'b.log', textLine(400, 'b2')),
      append(1500, 'a.log', textLine(1400, 'a4')),
    ],
    4000,
    { sources: ['a.log', 'b.log'] },
  );
  assert.deepEqual(words(text), ['a1', 'b1', 'a2', 'b2', 'a3', 'a4']);
  assert.deepEqual(warnings, []);
});

test('what stands in logs that were silent is there at once, in order, to the last record', async () => {
  const { place, report } = await run(
    (place) => {
      for (const [name, second] of [
        ['a.log', 0],
        ['b.log', 100],
      ] as const) {
        place.append(name, textLine(second, `${name[0]}1`) + textLine(second + 50, `${name[0]}2`));
        fs.utimesSync(place.path(name), 1_710_000_000, 1_710_000_000);
      }
    },
    [{ at: 500, act: (place) => place.append('seen', place.read('out')) }],
    1000,
    { sources: ['a.log', 'b.log'] },
  );
  assert.deepEqual(words(place.read('seen')), ['a1', 'a2', 'b1', 'b2']);
  assert.equal(report.totals.late, 0);
});

test('a record exactly as late as the delay is in time, one a nanosecond later is late', async () => {
  for (const [watermarkDelay, late] of [
    ['200ms', 0],
    ['199999999ns', 1],
  ] as const) {
    const { report, text } = await run(
      (place) => place.append('a.ndjson', '{"ts":"2024-03-10T06:00:00Z","id":0}\n'),
      [
        append(300, 'a.ndjson', '{"ts":"2024-03-10T06:00:01.000Z","id":1}\n'),
        append(600, 'a.ndjson', '{"ts":"2024-03-10T06:00:00.800Z","id":2}\n'),
      ],
      2000,
      { sources: ['a.ndjson'], watermarkDelay, outputFormat: 'ndjson' },
    );
    assert.equal(report.totals.late, late, watermarkDelay);
    assert.equal(text.includes('"late":true'), late === 1);
  }
});

test('a silent source is waited for until it is idle, for ever with 0', async () => {
  const story = (idleTimeout: string) =>
    run(
      (place) => {
        place.append('a.log', textLine(-10, 'a'));
        place.append('b.log', textLine(-5, 'b'));
      },
      [
        append(100, 'a.log', textLine(5000, 'c')),
        { at: 2500, act: (place) => place.append('seen', place.read('out')) },
      ],
      3000,
      { sources: ['a.log', 'b.log'], idleTimeout },
    );
  const patient = await story('0');
  assert.deepEqual(words(patient.place.read('seen')), ['']);
  assert.deepEqual(words(patient.text), ['a', 'b', 'c']);
  const idle = await story('1s');
  assert.deepEqual(words(idle.place.read('seen')), ['a', 'b', 'c']);
});

test('lines without a stamp belong to the record before them until the source is idle', async () => {
  const { text } = await run(
    (place) => place.append('a.log', textLine(0, 'a')),
    [append(200, 'a.log', '  at one\n'), append(600, 'a.log', '  at two\n'), append(3000, 'a.log', '  at three\n')],
    5000,
    { sources: ['a.log'], outputFormat: 'text' },
  );
  assert.deepEqual(
    text
      .trimEnd()
      .split('\n')
      .map((line) => line.slice(24)),
    ['a.log | 2024-03-10T06:00:00.000Z a', 'a.log +   at one', 'a.log +   at two', 'a.log +   at three'].map(
      (line) => ` ${line}`,
    ),
  );
});

test('what comes at once, more than is looked at in one go, is read at once', async () => {
  const lines = Array.from({ length: 20_000 }, (_, i) => textLine(100 + Math.floor(i / 10), 'x'.repeat(80)));
  const sizes = new Set<number>();
  const looks = Array.from({ length: 200 }, (_, i) => ({
    at: 101 + 2 * i,
    act: (place: LogFolder) => void sizes.add(place.read('out').length),
  }));
  const { text } = await run(
    (place) => place.append('a.log', textLine(0, 'first')),
    [append(100, 'a.log', lines.join('')), ...looks],
    1000,
    { sources: ['a.log'], watermarkDelay: '0' },
  );
  // Before it, and then all but the last instant of it.
  assert.equal(sizes.size, 2);
  assert.equal(text, [textLine(0, 'first'), ...lines].join(''));
});

test('an unfinished line waits for its end', async () => {
  const { text } = await run(
    (place) => place.append('a.log', textLine(0, 'a')),
    [append(200, 'a.log', '2024-03-10T06:00:0'), append(4000, 'a.log', '4.000Z b\n')],
    7000,
    { sources: ['a.log'] },
  );
  assert.deepEqual(words(text), ['a', 'b']);
});

test('a log that is renamed is read to its end, and then the one that takes its name', async () => {
  const { text, report } = await run(
    (place) => place.append('a.log', textLine(0, 'a')),
    [
      {
        at: 500,
        act(place) {
          place.append('a.log', textLine(400, 'b'));
          place.rename('a.log', 'a.log.1');
          place.append('a.log.1', textLine(450, 'c'));
        },
      },
      append(700, 'a.log.1', textLine(600, 'd')),
      append(800, 'a.log', textLine(700, 'e')),
      append(1200, 'a.log.1', textLine(1000, 'f')),
      append(1300, 'a.log', textLine(1100, 'g')),
    ],
    3000,
    { sources: ['a.log'], watermarkDelay: '2s' },
  );
  assert.deepEqual(words(text), ['a', 'b', 'c', 'd', 'e', 'f', 'g']);
  assert.equal(report.sources.length, 1);
});

test('the last record of a log is over when a later log has begun, also where one between them stayed empty', async () => {
  const { place } = await run(
    (place) => place.append('a.log', textLine(0, 'a')),
    [
      { at: 300, act: (place) => place.rename('a.log', 'a.log.2') },
      { at: 310, act: (place) => place.append('a.log', '') },
      { at: 1000, act: (place) => place.rename('a.log', 'a.log.1') },
      append(1010, 'a.log', textLine(1000, 'b') + textLine(1100, 'c')),
      append(1500, 'a.log', textLine(1500, 'd')),
      { at: 2500, act: (place) => place.append('seen', place.read('out')) },
    ],
    3000,
    { sources: ['a.log'], idleTimeout: '0', watermarkDelay: '1ms' },
  );
  assert.deepEqual(words(place.read('seen')), ['a', 'b']);
});

test('what was written to a log before it was copied and truncated stands in the copy', async () => {
  const { text, warnings } = await run(
    (place) => place.append('a.log', textLine(0, 'a'.repeat(50))),
    [
      {
        at: 550,
        act(place) {
          place.append('a.log', textLine(400, 'b'));
          place.copyAndTruncate('a.log', 'a.log.1');
          place.append('a.log', textLine(500, 'c') + textLine(501, 'd'.repeat(100)));
        },
      },
    ],
    3000,
    { sources: ['a.log*'] },
  );
  assert.deepEqual(
    words(text).map((word) => word[0]),
    ['a', 'b', 'c', 'd'],
  );
  assert.deepEqual(warnings, []);
});

test('a log that is truncated is read from its beginning, which is said', async () => {
  const { text, warnings } = await run(
    (place) => place.append('a.log', textLine(0, 'a')),
    [
      {
        at: 550,
        act(place) {
          fs.truncateSync(place.path('a.log'));
          place.append('a.log', textLine(500, 'b'));
        },
      },
    ],
    3000,
    { sources: ['a.log'] },
  );
  assert.deepEqual(words(text), ['a', 'b']);
  assert.deepEqual(
    warnings.map(({ what }) => what),
    ['was truncated behind byte 27'],
  );
});

test('files come, go and come again', async () => {
  const { text, warnings, report } = await run(
    () => {},
    [
      append(300, 'one.log', textLine(300, 'a')),
      append(2000, 'two.log', textLine(2000, 'b')),
      { at: 5000, act: (place) => place.remove('one.log') },
      append(6000, 'one.log', textLine(6000, 'c')),
      append(8000, 'three.csv', 'time,name\n2024-03-10T06:00:08Z,d\n'),
    ],
    12_000,
    { sources: ['one.log', '*.log', '*.csv'] },
  );
  assert.deepEqual(words(text), ['a', 'b', 'c', '2024-03-10T06:00:08Z,d']);
  assert.deepEqual(
    report.sources.map(({ label }) => label),
    ['one.log', 'two.log', 'three.csv'],
  );
  assert.deepEqual(
    warnings.map(({ hint }) => hint),
    ['waiting for it', 'waiting for it', 'waiting for it'],
  );
});

const row = (ms: number, ...cells: string[]): string => textLine(ms, '').replace(' \n', `,${cells.join(',')}\n`);

test('rows of a table stand below their names; a table with other columns that comes later is left out, and said once', async () => {
  const { text, warnings, result } = await run(
    (place) => place.append('a.csv', `time,name\n${row(-5000, 'anna')}`),
    [
      append(500, 'b.csv', `time,name\n${row(400, 'bert')}`),
      append(700, 'c.csv', `time,name,age\n${row(600, 'carl', '7')}`),
      append(1500, 'a.csv', row(1400, 'dora')),
    ],
    6000,
    { sources: ['*.csv'], outputFormat: 'csv' },
  );
  const cells = text
    .trimEnd()
    .split('\n')
    .map((line) => line.split(',').slice(1));
  assert.deepEqual(cells, [
    ['source', 'late', 'name', 'message'],
    ['a.csv', '', 'anna', ''],
    ['b.csv', '', 'bert', ''],
    ['a.csv', '', 'dora', ''],
  ]);
  const said = warnings.filter(({ where }) => where === 'c.csv');
  assert.deepEqual(
    said.map(({ code, hint }) => [code, hint]),
    [['state', 'left out']],
  );
  assert.ok(result.setAside);
});

test('a file that is no text takes the place of a log: it is said once, and the next one is read', async () => {
  const { text, warnings } = await run(
    (place) => place.append('a.log', textLine(-5000, 'a1')),
    [
      {
        at: 500,
        act(place) {
          place.rename('a.log', 'a.log.1');
          place.append('a.log', '\0\0\0\0binary\0\0'.repeat(100));
        },
      },
      {
        at: 3000,
        act(place) {
          place.rename('a.log', 'a.log.bad');
          place.append('a.log', textLine(2900, 'a2'));
        },
      },
    ],
    20_000,
    { sources: ['a.log'] },
  );
  assert.deepEqual(words(text), ['a1', 'a2']);
  assert.ok(warnings.length > 0 && warnings.length < 4, JSON.stringify(warnings));
});

test('a log that is empty at first, written to and renamed before the first look, is read', async () => {
  const { text } = await run(
    (place) => place.append('a.log', ''),
    [
      {
        at: 30,
        act(place) {
          place.append('a.log', textLine(20, 'a1'));
          place.rename('a.log', 'a.log.1');
          place.append('a.log', textLine(25, 'a2'));
        },
      },
    ],
    4000,
    { sources: ['a.log'] },
  );
  assert.deepEqual(words(text), ['a1', 'a2']);
});

test('a log that is copied, truncated, written to and renamed between two looks loses nothing', async () => {
  const { text } = await run(
    (place) => place.append('a.log', textLine(-5000, 'a1')),
    [
      {
        at: 1050,
        act(place) {
          place.copyAndTruncate('a.log', 'a.log.2');
          place.append('a.log', textLine(1040, 'a2'));
          place.rename('a.log', 'a.log.1');
          place.append('a.log', textLine(1045, 'a3'));
        },
      },
    ],
    6000,
    { sources: ['a.log'] },
  );
  assert.deepEqual(words(text), ['a1', 'a2', 'a3']);
});

test('a record that is too long ends its source, not the run', async () => {
  const long = 'x'.repeat(700_000);
  const pieces = Array.from({ length: 4 }, (_, i) => append(600 + 100 * i, 'a.log', long));
  const { text, warnings, result } = await run(
    (place) => {
      place.append('a.log', textLine(0, 'a'));
      place.append('b.log', textLine(10, 'b'));
    },
    [append(500, 'a.log', textLine(400, 'begins ').trimEnd()), ...pieces, append(3000, 'b.log', textLine(2900, 'c'))],
    5000,
    { sources: ['a.log', 'b.log'] },
  );
  assert.deepEqual(words(text), ['a', 'b', 'c']);
  assert.deepEqual(
    warnings.map(({ code, where, hint }) => [code, where, hint]),
    [['too-large', 'a.log:2', 'left out']],
  );
  assert.equal(result.setAside, true);
});

/** A run in which something too long is written to one of two logs; the other one goes on. */
const tooLong = (...pieces: Happening[]) =>
  run(
    (place) => {
      place.append('a.log', textLine(0, 'a'));
      place.append('b.log', textLine(10, 'b'));
    },
    [...pieces, append(3000, 'b.log', textLine(2900, 'c'))],
    5000,
    { sources: ['a.log', 'b.log'], idleTimeout: '1s' },
  );

/** How many bytes a record may have, as a warning says. */
function limitSaid(warnings: readonly Problem[]): number {
  const limit = /longer than ([\d,]+) bytes/.exec(warnings[0]?.what ?? '')?.[1];
  assert.ok(limit !== undefined, 'no warning names the limit');
  return Number(limit.replaceAll(',', ''));
}

test('a record that is too long ends its source, not the run, wherever that is seen', async () => {
  const begin = textLine(400, 'begins ').trimEnd();
  const endless = await tooLong(
    append(500, 'a.log', begin),
    ...[0, 1, 2, 3].map((i) => append(600 + 100 * i, 'a.log', 'x'.repeat(700_000))),
  );
  const limit = limitSaid(endless.warnings);
  // Within the margin by which a window is longer than the longest record.
  const filled = begin + 'x'.repeat(limit);
  const rested = await tooLong(append(500, 'a.log', `${filled}\n`));
  const finished = await tooLong(append(500, 'a.log', filled));
  const framed = await tooLong(append(2500, 'a.log', `${filled}\n${textLine(500, 'd')}`));
  for (const { text, warnings, result, report } of [endless, rested, finished, framed]) {
    assert.deepEqual(words(text), ['a', 'b', 'c']);
    assert.deepEqual(
      warnings.map(({ code, hint }) => [code, hint]),
      [['too-large', 'left out']],
    );
    assert.ok(result.setAside);
    assert.ok(report.proof.recordsAccountedFor);
  }
});

test('what stands before a record that is too long comes, though it is read with that', async () => {
  const { warnings: said } = await tooLong(append(500, 'a.log', 'x'.repeat(3_000_000)));
  const limit = limitSaid(said);
  const wide = append(500, 'a.log', textLine(400, 'x'.repeat(limit - 1000)));
  const short = Array.from({ length: 20 }, (_, i) => textLine(500 + i, `short ${i}`));
  const long = textLine(600, 'y'.repeat(limit + 1000)) + textLine(700, 'behind');
  const { text, report } = await tooLong(wide, append(700, 'a.log', short.join('')), append(900, 'a.log', long));
  assert.deepEqual(
    words(text).filter((word) => word.startsWith('short')),
    words(short.join('')),
  );
  assert.deepEqual([report.totals.late, report.proof.recordsAccountedFor], [0, true]);
});

test('a record that is too long and stands there when a run begins ends its source, not the run', async () => {
  const long = textLine(20, 'x'.repeat(2_000_000));
  const { text, warnings, result, report } = await run(
    (place) => {
      place.append('a.log', textLine(0, 'a') + long + textLine(30, 'behind'));
      place.append('b.log', textLine(10, 'b'));
    },
    [append(3000, 'b.log', textLine(2900, 'c'))],
    5000,
    { sources: ['a.log', 'b.log'] },
  );
  assert.deepEqual(words(text), ['a', 'b', 'c']);
  assert.deepEqual(
    warnings.map(({ code, where, hint }) => [code, where, hint]),
    [['too-large', 'a.log:2', 'left out']],
  );
  assert.ok(result.setAside && report.proof.recordsAccountedFor);
});

test('a log that was left out for a record that is too long is read again when it was copied and truncated', async () => {
  const pieces = [0, 1, 2, 3].map((i) => append(600 + 100 * i, 'a.log', 'x'.repeat(700_000)));
  const { text, warnings } = await tooLong(
    append(500, 'a.log', textLine(400, 'begins ').trimEnd()),
    ...pieces,
    { at: 1500, act: (place) => place.copyAndTruncate('a.log', 'old') },
    append(2000, 'a.log', textLine(1990, 'again')),
    append(2400, 'a.log', textLine(2390, 'and again')),
  );
  assert.deepEqual(words(text), ['a', 'b', 'again', 'and again', 'c']);
  assert.equal(warnings.length, 1);
});

test('nobody waits for a pipe that has ended, nor for a file that is left out, also where all others are waited for', async () => {
  const pieces = [Buffer.from(textLine(-5, 'p')), Buffer.alloc(0)];
  const pipe: ByteStream = {
    read(bytes, offset) {
      const piece = pieces.shift() ?? Buffer.alloc(0);
      bytes.set(piece, offset);
      return piece.length;
    },
    close() {},
  };
  const { place } = await run(
    (place) => place.append('a.log', textLine(-10, 'a')),
    [
      append(300, 'a.log', textLine(5000, 'b')),
      append(1000, 'b.log', '\0\0\0\0binary\0\0'.repeat(100)),
      append(4000, 'a.log', textLine(9000, 'c')),
      append(4500, 'a.log', textLine(9900, 'd')),
      { at: 5500, act: (place) => place.append('seen', place.read('out')) },
    ],
    6000,
    { sources: ['*.log', 'pipe'], idleTimeout: '0' },
    { streams: new Map([['pipe', pipe]]) },
  );
  assert.deepEqual(words(place.read('seen')), ['a', 'p', 'b']);
});

test('open records of more sources than the memory holds at once cost no record and end no run', async () => {
  const names = Array.from({ length: 150 }, (_, i) => `s${i}.log`);
  const { text, report } = await run(
    (place) => place.append('s0.log', textLine(0, 's0 first')),
    [100, 400, 700].map((at) => ({
      at: 1200 + at,
      act: (place) => {
        for (const [i, name] of names.entries()) place.append(name, textLine(1200 + at, `${name} ${at} ${i}`));
      },
    })),
    8000,
    { sources: ['s*.log'] },
  );
  assert.equal(report.totals.written, 1 + 3 * 150);
  assert.equal(new Set(words(text)).size, 451);
});

test('an output that is moved away goes on in a new file, with its header; one that others have taken ends the run', async () => {
  const story = (move: (place: LogFolder) => void) =>
    run(
      (place) => place.append('a.csv', 'time,n\n2024-03-10T06:00:00Z,1\n'),
      [
        append(500, 'a.csv', '2024-03-10T06:00:01Z,2\n'),
        { at: 2600, act: move },
        append(3500, 'a.csv', '2024-03-10T06:00:03Z,3\n'),
      ],
      6000,
      { sources: ['a.csv'], outputFormat: 'csv' },
    );
  const rest = 'time,source,late,n,message\n2024-03-10T06:00:03.000Z,a.csv,,3,\n';
  const moved = await story((place) => place.rename('out', 'out.1'));
  assert.equal(moved.place.read('out.1').split('\n').length, 4);
  assert.equal(moved.text, rest);
  assert.deepEqual(
    moved.warnings.map(({ code, what }) => [code, what]),
    [['note', 'was moved away']],
  );
  // logrotate with `create`, and with `copytruncate`
  const created = await story((place) => {
    place.rename('out', 'out.1');
    place.append('out', '');
  });
  assert.equal(created.text, rest);
  const copied = await story((place) => place.copyAndTruncate('out', 'out.1'));
  assert.equal(copied.text, rest.slice(rest.indexOf('\n') + 1));
  const taken = story((place) => {
    place.remove('out');
    place.append('out', 'not ours');
  });
  await assert.rejects(taken, /another file has taken its name/);
});

test('what is compressed is read, and that it is not followed is said, but of what rotation has made', async () => {
  const { text, warnings } = await run(
    (place) => {
      fs.writeFileSync(place.path('x.gz'), gzipSync(textLine(-9000, 'x')));
      fs.writeFileSync(place.path('a.log.2.gz'), gzipSync(textLine(-8000, 'old')));
      place.append('a.log', textLine(0, 'a'));
    },
    [append(500, 'a.log', textLine(400, 'b'))],
    3000,
    { sources: ['x.gz', 'a.log', 'a.log.2.gz'] },
  );
  assert.deepEqual(words(text), ['x', 'old', 'a', 'b']);
  assert.deepEqual(
    warnings.map(({ where, what }) => `${where} ${what}`),
    ['x.gz is compressed (gzip), which is not followed'],
  );
});

test('a log that is named twice, by a link, is read once', async () => {
  const { text } = await run(
    (place) => {
      place.append('a.log', textLine(0, 'a'));
      fs.symlinkSync(place.path('a.log'), place.path('b.log'));
    },
    [append(500, 'a.log', textLine(400, 'b'))],
    3000,
    { sources: ['a.log', 'b.log'] },
  );
  assert.deepEqual(words(text), ['a', 'b']);
});

test('a range that has passed ends the run: all sources have come further, or nobody writes and it is later', async () => {
  const until = '2024-03-10T06:00:02Z';
  const busy = Array.from({ length: 20 }, (_, i) => append(500 * i, 'a.log', textLine(500 * i, `a${i}`)));
  const passed = await run((place) => place.append('a.log', ''), busy, 60_000, { sources: ['a.log'], until });
  assert.deepEqual(words(passed.text), ['a0', 'a1', 'a2', 'a3']);
  assert.ok(passed.place.clock() < 5000, `ended at ${passed.place.clock()}`);
  const silent = await run(
    (place) => place.append('a.log', textLine(0, 'a')),
    [append(1500, 'a.log', textLine(1500, 'b'))],
    60_000,
    { sources: ['a.log'], until },
  );
  assert.deepEqual(words(silent.text), ['a', 'b']);
  assert.ok(silent.place.clock() < 6000, `ended at ${silent.place.clock()}`);
  assert.deepEqual([...passed.warnings, ...silent.warnings], []);
});

test('of a pipe, records of a range that has passed by the clock are waited for', async () => {
  let give = (_: string): void => {};
  const pipe: ByteStream = {
    read: (bytes, offset) =>
      new Promise((resolve) => {
        give = (text) => {
          bytes.set(Buffer.from(text), offset);
          resolve(text.length);
        };
      }),
    close() {},
  };
  const { text } = await run(
    () => {},
    [
      { at: 20_000, act: () => give(textLine(500, 'a')) },
      { at: 25_000, act: () => give('') },
    ],
    60_000,
    { sources: ['pipe'], until: '2024-03-10T06:00:02Z' },
    { streams: new Map([['pipe', pipe]]) },
  );
  assert.deepEqual(words(text), ['a']);
});
