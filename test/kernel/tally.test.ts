import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createMemory, MULTILINE } from '../../src/core/memory.ts';
import { linesOfRow } from '../../src/kernel/tally.ts';

const memory = createMemory(1 << 18);

test('the lines of a record, at the very end of the memory and before another', () => {
  const piece = fc.oneof(fc.constant('\n'), fc.constantFrom('x'.repeat(62), 'y'.repeat(63), 'z', '\r\n', '\n\n'));
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), fc.constantFrom('', '\n', '\n\n\n'), (pieces, behind) => {
      const text = pieces.join('');
      const start = memory.bytes.length - text.length - behind.length;
      memory.buffer.write(text + behind, start);
      memory.start[3] = start;
      memory.end[3] = start + text.length;
      memory.flags[3] = text.includes('\n') ? MULTILINE : 0;
      assert.equal(linesOfRow(memory, 3), text.split('\n').length);
    }),
    { numRuns: 500, endOnFailure: true },
  );
});
