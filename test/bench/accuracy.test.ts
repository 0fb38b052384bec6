import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { scoreFamily } from '../../bench/accuracy-family.ts';
import { isSameInstant, shareRight } from '../../bench/accuracy-score.ts';
import { scoreStrings } from '../../bench/accuracy-strings.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tsalign-test-'));
after(() => fs.rmSync(folder, { recursive: true }));

const EXPECT = 'file\tline\tnlines\tutc\tupstream\tassume\tat\tnth\tfield\ttext\thow\n';
const expectRow = (place: string, utc: string, assume: string, nth = '1', upstream = 'x'): string =>
  `${place}\t1\t${utc}\t${upstream}\t${assume}\t0\t${nth}\t\tx\t\n`;

test('instants are compared at the coarser precision, but to the millisecond', () => {
  const same = (a: string, b: string) => isSameInstant(a, b);
  assert.ok(same('2024-03-10T07:00:00Z', '2024-03-10T07:00:00.000000000Z'));
  assert.ok(same('2024-03-10T07:00:00.1234567Z', '2024-03-10T07:00:00.123Z'));
  assert.ok(same('2024-03-10T07:00:00.120Z', '2024-03-10T07:00:00.12Z'));
  assert.ok(!same('2024-03-10T07:00:00.5Z', '2024-03-10T07:00:00Z'));
  assert.ok(!same('2024-03-10T07:00:00Z', '2024-03-10T07:00:00.5Z'));
  assert.ok(!same('2024-03-10T07:00:00Z', '2024-03-10T08:00:00Z'));
});

test('a family is scored by class of assumption, with what its rows assume', async () => {
  const lines = ['banner', '2024-03-10 07:00:00 a', '2024-03-10 07:00:01 b', 'no stamp', '2024-03-10 07:00:02 c'];
  fs.writeFileSync(path.join(folder, 'a.log'), `${lines.join('\n')}\n`);
  fs.writeFileSync(path.join(folder, 'b.log'), Buffer.from([0, 1, 2, 0, 0, 3]));
  fs.writeFileSync(path.join(folder, 'c.log'), 'Mar 10 07:00:00 host a: b\n');
  fs.utimesSync(path.join(folder, 'c.log'), 0, 0);
  fs.writeFileSync(
    path.join(folder, 'EXPECT.tsv'),
    EXPECT +
      expectRow('a.log\t2', '2024-03-10T06:00:00Z', 'tz=+01:00') +
      expectRow('a.log\t3', '2024-03-10T06:30:01Z', 'tz=+01:00') +
      expectRow('a.log\t4', '2024-03-10T06:30:01Z', 'tz=+01:00') +
      expectRow('a.log\t5', '2024-03-10T01:00:02Z', 'tz=+06:00') +
      expectRow('a.log\t5', '2024-03-10T01:00:02Z', 'tz=+06:00', '2') +
      expectRow('b.log\t1', '2024-03-10T06:00:00Z', '', '1', '') +
      expectRow('c.log\t1', '2011-03-10T07:00:00Z', 'tz=UTC;mtime=2011-03-10T08:00'),
  );
  const { scores, misses } = await scoreFamily(folder, false);
  const tally = { right: 0, wrong: 0, absent: 0, unread: 0, silent: 0 };
  assert.deepEqual(scores, [
    { name: 'tz', upstream: true, tally: { ...tally, right: 2, wrong: 1, absent: 1, silent: 1 } },
    { name: 'self-contained', upstream: false, tally: { ...tally, unread: 1 } },
    { name: 'tz;mtime', upstream: true, tally: { ...tally, right: 1 } },
  ]);
  assert.deepEqual(
    misses.map(({ place, verdict, actual }) => [place, verdict, actual]),
    [
      ['a.log:3', 'wrong', '2024-03-10T06:00:01.000000000Z'],
      ['a.log:4', 'absent', 'nothing'],
    ],
  );
  assert.equal(shareRight(scores[0]?.tally), 0.5);
});

test('strings are read one by one', () => {
  fs.writeFileSync(
    path.join(folder, 'STRINGS.tsv'),
    `suite\tid\tinput\tbegin\tend\tutc\tassume\tnote\n${[
      'a\t1\t2024-03-10T07:00:00Z\t\t\t2024-03-10T07:00:00Z\t\t',
      'a\t2\t\\x5b2024-03-10 07:00:00\\x5d x\t1\t20\t2024-03-10T06:00:00Z\ttz=+01:00\t',
      'a\t3\tnone\t\t\t2024-03-10T07:00:00Z\t\t',
      'a\t4\tnone\t\t\t\t\t',
    ].join('\n')}\n`,
  );
  const { scores, misses } = scoreStrings(folder);
  assert.deepEqual(
    scores.map(({ name, tally: { right, absent } }) => [name, right, absent]),
    [
      ['a (self-contained)', 1, 1],
      ['a (tz)', 1, 0],
    ],
  );
  assert.deepEqual(misses.length, 1);
});
