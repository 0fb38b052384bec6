import assert from 'node:assert/strict';
import { test } from 'node:test';
import zlib, { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { TsalignError } from '../../src/core/problem.ts';
import { compressingSink, compressionByName, memorySink, withoutCompression } from '../../src/output/index.ts';

const open = () => {
  const sink = memorySink();
  return { sink, compressing: compressingSink(() => sink, 'gzip', 'x.gz') };
};

test('what is written in any pieces comes back', () => {
  const piece = fc.tuple(fc.integer({ min: 0, max: 3 * 2 ** 20 }), fc.integer({ min: 0, max: 255 }), fc.boolean());
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 5 }), (pieces) => {
      const { sink, compressing } = open();
      const written = pieces.map(([length, byte]) => Buffer.alloc(length, byte));
      written.forEach((bytes, i) => {
        compressing.write(bytes);
        if (pieces[i]?.[2]) compressing.flush();
      });
      compressing.commit();
      assert.ok(Buffer.concat(written).equals(gunzipSync(sink.bytes())));
    }),
    { numRuns: 20, endOnFailure: true },
  );
});

test('nothing is a file of gzip, too, but is not put behind what stands there', () => {
  const { sink, compressing } = open();
  compressing.commit();
  assert.equal(gunzipSync(sink.bytes()).length, 0);
  const full = Object.assign(memorySink(), { isEmpty: false });
  compressingSink(() => full, 'gzip', 'x.gz').flush();
  assert.equal(full.bytes().length, 0);
});

test('after an abort nothing more is written', () => {
  const { sink, compressing } = open();
  compressing.write(Buffer.from('begun'));
  compressing.abort();
  assert.equal(sink.bytes().length, 0);
});

test('where Node cannot compress like that nothing is opened', { skip: 'zstdCompressSync' in zlib }, () => {
  const never = () => assert.fail('opened');
  assert.throws(
    () => compressingSink(never, 'zstd', 'x.zst'),
    (error) => error instanceof TsalignError && error.problem.code === 'usage',
  );
});

test('frames of Zstandard come back', { skip: !('zstdCompressSync' in zlib) }, () => {
  const { zstdDecompressSync } = zlib as unknown as { zstdDecompressSync(bytes: Uint8Array): Buffer };
  const sink = memorySink();
  const compressing = compressingSink(() => sink, 'zstd', 'x.zst');
  compressing.write(Buffer.from('one'));
  compressing.commit();
  assert.equal(zstdDecompressSync(sink.bytes()).toString(), 'one');
});

test('the ending of a name tells', () => {
  assert.equal(compressionByName('a/day.ndjson.GZ'), 'gzip');
  assert.equal(compressionByName('day.zst'), 'zstd');
  assert.equal(compressionByName('gz'), undefined);
  assert.equal(withoutCompression('a/day.csv.gz'), 'a/day.csv');
  assert.equal(withoutCompression('a/day.csv'), 'a/day.csv');
});
