import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { Problem } from '../../src/core/problem.ts';
import { COMPRESSIONS, compressionOf } from '../../src/source/compression.ts';
import { DecodedStream } from '../../src/source/decode.ts';
import { openSource } from '../../src/source/open.ts';
import { FIXTURES, named, never, readAll, tempFolder } from './tools.ts';

/** For every row of the table, what makes such files. */
const COMPRESSORS: Record<string, (text: Buffer) => Buffer> = { gzip: (text) => gzipSync(text) };

const fixture = readFileSync(join(FIXTURES, 'service.log'));
/** Longer than a chunk of any decoder, and not so regular that it becomes tiny. */
const long = Buffer.from(
  Array.from({ length: 60_000 }, (_, i) => `${i} ${(i * 2654435761) % 4294967296} line\n`).join(''),
);

for (const { name, extensions, magic } of COMPRESSIONS) {
  const compress = COMPRESSORS[name] as (text: Buffer) => Buffer;
  const open = (t: TestContext, bytes: Buffer) => openBytes(t, bytes, extensions[0]);

  test(`${name}: is known by its first bytes, not by its name`, async (t) => {
    assert.deepEqual([...compress(fixture).subarray(0, magic.length)], [...magic]);
    assert.equal(compressionOf(compress(fixture))?.name, name);
    assert.equal(compressionOf(fixture), undefined);
    assert.equal(compressionOf(compress(fixture).subarray(0, 1)), undefined);
    const plain = await openBytes(t, fixture, extensions[0]);
    assert.equal(plain.compression, undefined);
    assert.deepEqual(await readAll(plain.open(never)), fixture);
  });

  test(`${name}: gives the same text in chunks of any size, on every pass`, async (t) => {
    const source = await open(t, compress(fixture));
    assert.equal(source.compression, name);
    assert.deepEqual(
      (await source.sample()).pieces,
      [fixture].map((text) => Buffer.from(text)),
    );
    assert.equal((await source.sample()).whole, true);
    for (const step of [1, 7, 100, 4096]) assert.deepEqual(await readAll(source.open(never), step), fixture);
  });

  test(`${name}: two passes at once do not disturb one another`, async (t) => {
    const source = await open(t, compress(long));
    const [one, two] = await Promise.all([readAll(source.open(never), 70_001), readAll(source.open(never), 999)]);
    assert.ok(one.equals(long) && two.equals(long));
    assert.equal((await source.sample()).whole, false);
  });

  test(`${name}: members one behind the other are one text`, async (t) => {
    const source = await open(t, Buffer.concat([compress(fixture), compress(Buffer.alloc(0)), compress(long)]));
    assert.ok((await readAll(source.open(never))).equals(Buffer.concat([fixture, long])));
  });

  test(`${name}: a byte order mark inside is left out`, async (t) => {
    const source = await open(t, compress(Buffer.concat([Buffer.from('\ufeff'), fixture])));
    assert.deepEqual(await readAll(source.open(never)), fixture);
    assert.deepEqual(Buffer.from((await source.sample()).pieces[0]), fixture);
  });

  test(`${name}: of a source cut short all that stands before is read, and one warning says so`, async (t) => {
    const whole = compress(long);
    for (const length of [magic.length, 15, 20_000, whole.length - 9, whole.length - 1]) {
      const { text, said } = await readDamaged(t, whole.subarray(0, length), extensions[0]);
      assert.ok(long.subarray(0, text.length).equals(text));
      assert.deepEqual(
        said.map(({ code }) => code),
        ['truncated'],
      );
      assert.match(said[0].what, new RegExp(`^the ${name} data ends early, after ${text.length} bytes of text$`));
      // Compressed at about 1 : 2, a byte of the cut input stands for more than one of the text.
      if (length > 100) assert.ok(text.length >= Math.min(length, long.length), `${text.length} of ${length}`);
    }
  });

  test(`${name}: of a damaged source all that stands before is read, and one warning says so`, async (t) => {
    const whole = compress(long);
    const broken = Buffer.from(whole);
    broken.fill(0xff, 100_000, 100_032);
    const { text, said } = await readDamaged(t, broken, extensions[0]);
    assert.deepEqual(
      said.map(({ code }) => code),
      ['corrupt'],
    );
    // What the undamaged beginning holds is all there.
    const before = await readDamaged(t, whole.subarray(0, 99_990), extensions[0]);
    assert.ok(text.length >= before.text.length && text.subarray(0, before.text.length).equals(before.text));
  });

  test(`${name}: something else behind it costs no text`, async (t) => {
    for (const text of [fixture, long]) {
      const got = await readDamaged(t, Buffer.concat([compress(text), Buffer.from('something else')]), extensions[0]);
      assert.ok(got.text.equals(text));
      assert.deepEqual(
        got.said.map(({ code }) => code),
        ['corrupt'],
      );
    }
  });

  test(`${name}: what cannot be read again ends at damage too`, async () => {
    const bytes = Buffer.concat([compress(long), Buffer.from('something else')]);
    const said: Problem[] = [];
    const compression = COMPRESSIONS.find((row) => row.name === name) as (typeof COMPRESSIONS)[number];
    let at = 0;
    const input = () => ({
      read: async (into: Uint8Array, offset: number, length: number) => {
        const piece = bytes.subarray(at, at + Math.min(length, 5000));
        into.set(piece, offset);
        at += piece.length;
        return piece.length;
      },
      close() {},
    });
    const warn = (given: Problem) => said.push(given);
    const stream = new DecodedStream({ compression, label: 'l', input, rereadable: false, skip: 0, warn });
    const text = await readAll(stream);
    assert.ok(long.subarray(0, text.length).equals(text) && text.length > long.length * 0.9);
    assert.deepEqual(
      said.map(({ code, where }) => [code, where]),
      [['corrupt', 'l']],
    );
  });
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
  assert.ok(
    text.equals(
      await readAll(
        source.open((given) => said.push(given)),
        77_777,
      ),
    ),
  );
  return { text, said };
}
