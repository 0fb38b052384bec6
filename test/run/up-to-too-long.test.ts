import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createMemory, SLACK } from '../../src/core/memory.ts';
import { createFramer } from '../../src/input/index.ts';
import { endingAt } from '../../src/run/keep-going.ts';
import { UpToTooLong } from '../../src/run/up-to-too-long.ts';
import { createStamper, detectStamp } from '../../src/time/index.ts';

const LIMIT = 2 ** 20 + 100_000;
const MARGIN = 65_536;

/** What is framed of a text, through a window as wide as a record may be and a little more. */
function framed(text: Buffer, reads: readonly number[], rowLimits: readonly number[]) {
  const memory = createMemory(4 * 2 ** 20);
  const stamp = detectStamp([Buffer.from('2024-03-10T07:00:00Z a')], 'line', { name: 'a.log', modified: 0n });
  assert.ok(stamp !== undefined);
  const context = {
    memory,
    stamper: createStamper(stamp, memory),
    source: 0,
    label: 'a',
    warn() {},
    lastKey: undefined,
  };
  const said: [line: number, offset: number][] = [];
  const framer = new UpToTooLong(createFramer({ format: 'text' }, context), memory, LIMIT, (...end) => said.push(end));
  const begin = memory.regions.take(LIMIT + MARGIN + SLACK);
  const firstRow = memory.rows.take(64);
  const records: string[] = [];
  let to = begin;
  for (let read = 0, turn = 0, last = false; !last || to > begin; turn++) {
    const room = begin + LIMIT + MARGIN - to;
    assert.ok(room > 0 || last, 'no room');
    const count = Math.min(reads[turn % reads.length], room, text.length - read);
    text.copy(memory.bytes, to, read, read + count);
    read += count;
    to += count;
    last = read === text.length;
    framer.frame(begin, to, last, firstRow, rowLimits[turn % rowLimits.length]);
    for (let row = firstRow; row < firstRow + framer.rows; row++)
      records.push(memory.buffer.toString('latin1', memory.start[row], memory.end[row]));
    memory.bytes.copyWithin(begin, framer.consumed, to);
    to -= framer.consumed - begin;
  }
  return { records, said, line: framer.line, framingLines: framer.framingLines };
}

const short = fc.oneof(fc.nat(40), fc.nat(LIMIT - 30)).map((length) => 'x'.repeat(length));
const dated = short.map((rest) => `2024-03-10T07:00:00Z ${rest}`);
/** Longer than a record may be, by so little that it may come into the window whole, or by more. */
const long = fc
  .integer({ min: LIMIT + 1, max: 2 * LIMIT })
  .map((length) => `2024-03-10T07:00:00Z `.padEnd(length, 'y'));

test('a source ends before a line that is too long, wherever its bytes are cut', () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 2 * LIMIT }), { minLength: 1, maxLength: 5 });
  const rows = fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 3 });
  const behind = fc.array(fc.oneof(dated, short, long), { maxLength: 3 });
  fc.assert(
    fc.property(fc.array(dated, { maxLength: 4 }), long, behind, sizes, rows, (before, line, after, reads, limits) => {
      const text = Buffer.from([...before, line, ...after].map((one) => `${one}\n`).join(''));
      const { records, said, ...lines } = framed(text, reads, limits);
      assert.ok(records.join('\n') === before.join('\n'), `${records.map((one) => one.length)}`);
      assert.deepEqual(said, [[before.length + 1, before.join('\n').length + Math.sign(before.length)]]);
      assert.deepEqual(lines, { line: before.length, framingLines: 0 });
    }),
    { numRuns: 60, endOnFailure: true },
  );
});

test('a source without such a line is framed whole', () => {
  fc.assert(
    fc.property(fc.array(dated, { maxLength: 6 }), fc.integer({ min: 10_000, max: LIMIT }), (lines, read) => {
      const text = Buffer.from(lines.map((one) => `${one}\n`).join(''));
      const { records, said, line } = framed(text, [read], [8]);
      assert.ok(records.join('\n') === lines.join('\n'), `${records.map((one) => one.length)}`);
      assert.deepEqual([said, line], [[], lines.length]);
    }),
    { numRuns: 60, endOnFailure: true },
  );
});

test('a stream that ends at a place gives what stands before it', async () => {
  const give = (count: number) => count;
  for (const wrap of [give, (count: number) => Promise.resolve(count)]) {
    const stream = endingAt({ read: (_, __, length) => wrap(Math.min(length, 4)), close() {} }, 10);
    const counts: number[] = [];
    for (let i = 0; i < 5; i++) counts.push(await stream.read(new Uint8Array(8), 0, 8));
    assert.deepEqual(counts, [4, 4, 2, 0, 0]);
  }
});
