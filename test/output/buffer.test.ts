import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createMemory } from '../../src/core/memory.ts';
import { OUTPUT_ROOM } from '../../src/core/stages.ts';
import { createOutput, memorySink } from '../../src/output/index.ts';

const LENGTH = 2 * OUTPUT_ROOM;

test('whatever is appended, by whatever way, comes out in order', () => {
  const memory = createMemory(2 ** 20);
  const from = memory.regions.take(200_000);
  for (let i = 0; i < 200_000; i++) memory.bytes[from + i] = 33 + (i % 90);
  const region = memory.regions.take(LENGTH);
  const behind = memory.regions.take(16);
  const length = fc.oneof(
    fc.nat(40),
    fc.nat(OUTPUT_ROOM),
    fc.nat(100_000),
    fc.constantFrom(0, LENGTH - 1, LENGTH, LENGTH + 1),
  );
  const act = fc.record({ how: fc.constantFrom('copy', 'append', 'text', 'reserve'), at: fc.nat(1000), length });
  fc.assert(
    fc.property(fc.array(act, { maxLength: 20 }), (acts) => {
      const sink = memorySink();
      const out = createOutput(memory, sink, region, LENGTH);
      const expected: Buffer[] = [];
      for (const { how, at, length } of acts) {
        const size = how === 'reserve' ? Math.min(length, OUTPUT_ROOM) : length;
        const piece = Buffer.from(memory.buffer.subarray(from + at, from + at + size));
        expected.push(piece);
        if (how === 'copy') out.copy(from + at, from + at + size);
        if (how === 'append') out.append(piece);
        if (how === 'text') out.append(piece.toString());
        if (how !== 'reserve') continue;
        out.reserve(size);
        memory.bytes.set(piece, out.position);
        out.position += size;
      }
      out.flush();
      assert.ok(sink.bytes().equals(Buffer.concat(expected)));
      assert.equal(memory.buffer.toString('latin1', behind, behind + 16), '\0'.repeat(16));
    }),
  );
});

test('the sink gets whole regions, not records', () => {
  const memory = createMemory(2 ** 20);
  const record = memory.regions.take(100);
  const lengths: number[] = [];
  const sink = { write: (bytes: Uint8Array) => void lengths.push(bytes.length), commit() {}, abort() {} };
  const out = createOutput(memory, sink, memory.regions.take(LENGTH), LENGTH);
  for (let i = 0; i < 2000; i++) out.copy(record, record + 100);
  out.flush();
  assert.deepEqual(lengths, [LENGTH, LENGTH, LENGTH, LENGTH, LENGTH, LENGTH, 200_000 - 6 * LENGTH]);
  out.flush();
  assert.equal(lengths.length, 7);
});

test('a region that could not hold a reservation is refused', () => {
  const memory = createMemory(2 ** 20);
  assert.throws(() => createOutput(memory, memorySink(), 0, OUTPUT_ROOM - 1), RangeError);
});
