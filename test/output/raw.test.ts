import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { commonHeader, createOutput, createWriter, headersLeftOut, memorySink } from '../../src/output/index.ts';
import { csvSource, ndjsonSource, rowsOf, SETTINGS, textSource, writtenBytes } from './written.ts';

test('bytes out are the bytes in, in the order asked for', () => {
  const record = fc.uint8Array({ maxLength: 40 });
  fc.assert(
    fc.property(fc.array(record, { maxLength: 60 }), fc.array(fc.nat(), { maxLength: 60 }), (records, ranks) => {
      const order = records.map((_, i) => i).sort((a, b) => (ranks[a] ?? 0) - (ranks[b] ?? 0));
      const shuffled = order.map((i) => ({ text: records[i] }));
      const expected = Buffer.concat(shuffled.map(({ text }) => Buffer.concat([text, Buffer.from('\n')])));
      assert.deepEqual(writtenBytes('raw', [textSource('a')], shuffled), expected);
    }),
  );
});

test('neighbours in memory that are not lines one behind the other are not joined', () => {
  const { memory, rows } = rowsOf([{ text: 'ab' }, { text: 'cd' }, { text: 'ef' }]);
  // A record that was moved next to another, with any byte between; and one that comes before its neighbour.
  memory.bytes[memory.end[rows[0]]] = 35;
  const sink = memorySink();
  const out = createOutput(memory, sink, memory.regions.take(16_384), 16_384);
  createWriter('raw', SETTINGS, [textSource('a')], memory).write(
    Int32Array.of(rows[0], rows[1], rows[2], rows[1]),
    4,
    out,
  );
  out.flush();
  assert.equal(sink.text(), 'ab\ncd\nef\ncd\n');
});

test('runs of records that are longer than the buffer', () => {
  const records = Array.from({ length: 5000 }, (_, i) => ({ text: `record ${i} ${'x'.repeat(i % 200)}` }));
  const expected = records.map(({ text }) => `${text}\n`).join('');
  assert.equal(writtenBytes('raw', [textSource('a')], records).toString(), expected);
});

const A = csvSource('a.csv', 'time,x');
const B = csvSource('b.csv', 'time,x');

test('a header that all sources share stands at the top once', () => {
  assert.equal(writtenBytes('raw', [A, B], [{ text: '1,2' }]).toString(), 'time,x\n1,2\n');
  assert.equal(writtenBytes('raw', [A], []).toString(), 'time,x\n');
  assert.equal(headersLeftOut([A, B]), 0);
});

test('a header ends in CR LF where those of all sources do', () => {
  const returning = csvSource('r.csv', 'time,x', { headerEnd: '\r' });
  assert.equal(writtenBytes('raw', [returning, returning], [{ text: '1,2\r' }]).toString(), 'time,x\r\n1,2\r\n');
  assert.equal(writtenBytes('raw', [returning, A], [{ text: '1,2\r' }]).toString(), 'time,x\n1,2\r\n');
});

test('headers that differ are left out, and counted', () => {
  const cases = [
    { sources: [A, csvSource('c.csv', 'time,y')], left: 2 },
    { sources: [A, textSource('t')], left: 1 },
    { sources: [ndjsonSource('n', 't'), textSource('t')], left: 0 },
    { sources: [A, csvSource('h.csv', 'time,x', { header: false, headerText: '' })], left: 1 },
    { sources: [], left: 0 },
  ];
  for (const { sources, left } of cases) {
    assert.equal(commonHeader(sources), undefined);
    assert.equal(headersLeftOut(sources), left);
    assert.equal(writtenBytes('raw', sources, [{ text: '1,2' }]).toString(), '1,2\n');
  }
});
