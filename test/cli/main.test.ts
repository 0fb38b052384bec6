import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { main } from '../../src/cli/main.ts';
import { TsalignError } from '../../src/core/problem.ts';
import type { MergeRequest } from '../../src/request.ts';
import { fakeLibrary, testIo } from './io.ts';

/** The request that a command line makes. */
async function requestOf(...words: string[]): Promise<MergeRequest> {
  const library = fakeLibrary();
  const io = testIo();
  assert.equal(await main(['merge', ...words], io, library), 0, io.err);
  return library.requests[0];
}

/** What a mistaken command line is told, and that it ends with 2. */
async function complaint(...words: string[]): Promise<string> {
  const io = testIo();
  const library = fakeLibrary();
  assert.equal(await main(words, io, library), 2);
  assert.equal(io.out, '');
  assert.equal(library.requests.length, 0);
  return io.err;
}

test('sources alone make a request of defaults', async () => {
  assert.deepEqual(await requestOf('a.log', '-'), {
    sources: ['a.log', '-'],
    recursive: false,
    rotated: false,
    nullSeparated: false,
    keepGoing: false,
    follow: false,
    final: false,
    dryRun: false,
    replaceSlots: false,
    inputFormat: [],
    tz: [],
    tzAbbr: [],
    timeAnchor: [],
    timeField: [],
    timeFormat: [],
    year: [],
    shift: [],
    label: [],
    encoding: [],
    delimiter: [],
    noHeader: false,
    dayOrder: [],
    memory: 268435456,
    presorted: false,
    noDedup: false,
    strict: false,
    noSource: false,
    lineNumber: false,
    colorLevel: 0,
    explain: false,
  });
});

test('every option reaches the request', async () => {
  const settings =
    '--tz UTC --tz *.log=Asia/Tokyo --time-field ts --time-format iso --year 2024 --shift -1.5s --label a=b --encoding a=latin1';
  const formats =
    '--input-format csv --delimiter b.csv=; --no-header --day-order b.csv=dmy --dst reject -O csv --columns a,b --stamp none --precision ms';
  const selection = '--since 2024 --until now --match x.y -n 10 --undated reject --rejects r.log --strict';
  const order = '-S 64M -T /tmp --presorted --dedup key=id,host --dedup-window 5s --duplicates d.log';
  const output =
    '-o out.csv --no-source --line-number --output-tz UTC --color always -r --rotated --files-from list -0 --explain';
  const more =
    '--tz-abbr IST=Asia/Kolkata --time-anchor 2024-03-10 --formats-file own.yaml --state s --final --dry-run --lock wait --late reject --late-output l --split-by hour --replace-slots --follow --from now --watermark-delay 2s --idle-timeout 0 --checkpoint-interval 3s --allowed-lateness 4s';
  const line = [settings, formats, selection, order, output, more].join(' ');
  assert.deepEqual(await requestOf(...line.split(' '), 'a.log'), {
    sources: ['a.log'],
    recursive: true,
    rotated: true,
    nullSeparated: true,
    filesFrom: 'list',
    keepGoing: false,
    state: 's',
    follow: true,
    from: 'now',
    watermarkDelay: '2s',
    idleTimeout: '0',
    checkpointInterval: '3s',
    allowedLateness: '4s',
    final: true,
    dryRun: true,
    lock: 'wait',
    splitBy: 'hour',
    replaceSlots: true,
    late: 'reject',
    lateOutput: 'l',
    inputFormat: ['csv'],
    tz: ['UTC', '*.log=Asia/Tokyo'],
    timeField: ['ts'],
    timeFormat: ['iso'],
    year: ['2024'],
    shift: ['-1.5s'],
    label: ['a=b'],
    encoding: ['a=latin1'],
    delimiter: ['b.csv=;'],
    noHeader: true,
    dayOrder: ['b.csv=dmy'],
    timeAnchor: ['2024-03-10'],
    tzAbbr: ['IST=Asia/Kolkata'],
    formatsFile: 'own.yaml',
    dst: 'reject',
    since: '2024',
    until: 'now',
    match: 'x.y',
    limit: 10,
    memory: 67108864,
    tempDir: '/tmp',
    presorted: true,
    dedup: { kind: 'key', fields: ['id', 'host'] },
    noDedup: false,
    dedupWindow: '5s',
    duplicates: 'd.log',
    undated: 'reject',
    rejects: 'r.log',
    strict: true,
    output: 'out.csv',
    outputFormat: 'csv',
    stamp: 'none',
    columns: ['a', 'b'],
    noSource: true,
    lineNumber: true,
    outputTz: 'UTC',
    precision: 'ms',
    colorLevel: 1,
    explain: true,
  });
});

test('of repeated options the last one counts', async () => {
  assert.equal((await requestOf('--since', '1', '--since', '2', 'a')).since, '2');
});

test('the value of --dedup may be left out, before a source too', async () => {
  const cases: [string[], string[], unknown][] = [
    [['a', '--dedup'], ['a'], { kind: 'overlap' }],
    [['--dedup', 'a', 'b'], ['a', 'b'], { kind: 'overlap' }],
    [['--dedup', 'exact', 'a'], ['a'], { kind: 'exact' }],
    [['--dedup=key=x', 'a'], ['a'], { kind: 'key', fields: ['x'] }],
    [['--', '--dedup'], ['--dedup'], undefined],
  ];
  for (const [words, sources, dedup] of cases) {
    const request = await requestOf(...words);
    assert.deepEqual([request.sources, request.dedup], [sources, dedup], words.join(' '));
  }
});

test('--dedup and --no-dedup are kept apart, for the plan to judge', async () => {
  const request = await requestOf('--no-dedup', '--dedup', 'a');
  assert.deepEqual([request.noDedup, request.dedup], [true, { kind: 'overlap' }]);
});

test('-o - is stdout', async () => {
  assert.equal((await requestOf('-o', '-', 'a')).output, undefined);
});

test('without sources stdin is read where it is a pipe or a file; else help is the answer', async () => {
  const library = fakeLibrary();
  assert.equal(await main(['merge'], testIo({ stdinIsSource: true }), library), 0);
  assert.deepEqual(library.requests[0]?.sources, ['-']);
  assert.match(await complaint('merge'), /^Usage: tsalign merge [\s\S]*Exit: 0 done/);
});

test('mistakes are sentences with a way out, and exit 2', async () => {
  const cases: [string, string][] = [
    ['merg a', 'tsalign: merg: unknown command; did you mean "merge"?\n'],
    ['a.log b.log', 'tsalign: a.log: unknown command; to merge files: tsalign merge a.log ...\n'],
    ['bogus --help', 'tsalign: bogus: unknown command; to merge files: tsalign merge bogus ...\n'],
    ['help merg', 'tsalign: merg: unknown command; did you mean "merge"?\n'],
    ['merge --sicne=2 a', 'tsalign: --sicne: unknown option; did you mean --since?\n'],
    ['merge -x a', 'tsalign: -x: unknown option; see tsalign merge --help\n'],
    ['--since 2 merge a', 'tsalign: --since: unknown option; options follow the command: tsalign merge --since ...\n'],
    ['merge a --since', 'tsalign: --since: needs a value; see tsalign merge --help\n'],
    ['merge -O ndjsn a', 'tsalign: --output-format: unknown value "ndjsn"; did you mean "ndjson"?\n'],
    ['merge --input-format *.x=cvs a', 'tsalign: --input-format: unknown value "cvs"; did you mean "csv"?\n'],
    ['merge --dedup=exat a', 'tsalign: --dedup: unknown value "exat"; did you mean "exact"?\n'],
    ['merge --dedup=key= a', 'tsalign: --dedup key=: "" has an empty name; write names between commas, like a,b\n'],
    ['merge -n 1.5 a', 'tsalign: --limit: "1.5" is not a whole number\n'],
    ['merge -S 12Q a', 'tsalign: --memory: "12Q" is not a size; write it like 256MiB, 64M or 1G\n'],
    ['merge -S 1M a', 'tsalign: --memory: 1M is too little to work in; give at least 16 MiB\n'],
    ['merge --columns a,,b a', 'tsalign: --columns: "a,,b" has an empty name; write names between commas, like a,b\n'],
    ['merge -o a -o b c', 'tsalign: --output: given twice; name one file\n'],
  ];
  for (const [line, expected] of cases) assert.equal(await complaint(...line.split(' ')), expected, line);
});

test('--errors json holds for mistakes in the options too', async () => {
  const text = await complaint('merge', '--bogus=3', '--errors', 'json');
  assert.deepEqual(JSON.parse(text), {
    severity: 'error',
    code: 'usage',
    message: '--bogus: unknown option',
    source: null,
    line: null,
    hint: 'see tsalign merge --help',
  });
});

test('help and version go to stdout with 0; a bare call is a mistake', async () => {
  for (const line of ['--help', 'help', 'merge -h', 'help merge', '-V', '--version']) {
    const io = testIo();
    assert.equal(await main(line.split(' '), io, fakeLibrary()), 0);
    assert.notEqual(io.out, '');
    assert.equal(io.err, '');
  }
  assert.match(await complaint(), /^tsalign merges logs/);
});

test('--version --verbose says on what it runs, tz data among it', async () => {
  const io = testIo();
  assert.equal(await main(['--version', '--verbose'], io, fakeLibrary()), 0);
  assert.match(io.out, /^tsalign \d+\.\d+\.\d+\nNode [\d.]+, V8 \S+\ntz data \d{4}[a-z]+, ICU \S+\n\w+ \w+\n$/);
});

test('exit codes tell what became of the run', async () => {
  const cases: [Parameters<typeof fakeLibrary>[0], number][] = [
    [() => ({}), 0],
    [() => ({ setAside: true }), 1],
    [() => ({ closedPipe: true, setAside: true }), 0],
    [fail({ code: 'unreadable', where: 'a', what: 'permission denied' }), 2],
  ];
  for (const [run, code] of cases) assert.equal(await main(['merge', 'a'], testIo(), fakeLibrary(run)), code);
});

const fail = (problem: ConstructorParameters<typeof TsalignError>[0]) => () => {
  throw new TsalignError(problem);
};

test('a signal ends the run with its own code and without a word, whatever was thrown', async () => {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    const io = testIo();
    const library = fakeLibrary(() => {
      io.abort.abort(signal);
      throw new Error('stopped');
    });
    assert.equal(await main(['merge', 'a'], io, library), code);
    assert.equal(io.err, '');
  }
});

test('a signal that comes before a run follows its sources ends it well where a state leaves all to the next one', async () => {
  for (const [words, code, said] of [
    [['--follow', '--state', 's'], 0, /^tsalign: stopped before what stands in the sources was merged/],
    [['--follow'], 143, /^$/],
    [['--state', 's'], 143, /^$/],
  ] as const) {
    const io = testIo();
    const library = fakeLibrary(() => {
      io.abort.abort('SIGTERM');
      throw io.signal.reason;
    });
    assert.equal(await main(['merge', 'a', ...words], io, library), code);
    assert.match(io.err, said);
  }
});

test('what goes wrong behind a signal is told: a run that follows its sources still writes then', async () => {
  const io = testIo();
  const library = fakeLibrary(() => {
    io.abort.abort('SIGTERM');
    throw new TsalignError({ code: 'disk-full', where: 'out', what: 'no space is left' });
  });
  assert.equal(await main(['merge', '--follow', 'a'], io, library), 2);
  assert.equal(io.err, 'tsalign: out: no space is left\n');
});

test('a defect of ours shows its stack and is no success', async () => {
  const io = testIo();
  const library = fakeLibrary(() => {
    throw new RangeError('index 7');
  });
  assert.equal(await main(['merge', 'a'], io, library), 2);
  assert.match(io.err, /defect of tsalign[\s\S]*RangeError: index 7\n\s+at /);
});

test('--strict makes a warning fail the run, even where the library catches it; notes do not', async () => {
  const warnings = (code: 'undated' | 'note') =>
    fakeLibrary((_, io) => {
      try {
        io.warn({ code, where: 'a:3', what: 'odd' });
      } catch (error) {
        assert.ok(error instanceof TsalignError);
      }
      return undefined;
    });
  assert.equal(await main(['merge', '--strict', 'a'], testIo(), warnings('undated')), 2);
  assert.equal(await main(['merge', '--strict', 'a'], testIo(), warnings('note')), 0);
  assert.equal(await main(['merge', 'a'], testIo(), warnings('undated')), 0);
});

test('--quiet hides warnings and keeps errors', async () => {
  const library = fakeLibrary((_, io) => {
    io.warn({ code: 'ambiguous', what: 'a doubt' });
    throw new TsalignError({ code: 'output', what: 'an error' });
  });
  const io = testIo();
  assert.equal(await main(['merge', '-q', 'a'], io, library), 2);
  assert.equal(io.err, 'tsalign: an error\n');
});

test('--explain prints the plan and nothing else', async () => {
  const io = testIo({ stderrIsTerminal: true });
  assert.equal(await main(['merge', '--explain', 'a'], io, fakeLibrary()), 0);
  assert.deepEqual([io.out, io.err], ['the plan\n', '']);
});

test('--report writes the report beside the working folder, and says where it cannot', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'tsalign-test-'));
  try {
    assert.equal(await main(['merge', '--report', 'r.json', 'a'], testIo({ cwd }), fakeLibrary()), 0);
    assert.deepEqual(JSON.parse(readFileSync(join(cwd, 'r.json'), 'utf8')), { records: 3 });
    const io = testIo({ cwd });
    const library = fakeLibrary();
    assert.equal(await main(['merge', '--report', 'missing/r.json', 'a'], io, library), 2);
    const file = join(cwd, 'missing/r.json');
    assert.equal(io.err, `tsalign: --report: the folder of ${file} does not exist; make it first\n`);
    assert.equal(await main(['merge', '--report', '.', 'a'], io, library), 2);
    assert.match(io.err, /cannot be written \(it is a folder\)\n$/);
    assert.deepEqual(library.requests, [], 'nothing is run that could not be reported');
  } finally {
    rmSync(cwd, { recursive: true });
  }
});

test('a report that can no longer be written at the end is an error, behind a signal too', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'tsalign-test-'));
  try {
    const io = testIo({ cwd });
    const library = fakeLibrary(() => {
      mkdirSync(join(cwd, 'r.json'));
      io.abort.abort('SIGINT');
      return {};
    });
    assert.equal(await main(['merge', '--report', 'r.json', 'a'], io, library), 2);
    assert.match(io.err, /r\.json cannot be written/);
  } finally {
    rmSync(cwd, { recursive: true });
  }
});

test('the records are coloured where they go to a terminal, not where they go to a file', async () => {
  const level = async (...words: string[]) => {
    const library = fakeLibrary();
    await main(['merge', ...words, 'a'], testIo({ stdoutIsTerminal: true, env: { TERM: 'xterm' } }), library);
    return library.requests[0]?.colorLevel;
  };
  assert.equal(await level(), 1);
  assert.equal(await level('-o', 'x.log'), 0);
  assert.equal(await level('--color', 'never'), 0);
});

test('the name before a message is coloured on a terminal only', async () => {
  const err = async (stderrIsTerminal: boolean, ...words: string[]) => {
    const io = testIo({ stderrIsTerminal, env: { TERM: 'xterm' } });
    await main(['merge', ...words, 'a'], io, fakeLibrary(fail({ code: 'output', what: 'no' })));
    return io.err;
  };
  assert.equal(await err(true), '\x1b[31m\x1b[1mtsalign:\x1b[22m\x1b[39m no\n');
  assert.equal(await err(true, '--color', 'never'), 'tsalign: no\n');
  assert.equal(await err(false, '--color', 'always'), 'tsalign: no\n');
  const unknown = '--bogus: unknown option; see tsalign merge --help\n';
  assert.equal(await err(true, '--bogus'), `\x1b[31m\x1b[1mtsalign:\x1b[22m\x1b[39m ${unknown}`);
  assert.equal(await err(true, '--bogus', '--color=never'), `tsalign: ${unknown}`);
});
