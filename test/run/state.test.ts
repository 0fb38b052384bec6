import assert from 'node:assert/strict';
import fs from 'node:fs';
import { afterEach, beforeEach, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { type ProblemCode, TsalignError } from '../../src/core/problem.ts';
import { line, makePlace, type Place } from '../helpers/unattended.ts';

let place: Place;
beforeEach(() => {
  place = makePlace();
});
afterEach(() => place.remove());

/** The texts of the records in the output, behind stamp and label. */
const records = (name = 'out'): string[] =>
  place
    .read(name)
    .trimEnd()
    .split('\n')
    .map((text) => text.replace(/^\S+ \S+ [|+] (\d{4}-\S+ )?/, ''));

const isProblem = (code: ProblemCode, what: RegExp) => (error: unknown) =>
  error instanceof TsalignError && error.problem.code === code && what.test(error.message);

test('a run takes what is new, once', async () => {
  place.write('app.log', line(0, 'a') + line(1, 'b'));
  await place.run();
  const first = place.read('out');
  await place.run();
  assert.equal(place.read('out'), first);
  place.append('app.log', line(2, 'c'));
  await place.run();
  assert.deepEqual(records(), ['a', 'b', 'c']);
  assert.ok(place.read('out').startsWith(first));
  assert.deepEqual(place.files(), ['app.log', 'out', 'state']);
});

test('an unfinished last line waits, with the record it may belong to, unless all is taken', async () => {
  place.write('app.log', `${line(0, 'a')}${line(1, 'b')}  at x`);
  await place.run();
  assert.deepEqual(records(), ['a']);
  place.append('app.log', '.ts\n');
  await place.run();
  assert.deepEqual(records(), ['a', 'b', '  at x.ts']);
  place.append('app.log', line(2, 'c').trimEnd());
  await place.run({ final: true });
  assert.deepEqual(records(), ['a', 'b', '  at x.ts', 'c']);
});

test('lines that continue a record already taken stay behind it', async () => {
  place.write('app.log', line(0, 'a') + line(1, 'b'));
  await place.run();
  place.append('app.log', `  at x\n${line(2, 'c')}`);
  await place.run();
  assert.equal(place.read('out').split('\n')[2], '2024-03-10T06:00:01.000Z app.log +   at x');
  assert.deepEqual(records(), ['a', 'b', '  at x', 'c']);
});

const rotations: Record<string, () => void> = {
  'renamed, and a new file begun': () => {
    fs.renameSync(place.path('app.log'), place.path('app.log.1'));
  },
  'renamed and compressed': () => {
    place.write('app.log.1.gz', '');
    fs.writeFileSync(place.path('app.log.1.gz'), gzipSync(place.read('app.log')));
    fs.rmSync(place.path('app.log'));
  },
  'copied and truncated': () => {
    fs.copyFileSync(place.path('app.log'), place.path('app.log-20240310'));
    fs.truncateSync(place.path('app.log'));
  },
};

for (const [name, rotate] of Object.entries(rotations)) {
  for (const sources of [['app.log'], ['app.log*']]) {
    test(`rotation (${name}, as ${sources}): the rest of the old file, then the new one`, async () => {
      place.write('app.log', line(0, 'a') + line(1, 'b'));
      await place.run({ sources });
      place.append('app.log', line(2, 'c'));
      rotate();
      place.append('app.log', line(3, 'd'));
      const { warnings } = await place.run({ sources });
      assert.deepEqual(warnings, []);
      assert.deepEqual(records(), ['a', 'b', 'c', 'd']);
      place.append('app.log', line(4, 'e'));
      await place.run({ sources });
      assert.deepEqual(records(), ['a', 'b', 'c', 'd', 'e']);
    });
  }
}

for (const compress of [false, true]) {
  test(`what waits at the end of a file that is renamed, or comes there afterwards, is looked for until the file is still${compress ? ', compressed by then' : ''}`, async () => {
    place.write('app.log', line(0, 'a'));
    await place.run();
    place.append('app.log', line(1, 'b') + line(2, 'c').slice(0, -2));
    fs.renameSync(place.path('app.log'), place.path('app.log.1'));
    place.write('app.log', line(5, 'new'));
    await place.run();
    assert.deepEqual(records(), ['a', 'new']);
    place.append('app.log.1', `c\n${line(3, 'd')}`);
    await place.run({ late: 'keep' });
    assert.deepEqual(records(), ['a', 'new', 'b', 'c', 'd']);
    place.append('app.log.1', line(4, 'who wrote it did not know yet'));
    if (compress) {
      fs.writeFileSync(place.path('app.log.1.gz'), gzipSync(fs.readFileSync(place.path('app.log.1'))));
      fs.rmSync(place.path('app.log.1'));
    } else fs.utimesSync(place.path('app.log.1'), 1, 1);
    await place.run({ late: 'keep' });
    await place.run({ late: 'keep' });
    assert.deepEqual(records(), ['a', 'new', 'b', 'c', 'd', 'who wrote it did not know yet']);
    assert.doesNotMatch(place.read('state'), /"moved"/);
  });
}

test('a renamed file that is gone before its end was taken is said, once', async () => {
  place.write('app.log', line(0, 'a'));
  await place.run();
  place.append('app.log', line(1, 'unfinished').trimEnd());
  fs.renameSync(place.path('app.log'), place.path('app.log.1'));
  place.write('app.log', line(5, 'new'));
  await place.run();
  fs.rmSync(place.path('app.log.1'));
  const { warnings } = await place.run();
  assert.match(warnings.map(({ what }) => what).join(), /no file beside it holds what was written behind byte/);
  assert.deepEqual((await place.run()).warnings, []);
});

test('files that came and went between two runs are read, oldest first', async () => {
  place.write('app.log', line(0, 'a'));
  await place.run();
  const shift = (from: string, to: string) => fs.renameSync(place.path(from), place.path(to));
  place.append('app.log', line(1, 'b'));
  shift('app.log', 'app.log.1');
  place.write('app.log', line(2, 'c'));
  shift('app.log.1', 'app.log.2');
  shift('app.log', 'app.log.1');
  fs.utimesSync(place.path('app.log.2'), 1, 1);
  fs.utimesSync(place.path('app.log.1'), 2, 2);
  place.write('app.log', line(3, 'd'));
  await place.run();
  assert.deepEqual(records(), ['a', 'b', 'c', 'd']);
});

test('what compresses a rotated file may give it a time of its own: the numbers of the names tell which is older', async () => {
  place.write('app.log', line(0, 'a'));
  await place.run();
  place.append('app.log', line(1, 'b'));
  fs.writeFileSync(place.path('app.log.2.gz'), gzipSync(fs.readFileSync(place.path('app.log'))));
  place.write('app.log.1', line(2, 'c'));
  fs.utimesSync(place.path('app.log.1'), 2, 2);
  fs.rmSync(place.path('app.log'));
  place.write('app.log', line(3, 'd'));
  await place.run();
  assert.deepEqual(records(), ['a', 'b', 'c', 'd']);
});

test('a copy that rotation is about to make is not read beside its original', async () => {
  const text = Array.from({ length: 20 }, (_, i) => line(i, `record ${i}`)).join('');
  place.write('app.log', text);
  await place.run({ sources: ['app.log*'] });
  place.write('app.log.1', text.slice(0, 700));
  place.append('app.log', line(30, 'more'));
  const { warnings } = await place.run({ sources: ['app.log*'] });
  assert.match(warnings.map(({ what }) => what).join(), /is a copy of app\.log/);
  assert.equal(records().length, 21);
});

test('a file that begins as the one before did is a new one', async () => {
  const banner = `${line(0, 'started')}${line(0, 'version 1')}`;
  place.write('app.log', banner + line(1, 'a'));
  await place.run();
  fs.rmSync(place.path('app.log'));
  place.write('app.log', banner + line(9, 'other and longer'));
  const { warnings } = await place.run();
  assert.match(warnings.map(({ what }) => what).join(), /no file beside it holds what was written behind byte/);
  assert.deepEqual(records().slice(-1), ['other and longer']);
  assert.equal(records().filter((text) => text === 'started').length, 2);
  assert.deepEqual((await place.run()).warnings, []);
});

test('a truncated file is begun anew', async () => {
  place.write('app.log', line(0, 'a') + line(1, 'b'));
  await place.run();
  fs.truncateSync(place.path('app.log'));
  place.append('app.log', line(2, 'c'));
  await place.run();
  assert.deepEqual(records(), ['a', 'b', 'c']);
});

test('years that stamps lack are walked on with', async () => {
  place.write('sys', 'Dec 30 10:00:00 host a\nDec 31 23:59:58 host b\n');
  const sources = ['sys'];
  fs.utimesSync(place.path('sys'), 1704067199, 1704067199);
  await place.run({ sources });
  place.append('sys', 'Jan  1 00:00:01 host c\n');
  await place.run({ sources });
  const stamps = place
    .read('out')
    .split('\n')
    .map((text) => text.slice(0, 10));
  assert.deepEqual(stamps.slice(0, 3), ['2023-12-30', '2023-12-31', '2024-01-01']);
});

test('the repeated hour goes on where it was', async () => {
  const local = (time: string, text: string) => `2024-11-03 ${time} ${text}\n`;
  const asked = { sources: ['ny'], tz: ['America/New_York'] };
  place.write('ny', local('01:10:00', 'a') + local('01:50:00', 'b'));
  await place.run(asked);
  place.append('ny', local('01:05:00', 'c'));
  await place.run(asked);
  assert.match(place.read('out'), /2024-11-03T06:05:00.000Z ny \| .* c/);
});

test('a CSV header is written once, and columns cannot change', async () => {
  const asked = { sources: ['*.csv'], outputFormat: 'csv' as const };
  place.write('a.csv', 'ts,level,msg\n2024-03-10T06:00:00Z,info,a\n');
  await place.run(asked);
  place.append('a.csv', '2024-03-10T06:00:01Z,info,"b\nb"\n2024-03-10T06:00:02Z,info,"open');
  await place.run(asked);
  assert.equal(
    place.read('out'),
    'time,source,level,msg,message\n2024-03-10T06:00:00.000Z,a.csv,info,a,\n2024-03-10T06:00:01.000Z,a.csv,info,"b\nb",\n',
  );
  place.write('b.csv', 'ts,level,other\n2024-03-10T06:00:03Z,info,x\n');
  const before = place.read('state');
  await assert.rejects(place.run(asked), isProblem('state', /column "other"/));
  assert.equal(place.read('state'), before);
});

test('the rest of a W3C log is read by the fields above it', async () => {
  const asked = { sources: ['w3c.log'] };
  const fields = '#Fields: date time cs-uri\n';
  place.write(
    'w3c.log',
    `#Version: 1.0\n${fields}2024-03-10 06:00:00 /a\n#Fields: cs-uri date time\n/b 2024-03-10 06:00:01\n`,
  );
  await place.run(asked);
  place.append('w3c.log', '/c 2024-03-10 06:00:02\n');
  await place.run(asked);
  assert.match(place.read('out'), /^2024-03-10T06:00:02.000Z w3c.log \| \/c/m);
});

test('what was decided stays, and what differs is named', async () => {
  place.write('app.log', line(0, 'a'));
  await place.run();
  await assert.rejects(
    place.run({ tz: ['Asia/Tokyo'] }),
    isProblem('state', /--tz: .* without it, this run has Asia\/Tokyo/),
  );
  await assert.rejects(
    place.run({ outputFormat: 'ndjson' }),
    isProblem('state', /made with text, this run has ndjson/),
  );
  // Digits follow from it.
  await assert.rejects(
    place.run({ precision: 'us' }),
    isProblem('state', /^--precision: .* without it, this run has us/),
  );
  await assert.rejects(
    place.run({ lineNumber: true }),
    isProblem('state', /^--line-number: .* without it, this run has it/),
  );
});

test('what stands behind the committed length is cut off; what is missing is refused', async () => {
  place.write('app.log', line(0, 'a'));
  await place.run();
  place.append('out', 'half a rec');
  place.append('app.log', line(1, 'b'));
  await place.run();
  assert.deepEqual(records(), ['a', 'b']);
  fs.truncateSync(place.path('out'), 10);
  await assert.rejects(place.run(), isProblem('state', /has 10 bytes, but earlier runs wrote/));
  fs.rmSync(place.path('out'));
  place.append('app.log', line(2, 'c'));
  assert.match((await place.run()).warnings.map(({ what }) => what).join(), /not there any more/);
  assert.deepEqual(records(), ['c']);
});

test('an output of which the state knows nothing is left alone', async () => {
  place.write('out', 'years of records\n');
  place.write('app.log', line(0, 'a'));
  await assert.rejects(place.run(), isProblem('state', /the state knows nothing of it/));
  assert.equal(place.read('out'), 'years of records\n');
  assert.deepEqual(place.files(), ['app.log', 'out']);
});

test('late records: kept, set aside, or the end', async () => {
  place.write('a', line(5, 'five'));
  await place.run({ sources: ['a', 'b'], keepGoing: true });
  place.write('b', line(1, 'one') + line(7, 'seven'));
  await assert.rejects(
    place.run({ sources: ['a', 'b'], late: 'fail' }),
    isProblem('late', /b:1: this record is older/),
  );
  assert.deepEqual(records(), ['five']);
  const kept = await place.run({ sources: ['a', 'b'] });
  assert.match(kept.warnings.map(({ what }) => what).join(), /^1 record is older/);
  assert.deepEqual(records(), ['five', 'one', 'seven']);
});

test('late records that are set aside are written as they were', async () => {
  const asked = { sources: ['a'], late: 'reject' as const, lateOutput: 'late' };
  place.write('a', line(5, 'five'));
  await place.run(asked);
  place.append('a', line(1, 'one') + line(6, 'six'));
  const { result } = await place.run(asked);
  assert.equal(result.setAside, true);
  assert.equal(place.read('late'), line(1, 'one'));
  assert.deepEqual(records(), ['five', 'six']);
});

test('one at a time', async () => {
  place.write('app.log', line(0, 'a'));
  await place.run();
  fs.writeFileSync(place.path('state.lock'), JSON.stringify({ pid: 1, start: '', host: 'elsewhere' }));
  await assert.rejects(place.run(), isProblem('locked', /process 1 on elsewhere/));
  setTimeout(() => fs.rmSync(place.path('state.lock')), 150);
  await place.run({ lock: 'wait' });
});

test('JSON lines grow; JSON that is no line a record is refused', async () => {
  const asked = { sources: ['a.json'], outputFormat: 'ndjson' as const };
  place.write('a.json', '{"ts":"2024-03-10T06:00:00Z","n":1}\n{"ts":"2024-03-10T06:00:01Z","n":2');
  await place.run(asked);
  place.append('a.json', '}\n{"ts":"2024-03-10T06:00:02Z","n":3}\n');
  await place.run(asked);
  assert.deepEqual(
    place
      .read('out')
      .trimEnd()
      .split('\n')
      .map((text) => JSON.parse(text).n),
    [1, 2, 3],
  );
  place.write('b.json', '[\n {"ts":"2024-03-10T06:00:00Z","n":1},\n {"ts":"2024-03-10T06:00:01Z","n":2}\n]\n');
  const other = { ...asked, sources: ['b.json'], state: 's2', output: 'out2' };
  await assert.rejects(place.run(other), isProblem('usage', /not one object a line/));
});

test('an unfinished last line of a source that is nearly in order waits like any other', async () => {
  const place = makePlace();
  let text = '';
  for (let i = 0; i < 2000; i++) text += line(i % 100 === 99 ? i - 50 : i, `record ${i}`);
  place.write('app.log', `${text}${line(2000, 'last').slice(0, -5)}`);
  await place.run();
  place.append('app.log', 'last\n');
  await place.run();
  assert.equal(place.read('out').split('\n').length, 2002);
  assert.match(place.read('out'), / last\n$/);
  place.remove();
});
