import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { encodingParser, findEncoding } from '../../src/source/encoding.ts';
import { openSource } from '../../src/source/open.ts';
import { textOf } from '../../src/source/transcode.ts';
import { streamOf } from './compressors.ts';
import { named, never, problem, readAll, tempFolder } from './tools.ts';

const utf16le = (text: string) => Buffer.from(text, 'utf16le');
const utf16be = (text: string) => utf16le(text).swap16();
const utf32le = (text: string) =>
  Buffer.concat([...text].map((c) => Buffer.from(Uint32Array.of(c.codePointAt(0) as number).buffer)));
const utf32be = (text: string) => utf32le(text).swap32();

const WIDE = { 'utf-16le': utf16le, 'utf-16be': utf16be, 'utf-32le': utf32le, 'utf-32be': utf32be };
const text = Array.from({ length: 3000 }, (_, i) => `2024-03-10T06:59:58Z Zeile ${i} über 🙂 日本\r\n`).join('');

for (const [name, encode] of Object.entries(WIDE)) {
  test(`${name}: is known by its mark and without one, and read as UTF-8 in chunks of any size`, async (t) => {
    for (const [bytes, by] of [
      [encode(`\ufeff${text}`), 'mark'],
      [encode(text), 'evidence'],
    ] as const) {
      const source = await openBytes(t, bytes);
      assert.deepEqual(source.encoding, { name, by });
      for (const step of [1, 4096, 1_000_000]) {
        assert.equal((await readAll(source.open(never), step)).toString(), text);
      }
      const { pieces, whole } = await source.sample();
      assert.equal(whole, bytes.length <= 3 * 64 * 1024);
      for (const piece of pieces)
        assert.ok(text.includes(Buffer.from(piece).toString()), 'a sample is a part of the text');
      assert.equal(typeof source.open(never).read(new Uint8Array(10), 0, 10), 'number', 'a plain file reads at once');
    }
  });

  test(`${name}: characters may be cut anywhere`, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'binary', maxLength: 40 }),
        fc.integer({ min: 1, max: 9 }),
        async (any, step) => {
          const found = await findEncoding(encode('text'), name);
          const got = await readAll(textOf(streamOf(encode(any), step), found, assert.fail));
          assert.equal(got.toString(), any);
        },
      ),
      { endOnFailure: true },
    );
  });

  test(`${name}: half a character at the end is said to be none`, async () => {
    const bytes = encode('ab');
    const found = await findEncoding(bytes, name);
    const said: string[] = [];
    const got = await readAll(textOf(streamOf(bytes.subarray(0, -1)), found, (encoding) => said.push(encoding)));
    assert.equal(got.toString(), 'a\ufffd');
    assert.deepEqual(said, [name]);
  });
}

test('a byte order mark counts more than --encoding, --encoding more than NUL bytes', async () => {
  const found = async (bytes: Buffer, given: string | undefined) => {
    const { encoding, by, mark } = await findEncoding(bytes, given);
    return [encoding?.name, by, mark];
  };
  const bom = Buffer.from('\ufeffabc');
  assert.deepEqual(await found(bom, undefined), [undefined, 'mark', 3]);
  assert.deepEqual(await found(bom, 'latin1'), [undefined, 'mark', 3]);
  assert.deepEqual(await found(utf16be(`\ufeff${text}`), 'latin1'), ['utf-16be', 'mark', 2]);
  assert.deepEqual(await found(utf16be(text), 'shift_jis'), ['shift_jis', 'option', 0]);
  assert.deepEqual(await found(utf16be(text), 'utf-8'), [undefined, 'option', 0]);
  assert.deepEqual(await found(utf16be(text), 'UTF-16'), ['utf-16be', 'option', 0]);
  assert.deepEqual(await found(utf16le('日本日本日本日本日本'), 'utf-16'), ['utf-16le', 'option', 0]);
  assert.deepEqual(await found(Buffer.from('plain'), undefined), [undefined, 'default', 0]);
});

test('UTF-16 is found behind a hole', async () => {
  const holed = Buffer.concat([utf16le('2024-03-10 one line\n'), Buffer.alloc(4096), utf16le('and another line\n')]);
  assert.equal((await findEncoding(holed, undefined)).encoding?.name, 'utf-16le');
});

test('encodings of one byte and of several', async (t) => {
  const open = async (bytes: Buffer, encoding: string) => {
    const source = await openBytes(t, bytes, encoding);
    return (await readAll(source.open(never), 3)).toString();
  };
  assert.equal(await open(Buffer.from([0x80, 0x41, 0xe4, 10]), 'windows-1252'), '€Aä\n');
  assert.equal(await open(Buffer.from([0xa4, 0xe4, 10]), 'iso-8859-15'), '€ä\n');
  assert.equal(await open(Buffer.from([0x93, 0xfa, 0x96, 0x7b, 10]), 'shift_jis'), '日本\n');
  assert.equal(await open(Buffer.from([0x84, 0x81, 10]), 'cp437'), 'äü\n');
});

test('bytes that are no UTF-8 are taken as they are', async (t) => {
  const bytes = Buffer.from([0x41, 0xff, 0xc3, 0x28, 0xed, 0xa0, 0x80, 10]);
  const source = await openBytes(t, bytes);
  assert.equal(source.encoding, undefined);
  assert.deepEqual(await readAll(source.open(never), 3), bytes);
});

test('names of encodings are checked', async () => {
  const parse = await encodingParser();
  for (const name of ['UTF-16', 'utf32', 'Latin1', 'windows-1252', 'CP437', 'gb18030', 'utf-8']) {
    assert.equal(parse(name), name);
  }
  assert.throws(() => parse('latin'), problem('usage', /there is no encoding "latin"; did you mean "latin1"\?/));
  for (const name of ['', 'base64', 'hex', 'nonsense'])
    assert.throws(() => parse(name), problem('usage', /no encoding/));
});

async function openBytes(t: TestContext, bytes: Buffer, encoding?: string) {
  const file = join(tempFolder(t), 'f.log');
  writeFileSync(file, bytes);
  const source = await openSource(named(file), { label: 'l', stdin: 0, encoding });
  t.after(() => source.close());
  return source;
}
