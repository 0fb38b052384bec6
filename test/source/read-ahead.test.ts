import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import type { Problem } from '../../src/core/problem.ts';
import type { ByteStream } from '../../src/core/stages.ts';
import { ReadAhead } from '../../src/source/read-ahead.ts';

/** Gives `text` in pieces, some at once and some later, and then what `end` does. */
function slow(text: Buffer, piece: number, end: () => number): ByteStream & { closed: boolean } {
  let at = 0;
  const give = (bytes: Uint8Array, offset: number, length: number): number => {
    if (at === text.length) return end();
    const part = text.subarray(at, at + Math.min(piece, length));
    bytes.set(part, offset);
    at += part.length;
    return part.length;
  };
  return {
    closed: false,
    read: (...place) => (at % 3 === 0 ? setImmediate().then(() => give(...place)) : give(...place)),
    close() {
      this.closed = true;
    },
  };
}

async function readAll(stream: ByteStream, length: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  const bytes = Buffer.alloc(length);
  for (let count = await stream.read(bytes, 0, length); count > 0; count = await stream.read(bytes, 0, length)) {
    pieces.push(Buffer.from(bytes.subarray(0, count)));
  }
  return Buffer.concat(pieces);
}

const never = (): void => assert.fail('nothing was wrong');

test('what is read ahead is what the stream holds, however it is read', async () => {
  const small = fc.integer({ min: 1, max: 60 });
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), small, small, small, async (text, piece, size, length) => {
      const stream = new ReadAhead(() => slow(Buffer.from(text), piece, () => 0), size, never);
      assert.deepEqual([...(await readAll(stream, length))], [...text]);
      assert.equal(await stream.read(Buffer.alloc(1), 0, 1), 0);
    }),
    { endOnFailure: true },
  );
});

test('the next bytes are read while the last are used', async () => {
  const inner = slow(Buffer.alloc(100, 'x'), 10, () => 0);
  let read = 0;
  const counting: ByteStream = {
    read: async (...place) => {
      const count = await inner.read(...place);
      read += count;
      return count;
    },
    close: () => inner.close(),
  };
  const stream = new ReadAhead(() => counting, 20, never);
  assert.equal(await stream.read(Buffer.alloc(20), 0, 20), 10);
  for (let turn = 0; turn < 10; turn++) await setImmediate();
  assert.equal(read, 30);
});

test('damage is said, and errors are thrown, behind the last byte before them', async () => {
  for (const kind of ['warned', 'thrown']) {
    const said: Problem[] = [];
    const open = (warn: (problem: Problem) => void) =>
      slow(Buffer.from('abcdef'), 4, () => {
        if (kind === 'thrown') throw new Error('gone');
        warn({ code: 'corrupt', what: 'is damaged' });
        return 0;
      });
    const stream = new ReadAhead(open, 100, (problem) => said.push(problem));
    const bytes = Buffer.alloc(3);
    assert.equal(await stream.read(bytes, 0, 3), 3);
    for (let turn = 0; turn < 10; turn++) await setImmediate();
    assert.equal(await stream.read(bytes, 0, 3), 3);
    assert.deepEqual(said, []);
    if (kind === 'thrown') await assert.rejects(async () => stream.read(bytes, 0, 3), /gone/);
    else assert.equal(await stream.read(bytes, 0, 3), 0);
    assert.equal(said.length, kind === 'thrown' ? 0 : 1);
  }
});

test('closing waits for nothing that may never come', async () => {
  let closed = false;
  const close = (): void => {
    closed = true;
  };
  const stream = new ReadAhead(() => ({ read: () => new Promise<number>(() => {}), close }), 10, never);
  void stream.read(Buffer.alloc(1), 0, 1);
  await stream.close();
  assert.ok(closed);
});
