import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { formatCount } from '../../src/core/count-text.ts';
import { type Problem, TsalignError } from '../../src/core/problem.ts';
import { COMPRESSIONS, type Compression, compressionOf, MAGIC_BYTES } from '../../src/source/compression.ts';
import { DecodedStream } from '../../src/source/decode.ts';
import { openSource } from '../../src/source/open.ts';
import { apply, edits } from '../helpers/edits.ts';
import { compressedFile, SAMPLES, streamOf, TEXTS } from './compressors.ts';
import { named, never, problem, readAll, tempFolder } from './tools.ts';

const { short, long } = TEXTS;
const codes = (said: readonly Problem[]) => said.map(({ code }) => code);

for (const compression of COMPRESSIONS) {
  const { name, extensions, magic, joins } = compression;
  const packed = SAMPLES[name];
  const open = (t: TestContext, bytes: Buffer) => openBytes(t, bytes, extensions[0]);

  test(`${name}: is known by its first bytes, or where nothing else can tell, by its name`, async (t) => {
    const other = magic.length > 0 ? 'x.log' : `x${extensions[0]}`;
    for (const bytes of Object.values(packed)) {
      assert.equal(compressionOf(bytes.subarray(0, MAGIC_BYTES), other)?.name, name);
    }
    assert.equal(compressionOf(short.subarray(0, MAGIC_BYTES), `x${extensions[0]}`), undefined);
    assert.equal(compressionOf(new Uint8Array(0), `x${extensions[0]}`), undefined);
    const plain = await openBytes(t, short, extensions[0]);
    assert.deepEqual(plain.compression, []);
    assert.deepEqual(await readAll(plain.open(never)), short);
  });

  test(`${name}: gives the same text in chunks of any size, on every pass`, async (t) => {
    const source = await open(t, packed.short);
    assert.deepEqual(source.compression, [name]);
    const { pieces, whole } = await source.sample();
    assert.deepEqual([Buffer.from(pieces[0]), whole], [short, true]);
    for (const step of [1, 7, 100, 4096]) assert.deepEqual(await readAll(source.open(never), step), short);
  });

  test(`${name}: of nothing is an empty source`, async (t) => {
    const source = await open(t, packed.empty);
    assert.deepEqual((await readAll(source.open(never))).length, 0);
    assert.equal((await source.sample()).whole, true);
  });

  test(`${name}: two passes at once do not disturb one another`, async (t) => {
    const source = await open(t, packed.long);
    const [one, two] = await Promise.all([readAll(source.open(never), 70_001), readAll(source.open(never), 999)]);
    assert.ok(one.equals(long) && two.equals(long));
    assert.equal((await source.sample()).whole, false);
  });

  test(`${name}: a pass that is given up half way disturbs no other`, async (t) => {
    const source = await open(t, packed.long);
    const given = source.open(never);
    await given.read(new Uint8Array(1000), 0, 1000);
    await given.close();
    assert.ok((await readAll(source.open(never), 65_536)).equals(long));
  });

  test(`${name}: bytes may come in pieces of any size`, async () => {
    for (const step of [1, 3, 100]) assert.deepEqual((await decode(compression, packed.short, step)).text, short);
    assert.ok((await decode(compression, packed.long, 777)).text.equals(long));
  });

  test(`${name}: members one behind the other are one text`, { skip: !joins }, async (t) => {
    const { empty } = packed;
    const source = await open(t, Buffer.concat([empty, packed.short, empty, packed.long, packed.short, empty]));
    assert.ok((await readAll(source.open(never))).equals(Buffer.concat([short, long, short])));
  });

  test(`${name}: of a source cut short all that stands before is read, and one warning says so`, async (t) => {
    for (const length of [15, 20_000, packed.long.length - 9, packed.long.length - 1]) {
      const { text, said } = await readDamaged(t, packed.long.subarray(0, length), extensions[0]);
      assert.ok(long.subarray(0, text.length).equals(text));
      assert.deepEqual(codes(said), ['truncated']);
      assert.match(
        said[0].what,
        new RegExp(`^the ${name} data ends early, after ${formatCount(text.length)} bytes of text$`),
      );
      // Blocks of bzip2 and lz4 are longer than what is left out here.
      if (length > 100 && name !== 'bzip2' && name !== 'lz4')
        assert.ok(text.length >= length, `${text.length} of ${length}`);
    }
  });

  test(`${name}: cut anywhere, it ends early and nowhere else`, async () => {
    for (let length = 1; length < packed.short.length; length++) {
      const { text, said } = await decode(compression, packed.short.subarray(0, length));
      assert.ok(short.subarray(0, text.length).equals(text), `cut to ${length}`);
      assert.deepEqual(codes(said), ['truncated'], `cut to ${length}`);
    }
  });

  test(`${name}: a flipped bit is noticed, or changes nothing`, { skip: name === 'brotli' }, async () => {
    for (let at = 0; at < packed.short.length * 8; at += 3) {
      const bytes = Buffer.from(packed.short);
      bytes[at >> 3] ^= 1 << (at & 7);
      const { text, said, thrown } = await decode(compression, bytes);
      assert.ok(said.length + thrown.length <= 1);
      if (said.length + thrown.length === 0) assert.ok(text.equals(short), `bit ${at}`);
    }
  });

  test(`${name}: whatever is done to the bytes, it ends, in bounded memory`, async () => {
    const bytes = fc.oneof(fc.constant(packed.short), fc.constant(packed.long.subarray(0, 30_000)));
    await fc.assert(
      fc.asyncProperty(bytes, fc.array(edits(30_000), { minLength: 1, maxLength: 5 }), async (start, all) => {
        const { text, said, thrown } = await decode(compression, all.reduce(apply, start));
        assert.ok(text.length < 64 * 2 ** 20 && said.length <= 1 && thrown.length <= 1);
      }),
      { numRuns: 60, endOnFailure: true },
    );
  });

  test(`${name}: of a damaged source all that stands before is read, and one warning says so`, async (t) => {
    const broken = Buffer.from(packed.long);
    broken.fill(0xff, 50_000, 50_032);
    const { text, said } = await readDamaged(t, broken, extensions[0]);
    assert.deepEqual(codes(said), ['corrupt']);
    // What the undamaged beginning holds is all there.
    const before = await readDamaged(t, packed.long.subarray(0, 49_990), extensions[0]);
    assert.ok(text.length >= before.text.length && text.subarray(0, before.text.length).equals(before.text));
  });

  test(`${name}: something else behind it costs no text`, async (t) => {
    for (const key of ['short', 'long'] as const) {
      const bytes = Buffer.concat([packed[key], Buffer.from('something else')]);
      const got = await readDamaged(t, bytes, extensions[0]);
      assert.ok(got.text.equals(TEXTS[key]));
      assert.deepEqual(codes(got.said), ['corrupt']);
    }
  });

  test(`${name}: what cannot be read again ends at damage too`, async () => {
    const { text, said } = await decode(compression, Buffer.concat([packed.long, Buffer.from('something else')]));
    assert.ok(long.subarray(0, text.length).equals(text) && text.length > long.length * 0.7);
    assert.deepEqual(
      said.map(({ code, where }) => [code, where]),
      [['corrupt', 'l']],
    );
  });
}

const row = (name: string) => COMPRESSIONS.find((each) => each.name === name) as Compression;

test('zstd: skippable frames are skipped, also the first', async () => {
  const skippable = Buffer.concat([Buffer.from('5a2a4d1804000000', 'hex'), Buffer.from('abcd')]);
  const bytes = Buffer.concat([skippable, SAMPLES.zstd.short, skippable, skippable, SAMPLES.zstd.short]);
  assert.equal(compressionOf(bytes.subarray(0, MAGIC_BYTES), 'x')?.name, 'zstd');
  assert.deepEqual((await decode(row('zstd'), bytes)).text, Buffer.concat([short, short]));
  const lz4 = Buffer.concat([skippable, SAMPLES.lz4.short]);
  assert.equal(compressionOf(lz4.subarray(0, MAGIC_BYTES), 'x')?.name, 'lz4');
  assert.equal(compressionOf(lz4.subarray(0, 12), 'x.lz4')?.name, 'lz4');
  assert.equal(compressionOf(lz4.subarray(0, 12), 'x')?.name, 'zstd');
  assert.deepEqual((await decode(row('lz4'), lz4)).text, short);
});

test('zstd: all of a frame without checksum is given when its last byte has been read', async () => {
  for (const step of [100_000, 4099]) {
    assert.ok((await decode(row('zstd'), compressedFile('unchecked.zst'), step)).text.equals(long));
  }
});

test('zstd: a window of 128 MiB is decoded, a larger one refused with its name', async (t) => {
  assert.deepEqual((await decode(row('zstd'), compressedFile('window27.zst'))).text, short);
  await assert.rejects(
    openBytes(t, compressedFile('window31.zst'), '.zst'),
    problem(
      'unreadable',
      /^l: the zstd data needs more than 128 MiB to decode \(zstd --long above 27\); unpack it with zstd$/,
    ),
  );
});

test('lz4: blocks that refer to one another, with checksums of their own', async () => {
  const bytes = compressedFile('linked.lz4');
  assert.ok((await decode(row('lz4'), bytes)).text.equals(long));
  const broken = Buffer.from(bytes);
  broken[100_000] ^= 1;
  const { text, said } = await decode(row('lz4'), broken);
  assert.ok(text.length % 65_536 === 0 && long.subarray(0, text.length).equals(text));
  assert.deepEqual(codes(said), ['corrupt']);
});

test('xz: what cannot be verified is refused by name', async (t) => {
  await assert.rejects(
    openBytes(t, compressedFile('sha256.xz'), '.xz'),
    problem('unreadable', /^l: the xz data has a filter or a checksum that is not supported; unpack it with xz$/),
  );
});

test('compressed twice is decompressed twice', async (t) => {
  const { gzipSync } = await import('node:zlib');
  const source = await openBytes(t, gzipSync(SAMPLES.zstd.short), '.zst.gz');
  assert.deepEqual(source.compression, ['gzip', 'zstd']);
  assert.deepEqual(await readAll(source.open(never)), short);
});

test('a text that begins like compressed data is text', () => {
  for (const text of ['BZh', 'BZh9 is how it begins', 'BZhello', 'LZ4 ok']) {
    assert.equal(compressionOf(Buffer.from(text), 'x.bz2'), undefined);
  }
});

test('what is closed while it is decoded is not taken for damaged, and not read anew', async () => {
  const packed = gzipSync(randomBytes(1 << 20));
  const compression = COMPRESSIONS.find(({ name }) => name === 'gzip') as Compression;
  let opened = 0;
  const input = () => {
    opened++;
    return streamOf(packed, 65_536);
  };
  const stream = new DecodedStream({ compression, label: 'l', input, rereadable: true, warn: never });
  const read = () => stream.read(Buffer.alloc(65_536), 0, 65_536);
  await read();
  let reading = read();
  while (typeof reading === 'number') reading = read();
  await stream.close();
  assert.equal(await reading, 0);
  assert.equal(opened, 1);
});

/** Decodes what can be read once. */
async function decode(compression: Compression, bytes: Buffer, step = 5000) {
  const said: Problem[] = [];
  const thrown: Error[] = [];
  const input = () => streamOf(bytes, step);
  const warn = (given: Problem) => said.push(given);
  const stream = new DecodedStream({ compression, label: 'l', input, rereadable: false, warn });
  const parts: Buffer[] = [];
  const memory = Buffer.alloc(50_000);
  try {
    for (let count = await stream.read(memory, 0, 50_000); count > 0; count = await stream.read(memory, 0, 50_000)) {
      parts.push(Buffer.from(memory.subarray(0, count)));
    }
  } catch (error) {
    if (!(error instanceof TsalignError) || error.problem.code !== 'unreadable') throw error;
    thrown.push(error);
  }
  await stream.close();
  return { text: Buffer.concat(parts), said, thrown };
}

async function openBytes(t: TestContext, bytes: Buffer, extension: string) {
  const file = join(tempFolder(t), `file${extension}`);
  writeFileSync(file, bytes);
  const source = await openSource(named(file), { label: 'l', stdin: 0 });
  t.after(() => source.close());
  return source;
}

/** Reads twice, as a run with a check pass does: the text of both passes is the same, the warning comes once. */
async function readDamaged(t: TestContext, bytes: Buffer, extension: string) {
  const source = await openBytes(t, bytes, extension);
  const said: Problem[] = [];
  const text = await readAll(source.open((given) => said.push(given)));
  const again = await readAll(
    source.open((given) => said.push(given)),
    77_777,
  );
  assert.ok(text.equals(again));
  return { text, said };
}
