import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { crc32, deflateRawSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { type Problem, TsalignError } from '../../src/core/problem.ts';
import type { ByteStream } from '../../src/core/stages.ts';
import { unpackArchives } from '../../src/source/archive.ts';
import { openSource } from '../../src/source/open.ts';
import type { SourcePath } from '../../src/source/source-path.ts';
import { streamOf } from './compressors.ts';
import { FIXTURES, named, problem, readAll, tempFolder } from './tools.ts';

const ARCHIVES = join(FIXTURES, 'archives');
const archive = (name: string) => readFileSync(join(ARCHIVES, name));
const fixture = (name: string) => readFileSync(join(FIXTURES, name));
const LONG = `logs/${'a-long-name-of-a-folder/'.repeat(5)}host/newyork.log`;

const EXPECTED: Record<string, Buffer> = {
  [LONG]: fixture('newyork.log'),
  'logs/shop/app.ndjson': fixture('app.ndjson'),
  'logs/shop/service.log.gz': fixture('service.log'),
  'logs/web.log': fixture('web.log'),
};

interface Options {
  wanted?: string;
  pipe?: boolean;
}

/** The members of an archive that lies on disk or comes through a pipe: their texts, and what was said. */
async function membersOf(t: TestContext, bytes: Buffer, { wanted, pipe }: Options = {}) {
  const folder = tempFolder(t);
  const file = join(folder, 'a.archive');
  writeFileSync(file, bytes);
  const origin = pipe ? 'stdin' : 'named';
  const path: SourcePath = { ...named(file), origin, ...(wanted === undefined ? {} : { wanted }) };
  const pipes = new Map<SourcePath, ByteStream>(pipe ? [[path, streamOf(bytes, 7000)]] : []);
  const said: Problem[] = [];
  const missing: Problem[] = [];
  const paths = await unpackArchives([path], {
    stdin: 0,
    tempDir: folder,
    pipes,
    warn: (given) => said.push(given),
    missing: (given) => missing.push(given),
    now: 0n,
    maySplit: () => true,
  });
  const texts: Record<string, Buffer> = {};
  for (const each of paths.filter((source) => source.member !== undefined)) {
    const name = each.path.slice(file.length + 2);
    try {
      const source = await openSource(each, { label: name, stdin: 0 });
      texts[name] = await readAll(
        source.open((given) => said.push(given)),
        5000,
      );
      assert.equal(source.seekable, source.archive?.includes('(tar') && source.compression.length === 0);
      source.close();
    } catch (error) {
      if (!(error instanceof TsalignError)) throw error;
      said.push(error.problem);
      each.member?.file.close();
    }
  }
  assert.deepEqual(readdirSync(folder), ['a.archive'], 'nothing is left in the folder');
  return { paths, texts, said, missing };
}

const codes = (said: readonly Problem[]) => said.map(({ code }) => code);

for (const pipe of [false, true]) {
  const how = pipe ? 'through a pipe' : 'on disk';
  for (const name of ['gnu.tar', 'oldgnu.tar', 'ustar.tar', 'pax.tar', 'logs.tar.xz', 'logs.zip']) {
    test(`${name} ${how}: its members are sources`, async (t) => {
      const { texts, said, missing, paths } = await membersOf(t, archive(name), { pipe });
      assert.deepEqual(Object.keys(texts).sort(), Object.keys(EXPECTED).sort());
      for (const [member, text] of Object.entries(texts)) assert.deepEqual(text, EXPECTED[member], member);
      assert.deepEqual(missing, []);
      assert.deepEqual(codes(said), ['note', 'binary']);
      assert.match(said[0].what, /^holds (1 hidden file, 1 link|1 link, 1 hidden file)$/);
      for (const { member } of paths) assert.equal(member?.file.modified, 1710054010_000_000_000n);
    });

    test(`${name} ${how}: only the members that are wanted`, async (t) => {
      const { texts } = await membersOf(t, archive(name), { pipe, wanted: '**/*.log' });
      assert.deepEqual(Object.keys(texts).sort(), [LONG, 'logs/web.log']);
      const none = await membersOf(t, archive(name), { pipe, wanted: '*.txt' });
      assert.deepEqual([codes(none.missing), none.paths], [['no-source'], []]);
      assert.match(none.missing[0].where ?? '', /a\.archive!\/\*\.txt$/);
    });
  }
}

test('a tar archive from before POSIX', async (t) => {
  const { texts } = await membersOf(t, archive('v7.tar'));
  assert.deepEqual(Object.keys(texts), ['logs/web.log', 'logs/shop/app.ndjson', 'logs/shop/service.log.gz']);
});

test('archives one behind the other; the last of several members of one name is read', async (t) => {
  const { texts, said } = await membersOf(
    t,
    Buffer.concat([archive('v7.tar'), archive('ustar.tar'), Buffer.alloc(9000)]),
  );
  assert.deepEqual(Object.keys(texts).length, 4);
  assert.deepEqual(texts['logs/web.log'], EXPECTED['logs/web.log']);
  assert.match(said[0].what, /3 older copies/);
});

test('zip: methods other than deflate; encrypted members are refused by name', async (t) => {
  for (const name of ['stored.zip', 'bzip2.zip']) {
    assert.deepEqual((await membersOf(t, archive(name))).texts, { 'logs/web.log': EXPECTED['logs/web.log'] });
  }
  const { missing, paths } = await membersOf(t, archive('encrypted.zip'));
  assert.deepEqual(paths, []);
  assert.match(missing[0].where ?? '', /!\/logs\/web\.log$/);
  assert.deepEqual([missing[0].code, missing[0].what], ['unreadable', 'is encrypted']);
});

test('zip: a checksum that does not hold is said', async (t) => {
  const bytes = archive('stored.zip');
  bytes[bytes.indexOf('GET')] ^= 1;
  const { said, texts } = await membersOf(t, bytes);
  assert.deepEqual(codes(said), ['corrupt']);
  assert.equal(texts['logs/web.log'].length, EXPECTED['logs/web.log'].length);
});

test('a cut tar archive gives what stands before the cut, and one warning', async (t) => {
  for (const pipe of [false, true]) {
    for (const length of [513, 2000, 5000, 7000]) {
      const { said } = await membersOf(t, archive('ustar.tar').subarray(0, length), { pipe });
      assert.ok(codes(said).filter((code) => code === 'truncated').length >= 1, `${length}`);
    }
    const cut = await membersOf(t, archive('logs.tar.xz').subarray(0, 1000), { pipe });
    assert.ok(codes(cut.said).includes('truncated'));
  }
});

test('a damaged header ends a tar archive there, and is said', async (t) => {
  const bytes = archive('ustar.tar');
  bytes[bytes.indexOf('logs/shop/app') + 1] ^= 1;
  const { said } = await membersOf(t, bytes);
  assert.ok(codes(said).includes('corrupt'));
});

test('names never lead out of an archive, and are shown on one line', async (t) => {
  const { texts } = await membersOf(
    t,
    Buffer.concat([tarMember('../../etc/x\u001b[31m\n', 'a\n'), tarMember('/abs/y', 'b\n')]),
  );
  assert.deepEqual(Object.keys(texts), ['../../etc/x\\x1b[31m\\x0a', 'abs/y']);
});

test('a bomb is refused, not run', async (t) => {
  const zeros = deflateRawSync(Buffer.alloc(1000));
  await assert.rejects(
    async () => {
      const { missing } = await membersOf(t, zipOf('zeros.log', zeros, 2 ** 31));
      throw new TsalignError(missing[0]);
    },
    problem('unreadable', /unpacks to more than 1000 times its size.*unpack it/),
  );
});

test('zip: what unpacks to more than its directory says is cut there, and said', async (t) => {
  const { texts, said } = await membersOf(t, zipOf('a.log', deflateRawSync(Buffer.from('line\n'.repeat(1000))), 100));
  assert.equal(texts['a.log'].length, 100);
  assert.deepEqual(codes(said), ['corrupt']);
});

test('an archive in an archive is refused by name', async (t) => {
  const { said } = await membersOf(t, tarMember('inner.tar.gz', gzipSync(archive('ustar.tar'))));
  assert.match(said[0].what, /^is a tar archive$/);
});

test('what is no archive is left as it is, unless members of it were asked for', async (t) => {
  assert.equal((await membersOf(t, fixture('web.log'))).paths[0].member, undefined);
  assert.equal((await membersOf(t, fixture('web.log'), { pipe: true })).paths[0].member, undefined);
  assert.match((await membersOf(t, fixture('web.log'), { wanted: '*' })).missing[0].what, /no archive/);
});

test('whatever is done to the bytes of an archive, only documented problems come of it', async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('ustar.tar', 'pax.tar', 'logs.zip', 'logs.tar.xz'),
      fc.array(fc.tuple(fc.nat(20_000), fc.nat(255)), { minLength: 1, maxLength: 8 }),
      fc.boolean(),
      async (name, edits, pipe) => {
        const bytes = archive(name);
        for (const [at, byte] of edits) bytes[at % bytes.length] = byte;
        await membersOf(t, bytes, { pipe });
      },
    ),
    { numRuns: 60, endOnFailure: true },
  );
});

/** A ustar header and the bytes behind it. */
function tarMember(name: string, content: string | Buffer): Buffer {
  const bytes = Buffer.from(content);
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write(bytes.length.toString(8).padStart(11, '0'), 124);
  header.write('0', 156);
  header.write('ustar\x0000', 257, 'latin1');
  header.fill(' ', 148, 156);
  header.write(
    header
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0'),
    148,
  );
  return Buffer.concat([header, bytes, Buffer.alloc(511 - ((bytes.length + 511) % 512))]);
}

/** A zip archive with one deflated member, whose directory tells this size. */
function zipOf(name: string, deflated: Buffer, size: number): Buffer {
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(8, 8);
  local.writeUInt16LE(name.length, 26);
  const central = Buffer.alloc(46);
  central.writeUInt32LE(0x02014b50, 0);
  central.writeUInt16LE(8, 10);
  central.writeUInt32LE(crc32(deflated), 16);
  central.writeUInt32LE(deflated.length, 20);
  central.writeUInt32LE(size, 24);
  central.writeUInt16LE(name.length, 28);
  const body = Buffer.concat([local, Buffer.from(name), deflated]);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(46 + name.length, 12);
  end.writeUInt32LE(body.length, 16);
  return Buffer.concat([body, central, Buffer.from(name), end]);
}
