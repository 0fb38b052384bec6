import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BROKEN, UNDATED } from '../../src/core/memory.ts';
import { sentence } from '../../src/core/problem.ts';
import type { InputPlan } from '../../src/core/stages.ts';
import { type Framed, frameAll } from './harness.ts';

const frame = (source: string): Framed =>
  frameAll(source, { format: 'ndjson', layout: 'lines', recordsAt: [], timePaths: [['ts']] });

test('the value of the time member is the stamp, whatever stands in it', () => {
  const { rows } = frame('{"ts":"@1 UTC","a":"@9"}\n');
  assert.deepEqual(rows[0], { text: '{"ts":"@1 UTC","a":"@9"}', seconds: 1, line: 1, flags: 0, stamp: '@1 UTC' });
});

test('a time with escapes is read, and the record keeps them', () => {
  const source = '{"ts":"\\u00402\\/x","b":1}';
  const { rows } = frame(`${source}\n{"ts":"@3"}\n`);
  assert.deepEqual(rows[0], { text: source, seconds: 2, line: 1, flags: 0, stamp: '\\u00402\\/x' });
  assert.equal(rows[1]?.seconds, 3);
});

test('a value with escapes that is too long for a time is none', () => {
  const { rows } = frame(`{"ts":"@1\\n${'x'.repeat(300)}"}\n`);
  assert.equal(rows[0]?.flags, UNDATED);
});

test('a stamp too long for its column is left out', () => {
  const { rows } = frame(`{"ts":"@1${' '.repeat(300)}"}\n`);
  assert.deepEqual([rows[0]?.seconds, rows[0]?.stamp, rows[0]?.flags], [1, '', 0]);
});

test('the first trouble is told with its place', () => {
  assert.deepEqual(frame('{"ts":"@1"}\n{"at":1}\nnull\n').warnings.map(sentence), [
    'src:2: no time in "ts"; kept behind the record before it (--undated reject sets such records aside)',
  ]);
  assert.deepEqual(frame('null\n').warnings.map(sentence), [
    'src:1: not a JSON object; kept as text (--undated reject sets such records aside)',
  ]);
});

test('of several places of the time, the first that can be read counts', () => {
  const plan: InputPlan = {
    format: 'ndjson',
    layout: 'lines',
    recordsAt: [],
    timePaths: [['ts'], ['a', '0', 't'], ['at']],
  };
  const { rows, warnings } = frameAll(
    '{"at":"@1"}\n{"ts":"-","at":"@2"}\n{"at":"@9","a":[{"t":"@3"},{"t":"@8"}]}\n{"at":"@9","ts":"@4"}\n{"a":["@9"]}\n{"a":[]}\n',
    plan,
  );
  assert.deepEqual(
    rows.map((row) => [row.seconds, row.flags]),
    [
      [1, 0],
      [2, 0],
      [3, 0],
      [4, 0],
      [4, UNDATED],
      [4, UNDATED],
    ],
  );
  assert.deepEqual(
    warnings.map(({ what }) => what),
    ['no time in "ts" or "a.0.t" or "at"'],
  );
});

test('an object that was cut keeps the instant of a time that is whole', () => {
  const cut = ['{"ts":"@1","a":"x', '{"ts":"@2" ', '{"ts":"@3","b":{', '{"ts":@4', '{"ts":"@5', '{"a":"@6"'];
  assert.deepEqual(
    frame(cut.join('\n')).rows.map((row) => [row.seconds, row.flags, row.stamp]),
    [
      [1, BROKEN, '@1'],
      [2, BROKEN, '@2'],
      [3, BROKEN, '@3'],
      [3, BROKEN | UNDATED, ''],
      [3, BROKEN | UNDATED, ''],
      [3, BROKEN | UNDATED, ''],
    ],
  );
});

test('of duplicate names the last is the time', () => {
  assert.equal(frame('{"ts":"@1","ts":"@2"}').rows[0]?.seconds, 2);
});
