import assert from 'node:assert/strict';
import { test } from 'node:test';
import { highWord, type Instant, lowWord } from '../../src/core/instant.ts';
import { createMemory, type Memory } from '../../src/core/memory.ts';
import { TsalignError } from '../../src/core/problem.ts';
import { insideRange, KeyDedup, Limit, matching } from '../../src/select/index.ts';

function rowsOf(memory: Memory, records: readonly [Instant, string][]): number {
  let at = 0;
  records.forEach(([instant, text], row) => {
    memory.keys[2 * row] = lowWord(instant);
    memory.keys[2 * row + 1] = highWord(instant);
    memory.start[row] = at;
    at += memory.buffer.write(text, at);
    memory.end[row] = at;
    memory.line[row] = row + 1;
  });
  return records.length;
}

const textsOf = (memory: Memory, count: number): string[] =>
  Array.from({ length: count }, (_, row) => memory.buffer.toString('utf8', memory.start[row], memory.end[row]));

test('a range is half-open, and counts what is outside', () => {
  const memory = createMemory(1 << 16);
  const since = 1710054000000000000n;
  const count = rowsOf(memory, [
    [since - 1n, 'before'],
    [since, 'first'],
    [since + 5n, 'last'],
    [since + 6n, 'behind'],
    [-(2n ** 63n), 'least'],
    [2n ** 63n - 1n, 'most'],
  ]);
  const outside: number[] = [];
  const kept = insideRange(memory, { since, until: since + 6n }, (row) => outside.push(memory.line[row]))(0, count);
  assert.deepEqual(textsOf(memory, kept), ['first', 'last']);
  assert.deepEqual(outside, [1, 4, 5, 6]);
});

test('an open range reaches to both ends of time', () => {
  const memory = createMemory(1 << 16);
  const ends: [Instant, string][] = [
    [-(2n ** 63n), 'least'],
    [2n ** 63n - 1n, 'most'],
  ];
  const keep = (since: Instant | undefined, until: Instant | undefined): string[] => {
    const count = rowsOf(memory, ends);
    return textsOf(memory, insideRange(memory, { since, until }, () => {})(0, count));
  };
  assert.deepEqual(keep(0n, undefined), ['most']);
  assert.deepEqual(keep(undefined, 0n), ['least']);
});

test('match looks at every line of a record, as text', () => {
  const memory = createMemory(1 << 16);
  const count = rowsOf(memory, [
    [1n, 'one\n  at Grüße.java'],
    [2n, 'two'],
    [3n, 'three at'],
  ]);
  let unmatched = 0;
  const kept = matching(memory, '^\\s+at Gr.ße', () => unmatched++)(0, count);
  assert.deepEqual(textsOf(memory, kept), ['one\n  at Grüße.java']);
  assert.equal(unmatched, 2);
  assert.throws(
    () => matching(memory, '(', () => {}),
    (error) => error instanceof TsalignError && error.message.startsWith('--match: not a regular expression'),
  );
});

test('a limit admits so many and then says it is reached', () => {
  const limit = new Limit(5);
  assert.equal(limit.admit(3), 3);
  assert.equal(limit.reached, false);
  assert.equal(limit.admit(3), 2);
  assert.equal(limit.reached, true);
  assert.equal(new Limit(undefined).admit(1e9), 1e9);
});

test('duplicates by key: the first wins, within the window measured from the last one kept', () => {
  const memory = createMemory(1 << 16);
  const records: [Instant, string][] = [
    [0n, 'k1'],
    [0n, 'k1'],
    [0n, 'none'],
    [0n, 'none'],
    [10n, 'k1'],
    [11n, 'k1'],
    [12n, 'k2'],
    [21n, 'k1'],
    [22n, 'k1'],
  ];
  const count = rowsOf(memory, records);
  const kept: number[] = [];
  const removed: number[] = [];
  const stage = new KeyDedup(memory, {
    fieldsOf: (row) => (records[row]?.[1] === 'none' ? undefined : [records[row]?.[1]]),
    window: 10n,
    byteLimit: 1000,
    emit: (rows, n) => kept.push(...rows.subarray(0, n)) > 0,
    removed: (row) => removed.push(row),
  });
  stage.take(
    Int32Array.from({ length: count }, (_, i) => i),
    count,
  );
  assert.deepEqual(kept, [0, 2, 3, 5, 6, 8]);
  assert.deepEqual(removed, [1, 4, 7]);
});

test('more keys inside the window than memory allows is an error that says what to give', () => {
  const memory = createMemory(1 << 16);
  const count = rowsOf(memory, [
    [0n, 'a'],
    [1n, 'b'],
    [2n, 'c'],
  ]);
  const stage = new KeyDedup(memory, {
    fieldsOf: (row) => [String(row)],
    window: 10n,
    byteLimit: 400,
    emit: () => true,
    removed: () => {},
  });
  assert.throws(
    () => stage.take(Int32Array.of(0, 1, 2), count),
    /--dedup-window: the 2 different keys inside it take more than 400 bytes/,
  );
});
