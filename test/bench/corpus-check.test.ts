import assert from 'node:assert/strict';
import { test } from 'node:test';
import { differences } from '../../bench/corpus-check.ts';
import type { SourceTruth } from '../../bench/truth.ts';

const STAMP = '2024-03-10 07:00:01';

/** A source whose records are those of `starts`, at second `line` of the minute. */
function source(path: string, lines: string[], starts: Record<number, number>): SourceTruth {
  const rows = Object.entries(starts).map(([line, second]) => ({
    line: Number(line),
    lines: 1,
    instant: `2024-03-10T07:00:0${second}.000000000Z`,
    assumed: new Map(),
    stamp: STAMP,
  }));
  return { path, lines, rows };
}

const a = source('a', ['# about', `${STAMP} one`, 'more', `${STAMP} three`], { 2: 1, 4: 3 });
const b = source('b', [`${STAMP} two`, `${STAMP} three`, `${STAMP} without truth`], { 1: 2, 2: 3 });
const [about, one, more, two, threeOfA, threeOfB, other] = [
  ...a.lines.slice(0, 3),
  b.lines[0],
  a.lines[3],
  ...b.lines.slice(1),
];
const RIGHT = [about, one, more, two, threeOfA, threeOfB, other] as string[];

const check = (...output: (string | undefined)[]): string[] => differences([a, b], [0, 0], output as string[]);

test('the right order is right, and lines that may be records of their own may stand anywhere', () => {
  assert.deepEqual(check(...RIGHT), []);
  assert.deepEqual(check(other, about, one, more, two, threeOfA, threeOfB), []);
});

test('lost, changed and repeated lines are found', () => {
  assert.deepEqual(check(...RIGHT.slice(1)), ['missing: "# about"']);
  assert.deepEqual(check(...RIGHT, two), [`not in any source: "${STAMP} two"`]);
  assert.equal(check(...RIGHT.with(2, 'less')).length, 2);
});

test('a record before its turn is found', () => {
  assert.match(check(about, two, one, more, threeOfA, threeOfB, other).join(), /^output line 2: .* where a:2 /);
});

test('a continuation that left its record is found, and a line in front that did', () => {
  assert.deepEqual(check(about, one, two, more, threeOfA, threeOfB, other), [
    'a: line 3 does not stand behind line 2 any more',
  ]);
  assert.deepEqual(check(one, more, two, threeOfA, threeOfB, other, about), [
    'a: line 2 does not stand behind line 1 any more',
  ]);
});

test('a comment at the end may be left out where the report says so, and must stand in its place where it is written', () => {
  const table = source('t', ['#fields', `${STAMP} one`, '#close'], { 2: 1 });
  const checkTable = (framing: number, ...output: string[]) => differences([table, b], [framing, 0], output);
  const others = b.lines;
  assert.deepEqual(checkTable(2, `${STAMP} one`, ...others), []);
  assert.deepEqual(checkTable(1, `${STAMP} one`, ...others), ['missing: "#close"']);
  assert.deepEqual(checkTable(1, `${STAMP} one`, ...others, '#close'), [
    't: line 3 does not stand behind line 2 any more',
  ]);
});

test('ties go by source', () => {
  const swapped = source('a', [`${STAMP} x`], { 1: 1 });
  const second = source('b', [`${STAMP} y`], { 1: 1 });
  assert.deepEqual(differences([swapped, second], [0, 0], [`${STAMP} x`, `${STAMP} y`]), []);
  assert.equal(differences([swapped, second], [0, 0], [`${STAMP} y`, `${STAMP} x`]).length, 1);
});

test('a header may be left out as often as the report says', () => {
  const x = source('x', ['time,value', `${STAMP},1`], { 2: 1 });
  const y = source('y', ['time,value', `${STAMP},2`], { 2: 2 });
  const output = ['time,value', `${STAMP},1`, `${STAMP},2`];
  assert.deepEqual(differences([x, y], [1, 1], output), []);
  assert.deepEqual(differences([x, y], [0, 0], output), ['missing: "time,value"']);
  assert.equal(differences([x, y], [1, 1], output.slice(0, 2)).length, 1);
});
