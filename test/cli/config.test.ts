import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { main } from '../../src/cli/main.ts';
import type { MergeRequest } from '../../src/request.ts';
import { fakeLibrary, testIo } from './io.ts';

const cwd = mkdtempSync(join(tmpdir(), 'tsalign-config-'));
after(() => rmSync(cwd, { recursive: true }));

interface Ran {
  request: MergeRequest | undefined;
  err: string;
  code: number;
}

async function run(config: string, words: string[], env: Record<string, string> = {}): Promise<Ran> {
  writeFileSync(join(cwd, 'job.conf'), config);
  const io = testIo({ cwd, env });
  const library = fakeLibrary();
  const code = await main(words, io, library);
  return { request: library.requests[0], err: io.err, code };
}

const JOB = `# every night
--tz=UTC
--tz  db.log=Asia/Tokyo
-n 5
-O ndjson

--dedup
--output=day.log
  web.log
with blank.log
`;

test('a comment behind a value is refused, since it would be part of it', async () => {
  for (const line of ['--output day.log # nightly', 'web.log # the shop', '--match=a #']) {
    const { err, code } = await run(`${line}\n`, ['merge', '--config', 'job.conf']);
    assert.deepEqual([code, err.startsWith('tsalign: job.conf:1: a comment stands on a line of its own')], [2, true]);
  }
  const { request } = await run('--match=a#b\n#c.log\n', ['merge', '--config', 'job.conf', 'a#b.log']);
  assert.deepEqual([request?.match, request?.sources], ['a#b', ['a#b.log']]);
});

test('a file of options is as if its lines had been typed before the others', async () => {
  const { request } = await run(JOB, ['merge', '--config', 'job.conf', 'more.log', '--tz', 'x=UTC', '-n', '7']);
  assert.deepEqual(request?.sources, ['web.log', 'with blank.log', 'more.log']);
  assert.deepEqual(request?.tz, ['UTC', 'db.log=Asia/Tokyo', 'x=UTC']);
  assert.deepEqual(
    [request?.limit, request?.outputFormat, request?.dedup, request?.output],
    [7, 'ndjson', { kind: 'overlap' }, 'day.log'],
  );
});

test('what counts once may be typed again', async () => {
  assert.equal((await run(JOB, ['merge', '--config', 'job.conf', '-o', 'now.log'])).request?.output, 'now.log');
});

test('TSALIGN_CONFIG names a file too; --config goes before it, --no-config without it', async () => {
  const env = { TSALIGN_CONFIG: 'job.conf' };
  assert.equal((await run('-n 3', ['merge', 'a'], env)).request?.limit, 3);
  assert.equal((await run('-n 3', ['merge', 'a', '--no-config'], env)).request?.limit, undefined);
  assert.equal((await run('-n 3', ['merge', 'a'], { TSALIGN_CONFIG: '' })).request?.limit, undefined);
  assert.equal((await run('-n 3', ['merge', 'a', '--config', 'job.conf'], { TSALIGN_CONFIG: 'x' })).request?.limit, 3);
});

test('options of other commands are passed over', async () => {
  assert.deepEqual((await run('--json\na.log', ['merge', '--config', 'job.conf'])).request?.sources, ['a.log']);
});

const MISTAKES: [config: string, message: string][] = [
  ['\n--sicne=2h', 'job.conf:2: unknown option --sicne; did you mean "--since"?'],
  ['--tz', 'job.conf:1: --tz needs a value; write --tz=VALUE'],
  ['--recursive yes', 'job.conf:1: --recursive takes no value; write --recursive alone'],
  ["--match 'a b'", 'job.conf:1: quotes are not needed here, and would be part of the value; write a b'],
  ['--config other.conf', 'job.conf:1: --config has no meaning in a file of options; type it'],
  ['-O ndjsn', '--output-format: unknown value "ndjsn" (job.conf:1); did you mean "ndjson"?'],
  ['-o a\n-o b', '--output: given twice (job.conf:2); name one file'],
];

test('mistakes are said with their line', async () => {
  for (const [config, message] of MISTAKES) {
    const { err, code } = await run(config, ['merge', 'a', '--config', 'job.conf']);
    assert.deepEqual([err, code], [`tsalign: ${message}\n`, 2]);
  }
  const { err } = await run('', ['merge', 'a'], { TSALIGN_CONFIG: 'none.conf' });
  assert.equal(err, 'tsalign: TSALIGN_CONFIG: there is no file none.conf; --no-config goes on without it\n');
});
